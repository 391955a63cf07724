"""A simulated year with a rep in every time zone, as the tick lives through it.

`make prove` has every zone, `make test` four that are hard. Zones that show the same times throughout are
one. The year has a leap day, and clock changes of both hemispheres; what people's clocks show is asked of
zoneinfo, and of Postgres.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from domain import flow
from domain.db import Database, WorkspaceId
from domain.periods import zones
from domain.reminders.model import ReminderType
from tests.builders import a_workspace
from tests.db.reminders.office import Office

YEAR = 2028
BEGIN, END = datetime(YEAR - 1, 12, 31, 9, 45, tzinfo=UTC), datetime(YEAR + 1, 1, 1, 13, tzinfo=UTC)
HARD = ["America/New_York", "America/Havana", "Asia/Beirut", "Pacific/Chatham"]
"""Changes in both halves of the year and of the globe, at midnight too, and an offset of 45 minutes."""
DAYS = dict(zip(ReminderType, (3, 5, 6, 7), strict=True))

# The next instant at which a month begins or a reminder is due for anybody.
NEXT = text("""
SELECT least((SELECT min(ends_at) FROM rep_monthly_goals WHERE ends_at > goalkeeper_now()),
             (SELECT min(due_at) FROM goal_deadline_reminders
               WHERE NOT sent AND skipped_at IS NULL AND due_at > goalkeeper_now())),
       (SELECT tick_at FROM workspaces)
""")


def offsets(zone: str) -> tuple[timedelta | None, ...]:
    """How far a zone is from UTC throughout the year, by the half hour around changes and the day else."""
    info, step = ZoneInfo(zone), timedelta(days=1)
    days = [BEGIN - step + step * day for day in range(370)]
    series = [day.astimezone(info).utcoffset() for day in days]
    changes = [
        (first + timedelta(minutes=30 * half)).astimezone(info).utcoffset()
        for (first, before), (_, after) in pairwise(zip(days, series, strict=True))
        if before != after
        for half in range(48)
    ]
    return (*series, *changes)


@pytest.fixture
async def acme(db: Database) -> WorkspaceId:
    async with db.everywhere() as tx:
        return await a_workspace(tx.session)


async def people_of(office: Office, names: list[str]) -> dict[str, str]:
    """Hire a rep in each of these zones, and return the zones by the reps' names."""
    known = await office.rows(
        "SELECT zone FROM unnest(CAST(:zones AS text[])) AS zone WHERE goalkeeper_is_zone(zone)", zones=names
    )
    distinct = {offsets(zone): zone for [zone] in known}
    for number, zone in enumerate(distinct.values()):
        await office.rep(f"R{number}", zone=zone, monthly_signup_goal=20)
    return {f"R{number}": zone for number, zone in enumerate(distinct.values())}


async def lived_through(db: Database, acme: WorkspaceId) -> int:
    """Tick at each instant at which something is to be done; returns at how many."""
    moment, ticks = BEGIN, 0
    while moment < END:
        async with db.workspace(acme, at=moment) as tx:
            await flow.tick(tx.session, tx.now)
            following, tick_at = (await tx.session.execute(NEXT)).one()
        # The tick would have been there: at the reminder's time, or at a quarter of an hour.
        assert moment < tick_at <= following
        assert tick_at == following or following.minute % 15 == following.second == 0
        moment, ticks = following, ticks + 1
    return ticks


@pytest.mark.prove
async def test_a_year_in_every_time_zone(db: Database, acme: WorkspaceId) -> None:
    reps, ticks = await a_year(db, acme, sorted(zones()))
    assert reps > 60
    assert ticks > 1000


async def test_a_year_in_time_zones_that_are_hard(db: Database, acme: WorkspaceId) -> None:
    reps, ticks = await a_year(db, acme, HARD)
    assert reps == len(HARD)
    assert ticks > 12 * len(HARD)


async def a_year(db: Database, acme: WorkspaceId, names: list[str]) -> tuple[int, int]:
    """Live through the year with a rep in each zone, and return how many reps and ticks there were."""
    async with db.workspace(acme, at=BEGIN) as tx:
        world = await people_of(Office(tx), names)
    ticks = await lived_through(db, acme)
    async with db.workspace(acme, at=END, patience="20s") as tx:
        await check(Office(tx), world)
    return len(world), ticks


async def check(office: Office, world: dict[str, str]) -> None:
    rows = await office.rows(
        """
        SELECT r.name, g.target_month AS month, g.reminder_type AS stage, g.due_at, g.sent_at, m.deadline,
               m.starts_at, m.created_at AS opened_at
          FROM goal_deadline_reminders g
          JOIN sales_reps r ON r.id = g.sales_rep_id
          JOIN rep_monthly_goals m ON m.sales_rep_id = g.sales_rep_id AND m.goal_month = g.target_month
                                  AND m.goal_year = g.target_year
         WHERE g.target_year = :year AND g.reminder_type = ANY(:stages)
         ORDER BY r.name, g.target_month, g.sent_at, g.id
        """,
        year=YEAR,
        stages=[stage.value for stage in ReminderType],
    )
    assert len(rows) == len(world) * 12 * 4
    for row in rows:
        info, day = ZoneInfo(world[row.name]), date(YEAR, row.month, DAYS[row.stage])
        shown = row.sent_at.astimezone(info)
        assert row.sent_at == row.due_at
        assert (shown.date(), shown.time(), shown.fold) == (day, time(12), 0), row
        begun = row.starts_at.astimezone(info)
        assert row.opened_at == row.starts_at
        assert (begun.date(), (row.starts_at - timedelta(seconds=1)).astimezone(info).month) == (
            date(YEAR, row.month, 1),
            (row.month - 2) % 12 + 1,
        )
        late = row.deadline.astimezone(info)
        assert (late.date(), late.fold) == (date(YEAR, row.month, 7), 0)
        assert (row.deadline - timedelta(seconds=1)).astimezone(info).date() == date(YEAR, row.month, 6)
    in_order = [(row.name, row.month, list(ReminderType).index(row.stage)) for row in rows]
    assert in_order == sorted(in_order)

    # Each is one message, and they wait in the order in which they came due.
    said = await office.rows(
        "SELECT dedupe_key, due_at FROM outbox WHERE facts ->> 'goal' LIKE '2028-%' ORDER BY id"
    )
    assert len({row.dedupe_key for row in said}) == len(said) == len(rows)
    assert [row.due_at for row in said] == sorted(row.due_at for row in said)

    # Postgres reckons the same.
    apart = await office.rows(
        """
        SELECT m.time_zone, m.goal_month, g.reminder_type
          FROM rep_monthly_goals m
          JOIN goal_deadline_reminders g ON g.sales_rep_id = m.sales_rep_id AND g.target_year = m.goal_year
                                        AND g.target_month = m.goal_month
          JOIN unnest(CAST(:stages AS text[]), CAST(:days AS int[])) AS s(stage, day)
            ON s.stage = g.reminder_type
         WHERE m.goal_year = :year
           AND (m.deadline <> goalkeeper_deadline(m.goal_year, m.goal_month, m.time_zone, 6, NULL)
                OR m.starts_at <> goalkeeper_local_instant(
                       make_date(m.goal_year, m.goal_month, 1), m.time_zone)
                OR g.due_at <> goalkeeper_local_instant(
                       make_date(m.goal_year, m.goal_month, s.day) + time '12:00', m.time_zone))
        """,
        year=YEAR,
        stages=[stage.value for stage in DAYS],
        days=list(DAYS.values()),
    )
    assert apart == []
