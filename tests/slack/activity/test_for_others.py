"""Numbers logged for other reps, and deals that are shared."""

import pytest

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.activity.test_line import ledger
from tests.slack.conftest import Told


@pytest.fixture
def noah(ana: Person, sandbox: Sandbox) -> Person:
    """Another rep of team West."""
    return sandbox.person("Noah Bergström")


async def test_a_manager_logs_for_a_rep_who_is_told(
    marisol: Person, ana: Person, sql: Sql, told: Told
) -> None:
    answer = await marisol.types("/goals log @Ana Souza 2 signups from the fair")
    assert answer.text == (
        "✅ Logged 2 signups for Ana Souza: “from the fair”\n"
        "Ana Souza, February: 2 signups\nAna Souza hasn't set goals for February yet.\n"
        "13 more signups to tier 1\nUndo"
    )
    assert await ledger(sql) == [("Ana Souza", "signups", 2, "2026-02-03", "from the fair")]
    (message,) = await told(ana)
    assert message.text == (
        "📥 Marisol Peña logged *2 signups* for you.\n“from the fair”\n"
        "Not right? Marisol Peña can correct it."
    )


async def test_taking_it_back_changes_the_rep_s_message_in_place(
    marisol: Person, ana: Person, sql: Sql, told: Told
) -> None:
    answer = await marisol.types("/goals log @Ana Souza 2 signups, 3 calls")
    (first,) = await told(ana)
    await marisol.presses("activity.entry.undo", answer.message)
    (edited,) = await told(ana)
    assert edited.ts == first.ts
    assert edited.text == "↩️ Marisol Peña took back 2 signups and 3 calls from your numbers."


async def test_reps_are_not_told_what_they_logged_themselves(ana: Person, told: Told) -> None:
    answer = await ana.types("/goals log 2 signups")
    await ana.presses("activity.entry.undo", answer.message)
    assert await told(ana) == []


async def test_an_admin_logs_for_anybody(adaeze: Person, priya: Person, sql: Sql) -> None:
    await adaeze.types("/goals log @Priya Raghunathan $5k")
    assert [entry[:3] for entry in await ledger(sql)] == [("Priya Raghunathan", "revenue", 5000)]


async def test_a_manager_names_the_rep(marisol: Person, sql: Sql) -> None:
    answer = await marisol.types("/goals log 2 signups")
    assert answer.text == (
        "You don't have numbers of your own. Whose would you like to log? "
        "Name the rep, like /goals log @ana 2 signups."
    )
    assert await ledger(sql) == []


async def test_managers_log_for_their_own_reps_only(tomasz: Person, sql: Sql) -> None:
    answer = await tomasz.types("/goals log @Ana Souza 2 signups")
    assert answer.text.startswith("Only Ana Souza, their manager or an admin can log Ana Souza's numbers.")
    assert await ledger(sql) == []


async def test_a_deal_is_shared_and_the_others_are_told(
    ana: Person, noah: Person, sql: Sql, told: Told
) -> None:
    answer = await ana.types("/goals log $10k Acme @Ana Souza 60 @Noah Bergström 40")
    assert answer.text.startswith(
        "✅ Logged $10,000 in revenue, shared by Ana Souza ($6,000) and Noah Bergström ($4,000): “Acme”\n"
        "February: $6,000\n"
    )
    assert [entry[:3] for entry in await ledger(sql)] == [
        ("Ana Souza", "revenue", 6000),
        ("Noah Bergström", "revenue", 4000),
    ]
    (message,) = await told(noah)
    assert message.text.startswith("📥 Ana Souza logged *$4,000 in revenue* for you.\n“Acme”")
    assert await told(ana) == []


async def test_the_last_one_takes_the_cent(ana: Person, noah: Person, sql: Sql) -> None:
    await ana.types("/goals log $100 Acme @Ana Souza 33.34 @Noah Bergström 66.66")
    assert [entry[2] for entry in await ledger(sql)] == [33.34, 66.66]


async def test_counts_of_a_shared_deal_go_to_the_first(ana: Person, sql: Sql) -> None:
    answer = await ana.types("/goals log 1 signup, $3k @Noah Bergström 50 @Ana Souza 50")
    assert "✅ Logged 1 signup for Noah Bergström, since counts aren't divided\n" in answer.text
    assert [entry[:3] for entry in await ledger(sql)] == [
        ("Noah Bergström", "signups", 1),
        ("Noah Bergström", "revenue", 1500),
        ("Ana Souza", "revenue", 1500),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "$10k Acme @Noah Bergström 60 @Leilani Kealoha 40",
        "-$10k Acme @Ana Souza 1 @Noah Bergström 99",
    ],
)
async def test_nobody_shares_what_they_have_no_part_in_or_takes_from_others(
    ana: Person, sql: Sql, typed: str
) -> None:
    answer = await ana.types(f"/goals log {typed}")
    assert answer.text.startswith("Only Noah Bergström, their manager or an admin can log")
    assert await ledger(sql) == []
