"""Ticks: opening a month and reminding everybody in a big workspace, and finding nothing to do in many."""

from datetime import UTC, datetime, timedelta

from rich.table import Table
from sqlalchemy import text

from bench.ground import Ground, Measured, table, timed, usual
from domain import flow
from domain.db import WorkspaceId
from domain.goals.jobs import open_current_months
from domain.jobs import allow_nested_loops
from domain.reminders.planning import plan_reminders

# When it is the 1st in all of their zones; past noon of the 3rd in all of them; and a while later.
OPENING, REMINDING, LATER = (
    datetime(2026, 10, day, hour, tzinfo=UTC) for day, hour in ((1, 12), (3, 19), (3, 20))
)
_ENTER = "SELECT goalkeeper_enter_workspace(:team, :team, 'U0BOT')"
_PEOPLE = """
WITH people AS (
    INSERT INTO users (workspace_id, slack_id, name, time_zone)
    SELECT :home, 'U' || n, 'Rep ' || n,
           (ARRAY['America/New_York', 'America/Los_Angeles', 'America/Chicago', 'America/Denver',
                  'America/Halifax', 'America/Phoenix', 'America/Sao_Paulo', 'America/Lima'])[1 + n % 8]
      FROM generate_series(1, :reps) AS n RETURNING id, name
)
INSERT INTO sales_reps (workspace_id, user_id, name, joined_on, created_at, monthly_signup_goal)
SELECT :home, id, name, '2024-01-01', '2024-01-01Z', 20 FROM people
"""
_LOOK = text("SELECT 1")


async def one_big_workspace(ground: Ground, reps: int) -> Table:
    """Measure opening the month, planning and queueing reminders, and a tick with nothing due."""
    [[home]] = await ground.sql(_ENTER, team="BIG")
    await ground.sql(_PEOPLE, home=home, reps=reps)
    await ground.vacuum()
    big = WorkspaceId(home)

    async def opened() -> None:
        async with ground.db.workspace(big, at=OPENING, patience="600s") as tx:
            await allow_nested_loops(tx.session, False)
            assert await open_current_months(tx.session, tx.now) == reps

    async def planned() -> None:
        async with ground.db.workspace(big, at=OPENING, patience="600s") as tx:
            await allow_nested_loops(tx.session, False)
            await plan_reminders(tx.session, tx.now)

    async def ticked(at: datetime = REMINDING) -> None:
        async with ground.db.workspace(big, at=at, patience="600s") as tx:
            await flow.tick(tx.session, tx.now)

    opening = await timed(opened)
    months = await _plain(ground, "rep_monthly_goals") + await _plain(ground, "rep_yearly_goals")
    planning = await timed(planned)
    reminders = await _plain(ground, "goal_deadline_reminders")
    await ground.vacuum()
    queueing = await timed(ticked)
    [[sent]] = await ground.sql("SELECT count(*) FROM outbox")
    assert sent == reps
    intents = await _plain(ground, "outbox")
    await ground.vacuum()
    idle = await usual(lambda: ticked(LATER), 5)
    bare = await usual(lambda: _bare(ground, big))
    same = "INSERT … SELECT of these rows"
    return table(
        f"One workspace, {reps:,} reps",
        [
            Measured("open the month and the year", opening, same, months),
            Measured("plan four reminders each", planning, same, reminders),
            Measured("queue one reminder each (a whole tick)", queueing, same, intents),
            Measured("all three", opening + planning + queueing, "all three", months + reminders + intents),
            Measured("a tick with nothing due in it", idle, "one bare query", bare),
        ],
    )


async def many_workspaces(ground: Ground, count: int) -> Table:
    """Measure looking at the clock with nothing due, and the quarter-hourly look into workspaces."""
    homes = []
    for number in range(count):
        [[home]] = await ground.sql(_ENTER, team=f"T{number}")
        homes.append(WorkspaceId(home))
        await ground.sql(_PEOPLE, home=home, reps=20)
    for home in homes:
        async with ground.db.workspace(home, at=REMINDING) as tx:
            await flow.tick(tx.session, tx.now)
    await ground.sql("UPDATE workspaces SET tick_at = :at", at=REMINDING + timedelta(minutes=10))
    await ground.vacuum()

    async def nothing_due() -> None:
        async with ground.db.everywhere(at=REMINDING) as tx:
            assert await flow.claim_due(tx.session, 50) == []

    async def looked_into_each() -> None:
        for home in homes:
            async with ground.db.workspace(home, at=LATER) as tx:
                await flow.tick(tx.session, tx.now)

    async def asked_each() -> None:
        for home in homes:
            await _bare(ground, home)

    bare = await usual(lambda: _bare(ground, homes[0]))
    return table(
        f"{count:,} workspaces of 20 reps, nothing due",
        [
            Measured("a tick, every 20 s", await usual(nothing_due), "one bare query", bare),
            Measured(
                "the look into each, every 15 min", await timed(looked_into_each),
                "one bare query each", await timed(asked_each),
            ),
        ],
    )  # fmt: skip


async def _bare(ground: Ground, home: WorkspaceId) -> None:
    async with ground.db.workspace(home, at=LATER) as tx:
        await tx.session.execute(_LOOK)


async def _plain(ground: Ground, name: str) -> float:
    """Copy what a table holds into one that is like it, but for triggers and foreign keys."""
    await ground.sql(f"CREATE TABLE plain_{name} (LIKE {name} INCLUDING ALL)")
    columns = ", ".join(
        row.attname
        for row in await ground.sql(
            "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass)"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            name=name,
        )
    )
    copy = f"INSERT INTO plain_{name} ({columns}) SELECT {columns} FROM {name}"
    seconds = await timed(lambda: ground.sql(copy))
    await ground.sql(f"DROP TABLE plain_{name}")
    return seconds
