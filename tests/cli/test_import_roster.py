import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from tests.cli.conftest import Command, Said, answers

HEADER = (
    "slack_id,email,name,team,manager,channel,title,monthly_signup_goal,yearly_signup_goal,time_zone,role\n"
)
TEAMWORK = (
    HEADER
    + "U0DANA,dana@x.com,Dana,,,,,,,,admin\n"
    + "U0KIM,kim@x.com,Kim,,,,,,,Europe/London,\n"
    + "U0ANA,ana@x.com,Ana [West] <!channel>,West,kim@x.com,C0WEST0000,AE,20,240,America/Los_Angeles,\n"
    + "U0BO,bo@x.com,Bo,West,,,,15,,,\n"
)
MEMBERSHIPS = """
SELECT u.slack_id, t.name, m.ended_on IS NULL
  FROM team_memberships m JOIN teams t ON t.id = m.team_id JOIN sales_reps r ON r.id = m.sales_rep_id
  JOIN users u ON u.id = r.user_id ORDER BY u.slack_id, m.id
"""


class Office:
    """Somebody with a spreadsheet and a terminal."""

    def __init__(self, command: Command, folder: Path) -> None:
        self.command = command
        self.file = folder / "roster.csv"

    def imports(self, text: str, *options: str) -> Said:
        self.file.write_text(text, encoding="utf-8")
        return self.command("import", "roster", str(self.file), *options)


@pytest.fixture
def office(command: Command, tmp_path: Path) -> Office:
    return Office(command, tmp_path)


def test_a_roster_makes_people_teams_and_reps(office: Office, acme: str) -> None:
    said = office.imports(TEAMWORK)
    assert said.code == 0
    assert "4 people: 4 added, 0 changed, 0 unchanged. 1 team: 1 added" in said.text
    assert "+ West: manager Kim (U0KIM), channel C0WEST0000" in said.text
    assert "+ Ana [West] <!channel>: email ana@x.com" in said.text
    assert answers(acme, "SELECT slack_id, role FROM users WHERE role = 'admin'") == [("U0DANA", "admin")]
    reps = "SELECT u.slack_id, r.title, r.monthly_signup_goal, r.yearly_signup_goal FROM sales_reps r"
    assert answers(acme, f"{reps} JOIN users u ON u.id = r.user_id ORDER BY 1") == [
        ("U0ANA", "AE", 20, 240),
        ("U0BO", None, 15, None),
    ]
    assert answers(acme, MEMBERSHIPS) == [("U0ANA", "West", True), ("U0BO", "West", True)]


def test_the_same_roster_again_changes_nothing(office: Office, acme: str) -> None:
    office.imports(TEAMWORK)
    before = answers(acme, "SELECT * FROM users, sales_reps, teams, team_memberships ORDER BY 2, 4")
    said = office.imports(TEAMWORK)
    assert "4 people: 0 added, 0 changed, 4 unchanged. 1 team: 0 added, 0 changed, 1 unchanged." in said.text
    assert answers(acme, "SELECT * FROM users, sales_reps, teams, team_memberships ORDER BY 2, 4") == before


def test_a_dry_run_says_all_and_writes_nothing(office: Office, acme: str) -> None:
    said = office.imports(TEAMWORK, "--dry-run")
    assert said.code == 0
    assert "4 people: 4 added" in said.text
    assert "nothing was written" in said.text
    assert answers(acme, "SELECT count(*) FROM users") == [(0,)]


def test_who_changes_teams_leaves_the_old_one(office: Office, acme: str) -> None:
    office.imports(TEAMWORK)
    said = office.imports("email,team,manager,monthly_signup_goal\nana@x.com,East,U0DANA,25\nbo@x.com,,,15\n")
    assert "~ Ana [West] <!channel>: team West → East, monthly_signup_goal 20 → 25" in said.text
    assert "+ East: manager Dana (U0DANA)" in said.text
    assert "1 changed, 1 unchanged" in said.text
    assert answers(acme, MEMBERSHIPS) == [
        ("U0ANA", "West", False),
        ("U0ANA", "East", True),
        ("U0BO", "West", True),
    ]
    office.imports("email,team\nana@x.com,west\n")
    assert answers(acme, MEMBERSHIPS)[:3] == [
        ("U0ANA", "West", False),
        ("U0ANA", "East", False),
        ("U0ANA", "West", True),
    ]


def test_a_manager_may_come_later_in_the_file(office: Office, acme: str) -> None:
    said = office.imports(
        "slack_id,email,name,team,manager\nU0ANA,,Ana,West,kim@x.com\nU0KIM,kim@x.com,Kim,,\n"
    )
    assert said.code == 0
    manager = "SELECT u.slack_id FROM teams t JOIN users u ON u.id = t.manager_id"
    assert answers(acme, manager) == [("U0KIM",)]


