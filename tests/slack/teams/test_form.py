"""The list of teams and the form of one, filled in and pressed as people do."""

from typing import Any

import pytest

from sandbox import Channel, Person, Sandbox, Submission, User, faults
from tests.conftest import Sql
from tests.slack.conftest import Queries
from tests.slack.reading import Form, seen
from tests.slack.teams.conftest import Edits, Members, Opens, field

WEST_NOW = "West · 5 reps\nmanaged by Marisol Peña · #C0TEAMWEST1"


async def fills(person: Person, **values: Any) -> Submission:
    """Fills the form in by its inputs' names, and sends it off."""
    return await person.submits({field(person, name): value for name, value in values.items()})


async def told_of_saving(person: Person, sandbox: Sandbox) -> str:
    """What the window on top says, once the work behind it is done."""
    await sandbox.wait_for(lambda: "✅" in Form.of(person).lines[0])
    return Form.of(person).lines[0]


async def test_an_admin_sees_every_team_and_a_manager_the_own(
    adaeze: Person, marisol: Person, opens: Opens
) -> None:
    everything = await opens(adaeze)
    assert everything.lines[:2] == ["East · 4 reps\nmanaged by Tomasz Wójcik · #C0TEAMEAST1", WEST_NOW]
    assert "Add a team" in str(everything.view)
    own = await opens(marisol)
    assert own.lines == [WEST_NOW]
    assert "Add a team" not in str(own.view)


async def test_an_admin_adds_a_team(
    adaeze: Person, opens: Opens, members: Members, sandbox: Sandbox, sql: Sql
) -> None:
    await opens(adaeze)
    await adaeze.presses("teams.add")
    answer = await fills(
        adaeze, name="North", manager="U0MARISOL01", channel="C0NORTHALL1", add=["U0JONAS0001"]
    )
    assert answer.closed, answer.errors
    assert await told_of_saving(adaeze, sandbox) == "✅ North is added.\nJoined: Jonas Lindqvist."
    assert "North · 1 rep\nmanaged by Marisol Peña · #C0NORTHALL1" in Form.of(adaeze).lines
    assert await members("North") == ["Jonas Lindqvist"]
    assert await sql.value("SELECT count(*) FROM settings_changes WHERE subject = 'team'") == 4
    await adaeze.closes()
    await sandbox.wait_for(lambda: any("North" in line for line in Form.of(adaeze).lines))
    assert Form.of(adaeze).view["title"]["text"] == "Set up Goalkeeper"


async def test_a_team_without_members_is_one(adaeze: Person, opens: Opens, sandbox: Sandbox) -> None:
    await opens(adaeze)
    await adaeze.presses("teams.add")
    assert (await fills(adaeze, name="Empty")).closed
    await sandbox.wait_for(lambda: "Empty · nobody yet" in "\n".join(Form.of(adaeze).lines))
    assert "Empty · nobody yet\n⚠️ no manager · no channel" in Form.of(adaeze).lines


async def test_a_manager_changes_the_own_roster_and_is_not_asked_for_the_name(
    marisol: Person, edits: Edits, members: Members, sql: Sql
) -> None:
    form = await edits(marisol, "West")
    assert list(form.fields) == ["Channel", "Add people", "Or a whole channel", "Remove people"]
    values = {"channel": "C0NORTHALL1", "add": ["U0JONAS0001"], "remove": ["U0ANA000001"]}
    assert (await fills(marisol, **values)).closed
    changes = await sql(
        "SELECT u.name, c.name, c.from_value, c.to_value FROM settings_changes c"
        " JOIN users u ON u.id = c.changed_by ORDER BY c.name"
    )
    assert [tuple(change) for change in changes] == [
        ("Marisol Peña", "channel", "C0TEAMWEST1", "C0NORTHALL1"),
        ("Marisol Peña", "members", ["U0ANA000001"], ["U0JONAS0001"]),
    ]
    assert await members("West") == [
        "DeShawn Carter",
        "Jonas Lindqvist",
        "Leilani Kealoha",
        "Mei-Lin Zhào",
        "Noah Bergström",
    ]


