"""The settings of the workspace: refused beside the field, saved, and never over one another unseen."""

from typing import Any

import pytest

from sandbox import Person, Sandbox, faults
from tests.conftest import Sql
from tests.slack.conftest import Clock, Queries
from tests.slack.reading import Form
from tests.slack.setup.conftest import History, Shows, opens

SETTINGS = (
    "SELECT time_zone, currency, locale, deadline_day, reminder_time::text, company_channel FROM workspaces"
)
AS_BEFORE = ("America/New_York", "USD", "en_US", 6, "12:00:00", None)


async def stored(sql: Sql) -> tuple[Any, ...]:
    [row] = await sql(SETTINGS)
    return tuple(row)


async def test_the_form_holds_what_is_so(adaeze: Person) -> None:
    form = await opens(adaeze, "settings")
    assert form.fields == {
        "Time zone": "America/New_York",
        "Currency": "USD",
        "Numbers and dates as in": "English (United States)",
        "Deadline day": "6",
        "Reminders go out at": "12:00",
        "Company channel": None,
        "Amounts of money": "Shown in channels",
    }


async def test_what_is_saved_shows_in_the_window_below(
    adaeze: Person, sandbox: Sandbox, sql: Sql, history: History, shows: Shows
) -> None:
    channel = sandbox.slack.directory.channel("#northwind").id
    await opens(adaeze, "settings")
    answer = await adaeze.submits(
        {
            "time_zone": "berlin",
            "currency": "eur",
            "locale": "de_DE",
            "deadline_day": 10,
            "reminder_time": "09:30",
            "company_channel": channel,
        }
    )
    assert answer.closed
    await shows(adaeze, "Europe/Berlin · EUR · German (Germany)")
    await shows(
        adaeze,
        "Goals are due by the end of day 6 of this month, day 10 from März on · reminders at 09:30",
    )
    await shows(adaeze, f"Company channel: #{channel}")
    await shows(adaeze, "💡 What the bonus tiers pay, if you pay bonuses")
    assert await stored(sql) == ("Europe/Berlin", "EUR", "de_DE", 10, "09:30:00", channel)
    assert ("Adaeze Okafor", "workspace", "deadline_day", 6, 10) in await history()
    assert len(await history()) == 6


async def test_a_form_that_is_abandoned_leaves_everything_as_it_was(
    adaeze: Person, sql: Sql, history: History
) -> None:
    await opens(adaeze, "settings")
    await adaeze.submits({"time_zone": "nowhere", "deadline_day": 12})
    await adaeze.closes()
    await adaeze.presses("setup.settings.open")
    assert Form.of(adaeze).fields["Deadline day"] == "6"
    await adaeze.closes(all_views=True)
    assert (await stored(sql), await history()) == (AS_BEFORE, [])


async def test_a_form_that_was_opened_yesterday_counts_from_when_it_is_saved(
    adaeze: Person, clock: Clock, shows: Shows
) -> None:
    await clock.at(2026, 2, 28, 20)
    await opens(adaeze, "settings")
    await clock.at(2026, 3, 1, 9)
    assert (await adaeze.submits({"deadline_day": 10})).closed
    due = "Goals are due by the end of day 6 of this month, day 10 from April on · reminders at 12:00 PM"
    await shows(adaeze, due)


async def test_mistakes_are_named_beside_their_fields(adaeze: Person, sql: Sql) -> None:
    await opens(adaeze, "settings")
    answer = await adaeze.submits({"time_zone": "Europe/Berln", "currency": "euros"})
    assert not answer.closed
    assert answer.errors == {
        "time_zone:0": "I know no time zone “Europe/Berln”. Did you mean Europe/Berlin or Europe/Dublin?",
        "currency:0": "A currency has three letters, like USD or EUR: “euros” is none I know.",
    }
    assert Form.of(adaeze).fields["Time zone"] == "Europe/Berln"
    for day in ("3", "28"):
        assert "deadline_day:0" in (await adaeze.submits({"deadline_day": day})).errors
    assert await stored(sql) == AS_BEFORE


async def test_the_currency_is_no_question_any_more_once_there_are_goals_in_it(
    adaeze: Person, ana: Person, sql: Sql
) -> None:
    await ana.types("/goals set 20 50k")
    form = await opens(adaeze, "settings")
    assert "Currency" not in form.fields
    assert form.lines == ["Currency: USD. It stays, because goals or bonuses already use it."]
    assert (await adaeze.submits({"locale": "en_GB"})).closed


