"""Reading a file of numbers, row by row, with every mistake by line and column. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO, NamedTuple, TypeVar

from domain.activity.line import NOTE_MAX
from domain.csv_files import BadFile, Problem, rows
from domain.errors import shortened
from domain.imports import cells
from domain.imports.cells import BadCell
from domain.imports.columns import Field, Layout, Value, lay_out, plain

PROBLEMS_MAX = 1_000
"""Mistakes after which a file isn't read any further."""
TEXT_MAX = 200
"""Characters of an external id, a rep and a metric."""
_EMAIL = re.compile(r"[^\s<>()\"',;]+@[^\s<>()\"',;]+")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Format:
    """How the workspace writes what a file says."""

    locale: str
    currency: str
    today: date
    metrics: Mapping[str, str]
    """Codes by their names (`metric_names`)."""


class Staged(NamedTuple):
    """A figure of a file: one value of one row, as the staging table has it."""

    number: int
    line: int
    value: int
    """Which of the layout's columns of amounts it is from."""
    rep: str
    metric: str
    amount: Decimal
    day: date | None
    at: datetime | None
    starts: date | None
    """With `ends`, the period that the amount is the total of."""
    ends: date | None
    external_id: str | None
    share: Decimal | None
    note: str | None


class Reading:
    """A file that is being read: iterate over its figures, then look at its mistakes."""

    def __init__(self, file: BinaryIO, form: Format, mapping: Mapping[str, str]) -> None:
        """Read the header.

        Raises:
            BadFile: the file isn't a text file, is empty, or lacks a column.
        """
        self._form = form
        self._rows = rows(file)
        found = next(self._rows, None)
        if found is None:
            raise BadFile([Problem(1, "file", "is empty; the first line should name the columns")])
        self.layout: Layout = lay_out(*found, mapping, form.metrics)
        self.problems: list[Problem] = []
        self.rows = 0
        """Rows read so far, the header aside."""
        self.totals: bool | None = None
        """True if the file has total figures of periods, False if entries on days; None before the first."""
        self.figures = 0
        """Figures read so far: several of a row where several columns have amounts."""
        self._width = len(found[1])

    @staticmethod
    def header_of(file: BinaryIO) -> frozenset[str]:
        """Return the columns of a file as they are compared, and go back to where it began."""
        begin = file.tell()
        found = next(rows(file), None)
        file.seek(begin)
        return frozenset(map(plain, found[1])) if found else frozenset()

    def chunks(self, size: int = 2_000) -> Iterator[list[Staged]]:
        """Yield the figures, several at a time.

        Raises:
            BadFile: with the mistakes so far, where a row isn't CSV or there are too many of them.
        """
        figures = self._figures()
        try:
            while chunk := list(islice(figures, size)):
                yield chunk
        except BadFile as bad:
            raise BadFile([*self.problems, *bad.problems]) from None

    def _figures(self) -> Iterator[Staged]:
        for line, row in self._rows:
            self.rows += 1
            yield from self._of_row(line, row)
            if len(self.problems) >= PROBLEMS_MAX:
                raise BadFile([])

    def _of_row(self, line: int, row: list[str]) -> Iterator[Staged]:
        if len(row) != self._width:
            self._check_width(line, row)
        before = len(self.problems)
        rep = self._rep(line, row)
        day, starts, ends = self._when(line, row)
        external_id = self._text(line, row, Field.EXTERNAL_ID)
        share = self._cell(line, row, Field.SHARE, cells.share)
        self._check_currency(line, row)
        note = self._plain(row, Field.NOTE)[:NOTE_MAX] or None
        if starts is not None and share is not None:
            self._mistake(line, Field.SHARE, "a total can't be shared out")
        if share is not None and share < 100 and external_id is None:
            self._mistake(
                line, Field.EXTERNAL_ID, "is empty, so nobody can tell which shares belong together"
            )
        values = list(self._values(line, row))
        if len(self.problems) > before:
            return
        at = day if isinstance(day, datetime) else None
        on = None if isinstance(day, datetime) else day
        for value, metric, amount in values:
            self.figures += 1
            identity = external_id if starts is None else None
            yield Staged(
                self.figures, line, value, rep, metric, amount, on, at, starts, ends, identity, share, note
            )

    def _check_width(self, line: int, row: list[str]) -> None:
        for beyond in row[self._width :]:
            if beyond.strip():
                self._mistake(line, None, f"has more cells than the header: “{shortened(beyond)}”")
        row += [""] * (self._width - len(row))

    def _values(self, line: int, row: list[str]) -> Iterator[tuple[int, str, Decimal]]:
        filled = [value for value in self.layout.values if row[value.place].strip()]
        if not filled:
            self._mistake(line, Field.AMOUNT, "is empty", self.layout.values[0])
        for value in filled:
            metric = value.metric or self._metric(line, row)
            typed = row[value.place]
            try:
                amount = cells.amount(typed, self._form.locale, self._form.currency)
            except BadCell as bad:
                self._mistake(line, Field.AMOUNT, f"“{shortened(typed.strip())}” {bad}", value)
                continue
            yield self.layout.values.index(value), metric, amount

    def _metric(self, line: int, row: list[str]) -> str:
        typed = self._text(line, row, Field.METRIC)
        if typed is None:
            self._mistake(line, Field.METRIC, "is empty")
            return ""
        return self._form.metrics.get(plain(typed), typed)

    def _rep(self, line: int, row: list[str]) -> str:
        typed = self._text(line, row, Field.REP)
        if typed is None:
            self._mistake(line, Field.REP, "is empty")
            return ""
        email = _EMAIL.search(typed)
        return (email[0] if email else typed).strip()

    def _when(self, line: int, row: list[str]) -> tuple[date | datetime | None, date | None, date | None]:
        day = self._cell(line, row, Field.DAY, lambda typed: cells.day(typed, self._form.locale))
        period = self._cell(line, row, Field.PERIOD, lambda typed: cells.period(typed, self._form.today))
        typed = [field for field in (Field.DAY, Field.PERIOD) if self._plain(row, field)]
        if not typed:
            self._mistake(line, Field.DAY if Field.DAY in self.layout.places else Field.PERIOD, "is empty")
        elif len(typed) == 2:
            self._mistake(line, Field.PERIOD, "has a day as well; give one of the two")
        elif self.totals is None:
            self.totals = typed == [Field.PERIOD]
        elif self.totals is not (typed == [Field.PERIOD]):
            self._mistake(line, typed[0], "one file has either entries with days or totals of periods")
        return (None, period.start, period.end) if period else (day, None, None)

    def _check_currency(self, line: int, row: list[str]) -> None:
        typed = self._plain(row, Field.CURRENCY)
        if typed and typed.upper() != self._form.currency:
            self._mistake(
                line, Field.CURRENCY, f"“{shortened(typed)}” isn't {self._form.currency}, which counts here"
            )

    def _cell(self, line: int, row: list[str], field: Field, read: Callable[[str], T]) -> T | None:
        typed = self._plain(row, field)
        if not typed:
            return None
        try:
            return read(typed)
        except BadCell as bad:
            self._mistake(line, field, f"“{shortened(typed)}” {bad}")
            return None

    def _text(self, line: int, row: list[str], field: Field) -> str | None:
        typed = self._plain(row, field)
        if len(typed) > TEXT_MAX:
            self._mistake(line, field, f"has more than {TEXT_MAX} characters")
        return typed or None

    def _plain(self, row: list[str], field: Field) -> str:
        place = self.layout.places.get(field)
        return "" if place is None else row[place].strip()

    def _mistake(self, line: int, field: Field | None, message: str, value: Value | None = None) -> None:
        self.problems.append(Problem(line, self.layout.column(field, value), message))
