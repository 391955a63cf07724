"""Where goals are set: a small sales team, and what is stored of what it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, event, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.goals import service
from domain.goals.figures import TypedFigures
from domain.goals.service import GoalForm, GoalSet
from domain.people import queries as people
from domain.people.model import Door
from domain.people.rules import Person
from domain.periods import Period
from tests.builders import a_rep, a_team, a_user, moved_to

LONG_AGO = date(2024, 1, 1)

Story = list[tuple[int | None, int]]
"""The signups of a goal's changes: from and to."""


class Desk:
    """Sam of West sets goals; so do Kim, who manages West, Lee, who manages East, and Dana, an admin."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    @property
    def session(self) -> AsyncSession:
        return self.tx.session

    async def staff(self, *, zone: str = "UTC", joined_on: date = LONG_AGO, **columns: Any) -> None:
        """Fill the desk; `columns` are those of Sam as a rep."""
        session = self.session
        kim = await a_user(session, slack_id="U0KIM", name="Kim")
        lee = await a_user(session, slack_id="U0LEE", name="Lee")
        await a_user(session, slack_id="U0DANA", name="Dana", named_admin=True)
        west = await a_team(session, name="West", manager_id=kim)
        east = await a_team(session, name="East", manager_id=lee)
        sam = await a_user(session, slack_id="U0SAM", name="Sam", time_zone=zone)
        await a_rep(session, user_id=sam, name="Sam", joined_on=joined_on, team_id=west, **columns)
        ron = await a_user(session, slack_id="U0RON", name="Ron")
        await a_rep(session, user_id=ron, name="Ron", team_id=east)

    async def at(self, moment: str) -> None:
        """What follows happens at this time."""
        self.tx = await moved_to(self.tx, datetime.fromisoformat(moment))

    async def person(self, slack_id: str) -> Person:
        return (await people.by_slack_id(self.session, [slack_id]))[slack_id]

    async def set(
        self,
        figures: str = "20 50000 3",
        *,
        by: str = "U0SAM",
        rep: str = "U0SAM",
        goal: str = "2026-02",
        reason: str | None = None,
        door: Door = Door.FORM,
    ) -> GoalSet:
        """Set a goal; `figures` are signups, revenue and tier, `_` for one that is not mentioned."""
        typed = [None if figure == "_" else figure for figure in figures.split()]
        return await service.set_goal(
            self.session,
            self.tx.now,
            (await self.person(by)).through(door),
            await self.person(rep),
            Period.parse(goal),
            TypedFigures(*typed),
            reason,
        )

    async def form(self, *, by: str = "U0SAM", rep: str = "U0SAM", goal: str = "2026-02") -> GoalForm:
        actor = (await self.person(by)).through(Door.FORM)
        return await service.form(
            self.session, self.tx.now, actor, await self.person(rep), Period.parse(goal)
        )

    async def rows(self, statement: str, **parameters: Any) -> list[Row[Any]]:
        return list(await self.session.execute(text(statement), parameters))

    async def month(self, month: int = 2) -> Row[Any]:
        """Sam's month of 2026."""
        [row] = await self.rows(
            "SELECT m.*, u.slack_id AS set_by FROM rep_monthly_goals m"
            " LEFT JOIN users u ON u.id = m.goal_set_by"
            " JOIN sales_reps r ON r.id = m.sales_rep_id WHERE r.name = 'Sam' AND goal_month = :month",
            month=month,
        )
        return row

    async def year(self) -> Row[Any]:
        """Sam's year 2026."""
        [row] = await self.rows(
            "SELECT y.*, u.slack_id AS set_by FROM rep_yearly_goals y"
            " LEFT JOIN users u ON u.id = y.goal_set_by"
            " JOIN sales_reps r ON r.id = y.sales_rep_id WHERE r.name = 'Sam' AND goal_year = 2026"
        )
        return row

    async def changes(self) -> list[Row[Any]]:
        """All changes of goals, in order."""
        return await self.rows(
            "SELECT c.*, u.slack_id AS by FROM goal_changes c"
            " LEFT JOIN users u ON u.id = c.changed_by ORDER BY c.id"
        )

    async def story(self) -> Story:
        return [(change.from_signup_goal, change.to_signup_goal) for change in await self.changes()]

    async def intents(self) -> list[tuple[str, str]]:
        """What is to be said: kinds and modes, in order."""
        return [(row.kind, row.mode) for row in await self.rows("SELECT kind, mode FROM outbox ORDER BY id")]


def figures_of(month: Row[Any]) -> tuple[Any, ...]:
    return month.signup_goal, month.revenue_goal, month.bonus_tier_goal


@contextmanager
def counted(session: AsyncSession) -> Iterator[list[str]]:
    """The statements that reach the database inside the block."""
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
