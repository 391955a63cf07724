"""What the triggers keep true of a month, whoever writes it."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.goals.model import MonthlyGoal
from domain.people.model import RepId
from tests.builders import NULL, a_month, a_rep, a_user, insert, moved_to

IN_FEBRUARY = datetime(2026, 2, 15, 12, tzinfo=UTC)
IN_MARCH = datetime(2026, 3, 2, 12, tzinfo=UTC)

laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def rep(session: AsyncSession) -> RepId:
    """Somebody in New York who joined long ago."""
    return await a_rep(session, time_zone="America/New_York")


async def the_month(session: AsyncSession) -> Row[Any]:
    return (await session.execute(text("SELECT * FROM rep_monthly_goals"))).one()


async def update(session: AsyncSession, **columns: Any) -> Row[Any]:
    """Update the one month there is and return it."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    statement = text(f"UPDATE rep_monthly_goals SET {sets} RETURNING *")
    return (await session.execute(statement, columns)).one()


# --- opening -------------------------------------------------------------------------------------------


async def test_a_new_month_gets_zone_bounds_and_tiers_from_rep_and_workspace(
    session: AsyncSession, rep: RepId
) -> None:
    await session.execute(text("UPDATE bonus_tiers SET amount = tier * 100, signups_needed = tier * 7"))
    await a_month(session, rep, year=2026, month=3, signup_goal=20)

    month = await the_month(session)
    assert month.time_zone == "America/New_York"
    assert month.starts_at == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert month.deadline == datetime(2026, 3, 7, 5, tzinfo=UTC)
    assert month.ends_at == datetime(2026, 4, 1, 4, tzinfo=UTC)
    assert month.tier_signups == [7, 14, 21, 28, 35, 42]
    assert month.tier_amounts == [100, 200, 300, 400, 500, 600]


async def test_a_month_that_has_begun_keeps_its_tiers_and_its_deadline(
    session: AsyncSession, rep: RepId
) -> None:
    await a_month(session, rep, signup_goal=20)
    opened = await the_month(session)
    await session.execute(text("UPDATE bonus_tiers SET amount = 9, signups_needed = tier"))
    await session.execute(text("UPDATE workspaces SET deadline_day = 20, time_zone = 'Asia/Tokyo'"))

    month = await update(session, signups_actual=1)
    assert (month.tier_signups, month.deadline) == (opened.tier_signups, opened.deadline)
    assert month.bonus_tier_actual == 0


async def test_a_rep_without_a_zone_has_the_workspaces(session: AsyncSession) -> None:
    await session.execute(text("UPDATE workspaces SET time_zone = 'Asia/Tokyo'"))
    await a_month(session, await a_rep(session), signup_goal=1)
    assert (await the_month(session)).time_zone == "Asia/Tokyo"


async def test_what_is_given_is_not_filled_in(session: AsyncSession, rep: RepId) -> None:
    given_deadline = datetime(2026, 2, 11, tzinfo=UTC)
    await a_month(
        session,
        rep,
        time_zone="Europe/Paris",
        deadline=given_deadline,
        tier_signups=[1, 2, 3, 4, 5, 6],
        signup_goal=9,
    )
    month = await the_month(session)
    assert month.starts_at == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert (month.deadline, month.tier_signups) == (given_deadline, [1, 2, 3, 4, 5, 6])
    assert month.tier_amounts == [0] * 6


@pytest.mark.parametrize(
    ("joined_on", "last_day"),
    [
        (date(2026, 1, 31), 6),
        (date(2026, 2, 1), 6),
        (date(2026, 2, 3), 6),
        (date(2026, 2, 4), 7),
        (date(2026, 2, 10), 13),
    ],
)
async def test_who_joins_late_has_three_days(session: AsyncSession, joined_on: date, last_day: int) -> None:
    rep = await a_rep(session, joined_on=joined_on, time_zone="UTC")
    await a_month(session, rep, signup_goal=1)
    assert (await the_month(session)).deadline == datetime(2026, 2, last_day + 1, tzinfo=UTC)


