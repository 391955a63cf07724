"""The database works out what a month begins with, and its pace, as the pure rules do."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.opening import open_months
from domain.goals.prefill import months_carried, prefilled_signups
from domain.periods import Period
from domain.progress.rules import Aim, health, pace
from domain.workdays import DaysCounted, PaceBy, WorkCalendar
from tests.builders import a_rep

MONTHS = [Period.parse(written) for written in ("2026-11", "2026-02", "2028-02", "2027-01", "2026-08")]
WEEKS = [(1, 2, 3, 4, 5), (7, 1, 2, 3, 4), (6,), (1, 2, 3, 4, 5, 6, 7)]
RAMPS = [None, (25, 50, 75), (0,), (100, 100), (33,) * 12]


def _prefills() -> Iterator[tuple[int, tuple[int, ...] | None, date, Period, tuple[int, ...]]]:
    for month, weekdays, ramp, default in product(MONTHS, WEEKS, RAMPS, (0, 1, 20, 99_999)):
        for back in (-40, -31, -17, -3, 0, 1, 14, 45, 70, 400, 3000):
            yield default, ramp, month.start - timedelta(days=back), month, weekdays


async def test_a_month_begins_with_what_the_pure_rule_says(session: AsyncSession) -> None:
    cases = list(_prefills())
    rows = await session.execute(
        text("""
            SELECT goalkeeper_prefilled_signups(c.usual, c.ramp, c.joined_on, c.first_day, c.weekdays)
            FROM jsonb_to_recordset(CAST(:cases AS jsonb))
                 AS c(at int, usual int, ramp smallint[], joined_on date, first_day date, weekdays smallint[])
            ORDER BY c.at
        """),
        {"cases": json.dumps([_as_json(at, *case) for at, case in enumerate(cases)])},
    )
    expected = [
        prefilled_signups(default, month, joined_on, ramp or (), weekdays)
        for default, ramp, joined_on, month, weekdays in cases
    ]
    assert list(rows.scalars()) == expected


def _as_json(
    at: int,
    usual: int,
    ramp: tuple[int, ...] | None,
    joined_on: date,
    month: Period,
    weekdays: tuple[int, ...],
) -> dict[str, Any]:
    return {
        "at": at,
        "usual": usual,
        "ramp": ramp,
        "joined_on": joined_on.isoformat(),
        "first_day": month.start.isoformat(),
        "weekdays": weekdays,
    }


async def test_months_are_carried_as_the_pure_rule_says(session: AsyncSession) -> None:
    days = [date(2025, 1, 1) + timedelta(days=9 * at) for at in range(100)]
    rows = await session.execute(
        text("SELECT goalkeeper_months_carried(day, 2026) FROM unnest(CAST(:days AS date[])) AS day"),
        {"days": days},
    )
    assert list(rows.scalars()) == [months_carried(day, 2026) for day in days]


async def test_days_count_as_the_pure_rule_says(session: AsyncSession) -> None:
    start = date(2026, 10, 28)
    cases = [
        (PaceBy(by), week, start + timedelta(days=first), start + timedelta(days=end))
        for by, week, first, end in product(PaceBy, WEEKS, range(8), range(-2, 40, 3))
    ]
    rows = await session.execute(
        text("""
            SELECT goalkeeper_counted_days(c.first_day, c.end_day, c.weekdays, c.pace_by)
            FROM jsonb_to_recordset(CAST(:cases AS jsonb))
                 AS c(at int, pace_by text, weekdays smallint[], first_day date, end_day date)
            ORDER BY c.at
        """),
        {
            "cases": json.dumps(
                [
                    {"at": at, "pace_by": by, "weekdays": week, "first_day": str(first), "end_day": str(end)}
                    for at, (by, week, first, end) in enumerate(cases)
                ]
            )
        },
    )
    expected = [
        WorkCalendar(frozenset(week), by).counted(first, end, end).total for by, week, first, end in cases
    ]
    assert list(rows.scalars()) == expected


async def test_pace_and_health_are_what_the_pure_rules_say(session: AsyncSession) -> None:
    goals = product(
        (0, 2, 21, 30), (0, 1, 2, 5, 6, 11, 21), ("0", "50000", "0.07"), ("0", "11904.76", "13095.24")
    )
    cases = [
        (DaysCounted(completed, total), *goal)
        for goal in goals
        for completed, total in ((0, 21), (2, 21), (3, 21), (5, 21), (10, 21), (21, 21), (3, 7), (0, 0))
    ]
    rows = await session.execute(
        text("""
            SELECT p.pace, goalkeeper_health(false, p.pace), goalkeeper_health(true, p.pace)
            FROM jsonb_to_recordset(CAST(:cases AS jsonb))
                 AS c(at int, goal int, made int, revenue_goal numeric, revenue numeric,
                      completed int, total int)
            CROSS JOIN LATERAL (
                SELECT goalkeeper_pace(
                           c.goal, c.made, c.revenue_goal, c.revenue, c.completed, c.total) AS pace
            ) p
            ORDER BY c.at
        """),
        {
            "cases": json.dumps(
                [
                    {
                        "at": at,
                        "goal": goal,
                        "made": made,
                        "revenue_goal": revenue_goal,
                        "revenue": revenue,
                        "completed": days.completed,
                        "total": days.total,
                    }
                    for at, (days, goal, made, revenue_goal, revenue) in enumerate(cases)
                ]
            )
        },
    )
    expected = []
    for days, goal, made, revenue_goal, revenue in cases:
        signups = Aim("signups", Decimal(goal), Decimal(made), Decimal(made))
        money = Aim("revenue", Decimal(revenue_goal), Decimal(revenue), Decimal(revenue), is_count=False)
        paced = pace([signups, money], days)
        expected.append((paced.indicator, health(paced, completed=False), health(paced, completed=True)))
    assert [tuple(row) for row in rows] == expected


@pytest.mark.parametrize(
    ("working_days", "expected"),
    [pytest.param("{1,2,3,4,5}", 3, id="20 × 25 % × 11/21"), pytest.param("{6,7}", 3, id="20 × 25 % × 4/9")],
)
async def test_a_rep_who_joins_mid_month_with_a_ramp(
    session: AsyncSession, working_days: str, expected: int
) -> None:
    await session.execute(text(f"UPDATE workspaces SET working_days = '{working_days}'"))
    joined_on = date(2026, 11, 16)
    rep = await a_rep(
        session, time_zone="UTC", joined_on=joined_on, monthly_signup_goal=20, ramp=[25, 50, 75]
    )
    await open_months(session, Period.of_month(2026, 11), [rep], [("UTC", joined_on)], 6)
    opened = await session.scalar(text("SELECT signup_goal FROM rep_monthly_goals"))
    assert opened == expected
