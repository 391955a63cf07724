"""`/goals setup`: what is there and what is missing, for whom it is to see."""

import pytest

from bot.sandbox import Person, Sandbox
from bot.sandbox.mrkdwn import objects
from tests.conftest import Sql
from tests.slack.conftest import Queries
from tests.slack.goals.test_cost import MORE
from tests.slack.reading import Form
from tests.slack.setup.conftest import opens


def lines(person: Person) -> list[str]:
    return "\n".join(Form.of(person).lines).splitlines()


def buttons(person: Person) -> list[str]:
    assert person.view is not None
    return [item["action_id"] for item in objects(person.view["blocks"]) if item.get("type") == "button"]


async def test_an_admin_sees_what_is_there_and_what_is_missing(adaeze: Person) -> None:
    assert (await adaeze.types("/goals setup")).text == ""
    assert lines(adaeze) == [
        "Still missing: a company channel; what the bonus tiers give.",
        "Workspace",
        "America/New_York · USD · English (United States)",
        "Goals are due by the end of day 6 of the month · reminders at 12:00 PM",
        "⚠️ No company channel yet",
        "Teams",
        "✅ East: Tomasz Wójcik · #C0TEAMEAST1 · 4 members",
        "✅ West: Marisol Peña · #C0TEAMWEST1 · 5 members",
        "Bonus tiers",
        "Tier 1: 15 signups, $0",
        "Tier 2: 20 signups, $0",
        "Tier 3: 25 signups, $0",
        "Tier 4: 30 signups, $0",
        "Tier 5: 40 signups, $0",
        "Tier 6: 50 signups, $0",
        "⚠️ No tier gives anything yet",
        "Admins",
        "Adaeze Okafor",
        "Messages",
        "What people will get, sent to you alone, with made-up figures",
        "All of it can be changed at any time; each change is written down.",
    ]
    assert buttons(adaeze) == [
        "setup.settings.open",
        "teams.list.open",
        "setup.tiers.open",
        "setup.admins.open",
        "setup.preview.send",
    ]


async def test_what_a_team_lacks_is_named(adaeze: Person, sandbox: Sandbox, sql: Sql) -> None:
    await sql("UPDATE teams SET channel = NULL WHERE name = 'West'")
    await sql("INSERT INTO teams (name) VALUES ('<!here> & *co*')")
    await sql("UPDATE users SET is_active = false WHERE name = 'Tomasz Wójcik'")
    await adaeze.types("/goals setup")
    assert lines(adaeze)[0] == (
        "Still missing: a company channel; what the bonus tiers give; "
        "<!here> & ∗co∗: a manager, a channel, members; East: a manager; West: a channel."
    )
    assert "⚠️ East: no manager · #C0TEAMEAST1 · 4 members" in lines(adaeze)


async def test_with_no_team_yet_that_comes_first(adaeze: Person, sql: Sql) -> None:
    await sql("DELETE FROM team_memberships")
    await sql("DELETE FROM teams")
    await adaeze.types("/goals setup")
    assert "a first team" in lines(adaeze)[0]
    assert "⚠️ No team yet" in lines(adaeze)


async def test_when_nothing_is_missing_it_says_so(adaeze: Person, sql: Sql) -> None:
    await sql("UPDATE workspaces SET company_channel = 'C0NORTHWIND'")
    await sql("UPDATE bonus_tiers SET amount = 100 * tier")
    await adaeze.types("/goals setup")
    assert lines(adaeze)[0] == "✅ Everything is set up."
    assert "Tier 6: 50 signups, $600" in lines(adaeze)


async def test_a_manager_sees_the_own_teams_alone(marisol: Person) -> None:
    await marisol.types("/goals setup")
    assert lines(marisol)[1:3] == ["Your teams", "✅ West: Marisol Peña · #C0TEAMWEST1 · 5 members"]
    assert not any("East" in line for line in lines(marisol))
    assert buttons(marisol) == ["teams.list.open"]


async def test_others_are_told_whom_to_ask(ana: Person, jonas: Person, renske: Person) -> None:
    for person in (ana, jonas):
        answer = await person.types("/goals setup")
        assert answer.text == "Admins set Goalkeeper up, and managers their teams. Ask Adaeze Okafor."
        assert person.view is None
    assert "your account is a guest's" in (await renske.types("/goals setup")).text


@pytest.mark.parametrize("part", ["settings", "tiers", "admins"])
async def test_a_window_left_open_by_who_is_no_admin_any_more_opens_nothing(
    second: Person, sql: Sql, part: str
) -> None:
    await second.types("/goals setup")
    await sql("UPDATE users SET named_admin = false")
    sandbox: Sandbox = second._sandbox
    await second.presses(f"setup.{part}.open")
    refused = "Only admins set Goalkeeper up. Ask Adaeze Okafor."
    await sandbox.wait_for(lambda: lines(second)[0] == refused)


@pytest.mark.parametrize(
    ("part", "value"), [("settings", {"locale": "de_DE"}), ("tiers", {}), ("admins", {})]
)
async def test_a_form_left_open_by_who_is_no_admin_any_more_saves_nothing(
    second: Person, sql: Sql, part: str, value: dict[str, str]
) -> None:
    await opens(second, part)
    await sql("UPDATE users SET named_admin = false")
    answer = await second.submits(value)
    assert list(answer.errors.values()) == ["Only admins set Goalkeeper up. Ask Adaeze Okafor."]
    assert await sql.value("SELECT locale FROM workspaces") == "en_US"


async def test_help_names_it_to_those_who_may(adaeze: Person, marisol: Person, ana: Person) -> None:
    assert "/goals setup  teams, channels, settings, bonus tiers" in (await adaeze.types("/goals")).text
    assert "/goals setup  your team: its members and its channel" in (await marisol.types("/goals")).text
    assert "/goals setup" not in (await ana.types("/goals")).text


@pytest.mark.parametrize("company", ["the sample team", "fifty more reps and teams"])
async def test_the_window_costs_the_same_for_a_large_company(
    adaeze: Person, sql: Sql, queries: Queries, company: str
) -> None:
    if company != "the sample team":
        await sql(MORE)
    await adaeze.types("/goals setup")
    assert len(queries.statements) == 6
    if company != "the sample team":
        assert "… and 37 more" in lines(adaeze)
        assert "and something in 47 more teams." in lines(adaeze)[0]
