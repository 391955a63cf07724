"""Reminders that are put off."""

from datetime import datetime

import pytest

from domain.errors import Refusal
from domain.periods import Period
from domain.reminders import service
from domain.reminders.model import ReminderType
from domain.reminders.rules import Snooze
from tests.db.reminders.office import DAY, ONE, OVERDUE, Office


@pytest.fixture
async def sam(office: Office) -> Office:
    """Sam has just been reminded, a day before the deadline."""
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z")
    await office.tick("2026-10-05T12:00Z")
    await office.sent()
    return office


async def later(office: Office) -> list[str]:
    """What has been said after the first reminders."""
    return [line for line in await office.said() if line >= "Sam 10-05 12:01"]


async def test_a_reminder_that_is_put_off_comes_back_once(sam: Office) -> None:
    await sam.at("2026-10-05T12:05Z")
    until = await sam.snooze("Sam", ONE, Snooze.THREE_HOURS)
    assert until == datetime.fromisoformat("2026-10-05T15:05Z")
    await sam.tick("2026-10-05T15:04:59Z")
    assert await later(sam) == []
    await sam.tick("2026-10-05T15:05Z", "2026-10-05T15:06Z", "2026-10-05T18:00Z")
    assert await later(sam) == ["Sam 10-05 15:05 reminder goal_deadline_1day"]


async def test_it_can_be_put_off_again_and_again(sam: Office) -> None:
    for hour in (13, 14, 15):
        await sam.snooze("Sam", ONE, Snooze.ONE_HOUR)
        await sam.tick(f"2026-10-05T{hour}:00Z")
    assert len(await later(sam)) == 3


async def test_the_next_stage_replaces_it(sam: Office) -> None:
    await sam.at("2026-10-06T09:30Z")
    await sam.snooze("Sam", ONE, Snooze.THREE_HOURS)
    await sam.tick("2026-10-06T12:00Z", "2026-10-06T12:30Z", "2026-10-06T13:00Z")
    assert await later(sam) == ["Sam 10-06 12:00 reminder goal_deadline_day"]


async def test_setting_the_goals_cancels_it(sam: Office) -> None:
    await sam.snooze("Sam", ONE, Snooze.ONE_HOUR)
    await sam.set("Sam")
    assert await sam.rows("SELECT FROM goal_deadline_reminders WHERE snoozed_until IS NOT NULL") == []
    await sam.tick("2026-10-05T13:00Z")
    assert await later(sam) == []


async def test_got_it_cancels_it(sam: Office) -> None:
    await sam.snooze("Sam", ONE, Snooze.ONE_HOUR)
    await service.acknowledge(sam.session, sam.reps["Sam"], Period.of_month(2026, 10), ONE)
    await sam.tick("2026-10-05T13:00Z")
    assert await later(sam) == []


@pytest.mark.parametrize("choice", list(Snooze))
async def test_it_never_comes_back_after_the_deadline(sam: Office, choice: Snooze) -> None:
    await sam.tick("2026-10-06T12:00Z", "2026-10-06T23:00Z")
    with pytest.raises(Refusal, match="after the deadline"):
        await sam.snooze("Sam", DAY, choice)


async def test_nothing_overdue_is_put_off(sam: Office) -> None:
    await sam.tick("2026-10-07T12:00Z")
    with pytest.raises(Refusal, match="deadline has passed"):
        await sam.snooze("Sam", OVERDUE, Snooze.ONE_HOUR)


async def test_one_that_a_silent_bot_missed_comes_in_the_morning(sam: Office) -> None:
    await sam.snooze("Sam", ONE, Snooze.THREE_HOURS)
    await sam.tick("2026-10-05T22:00Z", "2026-10-06T07:59Z")
    assert await later(sam) == []
    await sam.tick("2026-10-06T08:00Z")
    assert await later(sam) == ["Sam 10-06 08:00 reminder goal_deadline_1day"]