async def test_goals_in_money_that_come_while_the_form_is_open_fix_the_currency(
    adaeze: Person, ana: Person, sql: Sql
) -> None:
    await opens(adaeze, "settings")
    await ana.types("/goals set 20 50k")
    answer = await adaeze.submits({"currency": "EUR"})
    assert answer.errors == {"currency:0": "The currency stays USD, because goals or bonuses already use it."}
    assert await stored(sql) == AS_BEFORE


@pytest.mark.parametrize("trouble", ["not in it", "private", "archived", "shared"])
async def test_a_channel_in_which_the_bot_cannot_post_is_refused_with_the_way_out(
    adaeze: Person, sandbox: Sandbox, sql: Sql, trouble: str
) -> None:
    channel = sandbox.slack.directory.channel("#northwind")
    channel.is_archived = trouble == "archived"
    channel.is_ext_shared = trouble == "shared"
    channel.is_private = trouble == "private"
    if trouble in ("not in it", "private"):
        channel.members.remove(sandbox.slack.workspace.bot_user_id)
    await opens(adaeze, "settings")
    answer = await adaeze.submits({"company_channel": channel.id, "deadline_day": 12})
    [problem] = answer.errors.values()
    words = {
        "not in it": "I am not in #northwind yet. Type /invite @goalkeeper in it",
        "private": "type /invite @goalkeeper in it",
        "archived": "That channel is archived.",
        "shared": "shared with another company",
    }
    assert words[trouble] in problem
    assert list(answer.errors) == ["company_channel:0"]
    assert Form.of(adaeze).fields["Deadline day"] == "12"
    assert await stored(sql) == AS_BEFORE
    if trouble == "not in it":
        channel.members.append(sandbox.slack.workspace.bot_user_id)
        assert (await adaeze.submits()).closed


async def test_a_slow_slack_is_not_waited_for_and_what_was_typed_stays(
    adaeze: Person, sandbox: Sandbox, sql: Sql
) -> None:
    await opens(adaeze, "settings")
    sandbox.faults.next("conversations.info", faults.hang())
    channel = sandbox.slack.directory.channel("#northwind").id
    answer = await adaeze.submits({"company_channel": channel, "deadline_day": 12})
    sandbox.faults.clear()
    assert answer.errors["company_channel:0"].startswith("Slack didn't say in time")
    assert await stored(sql) == AS_BEFORE
    assert (await adaeze.submits()).closed


async def test_slack_is_not_asked_about_a_channel_that_stays(
    adaeze: Person, sandbox: Sandbox, sql: Sql
) -> None:
    await sql("UPDATE workspaces SET company_channel = 'C0GONE'")
    await opens(adaeze, "settings")
    assert (await adaeze.submits({"locale": "en_GB"})).closed
    assert sandbox.calls_to("conversations.info") == []
    await opens(adaeze, "settings")
    assert (await adaeze.submits({"company_channel": None})).closed
    assert (await stored(sql))[-1] is None


async def test_of_two_who_save_at_once_the_second_sees_what_changed(
    adaeze: Person, second: Person, sql: Sql, shows: Shows
) -> None:
    for person in (adaeze, second):
        await opens(person, "settings")
    assert (await adaeze.submits({"currency": "EUR", "deadline_day": 10})).closed
    answer = await second.submits({"deadline_day": 12, "time_zone": "Asia/Tokyo"})
    assert not answer.closed
    form = Form.of(second)
    assert form.lines == [
        "⚠️ Meanwhile Adaeze Okafor has changed the currency to EUR, the deadline day to 10. "
        "What you typed is kept, and nothing is saved yet: look it over and save."
    ]
    assert (form.fields["Currency"], form.fields["Deadline day"]) == ("EUR", "12")
    assert form.fields["Time zone"] == "Asia/Tokyo"
    assert (await stored(sql))[:4] == ("America/New_York", "EUR", "en_US", 10)
    assert (await second.submits()).closed
    assert (await stored(sql))[:4] == ("Asia/Tokyo", "EUR", "en_US", 12)
    await shows(second, "Asia/Tokyo · EUR · English (United States)")


async def test_the_same_form_sent_twice_is_one_change(
    adaeze: Person, sandbox: Sandbox, sql: Sql, history: History
) -> None:
    await opens(adaeze, "settings")
    await sql("UPDATE workspaces SET locale = 'en_GB'")
    assert (await adaeze.submits({"locale": "en_GB"})).closed
    assert await history() == []


async def test_saving_takes_a_fixed_number_of_statements(adaeze: Person, queries: Queries) -> None:
    await opens(adaeze, "settings")
    queries.statements.clear()
    assert (await adaeze.submits({"locale": "en_GB", "deadline_day": 12})).closed
    assert len(queries.statements) == 17
