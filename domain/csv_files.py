"""CSV files as spreadsheets, CRMs and scripts save them: bytes to cells, in bounded memory. Pure."""

import codecs
import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

ROW_MAX = 500_000
"""Characters of one row. A longer one has lost a quotation mark, or is no CSV."""
_CHUNK = 1 << 20
_MARKS = {"sep=;", "sep=,", "sep=\t"}
"""Excel's own first line, which names the delimiter."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in one cell: its place, and what to write instead."""

    line: int
    """Of the file, from 1; a row whose cells have line breaks counts by its first."""
    column: str
    message: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, {self.column}: {self.message}"
            if self.line
            else f"{self.column}: {self.message}"
        )


class BadFile(Exception):
    """A file that can't be imported, with its mistakes."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def not_text() -> BadFile:
    """Return the refusal of a file that isn't a text file."""
    return BadFile([Problem(1, "file", "is not a text file that can be read; save it as “CSV UTF-8”")])


def encodings_of(head: bytes) -> tuple[str, ...]:
    """Return the encodings that a file which begins so may have, the likeliest first.

    By its byte order mark, or else by its looks: UTF-8, UTF-16, or Windows' Western encoding.
    """
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return ("utf-16",)
    if head.startswith(BOM_UTF8):
        return ("utf-8-sig",)
    if b"\0" in head[:200]:  # ASCII in two bytes each, without a mark
        return ("utf-16-be" if head[:1] == b"\0" else "utf-16-le",)
    return ("utf-8", "cp1252")


def delimiter_of(first_line: str) -> str:
    """Return the delimiter of a file by its first line: a comma, a semicolon or a tab."""
    return max(",;\t", key=first_line.count)


def cannot_be_read(line: int, error: object) -> Problem:
    """Return the mistake of a row that isn't CSV."""
    return Problem(
        line, "row", f"cannot be read ({error}): a quotation mark may be missing or there may be one too many"
    )


def rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that aren't blank, each with the number of its first line; holds one row at a time.

    Raises:
        BadFile: it isn't a text file, or a row isn't CSV.
    """
    text = TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        yield from _rows(_Lines(text))
    except UnicodeError:
        raise not_text() from None
    finally:
        if not file.closed:
            text.detach()


def _encoding(file: BinaryIO) -> str:
    """Return the encoding in which all of the file can be read, and go back to where it began."""
    begin = file.tell()
    for encoding in encodings_of(file.read(_CHUNK)):
        file.seek(begin)
        if _is_text(file, encoding):
            file.seek(begin)
            return encoding
    raise not_text()


def _is_text(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


class _Lines:
    """The lines of a text, none of them read beyond what one row may hold."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self.number = 0
        self._of_row = 0

    def begin_row(self) -> None:
        """Count the characters of a new row."""
        self._of_row = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(ROW_MAX)
        self._of_row += len(line)
        if self._of_row >= ROW_MAX:
            raise csv.Error(f"one row has more than {ROW_MAX:,} characters")
        if not line:
            raise StopIteration
        self.number += 1
        return line


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    begins = 1
    try:
        first = next(lines, "")
        if first.strip().lower() in _MARKS:
            first = next(lines, "")
        before = lines.number - 1
        begins = before + 1
        reader = csv.reader(_after(first, lines), delimiter=delimiter_of(first), strict=True)
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield begins, cells
            begins = before + reader.line_num + 1
            lines.begin_row()
    except csv.Error as error:
        raise BadFile([cannot_be_read(begins, error)]) from None


def _after(first: str, lines: _Lines) -> Iterator[str]:
    if first:
        yield first
    yield from lines
