"""`goalkeeper explain REP [MONTH]`: what became of each reminder."""

import pytest

from tests.cli.conftest import Command, answers

SAM = """
WITH sam AS (
    INSERT INTO users (workspace_id, slack_id, name, email, time_zone)
    VALUES (1, 'U0SAM', 'Sam', 'sam@example.com', 'America/New_York') RETURNING id
)
INSERT INTO sales_reps (workspace_id, user_id, name, joined_on) SELECT 1, id, 'Sam', '2024-01-01' FROM sam
"""
MONTH = """
INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, goal_set_at)
SELECT 1, id, 2026, 10, NULL FROM sales_reps
"""
REMINDERS = """
INSERT INTO goal_deadline_reminders
       (workspace_id, sales_rep_id, target_year, target_month, reminder_type, deadline, due_at, sent, sent_at,
        acknowledged, acknowledged_at, snoozed_until, skipped_at, skip_reason)
SELECT 1, r.id, 2026, 10, stage, '2026-10-07T04:00Z', due_at::timestamptz, sent_at IS NOT NULL,
       sent_at::timestamptz, got_it IS NOT NULL, got_it::timestamptz, again::timestamptz,
       CASE WHEN reason IS NOT NULL THEN due_at::timestamptz END, reason
  FROM sales_reps r, (VALUES
       ('goal_deadline_3days', '2026-10-03T16:00Z', NULL, NULL, NULL, 'a later one was due as well'),
       ('goal_deadline_1day', '2026-10-05T16:00Z', '2026-10-05T16:00Z', '2026-10-05T17:00Z', NULL, NULL),
       ('goal_deadline_day', '2026-10-06T16:00Z', '2026-10-06T16:00Z', NULL, '2026-10-06T19:00Z', NULL),
       ('goal_overdue', '2026-10-07T16:00Z', NULL, NULL, NULL, NULL)
  ) AS v(stage, due_at, sent_at, got_it, again, reason)
"""
AT = "UPDATE business_clock SET clock_offset = '{}'::timestamptz - clock_timestamp()"
STORY = (
    "Sam (U0SAM) in Acme (T0001), 2026-10 reminder due what became of it "
    "goal_deadline_3days Sat, Oct 03, 12:00 America/New_York skipped: a later one was due as well "
    "goal_deadline_1day Mon, Oct 05, 12:00 America/New_York sent Mon, Oct 05, 12:00 America/New_York, "
    "acknowledged Mon, Oct 05, 13:00 America/New_York "
    "goal_deadline_day Tue, Oct 06, 12:00 America/New_York sent Tue, Oct 06, 12:00 America/New_York, "
    "put off until Tue, Oct 06, 15:00 America/New_York "
    "goal_overdue Wed, Oct 07, 12:00 America/New_York "
)


@pytest.fixture
def sam(acme: str) -> str:
    for statement in (SAM, MONTH, REMINDERS):
        answers(acme, statement)
    return acme


@pytest.mark.parametrize("called", ["U0SAM", "sam@example.com", "Sam", "SAM@example.com", "sam"])
def test_each_reminder_is_explained_in_the_months_own_time(sam: str, command: Command, called: str) -> None:
    said = command("explain", called, "2026-10")
    assert (said.code, said.text) == (0, f"{STORY}still to come")


def test_what_is_no_longer_needed_says_so(sam: str, command: Command) -> None:
    answers(sam, "UPDATE rep_monthly_goals SET signup_goal = 20")
    said = command("explain", "Sam", "2026-10")
    assert said.text.endswith("12:00 America/New_York skipped: the goals were set")


def test_without_a_month_it_is_the_reps_own_current_one(sam: str, command: Command) -> None:
    answers(sam, AT.format("2026-11-01T03:59Z"))
    assert command("explain", "Sam").text == f"{STORY}still to come"
    answers(sam, AT.format("2026-11-01T04:01Z"))
    assert command("explain", "Sam").code == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["Nobody", "2026-10"], "Nobody who carries goals is called Nobody"),
        (["Sam", "2026-09"], "or no month of theirs is open"),
        (["Sam", "2026-13"], "2026-13 isn't a month. Write it like 2026-12."),
        (["Sam", "October"], "October isn't a month. Write it like 2026-12."),
    ],
)
def test_what_is_not_there_is_said(sam: str, command: Command, arguments: list[str], why: str) -> None:
    said = command("explain", *arguments)
    assert said.code == 1
    assert why in said.text


def test_people_of_one_name_in_two_workspaces_of_one_name_are_told_apart(sam: str, command: Command) -> None:
    answers(sam, "SELECT goalkeeper_enter_workspace('T0002', 'Acme', 'U0BOT')")
    for statement in (SAM, MONTH, REMINDERS):
        answers(
            sam,
            statement.replace(" 1, ", " 2, ").replace("(1, ", "(2, ").replace("'U0SAM'", "'U0SAM2'")
            + (" WHERE workspace_id = 2" if statement is MONTH else "")
            + (" WHERE r.workspace_id = 2" if statement is REMINDERS else ""),
        )
    said = command("explain", "Sam", "2026-10").text
    assert "Sam (U0SAM) in Acme (T0001), 2026-10 reminder due" in said
    assert "Sam (U0SAM2) in Acme (T0002), 2026-10 reminder due" in said