async def test_one_that_is_chosen_for_the_night_comes_in_the_night(sam: Office) -> None:
    await sam.at("2026-10-05T21:00Z")
    await sam.snooze("Sam", ONE, Snooze.THREE_HOURS)
    await sam.tick("2026-10-06T00:00Z")
    assert await later(sam) == ["Sam 10-06 00:00 reminder goal_deadline_1day"]


@pytest.mark.parametrize(
    "leaving", ["UPDATE sales_reps SET is_active = false", "UPDATE users SET is_active = false"]
)
async def test_it_does_not_come_back_to_who_has_left(sam: Office, leaving: str) -> None:
    await sam.snooze("Sam", ONE, Snooze.ONE_HOUR)
    await sam.do(leaving)
    await sam.tick("2026-10-05T13:00Z")
    assert await later(sam) == []
    assert await sam.rows("SELECT FROM goal_deadline_reminders WHERE snoozed_until IS NOT NULL") == []


# --- reminders that were put to rest ------------------------------------------------------------------------


async def test_one_that_was_answered_with_not_now_is_not_put_off(sam: Office) -> None:
    await service.acknowledge(sam.session, sam.reps["Sam"], Period.of_month(2026, 10), ONE)
    await refused(sam, ONE, "You've already answered this reminder")


async def test_one_whose_next_stage_has_come_is_not_put_off(sam: Office) -> None:
    await sam.tick("2026-10-06T12:00Z")
    await refused(sam, ONE, "There's a newer reminder")
    assert await sam.snooze("Sam", DAY, Snooze.ONE_HOUR)


async def test_one_whose_next_stage_is_due_and_about_to_come_is_not_put_off(sam: Office) -> None:
    await sam.at("2026-10-06T11:59:59Z")
    await sam.snooze("Sam", ONE, Snooze.ONE_HOUR)
    await sam.do("UPDATE goal_deadline_reminders SET snoozed_until = NULL")
    await sam.at("2026-10-06T12:00Z")
    await refused(sam, ONE, "There's a newer reminder")


async def test_one_that_was_never_sent_is_not_put_off(sam: Office) -> None:
    await refused(sam, DAY, "That reminder isn't there any more")


async def test_one_whose_goals_are_set_is_not_put_off(sam: Office) -> None:
    await sam.set("Sam")
    await refused(sam, ONE, "These goals are set")


async def test_one_whose_month_is_over_is_not_put_off(sam: Office) -> None:
    await sam.at("2026-11-01T00:00Z")
    await refused(sam, OVERDUE, "October 2026 is over")


async def refused(office: Office, stage: ReminderType, why: str) -> None:
    """Sam is told why this reminder can't be put off, and nothing is written."""
    before = (
        await office.rows("SELECT *, xmin FROM goal_deadline_reminders ORDER BY id"),
        await office.edits(),
    )
    with pytest.raises(Refusal, match=why):
        await office.snooze("Sam", stage, Snooze.ONE_HOUR)
    after = await office.rows("SELECT *, xmin FROM goal_deadline_reminders ORDER BY id"), await office.edits()
    assert after == before


async def test_one_that_would_wake_at_the_deadline_itself_stays_asleep(sam: Office) -> None:
    await sam.tick("2026-10-06T12:00Z")
    await sam.at("2026-10-06T22:55Z")
    await sam.snooze("Sam", DAY, Snooze.ONE_HOUR)
    before = await sam.said()
    await sam.tick("2026-10-07T00:00Z")
    assert await sam.said() == before


async def test_not_now_pressed_again_keeps_the_first_answer(sam: Office) -> None:
    for moment in ("2026-10-05T12:05Z", "2026-10-05T12:10Z"):
        await sam.at(moment)
        await service.acknowledge(sam.session, sam.reps["Sam"], Period.of_month(2026, 10), ONE)
    [answered] = await sam.rows("SELECT acknowledged_at FROM goal_deadline_reminders WHERE acknowledged")
    assert answered.acknowledged_at == datetime.fromisoformat("2026-10-05T12:05Z")
