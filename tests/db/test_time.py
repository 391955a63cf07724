"""What time it is, and when local clocks show a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Database, Transaction, WorkspaceId
from domain.periods import Period, month_bounds, zones
from tests.builders import a_workspace
from tests.conftest import Sql

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)

Segment = tuple[datetime, timedelta]
"""From which instant on, in UTC without saying so, clocks are how far ahead of it."""


# --- local time ----------------------------------------------------------------------------------------


@pytest.fixture
def fresh() -> bool:
    """A setting that a session once had stays known to it."""
    return True


async def test_local_instants_agree_with_every_zone_around_every_clock_change(session: AsyncSession) -> None:
    zones = await _distinct_zones(session)
    cases = [
        (local, zone, _first_instant(local, segments))
        for zone, segments in zones.items()
        for local in _interesting_times(segments)
    ]
    assert len(cases) > 5000

    answers = await session.execute(
        text("""
            SELECT goalkeeper_local_instant(local, zone) AT TIME ZONE 'UTC'
            FROM unnest(CAST(:locals AS timestamp[]), CAST(:zones AS text[]))
                 WITH ORDINALITY AS given (local, zone, number)
            ORDER BY number
        """),
        {"locals": [local for local, _, _ in cases], "zones": [zone for _, zone, _ in cases]},
    )
    wrong = [
        (case, answer) for case, answer in zip(cases, answers.scalars(), strict=True) if case[2] != answer
    ]
    assert wrong == []


async def test_what_is_a_zone_for_python_is_one_for_the_database(session: AsyncSession) -> None:
    refused = await session.execute(
        text("""
            SELECT zone FROM unnest(CAST(:zones AS text[])) AS zone
            WHERE NOT goalkeeper_is_zone(zone) AND zone IN (SELECT name FROM pg_timezone_names)
        """),
        {"zones": sorted(zones())},
    )
    assert refused.scalars().all() == []


async def _distinct_zones(session: AsyncSession) -> dict[str, tuple[Segment, ...]]:
    """One zone for each way in which clocks are changed in these years."""
    taken = "SELECT zone FROM unnest(CAST(:zones AS text[])) AS zone WHERE goalkeeper_is_zone(zone)"
    known = await session.execute(text(taken), {"zones": sorted(available_timezones())})
    distinct = {_segments(zone): zone for zone in known.scalars()}
    apart = await _zones_of_another_edition(session, distinct)
    assert len(apart) < 5
    return {zone: segments for segments, zone in distinct.items() if zone not in apart}


async def _zones_of_another_edition(session: AsyncSession, zones: dict[tuple[Segment, ...], str]) -> set[str]:
    """Zones whose clock changes Postgres' edition of the zone data has elsewhere than Python's."""
    known = [
        (zone, instant, ahead)
        for segments, zone in zones.items()
        for (start, ahead), (end, _) in pairwise((*segments, (LAST.replace(tzinfo=None), timedelta())))
        for instant in (start, end - timedelta(minutes=1))
    ]
    apart = await session.execute(
        text("""
            SELECT DISTINCT zone
            FROM unnest(CAST(:zones AS text[]), CAST(:instants AS timestamp[]), CAST(:aheads AS interval[]))
                 AS known (zone, instant, ahead)
            WHERE goalkeeper_offset(instant AT TIME ZONE 'UTC', zone) <> ahead
        """),
        dict(zip(("zones", "instants", "aheads"), map(list, zip(*known, strict=True)), strict=True)),
    )
    return set(apart.scalars())


@cache
def _segments(zone: str) -> tuple[Segment, ...]:
    """The zone's clock changes, found by looking every five days and then to the minute."""
    info = ZoneInfo(zone)
    found = [(FIRST, _ahead(FIRST, info))]
    moment = FIRST
    while moment < LAST:
        later = moment + timedelta(days=5)
        if _ahead(later, info) != found[-1][1]:
            found.append((_change_between(moment, later, info), _ahead(later, info)))
        moment = later
    return tuple((moment.replace(tzinfo=None), ahead) for moment, ahead in found)


def _change_between(before: datetime, after: datetime, info: ZoneInfo) -> datetime:
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if _ahead(middle, info) == _ahead(before, info):
            before = middle
        else:
            after = middle
    return after


def _ahead(moment: datetime, info: ZoneInfo) -> timedelta:
    ahead = info.utcoffset(moment.astimezone(info))
    assert ahead is not None
    return ahead


def _interesting_times(segments: tuple[Segment, ...]) -> Iterator[datetime]:
    """Starts of months, and the times before, during and after each change of the clocks."""
    for year in range(2024, 2029):
        for month in range(1, 13):
            if (year, month) not in ((2024, 1), (2028, 12)):
                yield datetime(year, month, 1)  # noqa: DTZ001 - a local time
    for (_, before), (change, after) in pairwise(segments):
        shown = sorted((change + before, change + after))
        for minutes in (-90, -1, 0, 1, 90):
            yield shown[0] + timedelta(minutes=minutes)
            yield shown[1] + timedelta(minutes=minutes)
        yield shown[0] + timedelta(seconds=1)
        yield shown[1] - timedelta(seconds=1)
        yield datetime.combine(shown[0].date(), datetime.min.time())


def _first_instant(local: datetime, segments: tuple[Segment, ...]) -> datetime:
    """By looking through all of the zone's history from the start."""
    ends = [change for change, _ in segments[1:]] + [LAST.replace(year=9999, tzinfo=None)]
    for (start, ahead), end in zip(segments, ends, strict=True):
        instant = max(start, local - ahead)
        if instant < end:
            return instant
    raise AssertionError("the last segment never ends")