def test_a_bad_row_keeps_all_out_and_every_mistake_is_told(office: Office, acme: str) -> None:
    office.imports(TEAMWORK)
    said = office.imports(
        HEADER
        + "U0NEW,,New,West,,,,12,,,\n"
        + ",nobody@x.com,Nobody,West,lee@x.com,#west,,12,,,\n"
        + "U0ANA,bo@x.com,Ana,,,,,lots,,Mars/Crater,\n"
        + ",ana@x.com,Ana,,,,,,,,boss\n"
        + "U0WHO,,,,,,,12,,,\n"
    )
    assert said.code == 1
    for told in (
        "3 email nobody@x.com is nobody Goalkeeper knows",
        "3 manager lee@x.com is nobody Goalkeeper knows",
        "3 channel #west cannot be looked up in Slack from here; write its id",
        "4 email bo@x.com belongs to Bo (U0BO)",
        "4 monthly_signup_goal “lots” is not a whole number",
        "4 time_zone “Mars/Crater” is not a time zone",
        "5 slack_id U0ANA is already on line 4",
        "5 role “boss” is not a role",
        "6 name is needed for U0WHO",
        "9 mistakes: nothing was taken in.",
    ):
        assert told in said.text
    assert answers(acme, "SELECT count(*) FROM users") == [(4,)]


def test_guests_and_the_deactivated_are_refused(office: Office, acme: str) -> None:
    office.imports(TEAMWORK)
    answers(acme, "UPDATE users SET standing = 'guest' WHERE slack_id = 'U0ANA'")
    answers(acme, "UPDATE users SET is_active = false WHERE slack_id = 'U0BO'")
    said = office.imports("slack_id,monthly_signup_goal\nU0ANA,1\nU0BO,1\n")
    assert "is not a member of the workspace (guest)" in said.text
    assert "Bo is deactivated in Slack" in said.text


def test_five_hundred_rows_are_no_trouble(office: Office, acme: str) -> None:
    rows = (f"U1{n:04},p{n}@x.com,Person {n},Team {n % 20},,,,{n},,America/New_York,\n" for n in range(500))
    assert "500 people: 500 added" in office.imports(HEADER + "".join(rows)).text
    assert answers(acme, "SELECT count(*) FROM team_memberships") == [(500,)]


def test_which_workspace_has_to_be_clear(office: Office, on_database: str) -> None:
    none = office.imports(TEAMWORK)
    assert (none.code, "does not know any workspace yet" in none.text) == (1, True)
    for team in ("T1", "T2"):
        answers(on_database, f"SELECT goalkeeper_enter_workspace('{team}', 'Co {team}', 'U0BOT')")
    several = office.imports(TEAMWORK)
    assert (several.code, "Which workspace?" in several.text) == (1, True)
    assert office.imports(TEAMWORK, "--workspace", "T3").code == 1
    assert office.imports(TEAMWORK, "--workspace", "co t2").code == 0
    inside = "SELECT DISTINCT w.slack_team_id FROM users u JOIN workspaces w ON w.id = u.workspace_id"
    assert answers(on_database, inside) == [("T2",)]


def test_a_database_that_is_not_migrated_is_refused(
    office: Office, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url.replace("+psycopg", ""))
    said = office.imports(TEAMWORK)
    assert (said.code, "Run `goalkeeper migrate` first" in said.text) == (1, True)


@pytest.fixture
async def sandbox(on_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A Slack to ask, whose workspace is known."""
    async with SandboxServer(Sandbox()) as served:
        sandbox = served.sandbox
        monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", sandbox.bot_token)
        monkeypatch.setenv("SLACK_SIGNING_SECRET", sandbox.signing_secret)
        team = sandbox.slack.workspace.team_id
        answers(on_database, f"SELECT goalkeeper_enter_workspace('{team}', 'Northwind', 'U0BOT')")
        yield sandbox


async def test_emails_and_channel_names_are_looked_up_in_slack(
    office: Office, sandbox: Sandbox, on_database: str
) -> None:
    roster = (
        "email,team,manager,channel,monthly_signup_goal\n"
        "ana@northwind.example,West,marisol@northwind.example,#team-west,20\n"
    )
    said = await asyncio.to_thread(office.imports, roster)
    assert "+ Ana Souza" in said.text
    teams = "SELECT t.name, t.channel, u.name FROM teams t JOIN users u ON u.id = t.manager_id"
    assert answers(on_database, teams) == [("West", "C0TEAMWEST1", "Marisol Peña")]
    zone = "SELECT slack_id, time_zone FROM users WHERE name = 'Ana Souza'"
    assert answers(on_database, zone) == [("U0ANA000001", "America/New_York")]


async def test_who_is_nobody_in_slack_or_no_member_is_a_bad_row(office: Office, sandbox: Sandbox) -> None:
    roster = (
        "slack_id,email,name,team,channel\n"
        "U0NOBODY,,Ghost,,\n"
        ",x@northwind.example,Ghost,West,#nowhere\n"
        "U0GUEST0001,,Renske,,\n"
    )
    said = await asyncio.to_thread(office.imports, roster)
    assert said.code == 1
    assert "2 slack_id U0NOBODY is nobody in this Slack workspace" in said.text
    assert "3 email x@northwind.example is nobody in this Slack workspace" in said.text
    assert "3 channel #nowhere isn't a channel that the bot can see" in said.text
    assert "4 slack_id Renske de Vries is not a member of the workspace (guest)" in said.text
