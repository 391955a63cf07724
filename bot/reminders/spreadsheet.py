"""Compliance as CSV to copy into a spreadsheet, in parts that a message holds."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.slack.blocks import Block, Message, section
from bot.slack.text import Mrkdwn, say
from bot.slack.wording import goal_words
from domain.errors import InvalidInput
from domain.goals.rules import GoalState
from domain.reminders.queries import Compliance, RepState

COLUMNS = ("name", "team", "month", "state", "signups", "revenue", "tier", "deadline", "time_zone")

_PART = 8_000
"""Characters of one part, of the 10,000 that a message holds."""
_PIECE = 3_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(compliance: Compliance, part: int = 1) -> Message:
    """Render one part of the CSV; each begins with the names of the columns, so it stands alone.

    Raises:
        InvalidInput: there is no such part.
    """
    parts = _parts([_line(_cells(rep, compliance)) for rep in compliance.reps])
    if not 1 <= part <= len(parts):
        how_many = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
        raise InvalidInput(f"There is no part {part}: this month's CSV has {how_many}.")
    words = goal_words(compliance.month, compliance.locale)
    said = say("{words} goals as CSV: copy it into a spreadsheet.", words=words)
    if len(parts) > 1:
        said = say("{words} goals as CSV, part {part} of {of}.", words=words, part=part, of=len(parts))
    if part < len(parts):
        said = Mrkdwn(said + say(" The next: `/goals compliance csv {following}`.", following=part + 1))
    return Message(said, [section(said), _preformatted(parts[part - 1])])


def _cells(rep: RepState, compliance: Compliance) -> list[object]:
    """Return a rep's row; figures only of goals that are set, since others are mere defaults."""
    until = (rep.deadline - timedelta(minutes=1)).astimezone(ZoneInfo(rep.zone))
    figures = rep.figures
    set_to = (figures.signups, figures.revenue, figures.tier) if rep.is_set else ("", "", "")
    return [
        *map(_harmless, (rep.name, rep.team)),
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


def _harmless(cell: str) -> str:
    """Mark a name as text if a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: list[object]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(cells)
    return file.getvalue()


def _parts(lines: list[str]) -> list[str]:
    header = _line(list(COLUMNS))
    parts = [header]
    for line in lines:
        if len(parts[-1]) + len(line) > _PART:
            parts.append(header)
        parts[-1] += line
    return parts


def _preformatted(written: str) -> Block:
    """Return rich text that is shown and copied exactly as it is, and pings nobody."""
    pieces = [written[at : at + _PIECE] for at in range(0, len(written), _PIECE)]
    elements = [{"type": "text", "text": piece} for piece in pieces]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": elements}],
    }
