"""Metrics in `/goals setup`: switched on and off, added, divided, and fed."""

from sandbox import Person
from tests.conftest import Sql
from tests.slack.reading import Form
from tests.slack.setup.conftest import History, Shows, opens

CHANGE = "setup.metrics.change"


async def changes(person: Person, what: str) -> None:
    """Use the menu of a metric: `off:calls`."""
    [block_id] = menus_with(person, what)
    assert (await person.chooses(CHANGE, what, block_id=block_id)).error is None


def menus_with(person: Person, what: str) -> list[str]:
    """The blocks whose menu offers this."""
    assert person.view is not None
    return [
        block["block_id"]
        for block in person.view["blocks"]
        if what in [option["value"] for option in block.get("accessory", {}).get("options", ())]
    ]


async def test_every_metric_is_listed_with_what_it_is(adaeze: Person) -> None:
    lines = (await opens(adaeze, "metrics")).lines
    assert lines[1:7] == [
        "✅ Signups · count",
        "✅ Revenue · money",
        "✅ Deals · count",
        "✅ Calls · count",
        "✅ Meetings · count",
        "▫️ Leads · count · switched off",
    ]
    assert (
        "▫️ Win rate · percent · Opportunities won ÷ (Opportunities won + Opportunities lost) · switched off"
        in lines
    )


async def test_what_is_switched_on_can_be_logged_at_once(
    adaeze: Person, ana: Person, shows: Shows, history: History
) -> None:
    await opens(adaeze, "metrics")
    await changes(adaeze, "on:leads")
    await shows(adaeze, "✅ Leads · count")
    assert (await ana.types("/goals log 3 leads")).text.startswith("✅ Logged 3 leads")
    assert await history() == [("Adaeze Okafor", "metric", "leads", False, True)]
    await adaeze.closes()
    await shows(adaeze, "Signups, Revenue, Deals, Leads, Calls, Meetings")


async def test_what_is_switched_off_is_no_longer_understood(
    adaeze: Person, ana: Person, shows: Shows
) -> None:
    await opens(adaeze, "metrics")
    await changes(adaeze, "off:calls")
    await shows(adaeze, "▫️ Calls · count · switched off")
    assert (await ana.types("/goals log 3 calls")).text.startswith("I don't recognize “calls”.")


async def test_goals_are_about_signups_and_revenue_so_they_stay_on(adaeze: Person) -> None:
    await opens(adaeze, "metrics")
    offered = [menus_with(adaeze, f"off:{code}") for code in ("signups", "revenue", "deals")]
    assert [bool(menus) for menus in offered] == [False, False, True]


async def test_a_metric_of_their_own_is_added_and_logged(adaeze: Person, ana: Person, shows: Shows) -> None:
    await opens(adaeze, "metrics")
    await adaeze.presses("setup.metrics.add")
    assert (await adaeze.submits({"label": "calls"})).errors == {
        "label": "There's already a metric called calls."
    }
    assert (await adaeze.submits({"label": "Demo fees", "unit": "money"})).closed
    await shows(adaeze, "✅ Demo fees · money")
    assert (await ana.types("/goals log $500 demo fees")).text.startswith("✅ Logged $500 in demo fees")


async def test_a_quotient_divides_sums(adaeze: Person, shows: Shows) -> None:
    await opens(adaeze, "metrics")
    await adaeze.presses("setup.metrics.divide")
    wrong = await adaeze.submits({"label": "Mix", "parts": ["revenue", "calls"], "below": ["deals"]})
    assert wrong.errors == {"parts": "Money and counts can't be added up."}
    assert (await adaeze.submits({"label": "Close rate", "parts": ["deals"], "below": ["meetings"]})).closed
    await shows(adaeze, "✅ Close rate · percent · Deals ÷ Meetings")


async def test_a_source_takes_the_place_of_logging_by_hand(
    adaeze: Person, ana: Person, shows: Shows, history: History
) -> None:
    await opens(adaeze, "metrics")
    await changes(adaeze, "feed:revenue")
    assert (await adaeze.submits({"feeder": "Salesforce"})).closed
    await shows(adaeze, "✅ Revenue · money · from salesforce")
    refused = await ana.types("/goals log $5k")
    assert refused.text.startswith("Revenue comes from salesforce, so it isn't logged by hand.")
    await changes(adaeze, "feed:revenue")
    assert Form.of(adaeze).fields == {"Source": "salesforce"}
    assert (await adaeze.submits({"feeder": None})).closed
    assert (await ana.types("/goals log $5k")).text.startswith("✅ Logged $5,000 in revenue")
    assert [change[2:] for change in await history()] == [
        ("revenue.feeder", "people", "salesforce"),
        ("revenue.feeder", "salesforce", "people"),
    ]


async def test_an_admin_sees_what_another_has_changed_before_saving(
    adaeze: Person, second: Person, sql: Sql
) -> None:
    for person in (adaeze, second):
        await opens(person, "metrics")
        await changes(person, "feed:calls")
    assert (await adaeze.submits({"feeder": "dialer"})).closed
    assert not (await second.submits({"feeder": "phone"})).closed
    form = Form.of(second)
    assert form.lines[0].startswith("⚠️ Meanwhile Adaeze Okafor has changed what fills it to dialer.")
    assert form.fields == {"Source": "phone"}
    assert await sql.value("SELECT feeder FROM metrics WHERE code = 'calls'") == "dialer"
    assert (await second.submits()).closed
    assert await sql.value("SELECT feeder FROM metrics WHERE code = 'calls'") == "phone"


async def test_somebody_who_is_an_admin_no_longer_changes_nothing(
    second: Person, sql: Sql, history: History
) -> None:
    await opens(second, "metrics")
    await sql("UPDATE users SET named_admin = false WHERE slack_id = :id", id=second.id)
    await changes(second, "off:calls")
    assert await sql.value("SELECT is_on FROM metrics WHERE code = 'calls'")
    assert await history() == []
