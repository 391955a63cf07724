"""CSV for spreadsheets: lines, the parts that a message holds, and how a message shows one."""

import csv
import io
from collections.abc import Iterable, Sequence

from bot.slack.blocks import Block

_PART = 8_000
"""Characters of one part, of the 10,000 that a message holds."""
_PIECE = 3_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """Return a name so that no spreadsheet takes it for a formula: marked as text, as spreadsheets do it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csv_line(cells: Iterable[object]) -> str:
    """Return one line of CSV, with its line break."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(cells)
    return file.getvalue()


def csv_parts(columns: Sequence[str], lines: Iterable[str]) -> list[str]:
    """Return the lines in parts that fit a message; each begins with the names of the columns."""
    header = csv_line(columns)
    parts = [header]
    for line in lines:
        if len(parts[-1]) + len(line) > _PART:
            parts.append(header)
        parts[-1] += line
    return parts


def preformatted(written: str) -> Block:
    """Return rich text: what it holds is shown as it is, pings nobody, and is copied as it is."""
    pieces = [written[at : at + _PIECE] for at in range(0, len(written), _PIECE)]
    elements = [{"type": "text", "text": piece} for piece in pieces]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": elements}],
    }
