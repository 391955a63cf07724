"""Compliance as CSV to copy into a spreadsheet, in parts that a message holds."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.slack.blocks import Message, section
from bot.slack.spreadsheets import csv_line, csv_parts, harmless, preformatted
from bot.slack.text import Mrkdwn, say
from bot.slack.wording import goal_words
from domain.errors import InvalidInput
from domain.goals.rules import GoalState
from domain.reminders.queries import Compliance, RepState

COLUMNS = ("name", "team", "month", "state", "signups", "revenue", "tier", "deadline", "time_zone")


def as_csv(compliance: Compliance, part: int = 1) -> Message:
    """Render one part of the CSV; each begins with the names of the columns, so it stands alone.

    Raises:
        InvalidInput: there is no such part.
    """
    parts = csv_parts(COLUMNS, [csv_line(_cells(rep, compliance)) for rep in compliance.reps])
    if not 1 <= part <= len(parts):
        how_many = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
        raise InvalidInput(f"There is no part {part}: this month's CSV has {how_many}.")
    words = goal_words(compliance.month, compliance.locale)
    said = say("{words} goals as CSV: copy it into a spreadsheet.", words=words)
    if len(parts) > 1:
        said = say("{words} goals as CSV, part {part} of {of}.", words=words, part=part, of=len(parts))
    if part < len(parts):
        said = Mrkdwn(said + say(" The next: `/goals compliance csv {following}`.", following=part + 1))
    return Message(said, [section(said), preformatted(parts[part - 1])])


def _cells(rep: RepState, compliance: Compliance) -> list[object]:
    """Return a rep's row; figures only of goals that are set, since others are mere defaults."""
    until = (rep.deadline - timedelta(minutes=1)).astimezone(ZoneInfo(rep.zone))
    figures = rep.figures
    set_to = (figures.signups, figures.revenue, figures.tier) if rep.is_set else ("", "", "")
    return [
        *map(harmless, (rep.name, rep.team)),
        compliance.month,
        _state(rep),
        *set_to,
        f"{until:%Y-%m-%d %H:%M}",
        rep.zone,
    ]


def _state(rep: RepState) -> str:
    if rep.is_set:
        return "set late" if rep.is_late else "set"
    if rep.is_optional:
        return "optional"
    return "not set" if rep.state in (GoalState.NOT_SET, GoalState.OVER) else "overdue"