async def test_a_manager_takes_nobody_from_another_team(marisol: Person, edits: Edits) -> None:
    await edits(marisol, "West")
    answer = await fills(marisol, add=["U0PRIYA0001"])
    assert answer.errors == {
        "add:0": "On another team already: Priya Raghunathan (East). An admin can move people."
    }


async def test_what_is_wrong_stands_beside_its_field(adaeze: Person, edits: Edits, sandbox: Sandbox) -> None:
    await edits(adaeze, "West")
    assert (await fills(adaeze, name="  ")).errors == {"name:0": "A team needs a name."}
    assert (await fills(adaeze, name="east")).errors == {
        "name:0": "There is a team called east already. Choose another name."
    }
    assert (await fills(adaeze, name="West", manager="U0GUEST0001")).errors == {
        "manager:0": "Renske de Vries can't manage a team: a guest."
    }
    sandbox.slack.workspace.users["U0EXT000001"] = User(
        "U0EXT000001", "ext", "Ext Ern", is_stranger=True, team_id="T0OTHER"
    )
    wrong = ["U0GUEST0001", "U0GOALKEEPR", "U0EXT000001"]
    answer = await fills(adaeze, manager="U0MARISOL01", add=wrong)
    assert answer.errors["add:0"].startswith("Take these off the list: ")
    for named in ("Renske de Vries (a guest)", "Ext Ern (of another company)", "Goalkeeper (a bot)"):
        assert named in answer.errors["add:0"]


async def test_a_channel_i_cannot_post_in_is_refused_with_the_way_out(
    adaeze: Person, edits: Edits, sandbox: Sandbox
) -> None:
    channels = sandbox.slack.workspace.channels
    channels["C0AWAY00001"] = Channel("C0AWAY00001", "away", [adaeze.id])
    channels["C0SECRET001"] = Channel("C0SECRET001", "secret", [adaeze.id], is_private=True)
    channels["C0OLD000001"] = Channel("C0OLD000001", "old", [adaeze.id, "U0GOALKEEPR"], is_archived=True)
    channels["C0SHARED001"] = Channel("C0SHARED001", "shared", [adaeze.id, "U0GOALKEEPR"], is_ext_shared=True)
    await edits(adaeze, "West")
    for channel, words in [
        ("C0AWAY00001", "I am not in #away yet. Type /invite @goalkeeper in it"),
        ("C0SECRET001", "type /invite @goalkeeper in it"),
        ("C0OLD000001", "That channel is archived"),
        ("C0SHARED001", "That channel is shared with another company"),
    ]:
        for take_all in (None, ["everybody"]):
            answer = await fills(adaeze, channel=channel, take_all=take_all)
            if take_all is None:
                assert words in answer.errors["channel:0"]
                continue
            await sandbox.wait_for(lambda: "Remove people" in Form.of(adaeze).fields)
            assert words in Form.of(adaeze).lines[0]
            assert Form.of(adaeze).fields["Name"] == "West"
            await edits(adaeze, "West")


async def test_everybody_of_a_channel_is_taken_in_behind_a_window_that_says_so(
    adaeze: Person, opens: Opens, members: Members, sandbox: Sandbox
) -> None:
    await opens(adaeze)
    await adaeze.presses("teams.add")
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    wanted = {"name": "All", "manager": "U0PETRA0001", "channel": "C0TEAMEAST1"}
    answer = await fills(adaeze, **wanted, take_all=["everybody"])
    assert answer.view is not None
    said = await told_of_saving(adaeze, sandbox)
    assert "Joined: Adaeze Okafor." in said
    assert "Not added (manages another team): Tomasz Wójcik." in said
    assert "Not added (a guest): Renske de Vries." in said
    assert "Not added (a bot): Goalkeeper." in said
    assert "Not added (on another team): Fatma Yıldız" in said
    assert await members("All") == ["Adaeze Okafor"]
    await adaeze.closes()
    line = "All · 1 rep\nmanaged by Petra Novák · #C0TEAMEAST1"
    await sandbox.wait_for(lambda: line in Form.of(adaeze).lines)


