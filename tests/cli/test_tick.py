"""`goalkeeper tick --at`: what would go to whom, and why; nothing is sent, and nothing changes."""

import json

import psycopg
import pytest

from tests.cli.conftest import Command, answers

PEOPLE = """
    SET goalkeeper.now = '2026-10-01T04:00Z';
    SET goalkeeper.workspace = 1;
    INSERT INTO users (slack_id, name, time_zone) VALUES
        ('U0KIM', 'Kim', 'America/New_York'), ('U0SAM', 'Sam', 'America/New_York'),
        ('U0RON', 'Ron', 'America/New_York'), ('U0ANA', 'Ana', 'Europe/Berlin');
    INSERT INTO teams (name, manager_id) SELECT 'West', id FROM users WHERE name = 'Kim';
    INSERT INTO sales_reps (user_id, name, joined_on, created_at)
        SELECT id, name, '2024-01-01', '2024-01-01Z' FROM users WHERE name <> 'Kim';
    INSERT INTO team_memberships (sales_rep_id, team_id, started_on)
        SELECT r.id, t.id, '2024-01-01' FROM sales_reps r, teams t;
    INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal)
        SELECT id, 2026, 10, 20 FROM sales_reps WHERE name = 'Ron';
"""
"""Kim manages Sam, Ron, who has set October's goals, and Ana in Berlin."""


@pytest.fixture
def west(acme: str) -> str:
    with psycopg.connect(acme, autocommit=True) as connection:
        for statement in PEOPLE.split(";"):
            if statement.strip():
                connection.execute(statement)
    return acme


def everything(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    tables = answers(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {
        str(name): sorted(str(row) for row in answers(url, f"SELECT t::text, xmin FROM {name} t"))
        for [name] in tables
    }


def test_it_says_what_would_go_to_whom_and_why(west: str, command: Command) -> None:
    said = command("tick", "--at", "2026-10-05T12:00:00-04:00")
    assert said.code == 0
    assert said.text.startswith("Acme (T0001) to what why ")
    assert (
        "Sam reminders.reminder 2026-10 goals not set, 1 day before the deadline "
        "Ana reminders.reminder 2026-10 goals not set, 1 day before the deadline "
        "Kim reminders.digest 2026-10 the deadline is the day after "
        "Ana goal_deadline_3days 2026-10 skipped: a later one was due as well "
        "Ron goal_deadline_3days 2026-10 skipped: the goals were set "
        "Ron goal_deadline_1day 2026-10 skipped: the goals were set "
        "Sam goal_deadline_3days 2026-10 skipped: a later one was due as well "
    ) in said.text
    assert said.text.endswith("Nothing was sent.")


def test_machines_read_it_as_json(west: str, command: Command) -> None:
    planned = json.loads(command("tick", "--at", "2026-10-03T12:00:00-04:00", "--json").text)
    assert sorted(planned, key=lambda each: (each["skipped"], each["to"])) == [
        {
            "workspace": "Acme",
            "slack_team_id": "T0001",
            "to": name,
            "what": "reminders.reminder 2026-10",
            "why": "goals not set, 3 days before the deadline",
            "skipped": False,
        }
        for name in ("Ana", "Sam")
    ] + [
        {
            "workspace": "Acme",
            "slack_team_id": "T0001",
            "to": "Ron",
            "what": "goal_deadline_3days 2026-10",
            "why": "the goals were set",
            "skipped": True,
        }
    ]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_nothing_changes(west: str, command: Command, form: list[str]) -> None:
    before = everything(west)
    assert sum(map(len, before.values())) > 15
    assert command("tick", "--at", "2026-10-06T12:00:00-04:00", *form).code == 0
    assert everything(west) == before


def test_what_the_bot_says_meanwhile_is_not_taken_for_the_ticks(west: str, command: Command) -> None:
    answers(
        west,
        "INSERT INTO outbox (workspace_id, kind, audience, subject, mode, dedupe_key)"
        " VALUES (1, 'goals.confirmation', 'user:1', 't', 'post', 't')",
    )
    assert "goals.confirmation" not in command("tick", "--at", "2026-10-03T12:00:00-04:00").text


def test_when_nothing_is_due_it_says_so(west: str, command: Command) -> None:
    said = command("tick", "--at", "2026-10-02T12:00:00-04:00")
    assert said.text == "Acme (T0001) nothing is due then Nothing was sent."
    assert json.loads(command("tick", "--at", "2026-10-02T12:00:00-04:00", "--json").text) == []


def test_two_workspaces_of_one_name_are_told_apart(west: str, command: Command) -> None:
    answers(west, "SELECT goalkeeper_enter_workspace('T0002', 'Acme', 'U0BOT')")
    arguments = ("tick", "--at", "2026-10-03T12:00:00-04:00")
    said = command(*arguments).text
    assert said.startswith("Acme (T0001) to what why Sam ")
    assert said.endswith("Acme (T0002) nothing is due then Nothing was sent.")
    planned = json.loads(command(*arguments, "--json").text)
    assert {each["slack_team_id"] for each in planned} == {"T0001"}


@pytest.mark.parametrize("moment", ["tomorrow", "2026-10-05T12:00:00", "2026-13-01T00:00:00Z"])
def test_a_time_that_is_none_is_refused(west: str, command: Command, moment: str) -> None:
    said = command("tick", "--at", moment)
    assert said.code != 0
    assert moment in said.text


def test_a_database_that_is_behind_is_said_to_be(
    empty_url: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url.replace("+psycopg", ""))
    said = command("tick", "--at", "2026-10-05T12:00:00Z")
    assert said.code == 1
    assert "goalkeeper migrate" in said.text
