"""Rows of activity as other systems send them, and bodies of many rows read piece by piece."""

import codecs
import csv
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.http.api.paging import Id, Words
from domain.activity.model import PEOPLE
from domain.activity.recording import Entry
from domain.errors import InvalidInput, NoSuchRep, Refusal
from domain.people.model import RepId

ROW_MAX = 64_000
"""Characters of one row."""
API = "api"
"""The source of entries that have an external id and name no other source."""


class ActivityRow(BaseModel):
    """Something that happened, as a program reports it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rep_id": 7,
                    "metric": "revenue",
                    "amount": "5000.00",
                    "day": "2026-02-03",
                    "source": "salesforce",
                    "external_id": "006-17",
                    "note": "Acme renewal",
                }
            ]
        },
    )

    rep_id: Id | None = Field(default=None, description="The token's own user unless given.")
    metric: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    amount: Decimal = Field(max_digits=14, decimal_places=2, description="Negative for a refund.")
    day: date | None = Field(default=None, ge=date(2024, 1, 1), description="The rep's today unless given.")
    source: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")] | None = Field(
        default=None, description=f"`{PEOPLE}` unless given, or `{API}` for an entry with an external id."
    )
    external_id: Words | None = Field(
        default=None,
        min_length=1,
        description="The source's own id: the same again counts once, with another amount it is amended.",
    )
    note: Words | None = None

    def entry(self, own: RepId | None) -> Entry:
        """Return the entry; `own` is the rep that the token acts for.

        Raises:
            NoSuchRep: it names no rep, and the token's user isn't one.
        """
        rep = own if self.rep_id is None else RepId(self.rep_id)
        if rep is None:
            raise NoSuchRep("Say whose it is.", field="rep_id")
        source = self.source or (PEOPLE if self.external_id is None else API)
        return Entry(rep, self.metric, self.amount, self.day, source, self.external_id, self.note)


@dataclass(frozen=True, slots=True)
class RowRead:
    """One row of a body, by its line: what it says, or why it can't be read."""

    line: int
    row: ActivityRow | None = None
    refusal: Refusal | None = None


async def read_json_lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[RowRead]:
    """Read a body with one JSON object a line; empty lines are passed over."""
    async for line, text in _lines(chunks):
        if not text.strip():
            continue
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            yield RowRead(line, refusal=InvalidInput("This line isn't JSON."))
            continue
        yield _read(line, said)


async def read_csv(chunks: AsyncIterator[bytes]) -> AsyncIterator[RowRead]:
    """Read a body of CSV whose first row names the columns; an empty cell says nothing.

    Raises:
        InvalidInput: a column isn't one of a row of activity, or one that is needed is missing.
    """
    columns: list[str] | None = None
    async for line, text in _records(chunks):
        if not text.strip():
            continue
        try:
            cells = next(csv.reader([text]), [])
        except csv.Error:
            yield RowRead(line, refusal=InvalidInput("This row isn't CSV."))
            continue
        if columns is None:
            columns = _columns(cells)
            continue
        if len(cells) > len(columns):
            yield RowRead(line, refusal=InvalidInput("This row has more cells than there are columns."))
            continue
        yield _read(line, {name: cell for name, cell in zip(columns, cells, strict=False) if cell != ""})


def _columns(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in ActivityRow.model_fields or names.count(name) > 1:
            known = ", ".join(ActivityRow.model_fields)
            raise InvalidInput(f"“{name[:40]}” isn't a column, or comes twice. The columns are {known}.")
    for name in ("metric", "amount", "external_id"):
        if name not in names:
            raise InvalidInput(f"The column {name} is missing.", field=name)
    return names


def _read(line: int, said: Mapping[str, Any]) -> RowRead:
    """Check a row; without an external id, sending it again would count it again."""
    try:
        row = ActivityRow.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or None
        why = str(first["msg"]).removeprefix("Value error, ")
        return RowRead(line, refusal=InvalidInput(f"{field or 'row'}: {why}.", field=field))
    if row.external_id is None:
        why = "Rows of a bulk need an external_id, so that sending them again is safe."
        return RowRead(line, refusal=InvalidInput(why, field="external_id"))
    return RowRead(line, row)


async def _records(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, str]]:
    """Put lines together whose quotation mark is still open: a note may have several lines."""
    begun, first = "", 0
    async for line, text in _lines(chunks):
        first = first or line
        begun = f"{begun}\n{text}" if begun else text
        if begun.count('"') % 2 and len(begun) <= ROW_MAX:
            continue
        yield first, begun
        begun, first = "", 0
    if begun:
        yield first, begun


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, str]]:
    """Split a body into lines, counted from 1, without ever holding more than one of them and a chunk.

    Raises:
        InvalidInput: it isn't UTF-8, or a line is far too long.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest, line = "", 0
    try:
        async for chunk in chunks:
            *whole, rest = (rest + decoder.decode(chunk)).split("\n")
            for text in whole:
                line += 1
                yield line, text.removesuffix("\r")
            if len(rest) > ROW_MAX:
                raise InvalidInput(f"Line {line + 1} is longer than {ROW_MAX:,} characters.")
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise InvalidInput(f"The body isn't UTF-8, after line {line}.") from None
    if rest:
        yield line + 1, rest
