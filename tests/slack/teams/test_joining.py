"""Who is on no team asks to join one, and whoever decides does so in a direct message."""

from sandbox import Answer, Message, Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Told
from tests.slack.reading import Form, seen
from tests.slack.reminders.conftest import buttons
from tests.slack.teams.conftest import Members


async def asks(person: Person, team: str, sql: Sql, *, typed: str = "/goals") -> str:
    """Presses what the answer offers, chooses the team, and is told what happens now."""
    answer = await person.types(typed)
    await person.presses("teams.join.open", answer.message)
    team_id = await sql.value("SELECT id FROM teams WHERE name = :team", team=team)
    submitted = await person.submits({"team": str(team_id)})
    return submitted.errors["team"] if submitted.errors else ""


async def news(told: Told, person: Person) -> Message:
    """The newest direct message of somebody."""
    return (await told(person))[-1]


async def test_goals_offers_to_ask_whatever_was_typed(jonas: Person, ana: Person, adaeze: Person) -> None:
    for typed in ("/goals", "/goals set", "/goals set 20", "/goals help"):
        answer = await jonas.types(typed)
        assert answer.message is not None
        assert buttons(answer.message) == ["Ask to join a team"], typed
        assert "You are not on a sales team yet." in answer.message.text
    for person, pressable in ((ana, []), (adaeze, ["Set up Goalkeeper"])):
        answer = await person.types("/goals help")
        assert answer.message is not None
        assert buttons(answer.message) == pressable


async def test_the_manager_adds_who_asked(
    jonas: Person, marisol: Person, sql: Sql, told: Told, members: Members, sandbox: Sandbox
) -> None:
    await jonas.types("/goals set")
    await jonas.presses("teams.join.open")
    assert Form.of(jonas).choices("Team") == ["East (Tomasz Wójcik)", "West (Marisol Peña)"]
    await asks(jonas, "West", sql)
    whispered = await sandbox.wait_for(
        lambda: [each.text for each in jonas.dms() if each.only_for and "I've asked" in each.text]
    )
    assert whispered == ["🙋 I've asked Marisol Peña to add you to team *West*. I'll tell you."]
    wish = await news(told, marisol)
    assert wish.text == "🙋 *Jonas Lindqvist* asks to join team *West*."
    assert buttons(wish) == ["Add", "Decline"]

    assert (await marisol.presses("teams.join.add", wish)).messages == []
    assert "Jonas Lindqvist" in await members("West")
    done = await news(told, marisol)
    assert done.ts == wish.ts
    assert (done.text, buttons(done)) == ("✅ Marisol Peña added *Jonas Lindqvist* to team *West*.", [])
    assert (await news(told, jonas)).text.startswith("🎉 Marisol Peña added you to team *West*.")
    assert "February goals set: 20 signups" in (await jonas.types("/goals set 20")).text


async def test_the_manager_declines(
    jonas: Person, marisol: Person, sql: Sql, told: Told, members: Members
) -> None:
    await asks(jonas, "West", sql)
    await marisol.presses("teams.join.decline", await news(told, marisol))
    assert (await news(told, marisol)).text == (
        "Marisol Peña declined: Jonas Lindqvist does not join team West."
    )
    assert (await news(told, jonas)).text.startswith("Marisol Peña declined that you join team *West*.")
    assert "Jonas Lindqvist" not in await members("West")


async def test_pressed_twice_and_both_ways_it_is_decided_once(
    jonas: Person, marisol: Person, sql: Sql, told: Told, sandbox: Sandbox
) -> None:
    await asks(jonas, "West", sql)
    wish = await news(told, marisol)
    await marisol.presses("teams.join.add", wish)
    for button in ("teams.join.add", "teams.join.decline"):
        answer = await again(marisol, button, wish, sandbox)
        assert answer == "Marisol Peña added Jonas Lindqvist to West already."
    assert await sql.value("SELECT count(*) FROM team_memberships WHERE started_on = '2026-02-03'") == 1
    assert len(await told(jonas)) == 1


async def again(person: Person, button: str, message: Message, sandbox: Sandbox) -> str:
    """Presses a button of a message as it was before; what they are told."""
    answer: Answer = await person.presses(button, message)
    return seen(await sandbox.wait_for(lambda: answer.text))


