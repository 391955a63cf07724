"""What a statement moves is recorded as achieved by that statement, whoever writes it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.people.model import RepId
from tests.builders import NULL, a_month, a_rep, moved_to

TIERS = "tier_amounts = '{100,250,500,500,900,2000}'"
RECORDED = """
SELECT achievement_type, step, bonus_amount, bonus_tier, is_quiet, reversed_at IS NOT NULL AS reversed
  FROM goal_achievements ORDER BY achievement_type, step
"""


@pytest.fixture
async def rep(session: AsyncSession) -> RepId:
    """A rep with goals of 20 signups, 50,000 and tier 3 for February 2026, set in time."""
    rep = await a_rep(session)
    await a_month(session, rep, signup_goal=20, revenue_goal=50_000, bonus_tier_goal=3)
    await session.execute(text(f"UPDATE rep_monthly_goals SET {TIERS}"))
    return rep


async def make(session: AsyncSession, signups: int, revenue: int = 0) -> None:
    await session.execute(
        text("UPDATE rep_monthly_goals SET signups_actual = :signups, revenue_actual = :revenue"),
        {"signups": signups, "revenue": revenue},
    )


async def standing(session: AsyncSession) -> list[str]:
    """What is achieved now, as `type` or `type step`; `?` when quiet, `-` in front when taken back."""
    rows = (await session.execute(text(RECORDED))).mappings()
    return [
        ("-" if row["reversed"] else "")
        + row["achievement_type"]
        + (f" {row['step']}" if row["step"] else "")
        + ("?" if row["is_quiet"] else "")
        for row in rows
    ]


async def column(session: AsyncSession, name: str, kind: str) -> list[Any]:
    rows = await session.execute(
        text(f"SELECT {name} FROM goal_achievements WHERE achievement_type = :kind ORDER BY step"),
        {"kind": kind},
    )
    return list(rows.scalars())


@pytest.mark.usefixtures("rep")
async def test_nothing_is_achieved_below_the_first_tier(session: AsyncSession) -> None:
    await make(session, 14, 49_999)
    assert await standing(session) == []


@pytest.mark.usefixtures("rep")
async def test_a_jump_unlocks_each_tier_with_the_step_that_it_adds(session: AsyncSession) -> None:
    await make(session, 14)
    await make(session, 25)
    assert await standing(session) == [
        "bonus_tier_unlocked 1",
        "bonus_tier_unlocked 2",
        "bonus_tier_unlocked 3",
        "monthly_signup_goal",
    ]
    assert await column(session, "bonus_amount", "bonus_tier_unlocked") == [100, 150, 250]
    assert await column(session, "percent_achieved", "monthly_signup_goal") == [Decimal("125.00")]


@pytest.mark.usefixtures("rep")
async def test_both_goals_in_time_and_the_tier_aimed_at_make_a_perfect_month(session: AsyncSession) -> None:
    await make(session, 25, 49_999)
    assert "perfect_month" not in await standing(session)
    await make(session, 25, 50_000)
    assert "perfect_month" in await standing(session)
    assert await column(session, "bonus_amount", "perfect_month") == [500]


async def test_a_month_set_late_or_short_of_its_tier_is_not_perfect(tx: Transaction) -> None:
    late = await moved_to(tx, datetime(2026, 2, 20, tzinfo=UTC))
    await a_month(late.session, await a_rep(late.session), signup_goal=15, revenue_goal=1, bonus_tier_goal=1)
    await a_month(
        tx.session, await a_rep(tx.session), month=3, signup_goal=15, revenue_goal=1, bonus_tier_goal=2
    )
    await make(tx.session, 15, 1)
    assert "perfect_month" not in await standing(tx.session)


@pytest.mark.usefixtures("rep")
async def test_a_correction_takes_back_and_regaining_clears_it_without_a_second_row(
    session: AsyncSession,
) -> None:
    await make(session, 20)
    await make(session, 19)
    assert await standing(session) == [
        "bonus_tier_unlocked 1",
        "-bonus_tier_unlocked 2",
        "-monthly_signup_goal",
    ]
    await make(session, 20)
    assert await standing(session) == [
        "bonus_tier_unlocked 1",
        "bonus_tier_unlocked 2",
        "monthly_signup_goal",
    ]


@pytest.mark.usefixtures("rep")
async def test_what_only_a_lower_goal_reaches_is_quiet_until_figures_reach_it(session: AsyncSession) -> None:
    await make(session, 14)
    await session.execute(text("UPDATE rep_monthly_goals SET signup_goal = 10"))
    assert await standing(session) == ["monthly_signup_goal?"]
    await session.execute(text("UPDATE rep_monthly_goals SET signup_goal = 15"))
    assert await standing(session) == ["-monthly_signup_goal?"]
    await make(session, 15)
    assert await standing(session) == ["bonus_tier_unlocked 1", "monthly_signup_goal"]


async def test_what_was_reached_before_the_goal_was_set_is_quiet(session: AsyncSession) -> None:
    await a_month(session, await a_rep(session), signup_goal=20, goal_set_at=NULL)
    await make(session, 22)
    assert await standing(session) == ["bonus_tier_unlocked 1?", "bonus_tier_unlocked 2?"]
    await session.execute(text("UPDATE rep_monthly_goals SET goal_set_at = goalkeeper_now()"))
    assert await standing(session) == [
        "bonus_tier_unlocked 1?",
        "bonus_tier_unlocked 2?",
        "monthly_signup_goal?",
    ]


async def test_a_year_is_made_by_the_month_that_makes_it(session: AsyncSession) -> None:
    rep = await a_rep(session)
    await session.execute(
        text(
            "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, yearly_signup_goal)"
            " VALUES (:rep, 2026, 30)"
        ),
        {"rep": rep},
    )
    for month in (2, 3):
        await a_month(session, rep, month=month, signup_goal=90)
    await make(session, 14)
    assert await standing(session) == []
    await make(session, 15)
    assert "yearly_signup_goal" in await standing(session)
    assert await column(session, "actual_value", "yearly_signup_goal") == [30]
    assert await column(session, "achievement_month", "yearly_signup_goal") == [None]


async def test_an_achievement_typed_by_hand_is_completed(session: AsyncSession, rep: RepId) -> None:
    await session.execute(
        text(
            "INSERT INTO goal_achievements (sales_rep_id, achievement_type, achievement_date, goal_value,"
            " actual_value) VALUES (:rep, 'monthly_revenue_goal', '2026-02-11', 50000, 60000)"
        ),
        {"rep": rep},
    )
    [row] = (
        await session.execute(
            text(
                "SELECT achievement_month, achievement_year, percent_achieved, monthly_goal_id IS NOT NULL,"
                " recognized, recognition_type FROM goal_achievements"
            )
        )
    ).all()
    assert tuple(row) == (2, 2026, Decimal("120.00"), True, False, "none")