@pytest.mark.parametrize("zone", ["America/New_York", "America/Havana", "Asia/Beirut", "Pacific/Chatham"])
@pytest.mark.parametrize("joined_on", [date(2023, 5, 1), *(date(2026, 3, day) for day in (2, 5, 29))])
@pytest.mark.parametrize("deadline_day", [6, 27])
async def test_a_months_deadline_is_the_one_that_the_rules_say(
    session: AsyncSession, zone: str, joined_on: date, deadline_day: int
) -> None:
    deadline = await _value(
        session,
        "SELECT goalkeeper_deadline(2026, 3, :zone, :day, :joined_on)",
        zone=zone,
        day=deadline_day,
        joined_on=joined_on,
    )
    assert deadline == month_bounds(Period.of_month(2026, 3), zone, deadline_day, joined_on).deadline


async def test_who_joins_after_the_month_has_its_usual_deadline(session: AsyncSession) -> None:
    deadline = await _value(session, "SELECT goalkeeper_deadline(2026, 3, 'UTC', 6, '2026-05-01')")
    assert deadline == datetime(2026, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        ("2026-02-03T05:00:00Z", 3),
        ("2026-02-06T04:59:59Z", 1),
        ("2026-02-06T05:00:00Z", 0),
        ("2026-02-07T04:59:59Z", 0),
        ("2026-02-07T05:00:00Z", -1),
    ],
)
async def test_days_until_a_deadline_are_local_days(tx: Transaction, moment: str, days: int) -> None:
    await tx.session.execute(text("SELECT set_config('goalkeeper.now', :at, true)"), {"at": moment})
    query = "SELECT goalkeeper_days_until('2026-02-07T00:00:00-05:00', 'America/New_York')"
    assert await _value(tx.session, query) == days


async def test_the_last_day_is_right_where_the_next_has_no_midnight(tx: Transaction) -> None:
    # In Beirut clocks go from 23:59 on 28 March 2026 to 1:00 on the 29th.
    midnight = "goalkeeper_local_instant('2026-03-29', 'Asia/Beirut')"
    moment = {"at": "2026-03-28T12:00:00+02:00"}
    await tx.session.execute(text("SELECT set_config('goalkeeper.now', :at, true)"), moment)
    assert await _value(tx.session, f"SELECT goalkeeper_days_until({midnight}, 'Asia/Beirut')") == 0


# --- business time -------------------------------------------------------------------------------------


async def test_without_a_setting_business_time_is_real_time_moved_by_the_clock(sql: Sql) -> None:
    assert await sql.value("SELECT goalkeeper_now() = now()")
    await sql("UPDATE business_clock SET clock_offset = '3 days', moved_at = now()")
    assert await sql.value("SELECT goalkeeper_now() = now() + interval '3 days'")


async def test_there_is_one_clock(sql: Sql) -> None:
    with pytest.raises(Exception, match="pk_business_clock"):
        await sql("INSERT INTO business_clock DEFAULT VALUES")
    with pytest.raises(Exception, match="ck_business_clock_only"):
        await sql('INSERT INTO business_clock ("only") VALUES (false)')


async def test_a_transaction_keeps_its_time_to_the_microsecond(db: Database, sql: Sql) -> None:
    moment = datetime(2026, 10, 25, 0, 30, 0, 123457, tzinfo=UTC)
    async with db.everywhere(at=moment) as tx:
        assert tx.now == moment == await _value(tx.session, "SELECT goalkeeper_now()")

    await sql("UPDATE business_clock SET clock_offset = '-400 days'")
    async with db.everywhere() as tx:
        first = await _value(tx.session, "SELECT goalkeeper_now()")
        await sql("UPDATE business_clock SET clock_offset = '0'")
        assert tx.now == first == await _value(tx.session, "SELECT goalkeeper_now()")
        assert await _value(tx.session, "SELECT goalkeeper_now() < now() - interval '399 days'")


async def test_entering_is_one_statement_and_leaves_nothing_behind(db: Database) -> None:
    async with db.everywhere() as tx:
        workspace_id = await a_workspace(tx.session)

    query = """
        SELECT current_user::text, current_setting('goalkeeper.workspace', true) AS scope,
               current_setting('goalkeeper.now', true) AS now, current_setting('statement_timeout')
    """
    # Oftener than psycopg needs to prepare the statement on the server.
    for _ in range(8):
        async with db.workspace(workspace_id) as tx:
            inside = (await tx.session.execute(text(query))).one()
        assert tuple(inside[:2]) == ("goalkeeper_app", str(workspace_id))
        assert datetime.fromisoformat(inside.now) == tx.now
        async with db.everywhere() as tx:
            inside = (await tx.session.execute(text(query))).one()
        assert tuple(inside[:2]) == ("goalkeeper_everywhere", "")

    async with db.engine.connect() as connection:
        outside = (await connection.execute(text(query))).one()
    assert tuple(outside) == ("goalkeeper_app", "", "", "2s")


async def test_time_and_scope_end_with_a_transaction_that_fails(db: Database) -> None:
    with pytest.raises(RuntimeError):
        async with db.workspace(WorkspaceId(7), at=FIRST):
            raise RuntimeError
    async with db.engine.connect() as connection:
        scope = await connection.execute(text("SELECT current_setting('goalkeeper.workspace', true)"))
        assert scope.scalar_one() in ("", None)


async def _value(session: AsyncSession, query: str, **parameters: Any) -> Any:
    return (await session.execute(text(query), parameters)).scalar_one()
