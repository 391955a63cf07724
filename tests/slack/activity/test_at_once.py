"""Several requests at once: each counts as it was meant."""

import asyncio

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.activity.test_line import ledger


async def test_two_people_who_log_for_one_rep_both_count(
    ana: Person, marisol: Person, adaeze: Person, sql: Sql
) -> None:
    answers = await asyncio.gather(
        ana.types("/goals log 1 signup, $100"),
        marisol.types("/goals log @Ana Souza 2 signups, $200"),
        adaeze.types("/goals log @Ana Souza 4 signups, $400"),
    )
    assert [answer.error for answer in answers] == [None, None, None]
    [row] = await sql(
        "SELECT signups_actual, revenue_actual::int FROM rep_monthly_goals m"
        " JOIN sales_reps r ON r.id = m.sales_rep_id WHERE r.name = 'Ana Souza'"
    )
    assert tuple(row) == (7, 700)


async def test_a_button_pressed_twice_at_once_logs_once(ana: Person, sql: Sql) -> None:
    asked = await ana.types("/goals log 2000 signups")
    presses = [ana.presses("activity.log.confirm", asked.message) for _ in range(3)]
    assert [answer.error for answer in await asyncio.gather(*presses)] == [None, None, None]
    assert [entry[2] for entry in await ledger(sql)] == [2000]


async def test_undo_pressed_twice_at_once_takes_back_once(ana: Person, sql: Sql) -> None:
    logged = await ana.types("/goals log 2 signups, $4k")
    await asyncio.gather(*(ana.presses("activity.entry.undo", logged.message) for _ in range(3)))
    assert await sql.value("SELECT count(*) FROM activity") == 4
    assert await sql.value("SELECT sum(amount)::int FROM activity") == 0


async def test_a_form_sent_twice_at_once_counts_once(ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    await ana.types("/goals log")
    view = sandbox.slack.views.stack(ana.id)[-1]
    await asyncio.gather(*(ana.submits({"amount": "2"}) for _ in range(2)))
    assert [entry[2] for entry in await ledger(sql)] == [2]
    assert view not in sandbox.slack.views.stack(ana.id)


async def test_the_same_line_typed_twice_counts_twice(ana: Person, sql: Sql) -> None:
    for _ in range(2):
        await ana.types("/goals log 1 signup")
    assert [entry[2] for entry in await ledger(sql)] == [1, 1]
