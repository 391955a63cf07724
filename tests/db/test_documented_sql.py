"""The documented SQL, as somebody with the owner's rights and one workspace types it.

Each statement names only documented columns; whatever it leaves out is filled in as the bot would.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.db import Database, WorkspaceId
from domain.reminders.planning import plan_reminders
from tests.conftest import Sql

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
DEADLINE = datetime(2026, 2, 7, 5, tzinfo=UTC)
"""Midnight in New York after February 6."""

ANN = "(SELECT id FROM sales_reps WHERE email = 'ann@acme.test')"
SET_MONTH = (
    "INSERT INTO rep_monthly_goals"
    " (sales_rep_id, goal_year, goal_month, signup_goal, revenue_goal, bonus_tier_goal)"
    f" VALUES ({ANN}, 2026, 2, 20, 50000, 2)"
)
SET_YEAR = (
    "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, yearly_signup_goal, yearly_revenue_goal)"
    f" VALUES ({ANN}, 2026, 240, 600000)"
)
REMIND = (
    "INSERT INTO goal_deadline_reminders (sales_rep_id, reminder_type, target_month, target_year)"
    f" VALUES ({ANN}, 'goal_deadline_1day', 2, 2026)"
)
OF_ANN = f"WHERE sales_rep_id = {ANN}"

REP = (
    "id user_id name email title monthly_signup_goal yearly_signup_goal is_active joined_on ramp"
    " on_public_boards created_at updated_at sales_rep_id rep_name team"
)
MONTH = (
    "goal_year goal_month signup_goal signups_actual signup_progress_percent revenue_goal revenue_actual"
    " revenue_progress_percent bonus_tier_goal bonus_tier_actual bonus_triggered bonus_amount set_by_deadline"
    " goal_set_at goal_set_by deadline status completed_at"
)
YEAR = (
    "goal_year yearly_signups_actual yearly_signup_progress_percent yearly_revenue_goal yearly_revenue_actual"
    " yearly_revenue_progress_percent monthly_signup_target monthly_revenue_target status completed_at"
    " goal_set_at goal_set_by"
)
REMINDER = (
    "reminder_type target_month target_year deadline due_at sent sent_at acknowledged acknowledged_at"
    " snoozed_until skipped_at skip_reason"
)


@pytest.fixture
async def analyst(sql: Sql) -> Sql:
    """Somebody at a database with one workspace in which Ann of New York is in team West, on February 3."""
    await sql.at(NOON)
    await sql("INSERT INTO workspaces (slack_team_id, name) VALUES ('T1', 'Acme')")
    await sql("SELECT goalkeeper_enter_workspace('T1', 'Acme', 'U0BOT')")
    await sql("INSERT INTO users (slack_id, name, time_zone) VALUES ('U1', 'Ann', 'America/New_York')")
    await sql(
        "INSERT INTO sales_reps (user_id, name, email, title, monthly_signup_goal, joined_on)"
        " VALUES (1, 'Ann', 'ann@acme.test', 'Account Executive', 15, '2025-05-01')"
    )
    await sql("INSERT INTO teams (name) VALUES ('West')")
    await sql("INSERT INTO team_memberships (sales_rep_id, team_id, started_on) VALUES (1, 1, '2025-05-01')")
    return sql


async def the_row(analyst: Sql, columns: str, source: str) -> dict[str, Any]:
    """The only row of `source`, by these columns."""
    [row] = await analyst(f"SELECT {', '.join(columns.split())} FROM {source}")
    return dict(row._mapping)


def of(row: dict[str, Any], columns: str) -> Iterable[Any]:
    return tuple(row[column] for column in columns.split())


# --- goals and actuals -----------------------------------------------------------------------------------


async def test_an_inserted_month_counts_as_set_then_and_there(analyst: Sql) -> None:
    await analyst(SET_MONTH)
    month = await the_row(analyst, MONTH, f"rep_monthly_goals {OF_ANN}")
    assert of(month, "goal_set_at set_by_deadline deadline status") == (NOON, True, DEADLINE, "active")
    assert of(month, "signups_actual signup_progress_percent bonus_tier_actual") == (0, Decimal("0.00"), 0)


async def test_actuals_move_progress_tier_and_year(analyst: Sql) -> None:
    await analyst(SET_MONTH)
    await analyst(SET_YEAR)
    await analyst(
        "UPDATE rep_monthly_goals SET signups_actual = 20, revenue_actual = 50000"
        f" {OF_ANN} AND goal_year = 2026 AND goal_month = 2"
    )
    month = await the_row(analyst, MONTH, f"rep_monthly_goals {OF_ANN}")
    assert of(month, "signup_progress_percent status completed_at") == (Decimal(100), "completed", NOON)
    assert of(month, "bonus_tier_actual bonus_triggered") == (2, True)
    year = await the_row(analyst, YEAR, f"rep_yearly_goals {OF_ANN}")
    assert of(year, "yearly_signups_actual yearly_revenue_actual") == (20, Decimal(50000))


async def test_goals_can_be_changed(analyst: Sql) -> None:
    await analyst(SET_MONTH)
    await analyst(f"UPDATE rep_monthly_goals SET signups_actual = 10, signup_goal = 40 {OF_ANN}")
    assert await analyst.value("SELECT signup_progress_percent FROM rep_monthly_goals") == Decimal(25)
    await analyst(SET_YEAR)
    await analyst(f"UPDATE rep_yearly_goals SET yearly_signup_goal = 120 {OF_ANN}")
    year = await the_row(analyst, YEAR, f"rep_yearly_goals {OF_ANN}")
    assert of(year, "monthly_signup_target monthly_revenue_target") == (Decimal(10), Decimal(50000))
    assert of(year, "goal_set_at status") == (NOON, "active")


# --- reminders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "day"),
    [("goal_deadline_3days", 3), ("goal_deadline_1day", 5), ("goal_deadline_day", 6), ("goal_overdue", 7)],
)
async def test_a_reminder_is_due_at_the_reminder_time_of_its_stage(
    analyst: Sql, stage: str, day: int
) -> None:
    await analyst(REMIND.replace("goal_deadline_1day", stage))
    reminder = await the_row(analyst, REMINDER, f"goal_deadline_reminders {OF_ANN}")
    noon_in_new_york = datetime(2026, 2, day, 17, tzinfo=UTC)
    assert of(reminder, "deadline due_at") == (DEADLINE, noon_in_new_york)
    assert of(reminder, "sent sent_at acknowledged acknowledged_at") == (False, None, False, None)


async def test_a_reminder_goes_by_the_months_own_deadline(analyst: Sql) -> None:
    await analyst(SET_MONTH)
    await analyst("UPDATE rep_monthly_goals SET deadline = '2026-02-11T05:00Z', time_zone = 'UTC'")
    await analyst(REMIND)
    reminder = await the_row(analyst, REMINDER, "goal_deadline_reminders")
    assert of(reminder, "deadline due_at") == (
        datetime(2026, 2, 11, 5, tzinfo=UTC),
        datetime(2026, 2, 10, 12, tzinfo=UTC),
    )


async def test_a_given_deadline_and_time_stand(analyst: Sql) -> None:
    await analyst(
        "INSERT INTO goal_deadline_reminders"
        " (sales_rep_id, reminder_type, target_month, target_year, deadline, due_at, sent, acknowledged)"
        f" VALUES ({ANN}, 'goal_deadline_day', 3, 2026, '2026-03-07Z', '2026-03-06T09:00Z', true, true)"
    )
    reminder = await the_row(analyst, REMINDER, "goal_deadline_reminders")
    assert of(reminder, "deadline due_at") == (
        datetime(2026, 3, 7, tzinfo=UTC),
        datetime(2026, 3, 6, 9, tzinfo=UTC),
    )
    assert of(reminder, "sent_at acknowledged_at") == (NOON, NOON)


async def test_an_acknowledged_reminder_says_when_and_does_not_come_back(analyst: Sql) -> None:
    await analyst(REMIND)
    await analyst(f"UPDATE goal_deadline_reminders SET snoozed_until = '2026-02-05T18:00Z' {OF_ANN}")
    await analyst(f"UPDATE goal_deadline_reminders SET acknowledged = true {OF_ANN}")
    reminder = await the_row(analyst, REMINDER, "goal_deadline_reminders")
    assert of(reminder, "acknowledged_at snoozed_until") == (NOON, None)
    await analyst(f"UPDATE goal_deadline_reminders SET acknowledged = false {OF_ANN}")
    assert await analyst.value("SELECT acknowledged_at FROM goal_deadline_reminders") is None


async def test_a_reminder_marked_as_sent_says_when(analyst: Sql) -> None:
    await analyst(REMIND)
    await analyst(f"UPDATE goal_deadline_reminders SET sent = true {OF_ANN}")
    assert await analyst.value("SELECT sent_at FROM goal_deadline_reminders") == NOON
    await analyst(f"UPDATE goal_deadline_reminders SET sent = false {OF_ANN}")
    assert await analyst.value("SELECT sent_at FROM goal_deadline_reminders") is None


async def test_the_bot_plans_the_other_reminders_of_the_month_and_leaves_that_one(
    analyst: Sql, db: Database
) -> None:
    await analyst(SET_MONTH)
    await analyst(REMIND)
    await analyst(f"UPDATE goal_deadline_reminders SET sent = true {OF_ANN}")
    async with db.workspace(WorkspaceId(1), at=NOON) as tx:
        await plan_reminders(tx.session, tx.now)
        rows = await tx.session.execute(
            text("SELECT reminder_type, sent FROM goal_deadline_reminders ORDER BY due_at")
        )
        assert [tuple(row) for row in rows] == [
            ("goal_deadline_3days", False),
            ("goal_deadline_1day", True),
            ("goal_deadline_day", False),
            ("goal_overdue", False),
        ]


# --- achievements ----------------------------------------------------------------------------------------

ACHIEVEMENT = (
    "achievement_type achievement_date achievement_month achievement_year goal_value actual_value"
    " percent_achieved bonus_amount bonus_tier recognized recognized_at recognition_type reversed_at"
)
BADGE = "user_id achievement_type title description badge_icon achievement_value achieved_at"


async def test_actuals_written_by_sql_are_recorded_as_achieved(analyst: Sql) -> None:
    await analyst(SET_MONTH)
    await analyst(f"UPDATE rep_monthly_goals SET signups_actual = 20 {OF_ANN}")
    made = await the_row(
        analyst,
        f"monthly_goal_id {ACHIEVEMENT}",
        f"goal_achievements {OF_ANN} AND achievement_type = 'monthly_signup_goal'",
    )
    assert of(made, "goal_value actual_value percent_achieved achievement_month achievement_year") == (
        20,
        20,
        100,
        2,
        2026,
    )
    await analyst(f"UPDATE rep_monthly_goals SET signups_actual = 19 {OF_ANN}")
    taken_away = f"goal_achievements {OF_ANN} AND achievement_type = 'monthly_signup_goal'"
    assert (await the_row(analyst, "reversed_at", taken_away))["reversed_at"] == NOON


@pytest.mark.parametrize(
    ("kind", "value", "is_yearly"),
    [
        ("monthly_revenue_goal", "bonus_tier", False),
        ("yearly_signup_goal", "bonus_tier", True),
        ("bonus_tier_unlocked", "bonus_tier", False),
        ("streak_milestone", "actual_value", False),
        ("perfect_month", "bonus_tier", False),
    ],
)
async def test_an_inserted_achievement_belongs_to_the_month_or_year_of_today(
    analyst: Sql, kind: str, value: str, is_yearly: bool
) -> None:
    await analyst(SET_MONTH)
    await analyst(SET_YEAR)
    await analyst(
        f"INSERT INTO goal_achievements (sales_rep_id, achievement_type, {value}) VALUES ({ANN}, '{kind}', 3)"
    )
    row = await the_row(
        analyst, f"monthly_goal_id yearly_goal_id {ACHIEVEMENT}", f"goal_achievements {OF_ANN}"
    )
    assert (row["yearly_goal_id"] is not None) is is_yearly
    assert of(row, "achievement_date achievement_year recognized recognition_type") == (
        NOON.date(),
        2026,
        False,
        "none",
    )


async def test_a_badge_takes_a_person_and_a_title(analyst: Sql) -> None:
    await analyst("INSERT INTO achievements (user_id, title) VALUES (1, 'Team spirit')")
    badge = await the_row(analyst, BADGE, "achievements")
    assert of(badge, "achievement_type title badge_icon achieved_at") == ("given", "Team spirit", "🏆", NOON)


async def test_a_rule_gives_badges_for_figures_from_then_on(analyst: Sql) -> None:
    await analyst(
        "INSERT INTO badge_rules (metric, period_kind, threshold, title)"
        " VALUES ('revenue', 'month', 10000, 'First $10K')"
    )
    rule = await the_row(analyst, "metric period_kind threshold each_period title badge_icon", "badge_rules")
    assert of(rule, "threshold each_period badge_icon") == (10000, False, "🏆")


# --- views -----------------------------------------------------------------------------------------------


@pytest.fixture
async def late(analyst: Sql) -> Sql:
    """The analyst on February 9, where Ann has set her goals late and made half of them."""
    await analyst.at(datetime(2026, 2, 9, 15, tzinfo=UTC))
    await analyst(SET_MONTH)
    await analyst(SET_YEAR)
    await analyst(f"UPDATE rep_monthly_goals SET signups_actual = 15, revenue_actual = 5000 {OF_ANN}")
    return analyst


ABOUT_ANN = "name email title monthly_signup_goal is_active rep_name team"
ANN_IS = ("Ann", "ann@acme.test", "Account Executive", 15, True, "Ann", "West")


async def test_the_current_month_of_each_rep(late: Sql) -> None:
    month = await the_row(
        late,
        f"{REP} {MONTH} goal_progress current_bonus_tier health_status days_until_deadline",
        f"v_current_month_goals {OF_ANN}",
    )
    assert of(month, ABOUT_ANN) == ANN_IS
    assert of(month, "goal_year goal_month signup_goal revenue_goal") == (2026, 2, 20, 50000)
    assert of(month, "signup_progress_percent goal_progress current_bonus_tier") == (75, 10, 1)
    assert of(month, "health_status days_until_deadline") == ("critical", -3)


async def test_the_year_of_each_rep(late: Sql) -> None:
    year = await the_row(
        late, f"{REP} {YEAR} current_month months_remaining", f"v_yearly_goals_summary {OF_ANN}"
    )
    assert of(year, ABOUT_ANN) == ANN_IS
    assert of(year, "yearly_signup_goal yearly_signups_actual monthly_signup_target") == (240, 15, 20)
    assert of(year, "current_month months_remaining") == (2, 10)


async def test_who_has_not_set_goals_or_was_late(late: Sql) -> None:
    row = await the_row(
        late,
        f"{REP} goal_year goal_month deadline deadline_status days_until_deadline",
        f"v_goals_needing_setup {OF_ANN}",
    )
    assert of(row, ABOUT_ANN) == ANN_IS
    assert of(row, "deadline_status days_until_deadline deadline") == ("complete", -3, DEADLINE)
