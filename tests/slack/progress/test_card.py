"""`/goals progress`: what people see of their own month and of their reps'.

February 2026 begins on a Sunday and has 20 working days; on Tuesday the 10th, 6 of them are gone.
"""

from datetime import date

import pytest

from sandbox import Person, Sandbox
from sandbox import faults as fault
from tests.conftest import Sql
from tests.slack.conftest import Clock, Queries, Told
from tests.slack.progress.conftest import Asks, Logs, Opens


def charts(blocks: list[dict[str, object]]) -> list[str]:
    """The titles of the charts."""
    return [str(block["title"]) for block in blocks if block["type"] == "data_visualization"]


@pytest.fixture
async def in_february(ana: Person, clock: Clock, logs: Logs) -> None:
    """Ana has set her goals and logged something; it is the 10th."""
    await ana.types("/goals set 20 50k 2")
    await clock.at(2026, 2, 10, 12)
    await logs(ana, "4", date(2026, 2, 5))
    await logs(ana, "2", date(2026, 2, 10))
    await logs(ana, "8000", date(2026, 2, 9), "revenue", "Acme")
    await logs(ana, "3", date(2026, 2, 9), "calls")


@pytest.mark.usefixtures("in_february")
class TestCard:
    async def test_each_metric_has_a_bar_a_verdict_with_its_reason_and_what_is_needed(
        self, ana: Person, asks: Asks
    ) -> None:
        answer = await asks(ana, "/goals progress")
        assert answer.message is not None
        assert answer.message.text.startswith(
            "*Your February* · 14 working days left\n"
            "*Signups:* 6 of 20 (30%)\n"
            "██████░░░░░░░░░░░░░░\n"
            "🟢 On track. 6 of 20 working days gone: 6 signups expected, you have 6.\n"
            "14 signups to go: 1 signup a day. At this rate: 13 signups by the end of February.\n"
            "*Revenue:* $8,000 of $50,000 (16%)\n"
            "███░░░░░░░░░░░░░░░░░\n"
            "🟡 Behind pace. 6 of 20 working days gone: $15,000 expected, you have $8,000.\n"
            "$42,000 to go: $3,000 a day. At this rate: $26,667 by the end of February.\n"
            "*Bonus:* tier 1 is 9 signups away. Your goal is tier 2.\n"
            "*2026:* 6 of 240 signups (2%) · $8,000\n"
            "🔴 Well behind pace. 28 of 261 working days gone: 25 signups expected, you have 6.\n"
            "At this rate: 37 signups by the year's end.\n"
        )
        assert answer.message.text.endswith("Also this month: Calls: 3")

    async def test_the_burn_up_is_a_chart_for_each_goal(self, ana: Person, asks: Asks) -> None:
        answer = await asks(ana, "/goals progress")
        assert answer.message is not None
        assert charts(answer.message.blocks) == ["Signups day by day", "Revenue day by day"]
        signups = next(one for one in answer.message.blocks if one["type"] == "data_visualization")["chart"]
        done, even = ([point["value"] for point in one["data"]] for one in signups["series"])
        assert done == [0, 0, 0, 0, 4, 4, 4, 4, 4, 6]
        assert even == [0, 1, 2, 3, 4, 5, 5, 5, 6, 6]

    async def test_where_slack_refuses_charts_there_are_bars_of_text(
        self, ana: Person, sandbox: Sandbox
    ) -> None:
        sandbox.faults.next("response_url", fault.http_error(400, "invalid_blocks"))
        answer = await ana.types("/goals progress")
        message = await sandbox.wait_for(lambda: answer.message)
        assert message is not None
        assert charts(message.blocks) == []
        assert "Signups day by day\n Feb 1 ░░░░░░░░░░░░ 0\n Feb 2 ░░░░░░░░░░░░ 0\n" in answer.text
        assert "Feb 10 ████████████ 6" in answer.text

    async def test_last_month_is_compared_at_the_same_day(self, ana: Person, asks: Asks, logs: Logs) -> None:
        await logs(ana, "9", date(2026, 1, 10))
        await logs(ana, "5", date(2026, 1, 11))
        await logs(ana, "1500", date(2026, 1, 3), "revenue")
        text = (await asks(ana, "/goals progress")).text
        assert "At this point in January: 9 signups, so 3 fewer now · $1,500, so $6,500 more now." in text

    async def test_a_goal_that_is_made_says_so(self, ana: Person, asks: Asks, logs: Logs) -> None:
        await logs(ana, "14")
        text = (await asks(ana, "/goals progress")).text
        assert "Signups: 20 of 20 (100%)\n████████████████████\n✅ Goal made.\nAt this rate: 20" in text
        assert "Bonus: tier 2 reached. Tier 3 is 5 signups away." in text

    async def test_a_manager_sees_their_rep_by_name(self, marisol: Person, asks: Asks) -> None:
        text = (await asks(marisol, "/goals progress @ana")).text
        assert text.startswith("Ana Souza's February · 14 working days left")
        assert "6 signups expected, Ana has 6." in text
        assert "The goal is tier 2." in text

    async def test_an_admin_sees_everybody(self, adaeze: Person, asks: Asks) -> None:
        assert (await asks(adaeze, "/goals progress @ana")).text.startswith("Ana Souza's February")

    async def test_others_are_refused_in_a_sentence(self, priya: Person, tomasz: Person) -> None:
        for person in (priya, tomasz):
            assert (await person.types("/goals progress @ana")).text == (
                "Only Ana Souza, their manager or an admin can see Ana Souza's numbers. "
                "/goals progress shows yours."
            )

    async def test_it_takes_as_many_statements_however_much_was_logged(
        self, ana: Person, asks: Asks, logs: Logs, queries: Queries
    ) -> None:
        counts = []
        for _ in range(2):
            queries.statements.clear()
            await asks(ana, "/goals progress")
            counts.append(len(queries.statements))
            for day in range(1, 11):
                await logs(ana, "1", date(2026, 2, day), "meetings")
        assert counts == [4, 4]

    async def test_the_card_of_a_german_workspace_has_its_numbers(
        self, ana: Person, asks: Asks, sql: Sql
    ) -> None:
        await sql("UPDATE workspaces SET locale = 'de_DE'")
        text = (await asks(ana, "/goals progress")).text
        assert "Signups: 6 of 20 (30\xa0%)" in text
        assert "Revenue: 8.000\xa0$ of 50.000\xa0$" in text
        assert "10 Feb" in text

    async def test_days_of_the_calendar_count_where_the_workspace_says_so(
        self, ana: Person, asks: Asks, sql: Sql
    ) -> None:
        await sql("UPDATE workspaces SET pace_by = 'calendar_days'")
        text = (await asks(ana, "/goals progress")).text
        assert "Your February · 19 days left" in text
        assert "9 of 28 days gone: 6 signups expected, you have 6." in text


