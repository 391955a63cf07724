"""What people type into a SQL client, with no columns beyond those they name."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.conftest import Sql

IN_TIME = datetime(2026, 2, 6, 23, 59, 59, tzinfo=UTC)
TOO_LATE = datetime(2026, 2, 7, tzinfo=UTC)


@pytest.fixture
async def person(sql: Sql) -> Sql:
    """A person at a database with one workspace and rep 1, on 2 February 2026."""
    await sql("INSERT INTO workspaces (slack_team_id, name) VALUES ('T1', 'Acme')")
    await sql("INSERT INTO users (slack_id, name) VALUES ('U1', 'Ann')")
    await sql("INSERT INTO sales_reps (user_id, name, joined_on) VALUES (1, 'Ann', '2025-05-01')")
    await sql.at(datetime(2026, 2, 2, 12, tzinfo=UTC))
    return sql


async def test_half_the_goal_is_fifty_percent(person: Sql) -> None:
    await person(
        "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal) "
        "VALUES (1, 2026, 2, 20)"
    )
    await person("UPDATE rep_monthly_goals SET signups_actual = 10 WHERE sales_rep_id = 1")

    percent = await person.value("SELECT signup_progress_percent FROM rep_monthly_goals")
    assert str(percent) == "50.00"


async def test_both_metrics_made_complete_the_month_and_a_correction_takes_it_back(person: Sql) -> None:
    await person(
        "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal, revenue_goal)"
        " VALUES (1, 2026, 2, 20, 50000)"
    )
    await person("UPDATE rep_monthly_goals SET signups_actual = 20")
    assert await _status(person) == ("active", None)

    reached = datetime(2026, 2, 20, 9, tzinfo=UTC)
    await person.at(reached)
    await person("UPDATE rep_monthly_goals SET revenue_actual = 50000")
    assert await _status(person) == ("completed", reached)

    await person("UPDATE rep_monthly_goals SET signups_actual = 19")
    assert await _status(person) == ("active", None)


async def _status(person: Sql) -> tuple[str, datetime | None]:
    [month] = await person("SELECT status, completed_at FROM rep_monthly_goals")
    return month.status, month.completed_at


@pytest.mark.parametrize(("moment", "in_time"), [(IN_TIME, True), (TOO_LATE, False)])
async def test_the_first_setting_is_judged_by_the_deadline_for_good(
    person: Sql, moment: datetime, in_time: bool
) -> None:
    await person.at(moment)
    await person(
        "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal) "
        "VALUES (1, 2026, 2, 20)"
    )
    assert await _setting(person) == (in_time, moment)

    await person.at(datetime(2026, 2, 20, tzinfo=UTC))
    await person("UPDATE rep_monthly_goals SET signup_goal = 25")
    assert await _setting(person) == (in_time, moment)

    await person(
        "UPDATE rep_monthly_goals"
        " SET set_by_deadline = NOT set_by_deadline, goal_set_at = now(), goal_set_by = 1"
    )
    assert await _setting(person) == (in_time, moment)


async def _setting(person: Sql) -> tuple[bool | None, datetime | None]:
    [month] = await person("SELECT set_by_deadline, goal_set_at FROM rep_monthly_goals")
    return month.set_by_deadline, month.goal_set_at


async def test_a_years_monthly_target_is_a_twelfth(person: Sql) -> None:
    await person(
        "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, yearly_signup_goal) VALUES (1, 2026, 240)"
    )
    assert str(await person.value("SELECT monthly_signup_target FROM rep_yearly_goals")) == "20.00"


async def test_each_view_answers_for_the_rep(person: Sql) -> None:
    await person.at(TOO_LATE)
    await person(
        "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal) "
        "VALUES (1, 2026, 2, 20)"
    )
    await person(
        "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, yearly_signup_goal) VALUES (1, 2026, 240)"
    )
    [month] = await person("SELECT * FROM v_current_month_goals WHERE sales_rep_id = 1")
    [year] = await person("SELECT * FROM v_yearly_goals_summary WHERE sales_rep_id = 1")
    [late] = await person("SELECT * FROM v_goals_needing_setup WHERE sales_rep_id = 1")

    assert (month.signup_goal, month.health_status, month.days_until_deadline) == (20, "critical", -1)
    assert (year.monthly_signup_target, year.current_month, year.months_remaining) == (Decimal(20), 2, 10)
    assert (late.deadline_status, late.days_until_deadline) == ("complete", -1)


async def test_a_person_with_several_workspaces_says_which(person: Sql) -> None:
    await person("INSERT INTO workspaces (slack_team_id, name) VALUES ('T2', 'Other')")
    with pytest.raises(Exception, match=r"There is no sales rep 1 in workspace \(not given\)"):
        await person(
            "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month) VALUES (1, 2026, 2)"
        )
    await person("SELECT set_config('goalkeeper.workspace', '1', false)")
    await person("INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month) VALUES (1, 2026, 2)")
