"""A roster as a spreadsheet saves it: bytes to cells by line and column. Pure."""

import csv
import difflib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

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


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in one cell: its place, and what to write instead."""

    line: int
    """The line of the file, from 1; for a row with line breaks in its cells, the first."""
    column: str
    message: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, {self.column}: {self.message}"
            if self.line
            else f"{self.column}: {self.message}"
        )


class BadRoster(Exception):
    """A roster that can't be imported, with all its mistakes."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


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
    lines = list(_lines(_text(data)))
    if not lines:
        raise BadRoster(
            [Problem(1, "file", f"is empty; the first line should name columns: {', '.join(COLUMNS)}")]
        )
    (header_line, header), *rows = lines
    columns, problems = _columns(header_line, header, rows)
    for line, cells in rows:
        for beyond in cells[len(header) :]:
            if beyond.strip():
                problems.append(Problem(line, "row", f"has more cells than the header: “{_short(beyond)}”"))
    if problems:
        raise BadRoster(problems)
    return [
        Record(
            line, {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if cell.strip()}
        )
        for line, cells in rows
    ]


def _text(data: bytes) -> str:
    """Decode by the file's byte order mark, or else by its looks."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif data.startswith(BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif b"\0" in data[:200]:  # ASCII in two bytes each, without a mark
        encodings = ["utf-16-be" if data[:1] == b"\0" else "utf-16-le"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadRoster([Problem(1, "file", "is not a text file that can be read; save it as “CSV UTF-8”")])


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Return the rows that aren't blank, each with the number of its first line."""
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower() in {"sep=;", "sep=,", "sep=\t"}:  # Excel's own mark
        first, text, skipped = rest.partition("\n")[0], rest, 1
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        problem = Problem(
            line, "row", f"cannot be read ({error}): a quotation mark may be missing or too many"
        )
        raise BadRoster([problem]) from None


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
