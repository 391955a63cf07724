"""`/goals` alone: where somebody stands in a few lines, and then the commands."""

from datetime import date

from sandbox import Person
from tests.conftest import Sql
from tests.slack.conftest import Clock, Queries
from tests.slack.progress.conftest import Asks, Logs, Opens


async def test_a_rep_reads_the_deadline_and_sets_the_goals(ana: Person, logs: Logs, opens: Opens) -> None:
    await opens()
    await logs(ana, "3")
    answer = await ana.types("/goals")
    assert answer.text.startswith(
        "Your February goals aren't set yet. They're due Fri, Feb 6, 11:59 PM (3 days left).\n"
        "So far: 3 signups.\n"
        "Set goals\nSee progress\n"
        "Here is what you can do:\n/goals set"
    )
    await ana.presses("goals.set.open")
    assert ana.view is not None


async def test_then_what_is_missing_and_until_when_goals_can_change(ana: Person, logs: Logs) -> None:
    await ana.types("/goals set 20 50k")
    await logs(ana, "3")
    assert (await ana.types("/goals")).text.startswith(
        "Your February: 3 of 20 signups (15%) · $0 of $50,000 (0%)\n"
        "Too early to say: 1 of 20 working days gone.\n"
        "17 signups to go: 0.89 signups a day. $50,000 to go: $2,632 a day.\n"
        "You can change your goals until Fri, Feb 6, 11:59 PM.\n"
    )


async def test_after_the_deadline_the_verdict_is_on_the_metric_furthest_behind(
    ana: Person, logs: Logs, clock: Clock, asks: Asks
) -> None:
    await ana.types("/goals set 20 50k")
    await clock.at(2026, 2, 10, 12)
    await logs(ana, "6", date(2026, 2, 9))
    assert (await ana.types("/goals")).text.startswith(
        "Your February: 6 of 20 signups (30%) · $0 of $50,000 (0%)\n"
        "🔴 Well behind pace. 6 of 20 working days gone: $15,000 expected, you have $0.\n"
        "14 signups to go: 1 signup a day. $50,000 to go: $3,571 a day.\n"
        "See progress\n"
    )
    answer = await ana.presses("progress.card.open")
    assert answer.error is None


async def test_made_goals_are_made(ana: Person, logs: Logs) -> None:
    await ana.types("/goals set 3")
    await logs(ana, "3")
    assert "✅ You've made your goals.\n" in (await ana.types("/goals")).text


async def test_a_manager_reads_the_team_s_count(
    ana: Person, marisol: Person, tomasz: Person, logs: Logs
) -> None:
    await ana.types("/goals set 3")
    await logs(ana, "3")
    assert (await marisol.types("/goals")).text.startswith(
        "Your team: 1 of 5 have set this month's goals, and 1 has made them.\nHere is what you can do:"
    )
    assert "and nobody has made them." in (await tomasz.types("/goals")).text


async def test_an_admin_reads_the_company_s(ana: Person, adaeze: Person, sql: Sql) -> None:
    await ana.types("/goals set 3")
    reps = await sql.value("SELECT count(*) FROM active_reps")
    assert (await adaeze.types("/goals")).text.startswith(
        f"The company: 1 of {reps} have set this month's goals, and nobody has made them.\n"
    )


async def test_it_takes_a_fixed_number_of_statements(
    ana: Person, marisol: Person, adaeze: Person, queries: Queries
) -> None:
    counts = []
    for person in (ana, marisol, adaeze):
        queries.statements.clear()
        await person.types("/goals")
        counts.append(len(queries.statements))
    assert counts == [4, 3, 4]
