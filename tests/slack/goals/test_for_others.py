"""Managers and admins set goals for reps; the rep is told who and why."""

import pytest

from bot.app import Bot
from sandbox import Person, Sandbox, User
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form

CHANGES = "SELECT count(*) FROM goal_changes"


async def test_a_manager_sets_goals_for_a_rep_with_a_reason(
    ana: Person, marisol: Person, told: Told, sql: Sql
) -> None:
    await marisol.types("/goals set @ana")
    form = Form.of(marisol)
    assert form.fields == {
        "Goals of Ana Souza for": "February 2026",
        "Signups": "20",
        "Revenue (USD)": None,
        "Bonus tier to aim at": "No tier",
        "Reason": None,
    }
    assert form.hints == ["Ana Souza reads it."]
    assert (await marisol.submits()).errors == {"reason": "Please complete this required field."}
    assert (await marisol.submits({"reason": " \n "})).errors == {"reason": "Say why: Ana Souza reads it."}
    assert (await marisol.submits({"signup_goal": 22, "reason": "You are on leave."})).closed

    (confirmation,) = await told(ana)
    assert confirmation.text == (
        "✅ *February goals set:* 22 signups\n"
        "Set by Marisol Peña: “You are on leave.”\n"
        "Set in time. You can change them until Fri, Feb 6, 11:59 PM."
    )
    assert await told(marisol) == []
    [row] = await sql(
        "SELECT u.name, m.goal_set_by = u.id FROM goal_changes c"
        "  JOIN users u ON u.id = c.changed_by JOIN rep_monthly_goals m USING (sales_rep_id)"
    )
    assert tuple(row) == ("Marisol Peña", True)


async def test_figures_typed_with_the_name_are_in_the_form(ana: Person, marisol: Person) -> None:
    await marisol.types("/goals set @ana yearly 250 600k")
    assert Form.of(marisol).fields == {
        "Goals of Ana Souza for": "The year 2026",
        "Signups": "250",
        "Revenue (USD)": "600,000",
        "Reason": None,
    }


async def test_goals_already_set_are_edited_and_told_anew(
    ana: Person, marisol: Person, told: Told, clock: Clock, sql: Sql
) -> None:
    await ana.types("/goals set 20 50k 3")
    (confirmation,) = await told(ana)
    await clock.at(2026, 2, 20, 12)
    await marisol.types("/goals set @ana 15")
    assert Form.of(marisol).lines == ["The deadline was Fri, Feb 6, 11:59 PM."]
    await marisol.submits({"reason": "Two accounts moved to East"})

    edited, news = await told(ana)
    assert edited.ts == confirmation.ts
    assert edited.text.splitlines() == [
        "✅ *February goals set:* 15 signups · $50,000 · tier 3",
        "Changed by Marisol Peña: “Two accounts moved to East”",
        "Set in time: the deadline was Fri, Feb 6, 11:59 PM.",
        "Before: 20 signups · $50,000 · tier 3.",
    ]
    assert news.text == (
        "Marisol Peña changed your February goals to 15 signups · $50,000 · tier 3.\n"
        "The reason: “Two accounts moved to East”\n"
        "Before: 20 signups · $50,000 · tier 3."
    )
    [row] = await sql(
        "SELECT set_by_deadline, goal_set_by = (SELECT id FROM users WHERE name = 'Ana Souza')"
        "  FROM rep_monthly_goals"
    )
    assert tuple(row) == (True, True)


async def test_a_reason_for_what_is_so_already_is_not_dropped_in_silence(
    ana: Person, marisol: Person, told: Told, sql: Sql
) -> None:
    await ana.types("/goals set 20")
    await marisol.types("/goals set @ana")
    submission = await marisol.submits({"reason": "I agree"})
    assert submission.errors == {
        "signup_goal:2026-02": "Ana Souza's goals for February 2026 are these already."
    }
    assert (await marisol.submits({"signup_goal": 21, "reason": "One more"})).closed
    assert await sql.value(CHANGES) == 2
    assert len(await told(ana)) == 2


async def test_every_change_by_somebody_else_is_told_once(ana: Person, marisol: Person, told: Told) -> None:
    await ana.types("/goals set 20")
    await told(ana)
    for signups in (21, 22):
        await marisol.types(f"/goals set @ana {signups}")
        await marisol.submits({"reason": f"{signups} it is"})
    confirmation, *news = await told(ana)
    assert confirmation.text.startswith("✅ *February goals set:* 22 signups\n")
    assert [one.text.splitlines()[1] for one in news] == [
        "The reason: “21 it is”",
        "The reason: “22 it is”",
    ]