async def test_a_rep_who_is_not_there_is_named(session: AsyncSession) -> None:
    with pytest.raises(IntegrityError, match=r"There is no sales rep 999 in workspace 1\."):
        await a_month(session, RepId(999), signup_goal=1)


@pytest.mark.parametrize(
    "columns",
    [{"sales_rep_id": 0}, {"goal_year": 2027}, {"goal_month": 3}],
    ids=lambda columns: next(iter(columns)),
)
async def test_a_month_stays_with_its_rep_and_period(
    session: AsyncSession, rep: RepId, columns: dict[str, int]
) -> None:
    await a_month(session, rep, signup_goal=1)
    with pytest.raises(IntegrityError, match="A goal stays with its rep and its period"):
        await update(session, **columns)


# --- setting -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figures", [{}, {"bonus_tier_goal": 3}, {"signup_goal": 0, "revenue_goal": 0}])
async def test_a_month_without_a_goal_is_not_set(
    session: AsyncSession, rep: RepId, figures: dict[str, Any]
) -> None:
    user = await a_user(session)
    await a_month(session, rep, goal_set_by=user, **figures)
    month = await the_month(session)
    assert (month.goal_set_at, month.goal_set_by, month.set_by_deadline) == (None, None, None)


async def test_null_opens_a_month_without_setting_it_and_a_change_of_figures_sets_it(
    tx: Transaction, rep: RepId
) -> None:
    await a_month(tx.session, rep, signup_goal=20, goal_set_at=NULL)
    await moved_to(tx, IN_FEBRUARY)

    assert (await update(tx.session, signups_actual=5)).goal_set_at is None
    assert (await update(tx.session, signup_goal=20)).goal_set_at is None
    month = await update(tx.session, signup_goal=21)
    assert (month.goal_set_at, month.set_by_deadline) == (IN_FEBRUARY, False)


async def test_the_sessions_none_opens_a_month_without_setting_it(session: AsyncSession, rep: RepId) -> None:
    session.add(MonthlyGoal(sales_rep_id=rep, goal_year=2026, goal_month=2, signup_goal=20, goal_set_at=None))
    await session.flush()
    assert (await the_month(session)).goal_set_at is None


async def test_the_first_setting_is_for_good(tx: Transaction, rep: RepId) -> None:
    first, second = await a_user(tx.session), await a_user(tx.session)
    await a_month(tx.session, rep, signup_goal=20, goal_set_at=NULL)
    await update(tx.session, goal_set_at=tx.now, goal_set_by=first)
    await moved_to(tx, IN_FEBRUARY)

    month = await update(tx.session, signup_goal=30, goal_set_at=IN_FEBRUARY, goal_set_by=second)
    assert (month.goal_set_at, month.goal_set_by, month.set_by_deadline) == (tx.now, first, True)
    month = await update(tx.session, goal_set_at=None, goal_set_by=None, set_by_deadline=False)
    assert (month.goal_set_at, month.goal_set_by, month.set_by_deadline) == (tx.now, first, True)


async def test_a_set_goal_cannot_be_taken_to_nothing(session: AsyncSession, rep: RepId) -> None:
    await a_month(session, rep, signup_goal=20)
    with pytest.raises(IntegrityError, match="some_goal"):
        await update(session, signup_goal=0)


@pytest.mark.parametrize("now", [datetime(2026, 2, 7, 4, 59, 59, 999999, tzinfo=UTC)])
async def test_the_last_instant_is_in_time(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, signup_goal=1)
    assert (await the_month(tx.session)).set_by_deadline is True


@pytest.mark.parametrize("now", [datetime(2026, 2, 7, 5, tzinfo=UTC)])
async def test_the_midnight_after_is_late(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, signup_goal=1)
    assert (await the_month(tx.session)).set_by_deadline is False


