"""Which bonus tiers count in a month: the team's own, else the workspace's."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals import queries
from domain.goals.opening import open_months
from domain.people.model import RepId
from domain.periods import Period
from tests.builders import a_month, a_rep, a_team, insert

USUAL = [15, 20, 25, 30, 40, 50]
THEIRS = [5, 10, 15, 20, 25, 30]
LONG_AGO = date(2020, 1, 1)
FEBRUARY, MARCH = Period.of_month(2026, 2), Period.of_month(2026, 3)


async def give_tiers(session: AsyncSession, team: int, needed: list[int] = THEIRS) -> None:
    await session.execute(
        text("""
            INSERT INTO bonus_tiers (team_id, tier, signups_needed, amount)
            SELECT :team, tier, needed, tier * 10
            FROM unnest(CAST(:needed AS int[])) WITH ORDINALITY AS theirs (needed, tier)
        """),
        {"team": team, "needed": needed},
    )


async def needed(session: AsyncSession, rep: RepId, month: int) -> list[int]:
    found = await session.scalar(
        text("SELECT tier_signups FROM rep_monthly_goals WHERE sales_rep_id = :rep AND goal_month = :month"),
        {"rep": rep, "month": month},
    )
    return list(found)


async def test_a_month_is_opened_with_the_tiers_of_the_team_of_that_day(session: AsyncSession) -> None:
    west, east = [await a_team(session, name=name) for name in ("West", "East")]
    await give_tiers(session, west)
    ann = await a_rep(session, time_zone="UTC", team_id=west)
    ben = await a_rep(session, time_zone="UTC", team_id=east)
    cem = await a_rep(session, time_zone="UTC")
    reps = [ann, ben, cem]
    assert [tier.signups_needed for tier in (await queries.goal(session, ann, FEBRUARY)).tiers] == THEIRS

    await open_months(session, FEBRUARY, reps, [("UTC", LONG_AGO)], 6)
    assert [await needed(session, rep, 2) for rep in reps] == [THEIRS, USUAL, USUAL]
    for rep in reps:
        await a_month(session, rep, month=3, signup_goal=20)
    assert [await needed(session, rep, 3) for rep in reps] == [THEIRS, USUAL, USUAL]


async def test_a_former_teams_tiers_do_not_count(session: AsyncSession) -> None:
    west = await a_team(session, name="West")
    await give_tiers(session, west)
    rep = await a_rep(session, time_zone="UTC")
    await insert(
        session,
        "team_memberships",
        sales_rep_id=rep,
        team_id=west,
        started_on=date(2026, 1, 1),
        ended_on=date(2026, 2, 3),
    )
    await a_month(session, rep, signup_goal=20)
    assert await needed(session, rep, 2) == USUAL


async def test_a_change_reaches_months_that_have_not_begun(session: AsyncSession) -> None:
    west = await a_team(session, name="West")
    ann = await a_rep(session, time_zone="UTC", team_id=west)
    ben = await a_rep(session, time_zone="UTC")
    for rep in (ann, ben):
        for month in (2, 3):
            await a_month(session, rep, month=month, signup_goal=20)

    await session.execute(text("UPDATE bonus_tiers SET signups_needed = signups_needed + 1"))
    more = [each + 1 for each in USUAL]
    assert [await needed(session, rep, 3) for rep in (ann, ben)] == [more, more]
    await give_tiers(session, west)
    assert [await needed(session, rep, 3) for rep in (ann, ben)] == [THEIRS, more]
    assert [await needed(session, rep, 2) for rep in (ann, ben)] == [USUAL, USUAL]


async def test_a_team_has_six_tiers_of_its_own_or_none(session: AsyncSession) -> None:
    west = await a_team(session, name="West")
    await give_tiers(session, west, THEIRS[:3])
    rep = await a_rep(session, time_zone="UTC", team_id=west)
    await a_month(session, rep, signup_goal=20)
    assert await needed(session, rep, 2) == USUAL


async def test_a_team_has_each_tier_once_and_so_has_the_workspace(session: AsyncSession) -> None:
    west = await a_team(session, name="West")
    await give_tiers(session, west)
    for team in ("NULL", str(west)):
        with pytest.raises(IntegrityError, match="uq_bonus_tiers_tier"):
            async with session.begin_nested():
                await session.execute(
                    text(f"INSERT INTO bonus_tiers (team_id, tier, signups_needed) VALUES ({team}, 6, 60)")
                )


@pytest.mark.parametrize(
    "change", ["signups_needed = 20 WHERE tier = 3", "amount = 15 WHERE tier = 3", "signups_needed = 15"]
)
async def test_thresholds_rise_and_amounts_never_fall(session: AsyncSession, change: str) -> None:
    await session.execute(text("UPDATE bonus_tiers SET amount = tier * 10"))
    with pytest.raises(IntegrityError, match="needs more signups than the one below"):
        await session.execute(text(f"UPDATE bonus_tiers SET {change}"))
