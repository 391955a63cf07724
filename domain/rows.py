"""Rows of raw SQL as typed dataclasses, by the names of their columns."""

from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, cast, get_args, get_origin, get_type_hints

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from domain.periods import Period

T = TypeVar("T")
Convert = Callable[[Any], Any]


async def rows(session: AsyncSession, statement: TextClause, cls: type[T], /, **keys: Any) -> list[T]:
    """Return each row of the result as a `cls`, whose fields are named as the columns.

    Fields without a column keep their defaults. A column named `"team.id"` is the field `id` of the dataclass
    in `team`, which is None where all its columns are null; a period has the columns `"month.year"` and
    `"month.month"`. Enums, collections and JSON objects become what the fields say.
    """
    result = await session.execute(statement, keys)
    read: Callable[[Sequence[Any]], T] = _reader(cast(Any, cls), tuple(result.keys()))
    return [read(row) for row in result]


async def row(session: AsyncSession, statement: TextClause, cls: type[T], /, **keys: Any) -> T | None:
    """Return the only row of the result, as `rows` does, or None if there is none."""
    found = await rows(session, statement, cls, **keys)
    if len(found) > 1:
        raise ValueError(f"{len(found)} rows, where one {cls.__name__} at most was expected")
    return found[0] if found else None


@cache
def _reader(cls: Any, columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Return what makes a `cls` of a row with these columns."""
    hints = get_type_hints(cls)
    plain: list[tuple[str, int, Convert | None]] = []
    parts: dict[str, list[int]] = {}
    for at, column in enumerate(columns):
        name, _, inner = column.partition(".")
        if name not in hints:
            raise TypeError(f"{cls.__name__} has no field for the column {column}")
        if inner:
            parts.setdefault(name, []).append(at)
        else:
            plain.append((name, at, _converter(hints[name])))
    nested = [
        (name, ats, _part_reader(_required(hints[name]), tuple(columns[at].partition(".")[2] for at in ats)))
        for name, ats in parts.items()
    ]

    def read(values: Sequence[Any]) -> Any:
        given = {name: convert(values[at]) if convert else values[at] for name, at, convert in plain}
        for name, ats, part in nested:
            of_part = [values[at] for at in ats]
            given[name] = None if all(value is None for value in of_part) else part(of_part)
        return cls(**given)

    return read


def _part_reader(cls: Any, columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Return what makes a dataclass or, of the columns `year` and `month`, a period."""
    if cls is Period:
        return lambda values: Period.of_columns(**dict(zip(columns, values, strict=True)))
    return _reader(cls, columns)


def _required(hint: Any) -> Any:
    """Return X of `X | None`, and anything else as it is."""
    if get_origin(hint) is UnionType:
        [hint] = [each for each in get_args(hint) if each is not NoneType]
    return hint


@cache
def _converter(hint: Any) -> Convert | None:
    """Return what makes a value of this type of what the driver returns; None where it is one already."""
    if get_origin(hint) is UnionType:
        inner = _converter(_required(hint))
        return None if inner is None else lambda value: None if value is None else inner(value)
    if isinstance(hint, NewType):
        return _converter(hint.__supertype__)
    collection = get_origin(hint)
    if collection in (tuple, frozenset, list):
        each = _converter(get_args(hint)[0])
        return lambda values: collection(map(each, values) if each else values)
    if is_dataclass(hint):
        return lambda value: _reader(cast(Any, hint), tuple(value))(tuple(value.values()))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return None