async def test_slack_s_troubles_bring_the_form_back_as_it_was(
    adaeze: Person, opens: Opens, sandbox: Sandbox
) -> None:
    await opens(adaeze)
    await adaeze.presses("teams.add")
    for trouble in (faults.error("fatal_error"), faults.rate_limited(), faults.html()):
        sandbox.faults.next("conversations.members", trouble)
        await fills(adaeze, name="All", channel="C0TEAMEAST1", take_all=["everybody"])
        await sandbox.wait_for(lambda: "did not answer in time" in Form.of(adaeze).lines[0])
        assert Form.of(adaeze).fields["Name"] == "All"
    assert (await adaeze.submits()).error is None
    assert "✅ All is added." in await told_of_saving(adaeze, sandbox)


async def test_who_closes_the_window_meanwhile_is_told_what_came_of_it(
    adaeze: Person, opens: Opens, sandbox: Sandbox
) -> None:
    await opens(adaeze)
    await adaeze.presses("teams.add")
    # A read whose connection breaks is tried once more, by the client itself.
    sandbox.faults.next("conversations.members", faults.hang(0.1), faults.error("fatal_error"))
    await fills(adaeze, name="All", channel="C0TEAMEAST1", take_all=["everybody"])
    await adaeze.closes(all_views=True)
    (said,) = await sandbox.wait_for(lambda: [each for each in adaeze.dms() if "did not answer" in each.text])
    assert said.only_for == adaeze.id


async def test_without_a_channel_there_is_nobody_to_take_in(adaeze: Person, opens: Opens) -> None:
    await opens(adaeze)
    await adaeze.presses("teams.add")
    answer = await fills(adaeze, name="All", take_all=["everybody"])
    assert answer.errors == {"channel:0": "Choose the channel whose people are to be added."}


async def test_five_hundred_people_of_a_channel_are_answered_at_once(
    adaeze: Person, edits: Edits, members: Members, sandbox: Sandbox, queries: Queries
) -> None:
    people = [f"U0MANY{number:05}" for number in range(500)]
    for number, who in enumerate(people):
        sandbox.slack.workspace.users[who] = User(who, who.lower(), f"Many {number:03}")
    sandbox.slack.workspace.channels["C0TEAMWEST1"].members += people
    await edits(adaeze, "West")
    answer = await fills(adaeze, take_all=["everybody"])
    assert answer.error is None
    said = await told_of_saving(adaeze, sandbox)
    assert "and 490 more" in said or "and 491 more" in said
    assert len(await members("West")) == 506
    assert len(sandbox.calls_to("conversations.members")) == 3
    assert not sandbox.calls_to("users.info")
    form = await edits(adaeze, "West")
    assert "On the team (506)" in form.lines[0]
    assert (await fills(adaeze, remove=people[:100])).closed
    assert len(await members("West")) == 406


@pytest.mark.parametrize("more", [{"add": ["U0JONAS0001"]}, {"take_all": ["everybody"]}], ids=str)
async def test_two_admins_at_once_the_second_sees_what_changed(
    adaeze: Person, marisol: Person, edits: Edits, sandbox: Sandbox, sql: Sql, more: dict[str, list[str]]
) -> None:
    await sql("UPDATE users SET named_admin = true WHERE slack_id = :who", who=marisol.id)
    await edits(adaeze, "West")
    await edits(marisol, "West")
    assert (await fills(adaeze, name="Wild West")).closed
    answer = await fills(marisol, name="Far West", **more)
    assert (answer.closed, answer.errors) == (False, {})
    await sandbox.wait_for(lambda: "Meanwhile" in Form.of(marisol).lines[0])
    form = Form.of(marisol)
    assert form.lines[0] == (
        "⚠️ Meanwhile Adaeze Okafor has changed the name to Wild West. "
        "What you typed is kept, and nothing is saved yet: look it over and save."
    )
    assert form.fields["Name"] == "Far West"
    assert await sql.value("SELECT count(*) FROM teams WHERE name = 'Wild West'") == 1
    await marisol.submits()
    assert "✅ Far West is saved." in await told_of_saving(marisol, sandbox)
    assert await sql.value("SELECT count(*) FROM teams WHERE name = 'Far West'") == 1


