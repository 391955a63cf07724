"""The views for people with a SQL client."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.people.model import RepId
from tests.builders import NULL, a_month, a_rep, a_team, a_user, insert, moved_to


async def view(session: AsyncSession, name: str) -> list[Row[Any]]:
    return list(await session.execute(text(f"SELECT * FROM {name} ORDER BY sales_rep_id")))


async def the_row(session: AsyncSession, name: str) -> Row[Any]:
    [row] = await view(session, name)
    return row


@pytest.fixture
async def rep(session: AsyncSession) -> RepId:
    """Somebody in UTC who joined long ago."""
    return await a_rep(session, time_zone="UTC")


# --- v_current_month_goals -----------------------------------------------------------------------------


@pytest.mark.parametrize("now", [datetime(2026, 3, 1, 3, tzinfo=UTC)])
async def test_everybody_has_the_month_it_is_for_them(session: AsyncSession) -> None:
    for zone in ("America/New_York", "Asia/Tokyo"):
        rep = await a_rep(session, time_zone=zone)
        for month in (2, 3):
            await a_month(session, rep, month=month, signup_goal=month)

    rows = await view(session, "v_current_month_goals")
    assert [(row.goal_year, row.goal_month, row.signup_goal) for row in rows] == [(2026, 2, 2), (2026, 3, 3)]
    years = await view(session, "v_yearly_goals_summary")
    assert [(row.current_month, row.months_remaining) for row in years] == [(2, 10), (3, 9)]


async def test_a_rep_without_a_month_is_there_with_what_can_be_said(
    session: AsyncSession, rep: RepId
) -> None:
    row = await the_row(session, "v_current_month_goals")
    assert (row.sales_rep_id, row.signup_goal, row.status, row.health_status) == (rep, None, None, "on_track")
    assert (row.deadline, row.days_until_deadline) == (datetime(2026, 2, 7, tzinfo=UTC), 3)


async def test_who_is_not_active_is_left_out(session: AsyncSession) -> None:
    await a_rep(session, is_active=False)
    await a_rep(session, user_id=await a_user(session, is_active=False))
    for name in ("v_current_month_goals", "v_yearly_goals_summary", "v_goals_needing_setup"):
        assert await view(session, name) == []


async def test_the_team_is_that_of_today(session: AsyncSession) -> None:
    rep = await a_rep(session)
    assert (await the_row(session, "v_current_month_goals")).team is None
    for name, started_on, ended_on in (
        ("Old", date(2026, 1, 1), date(2026, 2, 3)),
        ("West", date(2026, 2, 3), date(2026, 2, 4)),
        ("New", date(2026, 2, 4), None),
    ):
        await insert(
            session,
            "team_memberships",
            sales_rep_id=rep,
            team_id=await a_team(session, name=name),
            started_on=started_on,
            ended_on=ended_on,
        )
    assert (await the_row(session, "v_current_month_goals")).team == "West"


@pytest.mark.parametrize(
    ("day", "signups", "revenue", "health"),
    [
        # February 2026 has 20 working days; on the 15th 10 are gone, so half is expected.
        (15, 10, 5000, "on_track"),
        (15, 9, 5000, "needs_attention"),
        (15, 10, 4999, "needs_attention"),
        (15, 5, 5000, "needs_attention"),
        (15, 4, 5000, "critical"),
        (15, 5, 2499, "critical"),
        (15, 20, 5000, "on_track"),
        (15, 20, 10000, "completed"),
        (4, 0, 0, "on_track"),
        (5, 0, 0, "critical"),
        (28, 19, 9900, "needs_attention"),
    ],
)
async def test_health_is_the_worst_metrics_pace(
    tx: Transaction, rep: RepId, day: int, signups: int, revenue: int, health: str
) -> None:
    await a_month(
        tx.session, rep, signup_goal=20, revenue_goal=10_000, signups_actual=signups, revenue_actual=revenue
    )
    await moved_to(tx, datetime(2026, 2, day, 23, 59, tzinfo=UTC))
    assert (await the_row(tx.session, "v_current_month_goals")).health_status == health


async def test_a_metric_without_a_goal_does_not_count_against(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, signup_goal=20, signups_actual=15)
    await moved_to(tx, datetime(2026, 2, 15, tzinfo=UTC))
    assert (await the_row(tx.session, "v_current_month_goals")).health_status == "on_track"


async def test_a_goal_only_proposed_has_no_verdict(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, signup_goal=20, goal_set_at=NULL)
    await moved_to(tx, datetime(2026, 2, 15, tzinfo=UTC))
    assert (await the_row(tx.session, "v_current_month_goals")).health_status == "on_track"


@pytest.mark.parametrize(
    ("day", "signups", "health"),
    [(23, 0, "on_track"), (24, 0, "critical"), (24, 6, "needs_attention"), (24, 12, "on_track")],
)
async def test_who_joined_in_the_month_is_expected_from_that_day_on(
    tx: Transaction, day: int, signups: int, health: str
) -> None:
    # From the 19th to the 28th: seven working days, of which three are gone on the 24th.
    rep = await a_rep(tx.session, time_zone="UTC", joined_on=date(2026, 2, 19))
    await a_month(tx.session, rep, signup_goal=30, signups_actual=signups)
    await moved_to(tx, datetime(2026, 2, day, 12, tzinfo=UTC))
    assert (await the_row(tx.session, "v_current_month_goals")).health_status == health


async def test_exactly_on_pace_is_on_track_in_spite_of_rounding(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, month=4, signup_goal=3, signups_actual=1)
    await moved_to(tx, datetime(2026, 4, 11, tzinfo=UTC))
    assert (await the_row(tx.session, "v_current_month_goals")).health_status == "on_track"


@pytest.mark.parametrize(
    ("settings", "health"),
    [
        ("pace_by = 'working_days'", "on_track"),
        ("pace_by = 'calendar_days'", "needs_attention"),
        ("working_days = '{3,4,5,6,7}'", "needs_attention"),
    ],
)
async def test_health_goes_by_the_days_that_the_workspace_counts(
    tx: Transaction, rep: RepId, settings: str, health: str
) -> None:
    # On Monday the 9th 5 of 20 working days are gone, 8 of 28 days, and 6 of 20 from Wednesday to Sunday.
    await tx.session.execute(text(f"UPDATE workspaces SET {settings}"))
    await a_month(tx.session, rep, signup_goal=28, signups_actual=7)
    await moved_to(tx, datetime(2026, 2, 9, 12, tzinfo=UTC))
    assert (await the_row(tx.session, "v_current_month_goals")).health_status == health


# --- v_yearly_goals_summary ----------------------------------------------------------------------------


@pytest.mark.parametrize("now", [datetime(2026, 12, 31, 12, tzinfo=UTC)])
async def test_december_has_no_months_remaining(session: AsyncSession, rep: RepId) -> None:
    await insert(session, "rep_yearly_goals", sales_rep_id=rep, goal_year=2026, yearly_signup_goal=240)
    await insert(session, "rep_yearly_goals", sales_rep_id=rep, goal_year=2027, yearly_signup_goal=1)
    row = await the_row(session, "v_yearly_goals_summary")
    assert (row.yearly_signup_goal, row.current_month, row.months_remaining) == (240, 12, 0)


# --- v_goals_needing_setup -----------------------------------------------------------------------------

BEFORE, AFTER = datetime(2026, 2, 6, 23, tzinfo=UTC), datetime(2026, 2, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "set_at", "moment", "status"),
    [
        (False, None, BEFORE, ("not_set", 0)),
        (False, None, AFTER, ("not_set", -1)),
        (True, None, BEFORE, ("pending", 0)),
        (True, None, AFTER, ("overdue", -1)),
        (True, AFTER, AFTER, ("complete", -1)),
        (True, BEFORE, BEFORE, None),
        (True, BEFORE, AFTER, None),
    ],
)
async def test_who_needs_setup(
    tx: Transaction,
    rep: RepId,
    opened: bool,
    set_at: datetime | None,
    moment: datetime,
    status: tuple[str, int] | None,
) -> None:
    if opened:
        await a_month(tx.session, rep, signup_goal=20, goal_set_at=set_at or NULL)
    await moved_to(tx, moment)
    rows = await view(tx.session, "v_goals_needing_setup")
    assert [(row.deadline_status, row.days_until_deadline) for row in rows] == ([status] if status else [])
