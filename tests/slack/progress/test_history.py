"""`/goals history`: past months with their outcome, and the entries behind each number."""

from datetime import date

import pytest

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock
from tests.slack.progress.conftest import Asks, Logs
from tests.slack.reading import Form


@pytest.fixture
async def months(ana: Person, clock: Clock, logs: Logs) -> None:
    """Ana made February and missed March; it is April."""
    await ana.types("/goals set 20 50k 2")
    await logs(ana, "20")
    await logs(ana, "50000", metric="revenue", note="Acme")
    await clock.at(2026, 3, 10, 12)
    await ana.types("/goals set 30")
    await logs(ana, "7", date(2026, 3, 9))
    await logs(ana, "3", metric="calls")
    await clock.at(2026, 4, 2, 12)


@pytest.mark.usefixtures("months")
class TestHistory:
    async def test_months_come_newest_first_with_outcome_and_figures(self, ana: Person) -> None:
        assert (await ana.types("/goals history")).text == (
            "Your past months\n"
            "March 2026: not made, set late · can still be corrected\n"
            "7 of 30 signups (23%) · $0 of $50,000 (0%) · Calls: 3\nSee entries\n"
            "February 2026: ✅ made · can still be corrected\n"
            "20 of 20 signups (100%) · $50,000 of $50,000 (100%) · tier 2\nSee entries"
        )

    async def test_a_manager_sees_a_rep_s_and_others_don_t(self, marisol: Person, priya: Person) -> None:
        assert (await marisol.types("/goals history @ana")).text.startswith("Ana Souza's past months\n")
        assert (await priya.types("/goals history @ana")).text.startswith("Only Ana Souza, their manager")

    async def test_the_entries_behind_a_number_say_who_and_when(self, ana: Person) -> None:
        answer = await ana.types("/goals history")
        await ana.presses("progress.entries.open", answer.message, "2026-02:" + ana.id)
        assert Form.of(ana).lines == [
            "Signups: 20 in February 2026, logged for you",
            "+20 on Feb 3\nLogged by Ana Souza, Feb 3, 12:00 PM",
            "Corrections need a reason, and stay in this list.",
        ]
        await ana.chooses("progress.entries.metric", f"2026-02:{ana.id}:revenue")
        assert Form.of(ana).lines[:2] == [
            "Revenue: $50,000 in February 2026, logged for you",
            "+$50,000 on Feb 3 · “Acme”\nLogged by Ana Souza, Feb 3, 12:00 PM",
        ]

    async def test_other_words_are_refused(self, ana: Person) -> None:
        assert (await ana.types("/goals history please")).text.startswith("I don't recognize “please”.")


async def test_without_past_months_it_says_so(ana: Person) -> None:
    assert (await ana.types("/goals history")).text == (
        "Your past months\nThere are none yet. This month is under /goals progress."
    )


async def test_many_entries_are_paged(ana: Person, logs: Logs, clock: Clock, asks: Asks) -> None:
    await clock.at(2026, 2, 27, 12)
    for day in range(1, 26):
        await logs(ana, "1", date(2026, 2, day))
    answer = await asks(ana, "/goals progress")
    await ana.presses("progress.entries.open", answer.message)
    assert days(ana) == [f"Feb {day}" for day in range(25, 5, -1)]
    await ana.presses("progress.entries.older")
    assert days(ana) == [f"Feb {day}" for day in range(5, 0, -1)]
    await ana.presses("progress.entries.newest")
    assert days(ana)[0] == "Feb 25"


def days(person: Person) -> list[str]:
    """The days of the entries in the window."""
    return [line.split("\n")[0].removeprefix("+1 on ") for line in Form.of(person).lines if "+1 on" in line]


async def test_a_frozen_month_offers_no_correction(
    ana: Person, logs: Logs, clock: Clock, sql: Sql, asks: Asks
) -> None:
    await ana.types("/goals set 20")
    await logs(ana, "2")
    await clock.at(2026, 4, 2, 12)
    await sql("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now() WHERE goal_month = 2")
    answer = await ana.types("/goals history")
    assert "can still be corrected" not in answer.text
    await ana.presses("progress.entries.open", answer.message)
    assert "Correct" not in str(Form.of(ana).view["blocks"])


async def test_a_year_and_more_is_paged(ana: Person, sql: Sql, clock: Clock, sandbox: Sandbox) -> None:
    await sql(
        "INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signup_goal)"
        " SELECT r.workspace_id, r.id, 2025, n, 20 FROM sales_reps r, generate_series(1, 12) n"
        "  WHERE r.name = 'Ana Souza' UNION ALL"
        " SELECT r.workspace_id, r.id, 2024, n, 20 FROM sales_reps r, generate_series(1, 12) n"
        "  WHERE r.name = 'Ana Souza'"
    )
    answer = await ana.types("/goals history")
    assert answer.text.count("2025:") == 12
    assert "2024:" not in answer.text
    older = await ana.presses("progress.history.open", answer.message)
    message = await sandbox.wait_for(lambda: older.message)
    assert message is not None
    assert message.plain.count("2024:") == 12
    assert "Older months" not in message.plain
