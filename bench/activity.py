"""The ledger: one entry, a large batch, and reading a rep's year among many reps."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from rich.table import Table
from sqlalchemy import text

from bench.ground import Ground, Measured, table, timed, usual
from bench.ticks import _ENTER, _PEOPLE
from domain import flow
from domain.activity import queries
from domain.activity.queries import Whose
from domain.activity.recording import Entry
from domain.db import WorkspaceId
from domain.people.model import Door, RepId, Role, UserId
from domain.people.rules import Actor
from domain.periods import Period

NOW = datetime(2026, 10, 28, 19, tzinfo=UTC)
_ADMIN = """
INSERT INTO users (workspace_id, slack_id, name, slack_admin)
VALUES (:home, 'UADMIN', 'Admin', true) RETURNING id
"""
_MONTHS = """
INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signup_goal, goal_set_at)
SELECT workspace_id, id, 2026, 10, 20, NULL FROM sales_reps WHERE workspace_id = :home
"""
_YEARS = """
INSERT INTO rep_yearly_goals (workspace_id, sales_rep_id, goal_year, yearly_signup_goal)
SELECT workspace_id, id, 2026, 240 FROM sales_reps WHERE workspace_id = :home
"""
_UPDATE = text(
    "UPDATE rep_monthly_goals SET bonus_tier_goal = :tier WHERE sales_rep_id = :rep AND goal_month = 10"
)


class Floor:
    """A workspace of reps with an open month, and an admin who sends entries."""

    def __init__(self, ground: Ground, home: WorkspaceId, actor: Actor, reps: list[RepId]) -> None:
        self.ground, self.home, self.actor, self.reps = ground, home, actor, reps

    @classmethod
    async def laid(cls, ground: Ground, reps: int, team: str) -> "Floor":
        """Make the rows."""
        [[home]] = await ground.sql(_ENTER, team=team)
        await ground.sql(_PEOPLE, home=home, reps=reps)
        [[admin]] = await ground.sql(_ADMIN, home=home)
        for rows in (_MONTHS, _YEARS):
            await ground.sql(rows, home=home)
        await ground.vacuum()
        found = await ground.sql(
            "SELECT id FROM sales_reps WHERE workspace_id = :home ORDER BY id", home=home
        )
        actor = Actor(UserId(admin), Role.ADMIN, frozenset(), Door.API)
        return cls(ground, WorkspaceId(home), actor, [RepId(row.id) for row in found])

    async def record(self, entries: list[Entry]) -> None:
        """Take in a batch, in a transaction of its own."""
        async with self.ground.db.workspace(self.home, at=NOW, patience="600s") as tx:
            became = await flow.record_activity(tx.session, tx.now, self.actor, entries)
            assert all(each.entry_id for each in became)


async def one_entry(ground: Ground) -> Table:
    """One entry, with its totals, month, tier and year, beside a bare UPDATE of the same month."""
    floor = await Floor.laid(ground, 200, "ONE")
    rep, turn = floor.reps[0], count()

    async def logged() -> None:
        await floor.record([Entry(rep, "signups", Decimal(1))])

    async def updated() -> None:
        async with ground.db.workspace(floor.home, at=NOW) as tx:
            await tx.session.execute(_UPDATE, {"rep": rep, "tier": next(turn) % 6})

    measured = Measured("one entry", await usual(logged), "UPDATE of the same month", await usual(updated))
    return table("One entry, end to end", [measured])


async def a_batch(ground: Ground, entries: int, reps: int) -> Table:
    """A large batch, beside COPY of the same rows into a table with the same keys."""
    floor = await Floor.laid(ground, reps, f"B{reps}")
    first = date(2026, 10, 1)
    given = [
        Entry(
            floor.reps[n % reps],
            ("signups", "revenue", "calls")[n % 3],
            Decimal(n % 7 + 1),
            first + timedelta(days=n // reps % 28),
            source="crm",
            external_id=f"deal-{n}",
        )
        for n in range(entries)
    ]
    seconds = await timed(lambda: floor.record(given))
    floor_seconds = await copied(ground, floor.home)
    again = await timed(lambda: floor.record(given))
    same = "COPY into a twin with the same keys"
    return table(
        f"{entries:,} entries over {reps:,} reps",
        [
            Measured("recorded, with totals, months and years", seconds, same, floor_seconds),
            Measured("the same again, which counts once", again, same, floor_seconds),
        ],
    )


async def copied(ground: Ground, home: WorkspaceId) -> float:
    """Time COPY of the same entries into a table of the same columns, keys and indexes."""
    await ground.sql("CREATE TABLE twin (LIKE activity INCLUDING ALL)")
    keys = await ground.sql(
        "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint"
        " WHERE conrelid = 'activity'::regclass AND contype = 'f'"
    )
    for row in keys:
        await ground.sql(f"ALTER TABLE twin ADD {row.key}")
    rows = await ground.copy_out(f"SELECT * FROM activity WHERE workspace_id = {home}")
    seconds = await timed(lambda: ground.copy_in("twin", rows))
    await ground.sql("DROP TABLE twin")
    return seconds


async def a_years_figures(ground: Ground, reps: int) -> Table:
    """All figures of a rep's year among many reps, from an index, beside one bare query."""
    floor = await Floor.laid(ground, reps, f"Y{reps}")
    await ground.sql(
        "INSERT INTO activity_totals (workspace_id, sales_rep_id, metric, grain, starts_on, amount)"
        " SELECT :home, r.id, m, 'month', make_date(2026, month, 1), 5"
        " FROM sales_reps r, unnest(ARRAY['signups', 'revenue', 'calls']) AS m,"
        " generate_series(1, 10) AS month"
        " WHERE r.workspace_id = :home",
        home=floor.home,
    )
    await ground.vacuum()
    rep, year = floor.reps[reps // 2], Period.of_year(2026)

    async def read(statement: Any = None) -> None:
        async with ground.db.workspace(floor.home, at=NOW) as tx:
            if statement is not None:
                await tx.session.execute(statement)
            else:
                codes = ["signups", "revenue", "calls", "average_deal"]
                assert await queries.figures(tx.session, codes, year, Whose(rep))

    bare = await usual(lambda: read(text("SELECT 1")))
    return table(
        f"A year among {reps:,} reps",
        [Measured("a rep's figures", await usual(read), "one bare query", bare)],
    )