# --- progress and tier ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "goal", "percent"),
    [
        ("10", "20", "50.00"),
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("30", "20", "150.00"),
        ("-5", "20", "0.00"),
        ("0", "20", "0.00"),
        ("7", "0", None),
        ("99999", "100000", "100.00"),
        ("0.005", "10", "0.05"),
        ("999999999999999.99", "0.01", "999999999999999.99"),
    ],
)
async def test_progress_in_percent(
    session: AsyncSession, actual: str, goal: str, percent: str | None
) -> None:
    query = text("SELECT goalkeeper_percent(CAST(:actual AS numeric), CAST(:goal AS numeric))::text")
    given_figures = {"actual": actual, "goal": goal}
    assert (await session.execute(query, given_figures)).scalar_one() == percent


amounts = st.decimals(-1000, 200_000, places=2)
goals = st.decimals(0, 100_000, places=2)


@example(
    # The tier is reached exactly, and one of the two goals.
    signups=15,
    signup_goal=20,
    revenue=Decimal(10),
    revenue_goal=Decimal(10),
    tiers=[15, 20, 25, 30, 40, 50],
    tier_goal=1,
    is_set=True,
    over=False,
)
@laws
@given(
    signups=st.integers(-50, 500),
    signup_goal=st.integers(0, 200),
    revenue=amounts,
    revenue_goal=goals,
    tiers=st.lists(st.integers(1, 200), min_size=6, max_size=6),
    tier_goal=st.integers(0, 6),
    is_set=st.booleans(),
    over=st.booleans(),
)
async def test_progress_tier_and_status_follow_from_the_figures(
    tx: Transaction,
    signups: int,
    signup_goal: int,
    revenue: Decimal,
    revenue_goal: Decimal,
    tiers: list[int],
    tier_goal: int,
    is_set: bool,
    over: bool,
) -> None:
    tx = await moved_to(tx, IN_MARCH if over else IN_FEBRUARY)
    rep = await a_rep(tx.session, time_zone="UTC")
    month_id = await insert(
        tx.session,
        "rep_monthly_goals",
        sales_rep_id=rep,
        goal_year=2026,
        goal_month=2,
        signup_goal=signup_goal,
        revenue_goal=revenue_goal,
        bonus_tier_goal=tier_goal,
        tier_signups=tiers,
        tier_amounts=[10, 20, 30, 40, 50, 60],
        goal_set_at=None if is_set else NULL,
    )
    month = (
        await tx.session.execute(
            text("""
                UPDATE rep_monthly_goals SET signups_actual = :signups, revenue_actual = :revenue
                WHERE id = :id RETURNING *
            """),
            {"signups": signups, "revenue": revenue, "id": month_id},
        )
    ).one()

    assert month.signup_progress_percent == _percent(Decimal(signups), Decimal(signup_goal))
    assert month.revenue_progress_percent == _percent(revenue, revenue_goal)

    tier = max((n for n, needed in enumerate(tiers, 1) if needed <= signups), default=0)
    assert (month.bonus_tier_actual, month.bonus_amount) == (tier, tier * 10)
    assert month.bonus_triggered is (0 < tier_goal <= tier)

    metrics = [(Decimal(signups), Decimal(signup_goal)), (revenue, revenue_goal)]
    wanted = [(actual, goal) for actual, goal in metrics if goal > 0]
    made = is_set and bool(wanted) and all(actual >= goal for actual, goal in wanted)
    assert (month.status, month.completed_at) == (("completed", tx.now) if made else ("active", None))
    assert (month.goal_set_at is not None) is (is_set and bool(wanted))


def _percent(actual: Decimal, goal: Decimal) -> Decimal | None:
    if goal == 0:
        return None
    return max((actual * 100 / goal).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal(0))


# --- status --------------------------------------------------------------------------------------------


async def test_completing_keeps_its_time_however_far_it_goes(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, signup_goal=20)
    assert (await update(tx.session, signups_actual=20)).completed_at == tx.now
    await moved_to(tx, IN_FEBRUARY)
    month = await update(tx.session, signups_actual=40, completed_at=IN_FEBRUARY)
    assert (month.status, month.completed_at, month.updated_at) == ("completed", tx.now, IN_FEBRUARY)


