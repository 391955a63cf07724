"""Snapshots: a day of many reps, and finding that it has been taken."""

from datetime import UTC, datetime

from rich.table import Table

from bench.activity import Floor
from bench.ground import Ground, Measured, table, timed, usual
from domain.progress.jobs import take_snapshots

# Past midnight in all of their zones.
NOW = datetime(2026, 10, 29, 12, tzinfo=UTC)
_NAME = "goal_progress_snapshots"
# The figures need no entries of the ledger here, so the triggers that would write them are off meanwhile.
_UNDER_WAY = (
    "ALTER TABLE rep_monthly_goals DISABLE TRIGGER USER",
    "UPDATE rep_monthly_goals SET goal_set_at = '2026-10-02Z', created_at = '2026-10-01Z',"
    " signups_actual = 1 + id % 25, signup_progress_percent = 5 * (1 + id % 25)",
    "ALTER TABLE rep_monthly_goals ENABLE TRIGGER USER",
)
_DAYS_BEFORE = """
INSERT INTO job_runs (workspace_id, job, period)
SELECT DISTINCT m.workspace_id, 'snapshots', day::date || ' ' || m.time_zone
  FROM rep_monthly_goals m, generate_series('2026-10-01', '2026-10-27', interval '1 day') AS day
"""


async def a_day(ground: Ground, reps: int) -> Table:
    """Measure the snapshots of one day, beside copying these rows into a table with the same keys."""
    floor = await Floor.laid(ground, reps, "DAY")
    for statement in (*_UNDER_WAY, _DAYS_BEFORE):
        await ground.sql(statement)
    await ground.vacuum()

    async def taken() -> int:
        async with ground.db.workspace(floor.home, at=NOW, patience="600s") as tx:
            return await take_snapshots(tx.session, tx.now)

    taking = await timed(taken)
    [[found]] = await ground.sql(f"SELECT count(*) FROM {_NAME}")
    assert found == reps, found
    copying = await _copied(ground)
    return table(
        f"The snapshots of {reps:,} goals",
        [
            Measured("take a day's", taking, "INSERT … SELECT of these rows", copying),
            Measured("look again", await usual(taken, 20), "taking them", taking),
        ],
    )


async def _copied(ground: Ground) -> float:
    """Copy the rows into a twin: the same columns, indexes, checks and foreign keys, but no triggers."""
    await ground.sql(f"CREATE TABLE twin (LIKE {_NAME} INCLUDING ALL)")
    for row in await ground.sql(
        "SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
        " WHERE conrelid = CAST(:name AS regclass) AND contype = 'f'",
        name=_NAME,
    ):
        await ground.sql(f"ALTER TABLE twin ADD CONSTRAINT {row.conname} {row.definition}")
    seconds = await timed(
        lambda: ground.sql(f"INSERT INTO twin OVERRIDING SYSTEM VALUE SELECT * FROM {_NAME}")
    )
    await ground.sql("DROP TABLE twin")
    return seconds
