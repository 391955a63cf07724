"""Pages: a list in parts, each with the cursor of the next."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from domain.errors import InvalidInput

T = TypeVar("T")

MOST = 200
USUAL = 50
BIGGEST_ID = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]


def _without_nul(typed: str) -> str:
    if "\0" in typed:
        raise ValueError("Text can't contain the character NUL")
    return typed


Words = Annotated[str, Field(max_length=500), AfterValidator(_without_nul)]
"""Text as people write it; Postgres takes every character but NUL."""


class ListPage(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    next_cursor: str | None = Field(
        default=None, description="Give it as `cursor` to get the next page; null on the last one."
    )


@dataclass(frozen=True, slots=True)
class Paging:
    """The part of a list that is asked for."""

    cursor: str | None
    limit: int

    def after(self, *start: Any) -> list[Any]:
        """Return the key that the page begins after; `start` is that of the first page.

        Raises:
            InvalidInput: the cursor isn't one that a page came with.
        """
        if self.cursor is None:
            return list(start)
        try:
            key = json.loads(base64.urlsafe_b64decode(self.cursor.encode()))
        except ValueError:
            key = None
        if not isinstance(key, list) or [type(part) for part in key] != [type(part) for part in start]:
            raise InvalidInput("This cursor isn't one of this list.", field="cursor")
        if any(isinstance(part, int) and not 0 <= part <= BIGGEST_ID for part in key):
            raise InvalidInput("This cursor isn't one of this list.", field="cursor")
        return key

    @property
    def asked(self) -> int:
        """How many rows to read: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def page(self, rows: Sequence[T], key: Callable[[T], list[Any]]) -> ListPage[T]:
        """Return the page of these rows, `asked` of which were read; `key` is what they are ordered by."""
        shown = list(rows[: self.limit])
        cursor = None
        if len(rows) > self.limit:
            cursor = base64.urlsafe_b64encode(json.dumps(key(shown[-1])).encode()).decode()
        return ListPage(items=shown, next_cursor=cursor)


def paging(
    cursor: Annotated[
        str | None, Query(max_length=500, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows on a page.")] = USUAL,
) -> Paging:
    """Return the part of a list that a request asks for; a dependency of routes."""
    return Paging(cursor, limit)
