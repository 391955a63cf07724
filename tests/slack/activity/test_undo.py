"""Undo within ten minutes, and the correction form afterwards."""

from sandbox import Person
from tests.conftest import Sql
from tests.slack.activity.conftest import Presses, Whispered
from tests.slack.activity.test_line import ledger
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form

UNDO = "activity.entry.undo"


async def test_undo_takes_back_all_of_the_line_and_shows_the_month(
    ana: Person, sql: Sql, presses: Presses
) -> None:
    await ana.types("/goals log 5 signups")
    answer = await ana.types("/goals log 2 signups, $4k")
    undone = await presses(ana, UNDO, answer.message)
    assert undone.startswith("↩️ Took back 2 signups and $4,000 in revenue.\nFebruary: 5 signups\n")
    assert await sql.value("SELECT sum(amount)::int FROM activity") == 5
    assert await sql.value("SELECT sum(signups_actual) FROM rep_monthly_goals") == 5


async def test_undo_pressed_twice_takes_back_once(ana: Person, sql: Sql, presses: Presses) -> None:
    answer = await ana.types("/goals log 2 signups")
    await presses(ana, UNDO, answer.message)
    assert await presses(ana, UNDO, answer.message) == "That's been taken back already."
    assert [entry[2] for entry in await ledger(sql)] == [2, -2]


async def test_after_ten_minutes_undo_opens_the_correction_form(
    ana: Person, sql: Sql, clock: Clock, whispered: Whispered
) -> None:
    answer = await ana.types("/goals log 2 signups, $4,000.50 Acme")
    await clock.at(2026, 2, 3, 12, 11)
    await ana.presses(UNDO, answer.message)
    form = Form.of(ana)
    assert form.fields == {"Signups, today": "2", "Revenue, today: “Acme”": "4,000.5", "Reason": None}
    assert form.lines == ["Numbers of Ana Souza", "It's more than ten minutes ago, so this takes a reason."]
    assert [entry[2] for entry in await ledger(sql)] == [2, 4000.5]

    ids = [row[0] for row in await sql("SELECT id FROM activity ORDER BY id")]
    done = await ana.submits({f"amount_{ids[0]}": "1 signup", "reason": "One was a test"})
    assert done.closed
    assert await sql.value("SELECT sum(amount)::int FROM activity WHERE metric = 'signups'") == 1
    assert await sql.value("SELECT note FROM activity WHERE kind = 'correction'") == "One was a test"
    assert await whispered(ana, "✏️ Corrected: 2 signups is now 1 signup.\nFebruary: 1 signup")


async def test_mistakes_of_a_correction_are_named_beside_their_fields(
    ana: Person, sql: Sql, clock: Clock
) -> None:
    answer = await ana.types("/goals log 2 signups, $4k")
    await clock.at(2026, 2, 3, 13)
    await ana.presses(UNDO, answer.message)
    ids = [row[0] for row in await sql("SELECT id FROM activity ORDER BY id")]
    wrong = await ana.submits({f"amount_{ids[1]}": "lots", "reason": "a typo"})
    assert wrong.errors == {
        f"amount_{ids[1]}": "I couldn't read “lots” as a number. Try 50,000 or 50k.",
    }
    assert (await ana.submits({f"amount_{ids[1]}": "0"})).closed
    assert await sql.value("SELECT sum(revenue_actual)::int FROM rep_monthly_goals") == 0


async def test_the_rep_is_told_when_the_manager_corrects_an_entry(
    ana: Person, marisol: Person, sql: Sql, clock: Clock, told: Told
) -> None:
    answer = await marisol.types("/goals log @Ana Souza 2 signups")
    await clock.at(2026, 2, 3, 13)
    await marisol.presses(UNDO, answer.message)
    entry = await sql.value("SELECT id FROM activity")
    assert (await marisol.submits({f"amount_{entry}": "1", "reason": "One was a test"})).closed
    _, correction = await told(ana)
    assert correction.text == (
        "✏️ Marisol Peña corrected your 2 signups of today to *1 signup*.\nThe reason: “One was a test”"
    )


async def test_a_correction_of_what_has_changed_meanwhile_is_refused(
    ana: Person, marisol: Person, sql: Sql, clock: Clock
) -> None:
    answer = await ana.types("/goals log 2 signups")
    await clock.at(2026, 2, 3, 13)
    await ana.presses(UNDO, answer.message)
    entry = await sql.value("SELECT id FROM activity")
    await sql(
        "INSERT INTO activity (workspace_id, sales_rep_id, metric, amount, occurred_on, stated_on, kind,"
        "                      corrects_id, source)"
        " SELECT workspace_id, sales_rep_id, metric, -1, occurred_on, stated_on, 'correction', id, 'people'"
        "   FROM activity"
    )
    wrong = await ana.submits({f"amount_{entry}": "5", "reason": "more"})
    assert list(wrong.errors.values()) == [
        "Somebody else has corrected this entry meanwhile. Please look at it again."
    ]


async def test_a_closed_month_refuses_undo_and_correction(ana: Person, sql: Sql, clock: Clock) -> None:
    answer = await ana.types("/goals log 2 signups")
    await clock.at(2026, 3, 9, 12)
    await sql("UPDATE rep_monthly_goals SET frozen_at = '2026-03-08' WHERE goal_month = 2")
    await ana.presses(UNDO, answer.message)
    entry = await sql.value("SELECT id FROM activity")
    wrong = await ana.submits({f"amount_{entry}": "1", "reason": "too many"})
    assert list(wrong.errors.values()) == ["That month is closed, so its numbers can't change."]
    assert len(await ledger(sql)) == 1
