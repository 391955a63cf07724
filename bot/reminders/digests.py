"""How a manager's reps stand with a month's goals: the digest, and the answer to `/goals compliance`."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from babel.dates import format_skeleton, get_timezone_location
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, context, plain, section, shorten
from bot.slack.rendering import Facts
from bot.slack.text import Mrkdwn, last_minute, say
from bot.slack.wording import OPEN_GOAL_FORM, figures_line, goal_value, goal_words, time_left
from domain.goals.rules import GoalState
from domain.people.model import UserId
from domain.periods import Period, local_date
from domain.reminders import queries, rules
from domain.reminders.queries import Compliance, Reader, RepState

NUDGE = "reminders.nudge"
NUDGE_ALL = "reminders.nudge_all"
SHOW_ALL = "reminders.show_all"

_MINUTE = timedelta(minutes=1)
_NAME_MAX = 80
_TEAM_MAX = 60
_ROOM = 3400
"""Characters for all lines: the text of a message, which repeats them, holds 4,000."""
_PARAGRAPH = 2900
"""Characters of one paragraph, of the 3,000 that Slack takes."""


class BoardScope(StrEnum):
    """The reps that a list is about when they aren't those of one manager."""

    EVERYBODY = "all"
    NOBODY_S = "none"
    """The reps of teams without a manager."""


@dataclass(frozen=True, slots=True)
class About:
    """What a digest's button is about: a month, and a manager's reps or those of `BoardScope`."""

    month: Period
    manager_id: UserId | None
    everybody: bool = False

    @classmethod
    def parse(cls, value: str) -> "About":
        """Return what `str()` wrote."""
        month, whose = value.split(":")
        manager = None if whose in set(BoardScope) else UserId(int(whose))
        return cls(Period.parse(month), manager, whose == BoardScope.EVERYBODY)

    def __str__(self) -> str:
        nobody_s = BoardScope.EVERYBODY if self.everybody else BoardScope.NOBODY_S
        return f"{self.month}:{self.manager_id or nobody_s}"


@dataclass(frozen=True, slots=True)
class Board:
    """Reps and a month, as one reader sees them; `orphans` are teams that nobody manages."""

    about: About
    compliance: Compliance
    reader: Reader
    orphans: tuple[str, ...] = ()


def digest(board: Board) -> Message:
    """List reps who haven't set goals, the most urgent with buttons; then the others, while there is room."""
    compliance = board.compliance
    top = headline(board)
    room = _ROOM - len(top)
    urgent: list[tuple[RepState, Mrkdwn]] = []
    for rep in compliance.unset[: rules.URGENT_SHOWN]:
        line = rep_line(rep, board)
        room -= len(line) + 1
        if room < 0:
            break
        urgent.append((rep, line))
    unset = set(compliance.unset)
    done = _fitting([rep_line(rep, board) for rep in compliance.reps if rep not in unset], room)
    if len(urgent) < len(compliance.unset):
        done = []
    hidden = len(compliance.reps) - len(urgent) - len(done)
    said, blocks = [top], [section(top)]
    for rep, line in urgent:
        said.append(line)
        blocks += [section(line), _rep_buttons(rep, board)]
    for paragraph in paragraphs(done):
        said.append(paragraph)
        blocks.append(section(paragraph))
    small = [line for line in (_more(hidden), _orphans(board)) if line]
    if small:
        said += small
        blocks.append(context(*small))
    if foot := _foot(board, hidden):
        blocks.append(foot)
    return Message(Mrkdwn("\n".join(said)), blocks)


def overview(board: Board) -> Message:
    """Render the answer to `/goals compliance`."""
    if board.compliance.reps:
        return digest(board)
    words = goal_words(board.about.month, board.compliance.locale)
    text = say(
        "Nobody you lead has {words} goals yet. They open on the 1st, by each rep's own clock, and for who "
        "joins a team at once: `/goals setup` adds people.",
        words=words,
    )
    return Message(text, [section(text)])


def headline(board: Board) -> Mrkdwn:
    """Render how many reps have set their goals, and the deadline."""
    compliance = board.compliance
    total, missing = len(compliance.asked), len(compliance.unset)
    words = goal_words(compliance.month, compliance.locale)
    if not missing:
        return say("🎉 *{words} goals:* {total} of {total} set. Nobody is missing.", words=words, total=total)
    counted = say(
        "📋 *{words} goals:* {done} of {total} set.", words=words, done=total - missing, total=total
    )
    return Mrkdwn(f"{counted} {_deadline(board)}")


def _deadline(board: Board) -> Mrkdwn:
    compliance = board.compliance
    pending = [rep for rep in compliance.unset if rep.state is GoalState.NOT_SET]
    if not pending:
        is_over = all(rep.state is GoalState.OVER for rep in compliance.unset)
        return say("The month is over." if is_over else "The deadline has passed.")
    days = sorted({local_date(rep.deadline - _MINUTE, rep.zone) for rep in pending})
    zones = {rep.zone for rep in pending}
    return say(
        "The {first}deadline is the end of {day}{whose}.",
        first="first " if len(days) > 1 else "",
        day=format_skeleton("MMMEd", days[0], locale=compliance.locale),
        whose="" if zones == {board.reader.zone} else ", each rep's own time",
    )


