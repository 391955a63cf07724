"""Opening months and years, for one and for many."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.goals.opening import open_months, open_years
from domain.goals.prefill import prefilled_signups
from domain.people.model import RepId
from domain.periods import Period
from tests.builders import NULL, a_month, a_rep, insert
from tests.db.goals.desk import LONG_AGO, counted

MARCH = Period.of_month(2026, 3)
ZONES = (
    "UTC",
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)

THEIR_OWN = "id, sales_rep_id, created_at, updated_at"


async def the_month(session: AsyncSession, sales_rep_id: RepId) -> dict[str, Any]:
    """A month without what differs between any two reps."""
    rows = await session.execute(
        text("SELECT * FROM rep_monthly_goals WHERE sales_rep_id = :id"), {"id": sales_rep_id}
    )
    month = dict(rows.mappings().one())
    return {name: month[name] for name in month if name not in THEIR_OWN.split(", ")}


@pytest.mark.parametrize("deadline_day", [6, 20])
@pytest.mark.parametrize("month", [MARCH, Period.of_month(2026, 11), Period.of_month(2028, 2)], ids=str)
@pytest.mark.parametrize("day", [None, 1, 4, 19, 28], ids=lambda day: f"joined {day}")
async def test_a_month_is_opened_as_the_triggers_would_by_themselves(
    session: AsyncSession, month: Period, deadline_day: int, day: int | None
) -> None:
    await session.execute(text("UPDATE workspaces SET deadline_day = :day"), {"day": deadline_day})
    joined_on = LONG_AGO if day is None else month.start.replace(day=day)
    pairs = [
        (
            await a_rep(session, time_zone=zone, joined_on=joined_on, monthly_signup_goal=20),
            await a_rep(session, time_zone=zone, joined_on=joined_on),
        )
        for zone in ZONES
    ]
    calendars = [(zone, joined_on) for zone in ZONES]
    await open_months(session, month, [ours for ours, _ in pairs], calendars, deadline_day)
    for _, typed in pairs:
        first = month.start
        begun_with = prefilled_signups(20, month, joined_on)
        await a_month(
            session, typed, year=first.year, month=first.month, signup_goal=begun_with, goal_set_at=NULL
        )

    for ours, typed in pairs:
        opened = await the_month(session, ours)
        assert opened == await the_month(session, typed)
        assert (opened["goal_set_at"], opened["status"]) == (None, "active")


async def test_a_months_bounds_are_those_that_were_worked_out(session: AsyncSession) -> None:
    rep = await a_rep(session, time_zone="UTC", joined_on=date(2024, 5, 5))
    await open_months(session, MARCH, [rep], [("UTC", date(2024, 5, 5))], 9)
    assert (await the_month(session, rep))["deadline"] == datetime(2026, 3, 10, tzinfo=UTC)


async def test_each_has_the_deadline_of_the_own_first_day(session: AsyncSession) -> None:
    days = [date(2026, 3, 10), LONG_AGO, date(2026, 3, 20)]
    reps = [await a_rep(session, time_zone="UTC", joined_on=day) for day in days]
    await open_months(session, MARCH, reps, [("UTC", day) for day in days], 6)
    deadlines = [(await the_month(session, rep))["deadline"].day for rep in reps]
    assert deadlines == [14, 7, 24]


async def test_a_rep_without_a_zone_has_the_workspaces(session: AsyncSession) -> None:
    await session.execute(text("UPDATE workspaces SET time_zone = 'Asia/Tokyo'"))
    rep = await a_rep(session)
    await open_months(session, MARCH, [rep], [("Asia/Tokyo", LONG_AGO)], 6)
    month = await the_month(session, rep)
    assert (month["time_zone"], month["starts_at"]) == ("Asia/Tokyo", datetime(2026, 2, 28, 15, tzinfo=UTC))


async def test_whose_zone_has_changed_meanwhile_is_not_left_out(session: AsyncSession) -> None:
    rep = await a_rep(session, time_zone="Asia/Tokyo", joined_on=date(2026, 3, 10))
    await open_months(session, MARCH, [rep], [("UTC", LONG_AGO)], 6)
    month = await the_month(session, rep)
    assert (month["time_zone"], month["deadline"]) == ("Asia/Tokyo", datetime(2026, 3, 13, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("default", "last", "figures"),
    [
        pytest.param(
            25, {"signup_goal": 18, "revenue_goal": 900}, (25, 900, 0), id="default signups, last revenue"
        ),
        pytest.param(None, {"signup_goal": 18, "bonus_tier_goal": 2}, (18, 0, 2), id="last month's"),
        pytest.param(0, {"signup_goal": 18}, (0, 0, 0), id="a default of nothing"),
        pytest.param(25, None, (25, 0, 0), id="the default alone"),
        pytest.param(None, None, (0, 0, 0), id="nothing to go by"),
    ],
)
async def test_a_month_is_prefilled(
    session: AsyncSession, default: int | None, last: dict[str, Any] | None, figures: tuple[int, int, int]
) -> None:
    rep = await a_rep(session, time_zone="UTC", monthly_signup_goal=default)
    if last is not None:
        await a_month(session, rep, month=2, **last)
    await open_months(session, MARCH, [rep], [("UTC", LONG_AGO)], 6)

    [[signups, revenue, tier, set_at]] = await rows(
        session,
        "SELECT signup_goal, revenue_goal, bonus_tier_goal, goal_set_at"
        " FROM rep_monthly_goals WHERE goal_month = 3",
    )
    assert (signups, revenue, tier, set_at) == (*figures, None)


async def test_january_is_prefilled_from_december(session: AsyncSession) -> None:
    rep = await a_rep(session, time_zone="UTC")
    await a_month(session, rep, year=2025, month=12, signup_goal=18)
    await open_months(session, Period.of_month(2026, 1), [rep], [("UTC", LONG_AGO)], 6)
    query = "SELECT signup_goal FROM rep_monthly_goals WHERE goal_year = 2026"
    assert await rows(session, query) == [(18,)]


async def test_what_is_open_stays_as_it_is(session: AsyncSession) -> None:
    rep = await a_rep(session, time_zone="UTC", monthly_signup_goal=25, yearly_signup_goal=300)
    await a_month(session, rep, month=3, signup_goal=20)
    await session.execute(
        text(
            "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, yearly_signup_goal) "
            "VALUES (:rep, 2026, 240)"
        ),
        {"rep": rep},
    )
    for _ in range(2):
        await open_months(session, MARCH, [rep], [("UTC", LONG_AGO)], 20)

    assert await rows(session, "SELECT signup_goal, goal_set_at IS NULL FROM rep_monthly_goals") == [
        (20, False)
    ]
    assert await rows(session, "SELECT yearly_signup_goal FROM rep_yearly_goals") == [(240,)]


async def test_a_year_is_set_when_it_is_opened_from_the_reps_default(tx: Transaction) -> None:
    session = tx.session
    rep, without = await a_rep(session, yearly_signup_goal=240), await a_rep(session)
    await open_years(session, Period.of_year(2026), [rep, without])
    opened = await rows(
        session,
        "SELECT yearly_signup_goal, yearly_revenue_goal, goal_set_at "
        "FROM rep_yearly_goals ORDER BY sales_rep_id",
    )
    assert opened == [(240, Decimal(0), tx.now), (0, Decimal(0), None)]


@pytest.mark.parametrize(
    ("joined_on", "signups", "months", "target"),
    [
        (date(2026, 10, 5), 60, 3, "20.00"),
        (date(2026, 1, 31), 240, 12, "20.00"),
        (date(2025, 10, 5), 240, 12, "20.00"),
        (date(2026, 12, 31), 20, 1, "20.00"),
    ],
)
async def test_a_year_is_opened_for_the_months_carried(
    session: AsyncSession, joined_on: date, signups: int, months: int, target: str
) -> None:
    opened, typed = [await a_rep(session, joined_on=joined_on, yearly_signup_goal=240) for _ in range(2)]
    await open_years(session, Period.of_year(2026), [opened])
    await insert(session, "rep_yearly_goals", sales_rep_id=typed, goal_year=2026, yearly_signup_goal=signups)
    query = "SELECT yearly_signup_goal, months_carried, monthly_signup_target::text FROM rep_yearly_goals"
    assert await rows(session, query) == [(signups, months, target)] * 2


async def test_a_thousand_reps_take_as_many_statements_as_one(tx: Transaction) -> None:
    session = tx.session
    await session.execute(
        text("""
            WITH people AS (
                INSERT INTO users (slack_id, name, time_zone)
                SELECT 'U1' || n, 'Rep ' || n, (CAST(:zones AS text[]))[n % :count + 1]
                FROM generate_series(1, 1000) AS n
                RETURNING id, name
            )
            INSERT INTO sales_reps (user_id, name, joined_on, monthly_signup_goal)
            SELECT id, name, date '2026-03-01' - CAST(id % 60 AS integer) + 30, 20 FROM people
        """),
        {"zones": list(ZONES), "count": len(ZONES)},
    )
    who = await rows(
        session,
        "SELECT r.id, u.time_zone, r.joined_on FROM sales_reps r JOIN users u ON u.id = r.user_id",
    )
    with counted(session) as statements:
        await open_months(
            session, MARCH, [rep for rep, _, _ in who], [(zone, day) for _, zone, day in who], 6
        )

    assert len(statements) == 2
    opened = (
        "SELECT count(*), count(goal_set_at), max(signup_goal), count(DISTINCT time_zone)"
        " FROM rep_monthly_goals"
    )
    assert await rows(session, opened) == [(1000, 0, 20, len(ZONES))]
    assert await rows(session, "SELECT count(*), count(goal_set_at) FROM rep_yearly_goals") == [(1000, 0)]


async def rows(session: AsyncSession, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await session.execute(text(query))]