async def test_asking_twice_is_said_beside_the_team(
    jonas: Person, marisol: Person, sql: Sql, told: Told
) -> None:
    assert await asks(jonas, "West", sql) == ""
    assert "You have asked to join that team already" in await asks(jonas, "West", sql)
    assert Form.of(jonas).lines[-1] == "Asked already, and not decided yet: West."
    assert len(await told(marisol)) == 1


async def test_after_the_manager_changed_the_new_one_decides(
    jonas: Person, marisol: Person, tomasz: Person, adaeze: Person, sql: Sql, told: Told, sandbox: Sandbox
) -> None:
    await asks(jonas, "West", sql)
    wish = await news(told, marisol)
    await sql(
        "UPDATE teams SET manager_id = (SELECT id FROM users WHERE slack_id = :who) WHERE name = 'West'",
        who=tomasz.id,
    )
    assert await again(marisol, "teams.join.add", wish, sandbox) == (
        "Tomasz Wójcik manages West now, so this is not yours to decide. An admin can, too."
    )
    assert await sql.value("SELECT count(*) FROM join_requests WHERE decided_at IS NULL") == 1


async def test_who_was_added_or_left_meanwhile_is_not_added(
    jonas: Person, marisol: Person, sql: Sql, told: Told, members: Members, sandbox: Sandbox
) -> None:
    await asks(jonas, "West", sql)
    wish = await news(told, marisol)
    await sandbox.events.changed(jonas.user, deleted=True)
    await marisol.presses("teams.join.add", wish)
    assert (await news(told, marisol)).text == (
        "Jonas Lindqvist asked to join team West, and is not active here any more."
    )
    assert "Jonas Lindqvist" not in await members("West")


async def test_without_a_manager_the_admins_decide(
    jonas: Person, marisol: Person, adaeze: Person, sql: Sql, told: Told, members: Members, sandbox: Sandbox
) -> None:
    await sandbox.events.changed(marisol.user, deleted=True)
    await asks(jonas, "West", sql)
    await adaeze.presses("teams.join.add", await news(told, adaeze))
    assert "Jonas Lindqvist" in await members("West")


async def test_what_a_manager_who_leaves_has_not_decided_is_for_the_admins(
    jonas: Person, marisol: Person, adaeze: Person, sql: Sql, told: Told, members: Members, sandbox: Sandbox
) -> None:
    await asks(jonas, "West", sql)
    assert len(await told(marisol)) == 1
    await sandbox.events.changed(marisol.user, deleted=True)
    wish = await news(told, adaeze)
    assert wish.text == "🙋 *Jonas Lindqvist* asks to join team *West*."
    await adaeze.presses("teams.join.add", wish)
    assert "Jonas Lindqvist" in await members("West")


async def test_an_old_offer_is_answered_to_who_is_on_a_team_by_now(
    jonas: Person, marisol: Person, sql: Sql, told: Told, sandbox: Sandbox
) -> None:
    offer = (await jonas.types("/goals")).message
    assert offer is not None
    await asks(jonas, "West", sql)
    await marisol.presses("teams.join.add", await news(told, marisol))
    assert (await again(jonas, "teams.join.open", offer, sandbox)).startswith("You are on West already.")


async def test_where_there_are_no_teams_it_says_so(jonas: Person, sql: Sql) -> None:
    await sql("DELETE FROM team_memberships")
    await sql("DELETE FROM teams")
    await jonas.types("/goals")
    await jonas.presses("teams.join.open")
    assert Form.of(jonas).lines == [
        "There are no teams yet: an admin makes them with /goals setup. Ask Adaeze Okafor."
    ]


async def test_hundreds_of_teams_can_be_chosen_from(
    jonas: Person, marisol: Person, sql: Sql, told: Told
) -> None:
    await sql(
        "INSERT INTO teams (workspace_id, name)"
        " SELECT id, 'Team ' || lpad(n::text, 3, '0') FROM workspaces, generate_series(1, 250) n"
    )
    assert await asks(jonas, "West", sql) == ""
    assert len(await told(marisol)) == 1
