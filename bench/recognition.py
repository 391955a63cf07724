"""Achievements: what recording and announcing them adds to a large batch of entries."""

from datetime import date, timedelta
from decimal import Decimal

from rich.table import Table

from bench.activity import NOW, Floor
from bench.ground import Ground, Measured, table, timed
from domain import flow
from domain.activity.recording import Entry
from domain.db import Database

_SET = "UPDATE rep_monthly_goals SET goal_set_at = :now WHERE workspace_id = :home"
_CHANNELS = """
WITH team AS (
    INSERT INTO teams (workspace_id, name, channel) VALUES (:home, 'North', 'C1') RETURNING id
)
INSERT INTO team_memberships (workspace_id, sales_rep_id, team_id, started_on)
SELECT :home, r.id, team.id, '2025-01-01' FROM sales_reps r, team WHERE r.workspace_id = :home
"""
_SWITCH = """
ALTER TABLE rep_monthly_goals {to} TRIGGER e1_recognise_inserted;
ALTER TABLE rep_monthly_goals {to} TRIGGER e1_recognise_updated;
ALTER TABLE rep_yearly_goals {to} TRIGGER e1_recognise_inserted;
ALTER TABLE rep_yearly_goals {to} TRIGGER e1_recognise_updated;
ALTER TABLE activity {to} TRIGGER c1_announce
"""
_REACHING = 10
"""One rep in so many reaches goal and tiers by the batch."""


async def after_a_batch(ground: Ground, entries: int, reps: int) -> Table:
    """A large batch in which one rep in ten makes the month, with and without recognition."""
    bare = await _recorded(ground, entries, reps, recognising=False)
    whole = await _recorded(ground, entries, reps, recognising=True)
    [[achieved]] = await ground.sql("SELECT count(*) FROM goal_achievements")
    return table(
        f"{entries:,} entries over {reps:,} reps, {achieved:,} achievements",
        [Measured("recorded, recognised and announced", whole, "recorded alone", bare)],
    )


async def _recorded(ground: Ground, entries: int, reps: int, *, recognising: bool) -> float:
    floor = await Floor.laid(ground, reps, f"R{recognising}")
    await ground.sql(_CHANNELS, home=floor.home)
    await ground.sql(_SET, home=floor.home, now=NOW)
    given = [_entry(floor, n) for n in range(entries)]
    if recognising:
        return await timed(lambda: floor.record(given))
    await _switch(ground, "DISABLE")
    try:
        return await timed(lambda: _alone(floor, given))
    finally:
        await _switch(ground, "ENABLE")


def _entry(floor: Floor, n: int) -> Entry:
    reps = len(floor.reps)
    rep, day = n % reps, date(2026, 10, 1) + timedelta(days=n // reps % 28)
    amount = Decimal(5 if rep % _REACHING == 0 else 1)
    return Entry(floor.reps[rep], "signups", amount, day, source="crm", external_id=f"deal-{n}")


async def _alone(floor: Floor, given: list[Entry]) -> None:
    async with Database(floor.ground.db.engine).workspace(floor.home, at=NOW, patience="600s") as tx:
        await flow.record_activity(tx.session, tx.now, floor.actor, given)


async def _switch(ground: Ground, to: str) -> None:
    for statement in _SWITCH.format(to=to).split(";"):
        await ground.sql(statement)
