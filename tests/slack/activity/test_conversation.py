"""Numbers written to Goalkeeper in its direct conversation."""

from sandbox import Person
from tests.conftest import Sql
from tests.slack.activity.conftest import Presses
from tests.slack.activity.test_line import ledger
from tests.slack.direct.conftest import Asks, asks  # noqa: F401
from tests.slack.reading import Form


async def test_the_same_words_work_without_the_slash(
    ana: Person,
    asks: Asks,  # noqa: F811
    sql: Sql,
    presses: Presses,
) -> None:
    answered = await asks(ana, "log 2 signups, $4k Acme & sons")
    assert answered.startswith("✅ Logged 2 signups\n✅ Logged $4,000 in revenue: “Acme & sons”\nFebruary: ")
    assert await asks(ana, "log 1 signup") != ""
    assert [entry[2] for entry in await ledger(sql)] == [2, 4000, 1]
    first = next(message for message in ana.dms() if "Logged 2 signups" in message.plain)
    assert (await presses(ana, "activity.entry.undo", first)).startswith("↩️ Took back 2 signups and $4,000")


async def test_without_the_word_nothing_is_logged_before_the_form_is_sent(
    ana: Person,
    asks: Asks,  # noqa: F811
    sql: Sql,
) -> None:
    assert (await asks(ana, "3 calls yesterday with Acme")).endswith("Nothing is saved yet.\nLog it")
    await ana.presses("commands.log")
    assert Form.of(ana).fields == {
        "Metric": "Calls",
        "Amount": "3",
        "Day": "2026-02-02",
        "Note": "with Acme",
        "Shared with": None,
        "Shares in percent": None,
    }
    assert await ledger(sql) == []
    assert (await ana.submits()).closed
    assert await ledger(sql) == [("Ana Souza", "calls", 3, "2026-02-02", "with Acme")]


async def test_several_figures_are_logged_by_a_button_that_counts_once(
    ana: Person,
    asks: Asks,  # noqa: F811
    sql: Sql,
    presses: Presses,
) -> None:
    await asks(ana, "2 signups, $4k Acme")
    asked = await presses(ana, "commands.log", None)
    assert asked == "Log 2 signups and $4,000 in revenue? Nothing is logged yet.\nYes, log it"
    assert await ledger(sql) == []
    question = next(message for message in reversed(ana.dms()) if message.only_for)
    for _ in range(2):
        await presses(ana, "activity.log.confirm", question)
    assert [entry[1:3] for entry in await ledger(sql)] == [("signups", 2), ("revenue", 4000)]


async def test_the_word_alone_offers_the_form(ana: Person, asks: Asks, sql: Sql) -> None:  # noqa: F811
    assert "Log a number" in await asks(ana, "log")
    await ana.presses("commands.log")
    assert Form.of(ana).fields["Metric"] == "Signups"
