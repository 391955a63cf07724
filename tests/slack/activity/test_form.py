"""`/goals log` alone and the shortcut on a message: the form."""

from typing import Any

import pytest

from bot.app import Bot
from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.activity.conftest import Whispered
from tests.slack.activity.test_line import ledger
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form


async def opens(person: Person) -> Form:
    """The form that `/goals log` opens."""
    assert (await person.types("/goals log")).error is None
    return Form.of(person)


async def test_a_rep_sees_the_metrics_that_are_logged_and_today(ana: Person) -> None:
    form = await opens(ana)
    assert form.fields == {
        "Metric": "Signups",
        "Amount": None,
        "Day": "2026-02-03",
        "Note": None,
        "Shared with": None,
        "Shares in percent": None,
    }
    assert form.choices("Metric") == ["Signups", "Revenue", "Deals", "Calls", "Meetings"]


async def test_what_is_sent_off_is_logged_and_answered(ana: Person, sql: Sql, whispered: Whispered) -> None:
    await opens(ana)
    sent = await ana.submits({"metric": "revenue", "amount": "$5k", "day": "2026-02-02", "note": "Acme"})
    assert sent.closed
    assert await whispered(ana, "✅ Logged $5,000 in revenue (yesterday): “Acme”\nFebruary: $5,000\n")
    assert await ledger(sql) == [("Ana Souza", "revenue", 5000, "2026-02-02", "Acme")]


MISTAKES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"amount": "lots"}, {"amount:0": "I couldn't read “lots” as a number. Try 2."}),
    ({"amount": "$5"}, {"amount:0": "Signups are counted, so leave out the currency."}),
    ({"amount": "2 calls"}, {"amount:0": "I couldn't read “2 calls” as a number. Try 2."}),
    ({"amount": "0"}, {"amount:0": "0 changes nothing, so there is nothing to log."}),
    (
        {"amount": "2", "day": "2026-02-04"},
        {"day:0": "This day hasn't come yet. Choose today or an earlier day."},
    ),
    (
        {"amount": "2", "day": "2024-02-04"},
        {"day:0": "Ana Souza wasn't on a sales team on that day. Choose another day."},
    ),
    ({"amount": "2", "shares": "60 40"}, {"shared_with:0": "Choose the reps who share this."}),
]


@pytest.mark.parametrize(("filled", "errors"), MISTAKES)
async def test_mistakes_are_named_beside_their_fields(
    ana: Person, sql: Sql, filled: dict[str, Any], errors: dict[str, str]
) -> None:
    await opens(ana)
    assert (await ana.submits(filled)).errors == errors
    assert await ledger(sql) == []