def rep_line(rep: RepState, board: Board) -> Mrkdwn:
    """Render one rep's own state: set, not set, late, time left; and the team if there are several."""
    several_teams = len({one.team for one in board.compliance.reps}) > 1
    return say(
        "*{name}*{team}: {state}",
        name=shorten(rep.name, _NAME_MAX),
        team=f" ({shorten(rep.team, _TEAM_MAX)})" if several_teams and rep.team else "",
        state=_state(rep, board) + _nudged(rep, board),
    )


def _state(rep: RepState, board: Board) -> str:
    compliance = board.compliance
    if rep.is_set:
        figures = figures_line(rep.figures, compliance.currency, compliance.locale)
        return f"set late: {figures}" if rep.is_late else f"set: {figures}"
    if rep.is_optional:
        return "optional this month, because they joined late in it"
    match rep.state:
        case GoalState.NOT_SET:
            return f"not set, {time_left(compliance.now, rep.deadline)} left"
        case GoalState.OVER:
            return "never set"
        case _:
            until = last_minute(rep.deadline, rep.zone, compliance.locale)
            return f"not set, was due {until}{_whose_time(rep, board)}"


def _whose_time(rep: RepState, board: Board) -> str:
    """Return ` (Kolkata time)` if the reader is in another time zone."""
    if rep.zone == board.reader.zone:
        return ""
    place = get_timezone_location(rep.zone, locale=board.compliance.locale, return_city=True)
    return f" ({place} time)"


def _nudged(rep: RepState, board: Board) -> str:
    if rep.is_set or rep.nudged_at is None:
        return ""
    if local_date(rep.nudged_at, rep.zone) < board.about.month.start:
        return ""
    return f", nudged {last_minute(rep.nudged_at + _MINUTE, board.reader.zone, board.compliance.locale)}"


def _rep_buttons(rep: RepState, board: Board) -> Block:
    value = goal_value(board.about.month, rep.slack_id)
    if rep.slack_id == board.reader.slack_id:
        return actions(button("Set goals", OPEN_GOAL_FORM, value))
    return actions(button("Nudge", NUDGE, value), button("Set for them", OPEN_GOAL_FORM, value))


def _foot(board: Board, hidden: int) -> Block | None:
    others = [rep for rep in board.compliance.unset if rep.slack_id != board.reader.slack_id]
    buttons = []
    if len(others) > 1:
        buttons.append({**button("Nudge all", NUDGE_ALL, str(board.about)), "confirm": _sure(len(others))})
    if hidden:
        buttons.append(button("Show everybody", SHOW_ALL, str(board.about)))
    return actions(*buttons) if buttons else None


def _sure(count: int) -> Block:
    return {
        "title": plain(f"Nudge {count} people?"),
        "text": plain("Each gets a message that asks for their goals; nobody more than one in 4 hours."),
        "confirm": plain("Nudge"),
        "deny": plain("Cancel"),
    }


def _more(hidden: int) -> Mrkdwn | None:
    return say("… and {hidden} more: *Show everybody*.", hidden=hidden) if hidden else None


def _orphans(board: Board) -> Mrkdwn | None:
    if not board.orphans:
        return None
    return say(
        "You read this as an admin, since nobody manages {teams}. Please name a manager: `/goals setup`.",
        teams=" and ".join(board.orphans),
    )


def _fitting(lines: list[Mrkdwn], room: int) -> list[Mrkdwn]:
    fitting = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def paragraphs(lines: list[Mrkdwn]) -> list[Mrkdwn]:
    """Join lines into as few paragraphs as Slack's limit allows."""
    packed: list[Mrkdwn] = []
    for line in lines:
        if packed and len(packed[-1]) + len(line) < _PARAGRAPH:
            packed[-1] = Mrkdwn(f"{packed[-1]}\n{line}")
        else:
            packed.append(line)
    return packed


async def load(session: AsyncSession, facts: Facts) -> Board | None:
    """Return a digest as it stands now; None if its reader has left or leads nobody any more."""
    reader = await queries.reader(session, UserId(facts["user_id"]))
    about = About(Period.parse(facts["goal"]), facts["manager_id"])
    if reader is None:
        return None
    board = await read(session, about, reader)
    return board if board.compliance.reps else None


async def read(session: AsyncSession, about: About, reader: Reader) -> Board:
    """Return the reps and how they stand now."""
    compliance = await queries.compliance(
        session, await queries.now(session), about.month, about.manager_id, everybody=about.everybody
    )
    board = Board(about, compliance, reader)
    if about.manager_id is None and not about.everybody:
        return replace(board, orphans=tuple(await queries.teams_without_manager(session)))
    return board
