"""What people call themselves and write: shown as typed, pings nobody, breaks nothing."""

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Told
from tests.slack.reading import Form, seen

WILD = [
    "<!channel>",
    "@here and @everyone",
    "<@U0ADAEZE001>",
    "<https://evil.example|click me>",
    "R&D &amp; co",
    "*bold* _it_ ~gone~ `code` ```block```",
    "2 * 3 * 4 *",
    ":tada: Bob :+1: :größe:",
    "שרה כהן",
    "فاطمة (east)",
    "Zoë 🎉🏳️‍🌈 ✨",
    "‮evil‬",
    "'; DROP TABLE users; --",
    "{name} %s \\u0000",
    "W" * 200,
    "&" * 200,
]


async def test_a_name_is_shown_as_typed_wherever_it_stands(
    ana: Person, marisol: Person, priya: Person, sql: Sql, told: Told
) -> None:
    for number, name in enumerate(WILD):
        await sql(
            "UPDATE users SET name = :name WHERE slack_id IN (:ana, :boss)",
            name=name,
            ana=ana.id,
            boss=marisol.id,
        )
        await sql(
            "UPDATE sales_reps SET name = :name WHERE user_id = (SELECT id FROM users WHERE slack_id = :ana)",
            name=name,
            ana=ana.id,
        )
        assert f"Hi {name}!" in seen((await ana.types("/goals help")).text)
        assert f"Only {name}'s manager" in seen((await priya.types("/goals set @ana 20")).text)

        await ana.types(f"/goals set {number + 1}")
        await marisol.types(f"/goals set @ana {number + 50}")
        form = Form.of(marisol)
        assert f"Goals of {name} for" in [seen(label) for label in form.fields]
        assert [seen(hint) for hint in form.hints] == [f"{name} reads it."]
        assert seen((await marisol.submits({"reason": " "})).errors["reason"]) == f"Say why: {name} reads it."
        assert (await marisol.submits({"reason": name})).closed
        dms = [seen(message.plain) for message in await told(ana)]
        assert any(f"Changed by {name}: “{name}”" in dm for dm in dms)
        (news,) = (dm for dm in dms if f" changed your February goals to {number + 50} signups." in dm)
        assert news.startswith(name)
        assert f"The reason: “{name}”" in news


async def test_a_name_turns_into_no_emoji_and_no_bold_type(ana: Person, sql: Sql, told: Told) -> None:
    await sql("UPDATE users SET name = '*Bo* :tada:' WHERE slack_id = :ana", ana=ana.id)
    answer = await ana.types("/goals")
    assert answer.message is not None
    assert "*Bo*" not in answer.message.text
    assert ":tada:" not in answer.message.text


async def test_a_manager_s_name_is_shown_as_typed_too(ana: Person, priya: Person, sql: Sql) -> None:
    for name in WILD:
        await sql(
            "UPDATE users SET name = :name WHERE name = (SELECT m.name FROM users m JOIN teams t"
            " ON t.manager_id = m.id WHERE t.name = 'West')",
            name=name,
        )
        assert f"Ask {name}, who can change them." in seen((await priya.types("/goals set @ana 20")).text)


async def test_reasons_of_many_lines_and_of_the_greatest_length(
    ana: Person, marisol: Person, told: Told
) -> None:
    for signups, reason in enumerate(["one\n> two\n• three\n\n\n```four```", "&" * 500, "é" * 500], 1):
        await marisol.types("/goals set @ana")
        assert (await marisol.submits({"signup_goal": signups, "reason": reason})).closed
        (confirmation, *_) = await told(ana)
        assert f"“{reason}”" in seen(confirmation.plain)
    await marisol.types("/goals set @ana 9")
    assert "no more than 500" in (await marisol.submits({"reason": "x" * 501})).errors["reason"]


async def test_names_that_slack_gives_are_taken_as_they_are(sandbox: Sandbox, jonas: Person) -> None:
    for number, name in enumerate(WILD[:-2]):
        person = sandbox.slack.workspace.users["U0JONAS0001"]
        sandbox.slack.workspace.users[f"U0WILD{number:05}"] = type(person)(
            f"U0WILD{number:05}", f"wild{number}", name
        )
        answer = await sandbox.person(f"U0WILD{number:05}").types("/goals")
        assert f"Hi {name.strip()}!" in seen(answer.text)
