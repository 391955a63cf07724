"""The buttons of reminders and digests, and `/goals compliance`: one use case each."""

import re

from bot.reminders import digests, messages, views
from bot.reminders.digests import About, Board
from bot.reminders.spreadsheet import as_csv
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, section
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler
from bot.slack.refusals import check_mentions
from bot.slack.text import MENTION, as_typed, say
from domain.db import Transaction
from domain.errors import InvalidInput, NotAllowed
from domain.people.model import Door, UserId
from domain.people.rules import Person, Rep
from domain.periods import Period, local_month
from domain.reminders import queries, service
from domain.reminders.model import ReminderType
from domain.reminders.queries import Reader
from domain.reminders.rules import Snooze

_CSV = re.compile(r"csv(?: (\d{1,4}))?", re.IGNORECASE)


class NotYourReminder(NotAllowed):
    """The reminder was sent to somebody else."""

    code = "not_your_reminder"


class NotYourReps(NotAllowed):
    """The reps of this digest have another manager now."""

    code = "not_your_reps"


class RepsOnlySeeTheirs(NotAllowed):
    """Only managers and admins see the goals of others."""

    code = "reps_only_see_theirs"


class UnknownCompliance(InvalidInput):
    """The rest of the line after `compliance` can't be understood."""

    code = "unknown_compliance"


async def _got_it(asked: Asked, action: Block, _payload: Block) -> None:
    month, stage, user_id = action["value"].split(":")
    async with asked.transaction() as tx:
        rep = await _reminded(asked, tx, user_id)
        await service.acknowledge(tx.session, rep.id, Period.parse(month), ReminderType(stage))


async def _snooze(asked: Asked, action: Block, _payload: Block) -> None:
    month, stage, user_id, choice = action["selected_option"]["value"].split(":")
    async with asked.transaction() as tx:
        rep = await _reminded(asked, tx, user_id)
        await service.snooze(
            tx.session, tx.now, rep.id, Period.parse(month), ReminderType(stage), Snooze(choice)
        )


async def _reminded(asked: Asked, tx: Transaction, user_id: str) -> Rep:
    """Return the person asking, as the rep to whom the reminder was sent."""
    person = await asked.person(tx)
    if person.user_id != UserId(int(user_id)):
        raise NotYourReminder("That reminder is somebody else's.")
    return person.carrying_goals(person.user_id)


async def _nudge(asked: Asked, action: Block, _payload: Block) -> Message:
    month, slack_id = action["value"].split(":")
    async with asked.transaction() as tx:
        known = await asked.people(tx, slack_id)
        actor = known[asked.slack_id].through(Door.FORM)
        await service.nudge(tx.session, actor, [known[slack_id]], Period.parse(month))
    text = say("👋 Nudged {name}.", name=known[slack_id].name)
    return Message(text, [section(text)])


async def _nudge_all(asked: Asked, action: Block, _payload: Block) -> Message:
    async with asked.transaction() as tx:
        board = await _board(asked, tx, action["value"])
        unset = [rep.slack_id for rep in board.compliance.unset if rep.slack_id != asked.slack_id]
        known = await asked.people(tx, *unset)
        actor = known[asked.slack_id].through(Door.FORM)
        others = [known[slack_id] for slack_id in unset]
        nudged = await service.nudge(tx.session, actor, others, board.about.month)
    text = say("👋 Nudged {people}.", people=_people(nudged.count))
    if nudged.lately:
        text = say(
            "👋 Nudged {people}. {rest} had been nudged less than 4 hours ago.",
            people=_people(nudged.count),
            rest=_people(nudged.lately),
        )
    return Message(text, [section(text)])


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


async def _show_all(asked: Asked, action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        board = await _board(asked, tx, action["value"])
    await asked.open_form(views.everybody(board))


async def _board(asked: Asked, tx: Transaction, value: str) -> Board:
    """Return the board that a digest's button is about, if the person may see it."""
    about = About.parse(value)
    person = await asked.person(tx)
    if not person.is_admin and person.user_id != about.manager_id:
        raise NotAllowed("Only the manager of these reps or an admin can do that.")
    board = await digests.read(tx.session, about, Reader(person.slack_id, person.zone))
    if not board.compliance.reps:
        raise NotYourReps("These reps have another manager now.")
    return board


async def _compliance(asked: Asked, rest: str) -> Message:
    async with asked.transaction() as tx:
        if mention := MENTION.fullmatch(rest):
            return await _explained(asked, tx, mention[1])
        person = await asked.person(tx)
        if not person.is_admin and not person.is_manager:
            raise RepsOnlySeeTheirs("Managers and admins can see who has set goals.")
        wanted = _CSV.fullmatch(rest)
        if not rest or wanted:
            board = await _theirs(tx, person)
            if wanted and board.compliance.reps:
                return as_csv(board.compliance, int(wanted[1] or 1))
            return digests.overview(board)
    typed = as_typed(rest)
    check_mentions(typed)
    raise UnknownCompliance(f"I don't know “{typed}”.")


async def _theirs(tx: Transaction, person: Person) -> Board:
    """Return this month's board: all reps for an admin, their own reps for a manager."""
    month = local_month(tx.now, person.zone)
    about = About(month, None if person.is_admin else person.user_id, everybody=person.is_admin)
    return await digests.read(tx.session, about, Reader(person.slack_id, person.zone))


async def _explained(asked: Asked, tx: Transaction, slack_id: str) -> Message:
    known = await asked.people(tx, slack_id)
    if not known[asked.slack_id].is_admin:
        raise NotAllowed("Only an admin can see what became of somebody's reminders.")
    person = known[slack_id]
    rep = person.rep or person.carrying_goals(known[asked.slack_id].user_id)
    month = local_month(tx.now, person.zone)
    due = await queries.due_month(tx.session, rep.id, month)
    return messages.explained(person, due, await queries.explain(tx.session, rep.id, month), month)


COMMAND = Command(
    "compliance",
    _compliance,
    (
        Usage("/goals compliance", "who has set this month's goals, and who has not", For.LEADS),
        Usage("/goals compliance csv", "the same for a spreadsheet", For.LEADS),
        Usage("/goals compliance @rep", "what became of each of a rep's reminders", For.ADMINS),
    ),
    label="Who has set goals",
    example="compliance",
)
ACTIONS: dict[str, ActionHandler] = {
    messages.GOT_IT: _got_it,
    messages.SNOOZE: _snooze,
    digests.NUDGE: _nudge,
    digests.NUDGE_ALL: _nudge_all,
    digests.SHOW_ALL: _show_all,
}
