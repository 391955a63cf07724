"""`/goals log 2 signups`: numbers logged at once."""

from typing import Any

import pytest

from sandbox import Person
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import seen

LEDGER = (
    "SELECT r.name, a.metric, a.amount::float, a.occurred_on::text, a.note FROM activity a"
    "  JOIN sales_reps r ON r.workspace_id = a.workspace_id AND r.id = a.sales_rep_id ORDER BY a.id"
)


async def ledger(sql: Sql) -> list[tuple[Any, ...]]:
    """Every entry: rep, metric, amount, day, note."""
    return [tuple(row) for row in await sql(LEDGER)]


UNDERSTOOD = [
    ("2 signups", "✅ Logged 2 signups", [("signups", 2, "2026-02-03", None)]),
    (
        "$5,000 Acme renewal",
        "✅ Logged $5,000 in revenue: “Acme renewal”",
        [("revenue", 5000, "2026-02-03", "Acme renewal")],
    ),
    ("3 calls yesterday", "✅ Logged 3 calls (yesterday)", [("calls", 3, "2026-02-02", None)]),
    ("1 call on Jan 30", "✅ Logged 1 call (Fri, Jan 30)", [("calls", 1, "2026-01-30", None)]),
    (
        "2 signups, $4k",
        "✅ Logged 2 signups\n✅ Logged $4,000 in revenue",
        [("signups", 2, "2026-02-03", None), ("revenue", 4000, "2026-02-03", None)],
    ),
    ("-1 signup refund", "✅ Logged -1 signup: “refund”", [("signups", -1, "2026-02-03", "refund")]),
    (
        "signups are 15 now",
        "✅ Your February signups are 15 now (+15).",
        [("signups", 15, "2026-02-03", None)],
    ),
    ("٣ signups", "✅ Logged 3 signups", [("signups", 3, "2026-02-03", None)]),
    ("२ signups R&D <x>", "✅ Logged 2 signups: “R&D <x>”", [("signups", 2, "2026-02-03", "R&D <x>")]),
]
"""What is typed, the beginning of the answer, and what stands in the ledger then."""

REFUSED = [
    ("lots", "I don't see what to log in “lots”. Try “2 signups” or “$5,000 Acme renewal”."),
    ("5", "“5” of what? Try “2 signups” or “$5,000 Acme renewal”."),
    ("2 unicorns", "I don't recognize “unicorns”. You can log signups, revenue, deals, calls and more."),
    ("2.5 signups", "Signups can have no decimals: “2.5” has more."),
    ("0 signups", "0 changes nothing, so there is nothing to log."),
    ("€50 Acme", "Amounts are in USD here: “€50” is in another currency."),
    ("2 signups on Feb 9", "“Feb 9” is still to come. Log it when it has happened."),
    ("3 calls on Nov 31", "There is no such day as “Nov 31”."),
    ("1 signup on 2024-06-01", "Ana Souza wasn't on a sales team on that day. Choose another day."),
    ("200,000 signups", "Really 200,000 signups? Nothing is logged yet."),
    ("2,000,000 signups", "“2,000,000” is too much for one entry. It takes 1,000,000 at most."),
    ("2 signups @nobody", "I don't know @nobody. Type @ and pick the name from the list that Slack offers."),
    ("$10k Acme @Ana Souza 60 @Noah Bergström 30", "The shares add up to 90. They have to make 100."),
    ("$10k Acme @Ana Souza 60 @Ana Souza 40", "A rep is named twice. Give each rep one share."),
    ("2 meetings @Jonas Lindqvist", "Put the rep first to log for them, or give each rep a share"),
    (
        "@Jonas Lindqvist 2 signups",
        "Jonas Lindqvist isn't on a sales team, so there's nothing to log for them.",
    ),
    ("@Noah Bergström 2 signups", "Only Noah Bergström, their manager or an admin can log Noah Bergström's"),
]
"""What Ana types, and the answer; nothing is written."""


@pytest.mark.parametrize(("typed", "answered", "entries"), UNDERSTOOD)
async def test_a_line_is_logged_at_once(
    ana: Person, sql: Sql, typed: str, answered: str, entries: list[tuple[Any, ...]]
) -> None:
    answer = await ana.types(f"/goals log {typed}")
    assert seen(answer.text).startswith(answered)
    assert await ledger(sql) == [("Ana Souza", *entry) for entry in entries]


