"""A roster as a spreadsheet saves it: bytes to cells by line and column. Pure."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from domain.csv_files import BadFile, Problem, rows

COLUMNS = (
    "slack_id",
    "email",
    "name",
    "team",
    "manager",
    "channel",
    "title",
    "monthly_signup_goal",
    "yearly_signup_goal",
    "time_zone",
    "role",
)
_ALSO_CALLED = {
    "e_mail": "email",
    "mail": "email",
    "slack": "slack_id",
    "user_id": "slack_id",
    "full_name": "name",
    "tz": "time_zone",
    "timezone": "time_zone",
    "monthly_goal": "monthly_signup_goal",
    "yearly_goal": "yearly_signup_goal",
    "annual_goal": "yearly_signup_goal",
}


class BadRoster(BadFile):
    """A roster that can't be imported, with all its mistakes."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row by column, stripped; blank ones are left out."""

    line: int
    cells: Mapping[str, str]


def records(data: bytes) -> list[Record]:
    """Return the rows of a CSV file, as Excel, Numbers, Sheets and scripts write them.

    UTF-8, UTF-16 or Windows' Western encoding; commas, semicolons or tabs; columns in any order.

    Raises:
        BadRoster: for the header's and the file's own mistakes.
    """
    try:
        lines = list(rows(BytesIO(data)))
    except BadFile as bad:
        raise BadRoster(bad.problems) from None
    if not lines:
        raise BadRoster(
            [Problem(1, "file", f"is empty; the first line should name columns: {', '.join(COLUMNS)}")]
        )
    (header_line, header), *body = lines
    columns, problems = _columns(header_line, header, body)
    for line, cells in body:
        for beyond in cells[len(header) :]:
            if beyond.strip():
                problems.append(Problem(line, "row", f"has more cells than the header: “{_short(beyond)}”"))
    if problems:
        raise BadRoster(problems)
    return [
        Record(
            line, {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if cell.strip()}
        )
        for line, cells in body
    ]


def _columns(
    line: int, header: list[str], rows: list[tuple[int, list[str]]]
) -> tuple[list[str], list[Problem]]:
    """Return the columns in the file's order; a column without a name has to be empty."""
    columns = ["_".join(name.strip().casefold().replace("-", " ").split()) for name in header]
    problems = []
    for place, (typed, column) in enumerate(zip(header, columns, strict=True)):
        if not column:
            if any(len(cells) > place and cells[place].strip() for _, cells in rows):
                problems.append(
                    Problem(line, f"column {place + 1}", "has no name but has values; name it or clear it")
                )
        elif column not in COLUMNS:
            problems.append(Problem(line, _short(typed.strip()), _unknown(column)))
        elif columns.index(column) < place:
            problems.append(Problem(line, column, "is there twice"))
    if not {"slack_id", "email"} & set(columns):
        problems.append(Problem(line, "header", "needs a column slack_id or email, to know who is meant"))
    return columns, problems


def _unknown(column: str) -> str:
    meant = _ALSO_CALLED.get(column) or next(iter(difflib.get_close_matches(column, COLUMNS, 1)), None)
    if meant:
        return f"is not a column of the roster; did you mean {meant}?"
    return f"is not a column of the roster; remove it (there are {', '.join(COLUMNS)})"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
