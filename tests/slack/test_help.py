"""`/goals help`, and what a typo may have meant."""

from sandbox import Person, Sandbox, User
from tests.slack.reading import seen


async def test_a_rep_sees_what_reps_can_do(ana: Person) -> None:
    for typed in (
        "/goals help",
        "/goals HELP",
        "/goals   help  me",
        "/goals ?",
        "/goals /goals help",
    ):
        answer = await ana.types(typed)
        assert answer.text.startswith("Hi Ana Souza! Here is what you can do:\n/goals set")
        assert "/goals set yearly 240 600k" in answer.text
        assert "@rep" not in answer.text


async def test_help_is_for_who_asks_alone(ana: Person, sandbox: Sandbox) -> None:
    await ana.types("/goals", "#team-west")
    assert sandbox.channel("#team-west").messages() == []
    assert len(sandbox.channel("#team-west").messages(ana)) == 1


async def test_help_says_the_same_with_and_without_blocks(ana: Person) -> None:
    answer = await ana.types("/goals help")
    assert answer.message is not None
    assert "`/goals set yearly`  this year's goals; or at once: `/goals set yearly 240 600k`" in (
        answer.message.text
    )


async def test_a_manager_sees_how_to_set_goals_for_reps(marisol: Person) -> None:
    text = (await marisol.types("/goals")).text
    assert "/goals set @rep  sets or changes goals for somebody you lead, with a reason" in text
    assert "opens the form for your goals" not in text
    assert "not on a sales team" not in text


async def test_an_admin_is_told_where_reps_come_from(adaeze: Person) -> None:
    text = (await adaeze.types("/goals")).text
    assert "/goals set @rep" in text
    assert "goalkeeper import roster" in text


async def test_who_is_on_no_team_is_told_whom_to_ask(jonas: Person) -> None:
    text = (await jonas.types("/goals")).text
    offer = "You are not on a sales team yet. Ask your manager or an admin to add you.\nAsk to join a team"
    assert text.endswith(offer)
    assert "/goals set" not in text


async def test_a_guest_is_refused_in_a_sentence(renske: Person) -> None:
    answer = await renske.types("/goals")
    assert answer.text == (
        "Goalkeeper is for members of this workspace; your account is a guest's. "
        "Ask an admin if that should change."
    )


async def test_somebody_new_is_met_on_the_way(jonas: Person, sandbox: Sandbox) -> None:
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    answer = await sandbox.person("petra").types("/goals")
    assert answer.text.startswith("Hi Petra Novák!")
    assert [call.args["user"] for call in sandbox.calls_to("users.info")] == ["U0PETRA0001"]
    await sandbox.person("petra").types("/goals")
    assert len(sandbox.calls_to("users.info")) == 1


async def test_a_typo_gets_a_suggestion(ana: Person) -> None:
    for typed, meant in [
        ("/goals hlep", "/goals help"),
        ("/goals sset 20 50k", "/goals set 20 50k"),
        ("/goals SETT yearly 240", "/goals set yearly 240"),
        ("/goals 20 50k 3", "/goals set 20 50k 3"),
        ("/goals $50k", "/goals set $50k"),
        ("/goals yearly 240", "/goals set yearly 240"),
        ("/goals setings", "/goals setup"),
        ("/goals prgress", "/goals progress"),
        ("/goals join", "/goals help"),
    ]:
        answer = await ana.types(typed)
        assert answer.text == f"I don't know “{typed.split()[1]}”. Did you mean {meant}?"
        assert ana.view is None


async def test_what_is_like_nothing_gets_the_way_to_help(ana: Person) -> None:
    for word in ("<!channel>", "@here", "&&&", "*bold*", "`code`", "שלום"):
        answer = await ana.types(f"/goals {word}")
        assert seen(answer.text) == f"I don't know “{word}”. /goals help shows what there is."


async def test_the_word_payload_is_a_word_like_others(ana: Person) -> None:
    assert "I don't know “payload”" in (await ana.types("/goals payload")).text