async def test_an_admin_may_set_anybody_s(ana: Person, adaeze: Person, told: Told) -> None:
    await adaeze.types("/goals set @Ana Souza 40")
    assert (await adaeze.submits({"reason": "New plan"})).closed
    assert "Set by Adaeze Okafor: “New plan”" in (await told(ana))[0].text


async def test_others_are_refused_with_whom_to_ask(
    ana: Person, tomasz: Person, priya: Person, jonas: Person, sql: Sql
) -> None:
    refused = (
        "Only Ana Souza's manager or an admin can set goals for Ana Souza. "
        "Ask Marisol Peña, who can change them."
    )
    for somebody in (tomasz, priya, jonas):
        assert (await somebody.types("/goals set @ana 20")).text == refused
        assert (await somebody.types("/goals set @ana")).text == refused
        assert somebody.view is None
    assert await sql.value(CHANGES) == 0


async def test_rights_are_judged_when_the_form_is_saved(ana: Person, marisol: Person, sql: Sql) -> None:
    await marisol.types("/goals set @ana")
    await sql("UPDATE teams SET manager_id = NULL")
    submission = await marisol.submits({"reason": "Still mine?"})
    assert submission.errors == {
        "goal": "Only Ana Souza's manager or an admin can set goals for Ana Souza. "
        "Ask an admin of Goalkeeper, who can change them."
    }
    assert await sql.value(CHANGES) == 0


async def test_a_rep_who_names_herself_sets_her_own(ana: Person) -> None:
    assert "✅ February goals set: 20 signups" in (await ana.types("/goals set @ana 20")).text


async def test_who_carries_no_goals_cannot_be_set_any(
    marisol: Person, adaeze: Person, jonas: Person, renske: Person, sql: Sql, bot: Bot
) -> None:
    for name in ("Jonas Lindqvist", "Renske de Vries", "Tomasz Wójcik", "goalkeeper"):
        text = (await adaeze.types(f"/goals set @{name} 20")).text
        assert "so there are no goals to set." in text
        assert ("can add them. They can type /goals setup." in text) is (
            name not in ("Renske de Vries", "goalkeeper")
        )


async def test_names_that_lead_to_nobody_are_said_so(marisol: Person, sandbox: Sandbox) -> None:
    answer = await marisol.types("/goals set @nobody 20")
    assert answer.text == "I don't know @nobody. Type @ and pick the name from the list that Slack offers."
    answer = await marisol.types("/goals set @here 20")
    assert answer.text.startswith("I don't know @here.")
    answer = await marisol.types("/goals set @ana @noah 20")
    assert answer.text == "Goals are set for one person at a time. Name one, like /goals set @ana."
    gone = sandbox.slack.workspace.users.pop("U0JONAS0001")
    sandbox.slack.workspace.users["U0JONAS0002"] = gone
    gone.id = "U0JONAS0002"
    assert "jonas" in (await marisol.types("/goals set @jonas 20")).text.lower()


async def test_a_new_colleague_is_met_and_has_no_goals_yet(marisol: Person, sandbox: Sandbox) -> None:
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    answer = await marisol.types("/goals set @petra 20")
    assert answer.text.startswith("Petra Novák is not on a sales team")
    assert len(sandbox.calls_to("users.info")) == 1


async def test_who_left_has_no_goals_to_set(ana: Person, marisol: Person, bot: Bot, sandbox: Sandbox) -> None:
    await sandbox.deactivate(ana)
    await bot.directory.meet_everyone()
    answer = await marisol.types("/goals set @ana 20")
    assert answer.text.startswith("Ana Souza is not on a sales team, so there are no goals to set.")


async def test_people_of_other_workspaces_are_refused(sandbox: Sandbox, bot: Bot, sql: Sql) -> None:
    stranger = User("U0STRANGER1", "sten", "Sten Stranger", is_stranger=True, team_id="T0ELSEWHERE")
    sandbox.slack.workspace.users[stranger.id] = stranger
    await sandbox.person("sten").types("/goals set 20")
    assert await sql.value(CHANGES) == 0
    # Through Slack Connect a button reaches us under the workspace it was posted in.
    stranger.team_id = None
    answer = await sandbox.person("sten").types("/goals set 20")
    assert answer.text.startswith(
        "Goalkeeper is for members of this workspace; your account belongs to another"
    )


@pytest.mark.parametrize("standing", ["guest", "external", "bot"])
async def test_a_rep_who_has_become_a_guest_is_refused(ana: Person, sql: Sql, standing: str) -> None:
    await sql("UPDATE users SET standing = :standing WHERE name = 'Ana Souza'", standing=standing)
    assert "Ask an admin if that should change." in (await ana.types("/goals set 20")).text
    assert await sql.value(CHANGES) == 0
