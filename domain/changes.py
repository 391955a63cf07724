"""The queue of what has changed: triggers announce it, and whoever depends on it brings itself up to date.

Only an announcement: the figures are in the tables. A transaction of the bot takes what it has announced
itself before it commits (`Database`), and a tick takes what other writers left behind. So a handler says what
is true now, and being called again, or once for several changes, does no harm.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import PrimaryKeyConstraint, SmallInteger, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from domain.db import Base
from domain.periods import Period


class Xid8(UserDefinedType[int]):
    """The id of a transaction, which never comes again."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the name of the type."""
        return "XID8"


class Change(Base):
    """Something has changed that belongs to a rep's month or year; one row a transaction, rep and period.

    Not a `Tenant`: it is written by triggers alone, with the workspace of the row that changed, and nothing
    refers to it.
    """

    __tablename__ = "changes"
    __table_args__ = (PrimaryKeyConstraint("workspace_id", "xid", "sales_rep_id", "year", "month"),)

    workspace_id: Mapped[int]
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    """The transaction that made the change. No order follows from it: a later one may commit first."""
    sales_rep_id: Mapped[int]
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    """0 for what belongs to the year alone."""
    goals_changed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the goals of the month have changed."""
    figures_changed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether entries have come, or achievements were recorded, taken away or regained."""


@dataclass(frozen=True, slots=True, order=True)
class Changed:
    """A rep's month or year in which something has changed."""

    sales_rep_id: int
    period: Period
    goals_changed: bool
    """Whether the goals have changed."""
    figures_changed: bool
    """Whether entries have come, or achievements were recorded, taken away or regained."""


Handler = Callable[[AsyncSession, datetime, Sequence[Changed]], Awaitable[None]]
"""Brings what depends on these periods up to date, as of now; a fixed number of statements, never commits."""

_TAKE = """
DELETE FROM changes
 WHERE workspace_id = goalkeeper_workspace() {own}
RETURNING sales_rep_id, year, nullif(month, 0) AS month, goals_changed, figures_changed
"""
_TAKE_OWN = text(_TAKE.format(own="AND xid = pg_current_xact_id_if_assigned()"))
_TAKE_ALL = text(_TAKE.format(own=""))


async def take_own(session: AsyncSession) -> list[Changed]:
    """Take what this transaction has announced."""
    return await _take(session, _TAKE_OWN)


async def take_all(session: AsyncSession) -> list[Changed]:
    """Take whatever was announced in this workspace and is still there; each period once."""
    return await _take(session, _TAKE_ALL)


async def _take(session: AsyncSession, statement: TextClause) -> list[Changed]:
    return _distinct(await session.execute(statement))


def _distinct(rows: Iterable[Any]) -> list[Changed]:
    found: dict[tuple[int, Period], tuple[bool, bool]] = {}
    for row in rows:
        key = row.sales_rep_id, Period.of_columns(row.year, row.month)
        goals, figures = found.get(key, (False, False))
        found[key] = (goals or row.goals_changed, figures or row.figures_changed)
    return sorted(Changed(*key, *changed) for key, changed in found.items())