@pytest.mark.parametrize(("typed", "answered"), REFUSED)
async def test_what_cannot_be_logged_is_refused_in_a_sentence(
    ana: Person, sql: Sql, typed: str, answered: str
) -> None:
    answer = await ana.types(f"/goals log {typed}")
    assert seen(answer.text).startswith(answered)
    assert await ledger(sql) == []


async def test_the_answer_shows_the_month_its_pace_and_the_next_tier(ana: Person, sql: Sql) -> None:
    await sql("UPDATE rep_monthly_goals SET tier_amounts = '{100,250,500,700,800,900}'")
    await ana.types("/goals set 20 50k 3")
    answer = await ana.types("/goals log 2 signups, $4k")
    assert answer.text == (
        "✅ Logged 2 signups\n✅ Logged $4,000 in revenue\n"
        "February: 2 of 20 signups (10%) · $4,000 of $50,000 (8%)\n13 more signups to tier 1 ($100)\n"
        "Undo"
    )


async def test_pace_is_given_in_words_with_its_reason(ana: Person, clock: Clock) -> None:
    await ana.types("/goals set 20")
    await clock.at(2026, 2, 9, 12)
    behind = await ana.types("/goals log 4 signups")
    assert "February: 4 of 20 signups (20%)\nBehind pace: 5 signups expected by now · 11 more" in behind.text
    assert "\nOn pace · 10 more signups to tier 1" in (await ana.types("/goals log 1 signup")).text
    assert "\nAhead of pace · " in (await ana.types("/goals log 1 signup")).text
    made = await ana.types("/goals log 14 signups")
    assert "February: 20 of 20 signups (100%)\n🎉 Goals made · 5 more signups to tier 3" in made.text


async def test_the_answer_is_for_the_person_alone(ana: Person, marisol: Person) -> None:
    await ana.types("/goals log 2 signups", "#team-west")
    assert not [one for one in marisol.messages("#team-west") if "Logged" in one.plain]


async def test_goals_that_are_not_set_are_named_with_a_way_to_set_them(ana: Person) -> None:
    answer = await ana.types("/goals log 2 signups")
    assert "February: 2 signups\nYou haven't set goals for February yet." in answer.text
    await ana.presses("goals.set.open", answer.message)
    assert ana.view is not None


async def test_a_metric_without_a_goal_shows_its_total(ana: Person) -> None:
    await ana.types("/goals log 3 calls")
    assert "February: 5 calls" in (await ana.types("/goals log 2 calls")).text


async def test_a_total_that_is_so_already_changes_nothing(ana: Person, sql: Sql) -> None:
    await ana.types("/goals log 15 signups")
    answer = await ana.types("/goals log signups are 15 now")
    assert answer.text.startswith("Your February signups are 15 already. Nothing changed.")
    less = await ana.types("/goals log signups are 12 now")
    assert less.text.startswith("✅ Your February signups are 12 now (\N{MINUS SIGN}3).")
    assert [entry[2] for entry in await ledger(sql)] == [15, -3]


async def test_a_large_amount_is_asked_about_and_its_button_logs_it_once(ana: Person, sql: Sql) -> None:
    asked = await ana.types("/goals log 2000 signups")
    assert asked.text == "Really 2,000 signups? Nothing is logged yet.\nYes, log 2,000 signups"
    assert await ledger(sql) == []
    for _ in range(2):
        answer = await ana.presses("activity.log.confirm", asked.message)
        assert answer.error is None
    assert [entry[2] for entry in await ledger(sql)] == [2000]


async def test_a_large_amount_confirmed_tomorrow_counts_on_its_day(
    ana: Person, sql: Sql, clock: Clock
) -> None:
    asked = await ana.types("/goals log 2000 signups")
    await clock.at(2026, 2, 4, 9)
    await ana.presses("activity.log.confirm", asked.message)
    assert [entry[3] for entry in await ledger(sql)] == ["2026-02-03"]


async def test_the_nearest_metric_is_offered_and_its_button_logs_it(ana: Person, sql: Sql) -> None:
    asked = await ana.types("/goals log 2 singups from the fair")
    assert asked.text == "I don't recognize “singups”. Did you mean signups?\nLog 2 signups"
    await ana.presses("activity.log.confirm", asked.message)
    assert await ledger(sql) == [("Ana Souza", "signups", 2, "2026-02-03", "from the fair")]


