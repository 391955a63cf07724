"""`/goals setup`: what is there and what is missing, for whom it is to see."""

import pytest

from sandbox import Person, Sandbox
from sandbox.mrkdwn import objects
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
        "✅ Goalkeeper has all it needs. You may add:",
        "💡 A company channel, where everybody can celebrate",
        "💡 What the bonus tiers pay, if you pay bonuses",
        "Workspace",
        "America/New_York · USD · English (United States)",
        "Goals are due by the end of day 6 of the month · reminders at 12:00 PM",
        "Teams",
        "✅ East: Tomasz Wójcik · #C0TEAMEAST1 · 4 members",
        "✅ West: Marisol Peña · #C0TEAMWEST1 · 5 members",
        "Bonus tiers",
        "At 15, 20, 25, 30, 40 and 50 signups; no amounts yet",
        "Metrics",
        "Signups, Revenue, Deals, Calls, Meetings",
        "Leaderboards",
        "Mondays at 9:00 AM, and when a month is over · by attainment",
        "Admins",
        "Adaeze Okafor",
        "Badges",
        "The figures that earn a rep a badge, once or again each period",
        "Messages",
        "What people will get, sent to you alone, with made-up figures",
        "All of it can be changed at any time; each change is written down.",
    ]
    assert buttons(adaeze) == [
        "setup.settings.open",
        "setup.tiers.open",
        "setup.settings.open",
        "teams.list.open",
        "setup.tiers.open",
        "setup.metrics.open",
        "setup.boards.open",
        "setup.admins.open",
        "recognition.badges.open",
        "setup.preview.send",
    ]


async def test_what_a_team_lacks_is_named(adaeze: Person, sandbox: Sandbox, sql: Sql) -> None:
    await sql("UPDATE teams SET channel = NULL WHERE name = 'West'")
    await sql("INSERT INTO teams (name) VALUES ('<!here> & *co*')")
    await sql("UPDATE users SET is_active = false WHERE name = 'Tomasz Wójcik'")
    await adaeze.types("/goals setup")
    assert lines(adaeze)[:4] == [
        "Still missing",
        "⚠️ Team <!here> & ∗co∗: a manager, a channel, members",
        "⚠️ Team East: a manager",
        "⚠️ Team West: a channel",
    ]
    assert "⚠️ East: no manager · #C0TEAMEAST1 · 4 members" in lines(adaeze)


async def test_what_is_missing_opens_where_it_can_be_filled_in(adaeze: Person, sql: Sql) -> None:
    west = await sql.value("UPDATE teams SET channel = NULL WHERE name = 'West' RETURNING id")
    await adaeze.types("/goals setup")
    for action, value, title, missing in (
        ("teams.edit", str(west), "Edit team", "Channel"),
        ("setup.settings.open", "open", "Settings", "Company channel"),
        ("setup.tiers.open", "open", "Bonus tiers", "Tier 1: bonus (USD)"),
    ):
        await adaeze.presses(action, value=value)
        form = Form.of(adaeze)
        assert form.view["title"]["text"] == title
        assert missing in form.fields
        await adaeze.closes()


async def test_the_first_day_leads_from_an_empty_workspace_to_a_first_team(
    adaeze: Person, sandbox: Sandbox, sql: Sql
) -> None:
    for table in ("team_memberships", "teams", "rep_stints", "sales_reps"):
        await sql(f"DELETE FROM {table}")
    answer = await adaeze.types("/goals")
    assert answer.text.startswith("👋 Hi Adaeze Okafor! There is no team yet: set up a first one to begin.")
    await adaeze.presses("setup.open", answer.message)
    assert lines(adaeze)[:4] == [
        "Still missing",
        "⚠️ A first team: who carries goals, and who leads them",
        "You may add",
        "💡 A company channel, where everybody can celebrate",
    ]
    await adaeze.presses("teams.add")
    assert (await adaeze.submits({"name": "North", "add": ["U0JONAS0001"]})).closed
    await sandbox.wait_for(lambda: "✅ North is added." in lines(adaeze))
    assert lines(adaeze)[:4] == [
        "✅ North is added.",
        "Joined: Jonas Lindqvist.",
        "Still missing",
        "⚠️ Team North: a manager, a channel",
    ]
    await adaeze.presses("teams.edit")
    filled = {"manager": adaeze.id, "channel": "C0NORTHALL1", "take_all": ["everybody"]}
    assert (await adaeze.submits(filled)).view is not None
    await sandbox.wait_for(lambda: "✅ North is saved." in lines(adaeze))
    await adaeze.closes()
    await sandbox.wait_for(lambda: "✅ Goalkeeper has all it needs. You may add:" in lines(adaeze))
    assert (await sandbox.person("Jonas Lindqvist").types("/goals set 12")).error is None
    assert await sql.value("SELECT signup_goal FROM rep_monthly_goals WHERE goal_set_at IS NOT NULL") == 12


async def test_a_channel_that_was_closed_or_left_is_missing_until_it_is_mended(
    adaeze: Person, sandbox: Sandbox, sql: Sql
) -> None:
    west, northwind = (sandbox.slack.directory.channel(name) for name in ("#team-west", "#northwind"))
    await sql("UPDATE workspaces SET company_channel = :channel", channel=northwind.id)
    await sandbox.events.archived(west, adaeze.id)
    await sandbox.events.left(northwind, sandbox.slack.workspace.bot_user_id)
    await adaeze.types("/goals setup")
    assert lines(adaeze)[:3] == [
        "Still missing",
        "⚠️ Team West: a channel that I can post in",
        "⚠️ A company channel that I can post in",
    ]
    await adaeze.closes()
    await sandbox.events.archived(west, adaeze.id, archived=False)
    await adaeze.types("/goals setup")
    assert lines(adaeze)[:2] == ["Still missing", "⚠️ A company channel that I can post in"]


async def test_when_nothing_is_missing_it_says_so(adaeze: Person, sql: Sql) -> None:
    await sql("UPDATE workspaces SET company_channel = 'C0NORTHWIND'")
    await sql("UPDATE bonus_tiers SET amount = 100 * tier")
    await adaeze.types("/goals setup")
    assert lines(adaeze)[0] == "✅ Everything is set up."
    assert "Tier 6: 50 signups, $600" in lines(adaeze)


async def test_a_manager_sees_the_own_teams_alone(marisol: Person) -> None:
    await marisol.types("/goals setup")
    assert lines(marisol)[:3] == [
        "✅ Everything is set up.",
        "Your teams",
        "✅ West: Marisol Peña · #C0TEAMWEST1 · 5 members",
    ]
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
    assert (
        "/goals setup  teams, channels, settings, metrics, bonus tiers" in (await adaeze.types("/goals")).text
    )
    assert "/goals setup  your team: its members and its channel" in (await marisol.types("/goals")).text
    assert "/goals setup" not in (await ana.types("/goals")).text


@pytest.mark.parametrize("company", ["the sample team", "fifty more reps and teams"])
async def test_the_window_costs_the_same_for_a_large_company(
    adaeze: Person, sql: Sql, queries: Queries, company: str
) -> None:
    if company != "the sample team":
        await sql(MORE)
    await adaeze.types("/goals setup")
    assert len(queries.statements) == 9
    if company != "the sample team":
        assert "… and 37 more" in lines(adaeze)
        assert "⚠️ Something in 45 more teams" in lines(adaeze)
