"""What setting a goal has Goalkeeper say: one message a goal, and word of what others changed."""

import pytest

from domain.errors import InvalidInput
from domain.goals import queries
from domain.goals.figures import Figures
from domain.periods import Period
from tests.db.goals.desk import Desk

POST, EDIT = ("goals.confirmation", "post"), ("goals.confirmation", "edit")
TOLD = ("goals.changed_by_other", "post")


async def test_a_first_setting_is_confirmed_to_the_rep(desk: Desk) -> None:
    await desk.set("20 _ _")
    sam = await desk.person("U0SAM")
    assert sam.rep is not None
    [intent] = await desk.rows("SELECT * FROM outbox")
    assert (intent.kind, intent.mode, intent.status) == ("goals.confirmation", "post", "pending")
    assert intent.audience == f"user:{sam.user_id}"
    assert intent.topic == f"goal:{sam.rep.id}:2026-02"
    assert intent.facts == {"sales_rep_id": sam.rep.id, "goal": "2026-02"}
    assert intent.due_at == desk.tx.now


async def test_changes_edit_that_message_and_wait_as_one_edit(desk: Desk) -> None:
    for signups in (20, 21, 22, 23):
        await desk.set(f"{signups} _ _")
    assert await desk.intents() == [POST, EDIT]
    assert len(await desk.rows("SELECT DISTINCT topic, facts FROM outbox")) == 1


async def test_each_month_and_year_has_its_own_message(desk: Desk) -> None:
    await desk.at("2026-02-25T12:00Z")
    await desk.set("20 _ _")
    await desk.set("20 _ _", goal="2026-03")
    await desk.set("240 _", goal="2026")
    await desk.set("20 _ _", by="U0RON", rep="U0RON")
    assert await desk.intents() == [POST] * 4
    assert len(await desk.rows("SELECT DISTINCT topic FROM outbox")) == 4


@pytest.mark.parametrize("by", ["U0KIM", "U0DANA"])
async def test_a_first_setting_by_somebody_else_is_told_in_the_confirmation_alone(
    desk: Desk, by: str
) -> None:
    await desk.set("20 _ _", by=by, reason="On leave.")
    assert await desk.intents() == [POST]
    sam = await desk.person("U0SAM")
    assert await desk.rows("SELECT audience FROM outbox") == [(f"user:{sam.user_id}",)]


@pytest.mark.parametrize("goal", ["2026-02", "2026"])
async def test_a_rep_is_told_of_each_change_by_somebody_else(desk: Desk, goal: str) -> None:
    await desk.set("20 _", goal=goal)
    await desk.set("25 _", goal=goal, by="U0KIM", reason="A new territory.")
    await desk.set("30 _", goal=goal, by="U0DANA", reason="Two of them.")
    assert await desk.intents() == [POST, EDIT, TOLD, TOLD]

    sam = await desk.person("U0SAM")
    told = await desk.rows("SELECT * FROM outbox WHERE kind = 'goals.changed_by_other' ORDER BY id")
    changes = await desk.changes()
    assert [intent.facts for intent in told] == [{"change_id": change.id} for change in changes[1:]]
    assert {intent.audience for intent in told} == {f"user:{sam.user_id}"}


async def test_who_changes_their_own_goal_back_is_told_nothing(desk: Desk) -> None:
    await desk.set("20 _ _", by="U0KIM", reason="On leave.")
    await desk.set("22 _ _")
    assert await desk.intents() == [POST, EDIT]


async def test_the_same_figures_by_somebody_else_are_told_to_nobody(desk: Desk) -> None:
    await desk.set("20 _ _")
    with pytest.raises(InvalidInput, match=r"Sam's goals for February 2026 are these already\."):
        await desk.set("20 _ _", by="U0KIM", reason="To be sure.")
    assert await desk.intents() == [POST]


async def test_a_form_of_somebody_else_that_comes_again_is_taken_as_saved(desk: Desk) -> None:
    await desk.set("20 _ _")
    for _ in range(2):
        await desk.set("25 _ _", by="U0KIM", reason="A new territory.")
    with pytest.raises(InvalidInput):
        await desk.set("25 _ _", by="U0KIM", reason="Another reason.")
    assert await desk.intents() == [POST, EDIT, TOLD]


async def test_what_a_message_says_is_read_from_the_change(desk: Desk) -> None:
    await desk.set("20 50k 3")
    await desk.set("25 _ _", by="U0KIM", reason="A new territory.")
    sam = await desk.person("U0SAM")
    assert sam.rep is not None
    first, second = await desk.changes()

    last = await queries.last_change(desk.session, sam.rep.id, Period.of_month(2026, 2))
    assert last == await queries.change(desk.session, second.id)
    assert last is not None
    assert (last.before, last.figures) == (
        Figures(20, first.to_revenue_goal, 3),
        Figures(25, first.to_revenue_goal, 3),
    )
    assert (last.by_name, last.by_rep, last.reason) == ("Kim", False, "A new territory.")
    assert (last.zone, last.currency, last.locale) == ("UTC", "USD", "en_US")
    assert (last.period, last.set_by_deadline) == (Period.of_month(2026, 2), True)

    own = await queries.change(desk.session, first.id)
    assert own is not None
    assert (own.before, own.by_rep) == (None, True)


async def test_months_and_years_do_not_take_each_others_changes(desk: Desk) -> None:
    await desk.set("240 _", goal="2026")
    sam = await desk.person("U0SAM")
    assert sam.rep is not None
    assert await queries.last_change(desk.session, sam.rep.id, Period.of_month(2026, 2)) is None
    await desk.set("20 _ _")
    year = await queries.last_change(desk.session, sam.rep.id, Period.of_year(2026))
    assert year is not None
    assert (year.period, year.figures.signups, year.deadline) == (Period.of_year(2026), 240, None)


async def test_a_change_that_there_is_not_is_none(desk: Desk) -> None:
    assert await queries.change(desk.session, 999) is None