async def test_a_quotient_names_what_to_log_instead(ana: Person, sql: Sql) -> None:
    await sql("UPDATE metrics SET is_on = true WHERE code IN ('win_rate', 'opportunities_won')")
    answer = await ana.types("/goals log 45 win rate")
    assert answer.text == (
        "Win rate is worked out from other figures. Log opportunities won and opportunities lost instead."
    )


async def test_a_metric_that_a_source_feeds_says_when_it_last_did(ana: Person, sql: Sql) -> None:
    await sql("UPDATE metrics SET feeder = 'salesforce' WHERE code = 'revenue'")
    never = await ana.types("/goals log $5k")
    assert never.text == (
        "Revenue comes from salesforce, so it isn't logged by hand. It hasn't sent anything yet."
    )
    await sql(
        "INSERT INTO activity (workspace_id, sales_rep_id, metric, amount, currency, occurred_on, stated_on,"
        "                      source, external_id, entered_at)"
        " SELECT workspace_id, id, 'revenue', 100, 'USD', '2026-02-02', '2026-02-02', 'salesforce', 'D1',"
        "        '2026-02-02 15:00+00' FROM sales_reps WHERE name = 'Ana Souza'"
    )
    assert (await ana.types("/goals log $5k")).text.endswith("It last sent something on Feb 2, 2026.")
    assert len(await ledger(sql)) == 1


async def test_a_closed_month_refuses(ana: Person, sql: Sql, clock: Clock) -> None:
    await ana.types("/goals log 2 signups")
    await clock.at(2026, 3, 9, 12)
    await sql("UPDATE rep_monthly_goals SET frozen_at = '2026-03-08' WHERE goal_month = 2")
    answer = await ana.types("/goals log 1 signup on 2026-02-20")
    assert answer.text == "That month is closed, so its numbers can't change."
    assert len(await ledger(sql)) == 1


async def test_a_day_between_two_stints_refuses(ana: Person, sql: Sql) -> None:
    await sql(
        "UPDATE rep_stints SET ended_on = '2026-01-10' FROM sales_reps r"
        " WHERE r.id = sales_rep_id AND r.name = 'Ana Souza'"
    )
    await sql(
        "INSERT INTO rep_stints (workspace_id, sales_rep_id, started_on)"
        " SELECT workspace_id, id, '2026-02-01' FROM sales_reps WHERE name = 'Ana Souza'"
    )
    answer = await ana.types("/goals log 1 signup on Jan 20")
    assert answer.text == "Ana Souza wasn't on a sales team on that day. Choose another day."
    assert (await ana.types("/goals log 1 signup on Jan 5")).text.startswith(
        "✅ Logged 1 signup (Mon, Jan 5)"
    )


async def test_a_german_workspace_types_and_reads_german_numbers(ana: Person, sql: Sql, told: Told) -> None:
    await sql("UPDATE workspaces SET locale = 'de_DE', currency = 'EUR'")
    answer = await ana.types("/goals log 1.234,50 € Acme")
    assert answer.text.replace("\xa0", " ").startswith("✅ Logged 1.234,50 € in revenue: “Acme”")
    assert (await ana.types("/goals log 1 call on 30.1.")).text.startswith("✅ Logged 1 call (Fri, 30 Jan)")
    refused = await ana.types("/goals log 1,234.50 € Acme")
    assert refused.text.replace("\xa0", " ").endswith("Try “2 signups” or “5.000 € Acme renewal”.")
    assert [entry[2] for entry in await ledger(sql)] == [1234.5, 1]


async def test_the_rep_s_own_day_counts(priya: Person, sql: Sql, clock: Clock) -> None:
    await clock.at(2026, 2, 3, 20)
    await priya.types("/goals log 1 signup")
    assert [entry[3] for entry in await ledger(sql)] == ["2026-02-04"]


async def test_people_on_no_team_may_ask_to_join_one(jonas: Person, sql: Sql) -> None:
    for typed in ("/goals log 2 signups", "/goals log"):
        answer = await jonas.types(typed)
        assert answer.text.endswith("Ask to join a team")
    assert await ledger(sql) == []


async def test_a_typo_offers_the_command(ana: Person) -> None:
    assert (await ana.types("/goals lgo 2 signups")).text == (
        "I don't know “lgo”. Did you mean /goals log 2 signups?"
    )
    assert (await ana.types("/goals 2 signups")).text == (
        "I don't know “2”. Did you mean /goals log 2 signups?"
    )
