"""A tick is a fixed number of statements, whatever the number of reps."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from domain import flow
from domain.db import Database, WorkspaceId
from tests.builders import a_workspace
from tests.conftest import Sql
from tests.db.goals.desk import counted

FIRST, NOON, LATER = (datetime(2026, 10, day, hour, tzinfo=UTC) for day, hour in ((1, 0), (3, 12), (3, 13)))
MANY = """
WITH people AS (
    INSERT INTO users (workspace_id, slack_id, name, time_zone)
    SELECT :acme, 'U' || n, 'R' || n, (ARRAY['UTC', 'Africa/Abidjan', 'Atlantic/Reykjavik'])[1 + n % 3]
      FROM generate_series(1, :count) AS n RETURNING id, name
)
INSERT INTO sales_reps (workspace_id, user_id, name, joined_on, created_at)
SELECT :acme, id, name, '2024-01-01', '2024-01-01Z' FROM people
"""
"""Reps just imported, of whom the planner knows nothing yet."""

Cost = Callable[[int, datetime], Awaitable[tuple[int, flow.Ticked]]]


@pytest.fixture
def fresh() -> bool:
    """Plans for few reps are not those for thousands."""
    return True


@pytest.fixture
async def cost(db: Database, sql: Sql) -> Cost:
    """The number of statements of a tick in a workspace of that many reps, and what it did."""
    known: dict[int, WorkspaceId] = {}

    async def of(count: int, at: datetime) -> tuple[int, flow.Ticked]:
        if count not in known:
            async with db.everywhere() as tx:
                known[count] = await a_workspace(tx.session)
            await sql(MANY, acme=known[count], count=count)
        async with db.workspace(known[count], at=at, patience="20s") as tx:
            with counted(tx.session) as statements:
                done = await flow.tick(tx.session, tx.now)
        return len(statements), done

    return of


async def test_ten_thousand_reps_cost_as_many_statements_as_a_hundred(cost: Cost) -> None:
    for moment, wanted in ((FIRST, "months"), (NOON, "reminders"), (LATER, None)):
        many, did_many = await cost(10_000, moment)
        few, did_few = await cost(100, moment)
        assert few == many <= 32
        if wanted:
            assert (did_few[wanted], did_many[wanted]) == (100, 10_000)


async def test_nothing_due_anywhere_is_one_statement_for_any_number_of_workspaces(
    db: Database, sql: Sql
) -> None:
    for _ in range(60):
        async with db.everywhere() as tx:
            await a_workspace(tx.session)
    await sql("UPDATE workspaces SET tick_at = :at", at=NOON)
    async with db.everywhere(at=datetime(2026, 10, 3, 11, 59, tzinfo=UTC)) as tx:
        with counted(tx.session) as statements:
            assert await flow.claim_due(tx.session, 50) == []
    assert len(statements) == 1