async def test_a_correction_after_the_months_end_makes_it_missed_and_back(
    tx: Transaction, rep: RepId
) -> None:
    await a_month(tx.session, rep, signup_goal=20)
    await update(tx.session, signups_actual=20)
    await moved_to(tx, IN_MARCH)
    assert tuple(await _status_after(tx, signups_actual=19)) == ("missed", None)
    assert tuple(await _status_after(tx, signups_actual=20)) == ("completed", IN_MARCH)


async def _status_after(tx: Transaction, **columns: Any) -> tuple[str, datetime | None]:
    month = await update(tx.session, **columns)
    return month.status, month.completed_at


@pytest.mark.parametrize("status", ["missed", "archived"])
async def test_closing_can_say_how_it_ended(tx: Transaction, rep: RepId, status: str) -> None:
    await a_month(tx.session, rep, signup_goal=20, signups_actual=3)
    assert await _status_after(tx, status=status) == (status, None)


async def test_an_archived_month_still_says_that_it_was_made(tx: Transaction, rep: RepId) -> None:
    await a_month(tx.session, rep, signup_goal=20, signups_actual=20)
    await moved_to(tx, IN_MARCH)
    assert await _status_after(tx, status="archived") == ("archived", tx.now)
    assert await _status_after(tx, signups_actual=0) == ("archived", tx.now)


@pytest.mark.parametrize(
    ("written", "actual", "status"),
    [("completed", 19, "active"), ("missed", 20, "completed"), ("active", 20, "completed")],
)
async def test_nobody_writes_a_status_that_is_not_so(
    tx: Transaction, rep: RepId, written: str, actual: int, status: str
) -> None:
    await a_month(tx.session, rep, signup_goal=20, signups_actual=actual)
    assert (await _status_after(tx, status=written))[0] == status


async def test_what_follows_cannot_be_written_falsely(session: AsyncSession, rep: RepId) -> None:
    await a_month(session, rep, signup_goal=20, signups_actual=10)
    month = await update(
        session,
        signup_progress_percent=99,
        revenue_progress_percent=99,
        bonus_tier_actual=6,
        bonus_triggered=True,
        bonus_amount=1_000_000,
        completed_at=IN_MARCH,
    )
    assert (month.signup_progress_percent, month.revenue_progress_percent) == (50, None)
    assert (month.bonus_tier_actual, month.bonus_triggered, month.bonus_amount) == (0, False, 0)
    assert month.completed_at is None


# --- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "zone", ["Mars/Phobos", "Mars3", "PST", "CET", "+05:00", "", "posixrules", "posix/UTC"]
)
async def test_an_unknown_zone_is_refused_by_name(session: AsyncSession, rep: RepId, zone: str) -> None:
    for statement in (
        "UPDATE users SET time_zone = :zone",
        "UPDATE workspaces SET time_zone = :zone",
        "UPDATE rep_monthly_goals SET time_zone = :zone",
    ):
        await a_month(session, await a_rep(session), signup_goal=1)
        async with session.begin_nested() as savepoint:
            with pytest.raises(DBAPIError, match="There is no time zone") as refusal:
                await session.execute(text(statement), {"zone": zone})
            assert f'"{zone}"' in str(refusal.value)
            await savepoint.rollback()


@pytest.mark.parametrize(
    "zone", ["UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Ust-Nera", "Japan"]
)
async def test_known_zones_are_taken(session: AsyncSession, zone: str) -> None:
    await a_user(session, time_zone=zone)


@pytest.mark.parametrize("statement", ["UPDATE goal_changes SET reason = 'x'", "DELETE FROM goal_changes"])
async def test_the_bot_may_not_rewrite_history(session: AsyncSession, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied for table goal_changes"):
        await session.execute(text(statement))
