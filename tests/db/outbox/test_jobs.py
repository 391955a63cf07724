"""Slack's events are taken in once each, and forgotten when Slack will not send them again."""

from datetime import UTC, datetime

from domain import flow
from domain.db import Database, WorkspaceId
from domain.outbox import runs
from tests.builders import a_workspace
from tests.conftest import Sql

KNOWN = """
INSERT INTO job_runs (workspace_id, job, period, ran_at)
SELECT :workspace, :job, 'E' || n || :age, now() - CAST(:age AS interval) FROM generate_series(1, :count) AS n
"""
LEFT = "SELECT count(*) FROM job_runs WHERE workspace_id = :workspace AND job = :job"


async def ticked(db: Database, workspace: WorkspaceId) -> None:
    # The clock of a rehearsal is years ahead; Slack's is not.
    async with db.workspace(workspace, at=datetime(2090, 1, 1, tzinfo=UTC)) as tx:
        await flow.tick(tx.session, tx.now)


async def test_an_event_is_forgotten_when_slack_will_not_send_it_again(db: Database, sql: Sql) -> None:
    async with db.everywhere() as tx:
        acme, other = await a_workspace(tx.session), await a_workspace(tx.session)
    for age in ("49 h", "47 h"):
        await sql(KNOWN, workspace=acme, job="slack_event", age=age, count=2)
    # What was done for a period must never be done again.
    await sql(KNOWN, workspace=acme, job="board", age="5 years", count=1)
    await sql(KNOWN, workspace=other, job="slack_event", age="49 h", count=1)
    async with db.workspace(acme, at=datetime(2090, 1, 1, tzinfo=UTC)) as tx:
        assert await runs.claim_event(tx.session, "Ev1")
        assert not await runs.claim_event(tx.session, "Ev1")

    for _ in range(2):
        await ticked(db, acme)
        assert await sql.value(LEFT, workspace=acme, job="slack_event") == 3
    assert await sql.value(LEFT, workspace=acme, job="board") == 1
    assert await sql.value(LEFT, workspace=other, job="slack_event") == 1


async def test_years_of_events_are_forgotten_a_share_at_a_time(db: Database, sql: Sql) -> None:
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    await sql(KNOWN, workspace=acme, job="slack_event", age="1 year", count=10_005)
    await ticked(db, acme)
    assert await sql.value(LEFT, workspace=acme, job="slack_event") == 5
    await ticked(db, acme)
    assert await sql.value(LEFT, workspace=acme, job="slack_event") == 0