async def test_a_manager_who_has_left_leaves_the_team_without_one(
    adaeze: Person, marisol: Person, opens: Opens, edits: Edits, sandbox: Sandbox, members: Members
) -> None:
    await sandbox.events.changed(marisol.user, deleted=True)
    assert "West · 5 reps\n⚠️ no manager: Marisol Peña has left · #C0TEAMWEST1" in (await opens(adaeze)).lines
    form = await edits(adaeze, "West")
    assert any("Marisol Peña has left." in hint for hint in form.hints)
    await sandbox.events.changed(sandbox.person("Ana Souza").user, deleted=True)
    form = await edits(adaeze, "West")
    assert "Ana Souza (has left)" in form.lines[0]
    assert "Ana Souza (has left)" in form.choices("Remove people")
    assert (await fills(adaeze, manager="U0TOMASZ001")).closed
    assert "West · 4 reps\nmanaged by Tomasz Wójcik · #C0TEAMWEST1" in (await opens(adaeze)).lines


async def test_a_form_that_outlived_its_right_is_refused(
    adaeze: Person, marisol: Person, edits: Edits, sql: Sql
) -> None:
    await edits(marisol, "West")
    await edits(adaeze, "West")
    assert (await fills(adaeze, manager="U0TOMASZ001")).closed
    answer = await fills(marisol, add=["U0JONAS0001"])
    assert "Tomasz Wójcik, who manages West" in answer.errors["channel:0"]


async def test_a_list_that_outlived_its_right_opens_nothing(
    adaeze: Person, marisol: Person, opens: Opens, edits: Edits, sandbox: Sandbox
) -> None:
    await opens(marisol)
    await edits(adaeze, "West")
    assert (await fills(adaeze, manager="U0TOMASZ001")).closed
    await marisol.presses("teams.edit")
    refused = "Tomasz Wójcik, who manages West, can change that team; you can't."
    await sandbox.wait_for(lambda: Form.of(marisol).lines[0] == refused)


async def test_many_teams_are_turned_page_by_page(adaeze: Person, opens: Opens, sql: Sql) -> None:
    await sql(
        "INSERT INTO teams (workspace_id, name)"
        " SELECT id, 'Team ' || lpad(n::text, 3, '0') FROM workspaces, generate_series(1, 90) n"
    )
    first = await opens(adaeze)
    assert (len(first.lines), first.lines[0].partition(" ·")[0]) == (40, "East")
    await adaeze.presses("teams.list.page", value="1")
    await adaeze.presses("teams.list.page", value="2")
    assert Form.of(adaeze).lines[-1] == WEST_NOW
    await adaeze.presses("teams.list.page", value="1")
    assert Form.of(adaeze).lines[0].startswith("Team 040")


async def test_names_are_shown_as_typed(adaeze: Person, edits: Edits, sql: Sql) -> None:
    wild = "<!channel> *bold* :tada: R&D"
    await sql("UPDATE teams SET name = :name WHERE name = 'West'", name=wild)
    await sql("UPDATE users SET name = :name WHERE slack_id = 'U0ANA000001'", name=wild)
    form = await edits(adaeze, wild)
    assert wild in seen(form.lines[0])
    assert wild in [seen(choice) for choice in form.choices("Remove people")]