async def test_shares_are_checked_beside_their_field(ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    noah = sandbox.person("Noah Bergström").id
    await opens(ana)
    deal = {"metric": "revenue", "amount": "100", "shared_with": [noah]}
    assert (await ana.submits({**deal, "shares": "60"})).errors == {
        "shares:0": "Give 2 shares, one for each rep, like “50 50”."
    }
    assert (await ana.submits({**deal, "shares": "60 30"})).errors == {
        "shares:0": "The shares add up to 90. They have to make 100."
    }
    assert (await ana.submits({**deal, "shares": "60/40"})).closed
    assert [entry[:3] for entry in await ledger(sql)] == [
        ("Ana Souza", "revenue", 60),
        ("Noah Bergström", "revenue", 40),
    ]


async def test_without_shares_a_deal_is_shared_equally(ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    others = [sandbox.person("Noah Bergström").id, sandbox.person("Leilani Kealoha").id]
    await opens(ana)
    assert (await ana.submits({"metric": "revenue", "amount": "100", "shared_with": others})).closed
    assert [entry[2] for entry in await ledger(sql)] == [33.33, 33.33, 33.34]


async def test_a_large_amount_is_asked_about_in_the_form(ana: Person, sql: Sql) -> None:
    await opens(ana)
    first = await ana.submits({"amount": "2000", "note": "The big one"})
    assert not first.closed
    form = Form.of(ana)
    assert form.lines == ["⚠️ Really 2,000 signups? Nothing is logged yet. If it's right, press Yes, log it."]
    assert (form.fields["Amount"], form.fields["Note"]) == ("2000", "The big one")
    assert await ledger(sql) == []
    other = await ana.submits({"amount": "3000"})
    assert not other.closed
    assert (await ana.submits()).closed
    assert [entry[2] for entry in await ledger(sql)] == [3000]


async def test_a_form_sent_twice_counts_once(ana: Person, bot: Bot, sandbox: Sandbox, sql: Sql) -> None:
    await opens(ana)
    view = sandbox.slack.views.stack(ana.id)[-1]
    assert (await ana.submits({"amount": "2"})).closed
    sandbox.slack.views.stack(ana.id).append(view)
    again = await sandbox.interactions.submit(view, {})
    assert again.status == 200
    assert [entry[2] for entry in await ledger(sql)] == [2]


async def test_a_manager_says_whose_numbers_they_are(
    marisol: Person, ana: Person, sql: Sql, told: Told
) -> None:
    form = await opens(marisol)
    assert "Whose numbers?" in form.fields
    assert (await marisol.submits({"rep": ana.id, "amount": "2"})).closed
    assert [entry[:3] for entry in await ledger(sql)] == [("Ana Souza", "signups", 2)]
    (message,) = await told(ana)
    assert message.text.startswith("📥 Marisol Peña logged *2 signups* for you.")


async def test_a_manager_of_other_reps_is_refused_beside_the_field(
    tomasz: Person, ana: Person, jonas: Person, sql: Sql
) -> None:
    await opens(tomasz)
    refused = await tomasz.submits({"rep": ana.id, "amount": "2"})
    assert list(refused.errors) == ["rep:0"]
    nobody = await tomasz.submits({"rep": jonas.id, "amount": "2"})
    assert nobody.errors["rep:0"].startswith("Jonas Lindqvist isn't on a sales team")
    assert await ledger(sql) == []


async def test_naming_a_rep_opens_the_form_for_them(marisol: Person, ana: Person) -> None:
    await marisol.types("/goals log @Ana Souza")
    assert marisol.view is not None
    assert (await marisol.submits({"amount": "2"})).closed


async def test_a_metric_that_is_switched_off_meanwhile_is_refused(ana: Person, sql: Sql) -> None:
    await opens(ana)
    await sql("UPDATE metrics SET is_on = false WHERE code = 'calls'")
    refused = await ana.submits({"metric": "calls", "amount": "2"})
    assert list(refused.errors) == ["metric:0"]
    assert await ledger(sql) == []


async def test_the_shortcut_opens_the_form_with_the_message_as_note(
    ana: Person, sandbox: Sandbox, sql: Sql
) -> None:
    message = ana.says("Signed with Acme & sons :tada:", "#team-west")
    assert (await ana.uses_shortcut("activity.log.message", message)).error is None
    assert Form.of(ana).fields["Note"] == "Signed with Acme & sons :tada:"
    assert (await ana.submits({"metric": "deals", "amount": "1"})).closed
    assert await ledger(sql) == [("Ana Souza", "deals", 1, "2026-02-03", "Signed with Acme & sons :tada:")]


async def test_a_manager_who_uses_it_on_a_rep_s_message_logs_for_the_rep(
    ana: Person, marisol: Person, sql: Sql
) -> None:
    message = ana.says("Signed with Acme", "#team-west")
    await marisol.uses_shortcut("activity.log.message", message)
    assert (await marisol.submits({"metric": "deals", "amount": "1"})).closed
    assert [entry[:2] for entry in await ledger(sql)] == [("Ana Souza", "deals")]


async def test_the_shortcut_tells_people_on_no_team_whom_to_ask(
    jonas: Person, sandbox: Sandbox, ana: Person
) -> None:
    channel = next(
        one for one in sandbox.slack.directory.of(jonas.id) if not one.is_im and not one.is_archived
    )
    message = jonas.says("Hello", channel.id)
    used = await jonas.uses_shortcut("activity.log.message", message)
    assert (await sandbox.wait_for(lambda: used.text)).startswith("You are not on a sales team yet.")


async def test_the_day_of_the_form_is_the_rep_s_own(priya: Person, clock: Clock) -> None:
    await clock.at(2026, 2, 3, 20)
    assert (await opens(priya)).fields["Day"] == "2026-02-04"
