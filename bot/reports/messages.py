"""Messages about how a month ended, for the people who lead its reps; an edit renders as the post does."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, context, section, shorten
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, say
from domain.goals.closing import CORRECTED_FOR
from domain.goals.rules import goal_name
from domain.money import format_count, format_money
from domain.people.model import UserId
from domain.periods import Period
from domain.progress import reports
from domain.progress.reports import Ending, RepMonth, Report, Stage

REOPEN = "reports.reopen"
"""Button: opens the form with which an admin reopens the month in its value."""

_NAME_MAX = 80
_TEAM_MAX = 60
_ROOM = 3300
"""Characters for all lines: the text of a message, which says it all, holds 4,000."""
_PARAGRAPH = 2900

_HEADINGS = {
    Ending.MADE: "✅ *Made it ({count})*",
    Ending.MISSED: "📉 *Missed ({count})*",
    Ending.NOT_SET: "⚪ *Goals not set ({count})*",
    Ending.RUNNING: "⏳ *Month not over yet ({count})*",
    Ending.OPTIONAL: "🌱 *Joined late, so the month was optional ({count})*",
    Ending.LEFT: "👋 *Left during the month ({count})*",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as one reader sees it."""

    report: Report
    whose: str = ""
    """The team that it is limited to, if it is."""
    may_reopen: bool = False


def monthly(shown: Shown) -> Message:
    """Say who made the month and who didn't, how many set goals in time, and what bonuses come of it."""
    report = shown.report
    top = [_headline(shown), _summary(report)]
    room = _ROOM - sum(map(len, top))
    said, blocks, hidden = list(top), [section(Mrkdwn("\n".join(top)))], 0
    for ending in Ending:
        lines, left_out = _group(report, ending, room)
        hidden += left_out
        if lines:
            room -= sum(len(line) + 1 for line in lines)
            said += lines
            blocks += [section(paragraph) for paragraph in _paragraphs(lines)]
    if small := _small(report, hidden):
        said += small
        blocks.append(context(*small))
    if shown.may_reopen and report.stage is Stage.FINAL:
        blocks.append(actions(_reopen(report)))
    return Message(Mrkdwn("\n".join(said)), blocks)


def _reopen(report: Report) -> Block:
    return button(f"Reopen {goal_name(report.month, report.locale)}", REOPEN, str(report.month))


def nothing(month: Period, whose: str, locale: str) -> Message:
    """Say that nobody the reader leads had goals that month."""
    text = say(
        "Nobody {whose} had goals in {month}.",
        whose=f"in {whose}" if whose else "you lead",
        month=goal_name(month, locale),
    )
    return Message(text, [section(text)])


def _headline(shown: Shown) -> Mrkdwn:
    report = shown.report
    return say(
        "📊 *{month} report{whose}* · {stage}",
        month=goal_name(report.month, report.locale),
        whose=f" for {shorten(shown.whose, _TEAM_MAX)}" if shown.whose else "",
        stage=_stage(report),
    )


def _stage(report: Report) -> str:
    match report.stage:
        case Stage.RUNNING:
            return "so far"
        case Stage.FINAL:
            return "revised" if report.is_revised else "final"
        case Stage.PROVISIONAL if report.is_revised:
            return "reopened, so figures may still change"
        case Stage.PROVISIONAL:
            day = report.month.end.replace(day=CORRECTED_FOR + 1)
            return f"provisional until {format_skeleton('MMMd', day, locale=report.locale)}"


def _summary(report: Report) -> Mrkdwn:
    asked = len(report.asked)
    parts = [say("*{made} of {all}* made it", made=len(report.ended(Ending.MADE)), all=len(report.reps))]
    if asked:
        parts.append(
            say(
                "*{in_time} of {asked}* set goals by the deadline ({percent}%)",
                in_time=report.in_time,
                asked=asked,
                percent=round(Decimal(report.in_time * 100) / asked),
            )
        )
    if report.bonus:
        parts.append(say("bonuses {amount}", amount=_money(report.bonus, report)))
    return Mrkdwn(" · ".join(parts))


def _group(report: Report, ending: Ending, room: int) -> tuple[list[Mrkdwn], int]:
    """Return the heading and lines of those whose month ended like this, and how many don't fit."""
    reps = report.ended(ending)
    if not reps:
        return [], 0
    heading = say(_HEADINGS[ending], count=len(reps))
    fitting = [heading]
    room -= len(heading) + 1
    for rep in reps:
        line = _line(rep, report)
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    left_out = len(reps) - len(fitting) + 1
    return (fitting if room > 0 or len(fitting) > 1 else []), left_out


def _line(rep: RepMonth, report: Report) -> Mrkdwn:
    several_teams = len({one.team for one in report.reps}) > 1
    return say(
        "*{name}*{team}: {figures}",
        name=shorten(rep.name, _NAME_MAX),
        team=f" ({shorten(rep.team, _TEAM_MAX)})" if several_teams and rep.team else "",
        figures=" · ".join(_figures(rep, report)),
    )


def _figures(rep: RepMonth, report: Report) -> list[str]:
    """Return what the rep made of which goal, the tier reached and its bonus."""
    signups = format_count(rep.signups, report.locale)
    revenue = _money(rep.revenue, report)
    if rep.is_set:
        parts = []
        if rep.signup_goal:
            parts.append(f"{signups} of {format_count(rep.signup_goal, report.locale)} signups")
        if rep.revenue_goal:
            parts.append(f"{revenue} of {_money(rep.revenue_goal, report)}")
    else:
        parts = ["1 signup" if rep.signups == 1 else f"{signups} signups"]
        if rep.revenue:
            parts.append(revenue)
    if rep.tier:
        parts.append(f"tier {rep.tier}")
    if rep.bonus:
        parts.append(f"{_money(rep.bonus, report)} bonus")
    if rep.is_set and not rep.in_time:
        parts.append("set late")
    return parts


def _money(amount: Decimal, report: Report) -> str:
    return format_money(amount, report.currency, report.locale)


def _small(report: Report, hidden: int) -> list[Mrkdwn]:
    small = []
    if hidden:
        small.append(
            say(
                "… and {hidden} more: `/goals report {month}` has everybody.",
                hidden=hidden,
                month=report.month,
            )
        )
    if report.stage is Stage.PROVISIONAL and not report.is_revised:
        small.append(say("Corrections count until then. This message is updated when the month closes."))
    return small


def _paragraphs(lines: Sequence[Mrkdwn]) -> list[Mrkdwn]:
    packed: list[Mrkdwn] = []
    for line in lines:
        if packed and len(packed[-1]) + len(line) < _PARAGRAPH:
            packed[-1] = Mrkdwn(f"{packed[-1]}\n{line}")
        else:
            packed.append(line)
    return packed


async def _load(session: AsyncSession, facts: Facts) -> Shown | None:
    manager_id = None if facts["manager_id"] is None else UserId(facts["manager_id"])
    report = await reports.report(session, Period.parse(facts["goal"]), manager_id)
    return Shown(report) if report.reps else None


RENDERERS: dict[str, Renderer[Any]] = {reports.REPORT: Renderer(_load, monthly, news=False)}
