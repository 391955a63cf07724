"""Goals that are set by SQL: reminders and digests hear of it as of any other door."""

import pytest

from domain.reminders.rules import Snooze
from tests.db.reminders.office import ONE, THREE, Office

BY_SQL = "UPDATE rep_monthly_goals SET signup_goal = 20 WHERE sales_rep_id = :rep AND goal_month = 10"


@pytest.fixture
async def west(office: Office) -> Office:
    """Sam and Ron of West, which Kim manages, and Eve of East, which Lee manages, three days before."""
    for name in ("Kim", "Lee"):
        await office.user(name)
    west, east = await office.team("West", "Kim"), await office.team("East", "Lee")
    await office.rep("Sam", west)
    await office.rep("Ron", west)
    await office.rep("Eve", east)
    await office.tick("2026-10-01T00:00Z", "2026-10-03T12:00Z", "2026-10-05T12:00Z")
    await office.sent()
    return office


def topics(office: Office, name: str) -> list[str]:
    return [f"reminder:{office.reps[name]}:2026-10:{stage}" for stage in (ONE, THREE)]


def digest(office: Office, manager: str) -> str:
    return f"digest:2026-10:day_before:{office.users[manager]}:{office.users[manager]}"


async def test_every_reminder_of_the_month_and_the_managers_digest_turn(west: Office) -> None:
    await west.by_sql(BY_SQL, rep=west.reps["Sam"])
    assert await west.edits() == [digest(west, "Kim"), *topics(west, "Sam")]


async def test_many_at_once_make_one_edit_a_message(west: Office) -> None:
    await west.by_sql("UPDATE rep_monthly_goals SET revenue_goal = 5")
    assert await west.edits() == sorted(
        [
            digest(west, "Kim"),
            digest(west, "Lee"),
            *topics(west, "Sam"),
            *topics(west, "Ron"),
            *topics(west, "Eve"),
        ]
    )


async def test_figures_that_change_later_are_said_again(west: Office) -> None:
    await west.by_sql(BY_SQL, rep=west.reps["Sam"])
    await west.sent()
    await west.by_sql(
        "UPDATE rep_monthly_goals SET signup_goal = 21 WHERE sales_rep_id = :rep", rep=west.reps["Sam"]
    )
    assert await west.edits() == [digest(west, "Kim"), *topics(west, "Sam")]


@pytest.mark.parametrize(
    "column", ["signups_actual = 3", "goal_set_by = NULL", "signup_goal = 20", "signup_goal = 0"]
)
async def test_what_is_no_news_is_no_edit(west: Office, column: str) -> None:
    if column == "signup_goal = 20":
        await west.by_sql(BY_SQL, rep=west.reps["Sam"])
        await west.sent()
    await west.by_sql(
        f"UPDATE rep_monthly_goals SET {column} WHERE sales_rep_id = :rep", rep=west.reps["Sam"]
    )
    assert await west.edits() == []


async def test_the_goals_of_another_month_leave_these_alone(west: Office) -> None:
    await west.at("2026-10-26T12:00Z")
    await west.set("Sam", "2026-11")
    assert [topic for topic in await west.edits() if "reminder" in topic or "digest" in topic] == []


async def test_no_further_reminder_comes_nor_one_put_off(west: Office) -> None:
    await west.snooze("Sam", ONE, Snooze.ONE_HOUR)
    before = await west.said()
    await west.by_sql(BY_SQL, rep=west.reps["Sam"])
    await west.tick("2026-10-05T13:00Z", "2026-10-06T12:00Z", "2026-10-07T12:00Z")
    assert [line for line in await west.said() if line not in before and line.startswith("Sam")] == []
    assert list((await west.became("Sam")).values())[2:] == ["the goals were set"] * 2


async def test_a_reminder_that_still_waits_to_be_sent_is_called_off_and_says_why(west: Office) -> None:
    await west.tick("2026-10-06T12:00Z")
    await west.by_sql(BY_SQL, rep=west.reps["Sam"])
    day = "Sam 10-06 12:00 reminder goal_deadline_day"
    assert day not in await west.said()
    assert day.replace("Sam", "Ron") in await west.said()
    assert (
        list((await west.became("Sam")).values())
        == ["10-03 12:00", "10-05 12:00"] + ["the goals were set"] * 2
    )


async def test_one_that_slack_may_have_got_is_edited(west: Office) -> None:
    await west.tick("2026-10-06T12:00Z")
    await west.do("UPDATE outbox SET uncertain_since = now() WHERE status = 'pending'")
    await west.by_sql(BY_SQL, rep=west.reps["Sam"])
    assert f"reminder:{west.reps['Sam']}:2026-10:goal_deadline_day" in await west.edits()


async def test_it_is_the_same_for_the_form(west: Office) -> None:
    await west.set("Sam")
    assert await west.edits() == [digest(west, "Kim"), *topics(west, "Sam")]


@pytest.mark.parametrize(
    ("subject", "rep", "period"),
    [
        ("reminder", "id * 10 + 1", "'2026-10'"),
        ("reminder", "id", "'2026-09'"),
        ("reminder", "id", "NULL"),
        ("reminders", "id", "'2026-10'"),
    ],
)
@pytest.mark.parametrize("status", ["pending", "sent"])
async def test_what_is_alike_is_left_alone(
    west: Office, subject: str, rep: str, period: str, status: str
) -> None:
    sam = west.reps["Sam"]
    await west.do(
        f"""
        INSERT INTO outbox
               (kind, audience, subject, sales_rep_id, period, mode, dedupe_key, status, channel, ts)
        SELECT 'reminders.reminder', 'user:1', :subject, {rep}, {period}, 'post', 'x', :status, 'D1', '1'
          FROM sales_reps WHERE id = :rep
        """,
        subject=subject,
        rep=sam,
        status=status,
    )
    await west.by_sql(BY_SQL, rep=sam)
    assert await west.edits() == [digest(west, "Kim"), *topics(west, "Sam")]
    assert await west.rows("SELECT FROM outbox WHERE status = 'cancelled'") == []


async def test_a_confirmation_that_was_sent_says_the_new_figures(west: Office) -> None:
    await west.set("Sam")
    await west.sent()
    await west.by_sql(
        "UPDATE rep_monthly_goals SET signup_goal = 21 WHERE sales_rep_id = :rep", rep=west.reps["Sam"]
    )
    assert f"goal:{west.reps['Sam']}:2026-10" in await west.edits()


async def test_a_goal_that_is_back_where_it_was_leaves_messages_right_and_nothing_to_do(west: Office) -> None:
    for goal in (10, 20, 10):
        await west.do(
            "UPDATE rep_monthly_goals SET signup_goal = :goal WHERE sales_rep_id = :rep AND goal_month = 10",
            goal=goal,
            rep=west.reps["Sam"],
        )
    await west.tick(west.tx.now)
    assert await west.edits() == [digest(west, "Kim"), *topics(west, "Sam")]
    assert await west.rows("SELECT FROM changes") == []
    await west.sent()
    await west.tick(west.tx.now)
    assert await west.edits() == []