async def test_before_goals_are_set_the_card_asks_for_them(
    ana: Person, asks: Asks, logs: Logs, opens: Opens
) -> None:
    await opens()
    await logs(ana, "3")
    answer = await asks(ana, "/goals progress")
    assert answer.text.startswith(
        "Your February\n"
        "Your February goals aren't set yet. They're due Fri, Feb 6, 11:59 PM (3 days left).\n"
        "So far: 3 signups.\n"
    )
    await ana.presses("goals.set.open", answer.message)
    assert ana.view is not None


async def test_after_the_deadline_they_can_still_be_set(
    ana: Person, asks: Asks, clock: Clock, opens: Opens
) -> None:
    await opens()
    await clock.at(2026, 2, 8, 12)
    text = (await asks(ana, "/goals progress")).text
    assert "They were due Fri, Feb 6, 11:59 PM, and can still be set." in text


async def test_a_month_that_is_not_open_yet_can_be_set(ana: Person, asks: Asks, logs: Logs) -> None:
    await logs(ana, "1")
    assert (await asks(ana, "/goals progress")).text == (
        "Your February\nYour February goals aren't set yet.\nSo far: 1 signup.\n"
        "Set goals\nSee entries\nPast months"
    )


async def test_who_joins_in_the_last_days_may_leave_the_goals(
    ana: Person, asks: Asks, clock: Clock, opens: Opens, sql: Sql
) -> None:
    await clock.at(2026, 2, 27, 12)
    await sql("UPDATE rep_stints SET started_on = '2026-02-26', settles_from = '2026-02-26'")
    await opens()
    text = (await asks(ana, "/goals progress")).text
    assert "Your February goals aren't set yet. They are optional this month." in text


async def test_a_month_without_any_number_reads_well(ana: Person, asks: Asks, clock: Clock) -> None:
    await ana.types("/goals set 20")
    text = (await asks(ana, "/goals progress")).text
    assert "Signups: 0 of 20 (0%)\n░░░░░░░░░░░░░░░░░░░░\nToo early to say: 1 of 20 working days gone." in text
    assert "20 signups to go: 1.05 signups a day. At this rate: 0 signups by the end of February." in text
    assert "At this point" not in text


async def test_a_goal_in_revenue_alone(ana: Person, asks: Asks, logs: Logs) -> None:
    await ana.types("/goals set 0 50k")
    await logs(ana, "2")
    answer = await asks(ana, "/goals progress")
    assert answer.message is not None
    assert "Revenue: $0 of $50,000 (0%)" in answer.text
    assert "Signups: 2, with no goal" in answer.text
    assert charts(answer.message.blocks) == ["Revenue day by day"]


async def test_a_past_month_says_how_it_ended(ana: Person, asks: Asks, logs: Logs, clock: Clock) -> None:
    await ana.types("/goals set 20 50k")
    await logs(ana, "20")
    await clock.at(2026, 3, 3, 12)
    text = (await asks(ana, "/goals progress last month")).text
    assert text.startswith("Your February 2026 · not made\n20 of 20 signups (100%) · $0 of $50,000 (0%)")


async def test_other_words_are_no_month(ana: Person) -> None:
    assert (await ana.types("/goals progress soon")).text == (
        "I don't recognize “soon” as a month. Try /goals progress, or /goals progress last month."
    )
    assert (await ana.types("/goals progress this year")).text.startswith("“this year” isn't a month.")
    assert (await ana.types("/goals progress 2027-01")).text.startswith("January 2027 hasn't begun yet")


async def test_people_without_numbers_are_told_so(marisol: Person, adaeze: Person, jonas: Person) -> None:
    assert (await marisol.types("/goals progress")).text == (
        "You don't have goals of your own. Name a rep, like /goals progress @ana."
    )
    assert (await jonas.types("/goals progress")).text.startswith("You are not on a sales team yet.")
    assert (await adaeze.types("/goals progress @jonas")).text.startswith(
        "Jonas Lindqvist isn't on a sales team, so there are no numbers to see."
    )


@pytest.mark.usefixtures("in_february")
async def test_the_card_is_there_for_a_message_too_and_without_charts_where_they_are_refused(
    ana: Person, told: Told, sandbox: Sandbox
) -> None:
    await ana.writes("progress")
    with_charts = (await told(ana))[-1]
    assert charts(with_charts.blocks) == ["Signups day by day", "Revenue day by day"]
    sandbox.faults.next("chat.postMessage", fault.error("invalid_blocks"))
    await ana.writes("progress")
    without = (await told(ana))[-1]
    assert charts(without.blocks) == []
    assert "Feb 10 ████████████ 6" in without.plain
