"""The law of recognition: what was reached in some committed state is recorded and posted exactly once.

Every step commits. The reference is what the views say after each step, compared with what they said before.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from domain import flow
from domain.activity.recording import Entry
from domain.db import Database, WorkspaceId
from domain.errors import Refusal
from domain.people.model import RepId
from tests.builders import a_month, a_rep, a_team, a_user, a_workspace, insert
from tests.db.activity.book import Book, on

NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
AWARDS = """
SELECT CAST(m.goal_month AS int) AS month, w.achievement_type AS type, CAST(w.step AS int) AS step
  FROM month_awards w JOIN rep_monthly_goals m ON m.id = w.monthly_goal_id
UNION ALL
SELECT 0, achievement_type, 0 FROM year_awards
"""
RECORDS = """
SELECT CAST(coalesce(achievement_month, 0) AS int) AS month, achievement_type AS type,
       CAST(step AS int) AS step, is_quiet, announced_in IS NOT NULL AS is_announced,
       reversed_at IS NULL AS stands
  FROM goal_achievements WHERE achievement_type <> 'streak_milestone'
"""
POSTS = """
SELECT (SELECT count(*) FROM recognition_posts),
       (SELECT count(*) FROM outbox WHERE subject = 'achievement' AND mode = 'post'),
       (SELECT count(DISTINCT part) FROM outbox WHERE subject = 'achievement' AND mode = 'post')
"""

months = st.sampled_from([10, 11])
amounts = st.tuples(st.sampled_from(["signups", "revenue"]), st.integers(-25, 25))
gains = st.tuples(months, st.tuples(st.sampled_from(["signups", "revenue"]), st.integers(1, 25)))
known = st.one_of(st.none(), st.sampled_from(["D1", "D2"]))
step = st.one_of(
    st.tuples(st.just("log"), months, amounts, known),
    st.tuples(st.just("correct"), st.integers(0, 20), st.integers(0, 25)),
    st.tuples(st.just("undo"), st.integers(0, 20)),
    st.tuples(st.just("sql"), months, st.integers(0, 40), st.integers(0, 40)),
    st.tuples(st.just("goals"), months, st.integers(1, 40), st.integers(0, 40)),
    st.tuples(st.just("two at once"), gains, gains),
)
Step = tuple[Any, ...]
Award = tuple[int, str, int]


class Life:
    """One rep's history in a workspace of its own, and what of it should have been posted."""

    def __init__(self, db: Database, home: WorkspaceId, ana: RepId) -> None:
        self._db, self._home, self._ana = db, home, ana
        self._entries: list[int] = []
        self._posted: set[Award] = set()
        self._reached: set[Award] = set()

    async def play(self, steps: Sequence[Step]) -> None:
        """Do one after the other, and note after each what is reached."""
        standing: set[Award] = set()
        for name, *values in steps:
            try:
                await getattr(self, "_" + name.replace(" ", "_"))(*values)
            except Refusal:
                continue
            now = {(row.month, row.type, row.step) for row in await self._rows(AWARDS)}
            self._reached |= now
            self._posted |= set() if name == "goals" else now - standing
            standing = now
        await self._check(standing)

    async def _check(self, standing: set[Award]) -> None:
        records = {(row.month, row.type, row.step): row for row in await self._rows(RECORDS)}
        assert records.keys() == self._reached
        assert {award for award, record in records.items() if record.stands} == standing
        assert {award for award, record in records.items() if record.is_announced} == self._posted
        [counts] = await self._rows(POSTS)
        assert len(set(counts)) == 1

    async def _rows(self, query: str) -> Sequence[Any]:
        async with self._db.workspace(self._home, at=NOW) as tx:
            return (await tx.session.execute(text(query))).all()

    async def _log(self, month: int, amount: tuple[str, int], known: str | None = None) -> None:
        metric, number = amount
        day = on(f"{month}-05")
        source = "crm" if known else "people"
        entry = Entry(self._ana, metric, Decimal(number), day, external_id=known, source=source)
        async with self._db.workspace(self._home, at=NOW) as tx:
            actor = await Book(tx.session, NOW).actor("Ada")
            [became] = await flow.record_activity(tx.session, NOW, actor, [entry])
            self._entries += [became.entry_id] if became.entry_id else []

    async def _correct(self, number: int, to: int) -> None:
        async with self._db.workspace(self._home, at=NOW) as tx:
            await Book(tx.session, NOW).correct(self._entry(number), str(to), by="Ada")  # type: ignore[arg-type]

    async def _undo(self, number: int) -> None:
        async with self._db.workspace(self._home, at=NOW) as tx:
            await Book(tx.session, NOW).undo(self._entry(number), by="Ada")  # type: ignore[arg-type]

    def _entry(self, number: int) -> int:
        return self._entries[number % len(self._entries)] if self._entries else 0

    async def _sql(self, month: int, signups: int, revenue: int) -> None:
        await self._by_another(
            "UPDATE rep_monthly_goals SET signups_actual = :first, revenue_actual = :second"
            " WHERE goal_month = :month",
            month=month,
            first=signups,
            second=revenue,
        )

    async def _goals(self, month: int, signups: int, revenue: int) -> None:
        await self._by_another(
            "UPDATE rep_monthly_goals SET signup_goal = :first, revenue_goal = :second"
            " WHERE goal_month = :month",
            month=month,
            first=signups,
            second=revenue,
        )

    async def _by_another(self, statement: str, **values: int) -> None:
        """Commit a statement as a writer other than the bot does, and have a tick find it."""
        bare = Database(self._db.engine)
        async with bare.workspace(self._home, at=NOW) as tx:
            await tx.session.execute(text(statement), values)
        async with bare.workspace(self._home, at=NOW) as tx:
            await flow.FOLLOW_UP.run(tx.session, NOW)

    async def _two_at_once(
        self, one: tuple[int, tuple[str, int]], other: tuple[int, tuple[str, int]]
    ) -> None:
        await asyncio.gather(self._log(*one), self._log(*other))


async def _lives(db: Database, steps: Sequence[Step]) -> None:
    async with db.everywhere() as tx:
        home = await a_workspace(tx.session)
    async with db.workspace(home, at=NOW) as tx:
        await a_user(tx.session, slack_id="UADA", name="Ada", slack_admin=True)
        user = await a_user(tx.session, slack_id="UANA", name="Ana", time_zone="UTC")
        team = await a_team(tx.session, name="North", channel="C1")
        ana = await a_rep(tx.session, user_id=user, name="Ana", team_id=team)
        await insert(tx.session, "rep_yearly_goals", sales_rep_id=ana, goal_year=2026, yearly_signup_goal=30)
        for month in (10, 11):
            await a_month(tx.session, ana, month=month, signup_goal=20, revenue_goal=20, bonus_tier_goal=1)
    await Life(db, home, ana).play(steps)


def _laws(examples: int) -> settings:
    unscoped = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=unscoped)


@_laws(10)
@given(st.lists(step, max_size=10))
async def test_what_was_reached_is_recorded_and_posted_once(db: Database, steps: list[Step]) -> None:
    await _lives(db, steps)


@pytest.mark.prove
@_laws(40)
@given(st.lists(step, max_size=25))
async def test_what_was_reached_in_many_lives_is_recorded_and_posted_once(
    db: Database, steps: list[Step]
) -> None:
    await _lives(db, steps)
