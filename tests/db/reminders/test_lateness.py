"""What a reminder says of itself when the courier finds that it is too late for it."""

import uuid
from dataclasses import replace
from datetime import datetime

import pytest

from domain.db import WorkspaceId
from domain.outbox.delivery import Claimed, Objection
from domain.outbox.model import IntentId, Mode
from domain.reminders import lateness
from domain.reminders.rules import Snooze
from tests.db.reminders.office import ONE, Office


@pytest.fixture
async def sam(office: Office) -> Office:
    """Sam's reminder of the day before was sent at noon, put off, and has come again at one."""
    await office.rep("Sam", zone="Europe/Berlin")
    await office.tick("2026-09-30T22:00Z", "2026-10-05T10:00Z")
    await office.sent()
    await office.snooze("Sam", ONE, Snooze.ONE_HOUR)
    await office.tick("2026-10-05T11:00Z")
    return office


async def claimed(office: Office, topic: str, *, due_at: str = "2026-10-05T10:00Z") -> Claimed:
    """The post with this topic, as the courier has it in hand."""
    [row] = await office.rows("SELECT * FROM outbox WHERE mode = 'post' AND topic LIKE :topic", topic=topic)
    return Claimed(
        workspace_id=WorkspaceId(row.workspace_id),
        id=IntentId(row.id),
        kind=row.kind,
        audience=row.audience,
        facts=row.facts,
        topic=row.topic,
        round=row.round,
        part=row.part,
        mode=Mode.POST,
        due_at=datetime.fromisoformat(due_at),
        token=uuid.uuid4(),
        nonce=uuid.uuid4(),
        attempts=1,
        claimed_at=office.tx.now,
        uncertain_since=None,
        uncertain_until=None,
        lane_parked=False,
        posted_channel=None,
        posted_ts=None,
    )


AGAIN, FIRST = "reminder:%:goal_deadline_1day:again:%", "reminder:%:goal_deadline_1day"


async def test_one_that_comes_again_too_late_leaves_the_first_ones_history_alone(sam: Office) -> None:
    await lateness.skip(sam.session, await claimed(sam, AGAIN), "the goals were set")
    assert (await sam.became("Sam"))[ONE] == "10-05 10:00"


async def test_one_that_was_never_sent_in_the_end_says_why(sam: Office) -> None:
    await lateness.skip(sam.session, await claimed(sam, FIRST), "the goals were set")
    assert (await sam.became("Sam"))[ONE] == "the goals were set"
    others = {stage: what for stage, what in (await sam.became("Sam")).items() if stage != ONE}
    assert set(others.values()) == {"to come", "a later one was due as well"}


async def test_skipping_twice_keeps_the_first_reason(sam: Office) -> None:
    for why in ("the goals were set", "the month is over"):
        await lateness.skip(sam.session, await claimed(sam, FIRST), why)
    assert (await sam.became("Sam"))[ONE] == "the goals were set"


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-10-06T09:59:59Z", None),
        ("2026-10-06T10:00Z", "a later one was due as well"),
        ("2026-10-05T10:15Z", None),
        ("2026-10-05T17:59:59Z", None),
        ("2026-10-05T18:00Z", "it is late, and people are asleep"),
        ("2026-10-06T05:59:59Z", "it is late, and people are asleep"),
        ("2026-10-06T06:00Z", None),
        ("2026-10-31T23:00Z", "the month is over"),
    ],
)
async def test_a_late_one_is_judged_by_when_it_would_come(sam: Office, moment: str, why: str | None) -> None:
    post = await claimed(sam, FIRST)
    await sam.at(moment)
    objection = await lateness.of_reminder(sam.tx, post)
    assert (objection and objection.reason) == why


async def test_what_would_wake_somebody_waits_for_eight_o_clock(sam: Office) -> None:
    post = await claimed(sam, FIRST)
    await sam.at("2026-10-05T20:00Z")
    assert await lateness.of_reminder(sam.tx, post) == Objection(
        "it is late, and people are asleep", datetime.fromisoformat("2026-10-06T06:00Z")
    )


@pytest.mark.parametrize(
    ("leaving", "why"),
    [
        ("UPDATE users SET standing = 'guest'", "the rep is deactivated"),
        ("UPDATE users SET is_active = false", "the rep is deactivated"),
        ("UPDATE sales_reps SET is_active = false", "the rep is deactivated"),
        ("UPDATE rep_monthly_goals SET signup_goal = 5", "the goals were set"),
    ],
)
async def test_one_that_nobody_needs_any_more_is_not_sent(sam: Office, leaving: str, why: str) -> None:
    post = await claimed(sam, FIRST)
    await sam.do(leaving)
    assert await lateness.of_reminder(sam.tx, post) == Objection(why)


async def test_the_deadline_itself_is_too_late_for_all_but_the_overdue_one(sam: Office) -> None:
    await sam.tick("2026-10-06T10:00Z")
    post = await claimed(sam, "reminder:%:goal_deadline_day", due_at="2026-10-06T10:00Z")
    await sam.at("2026-10-06T21:59:59Z")
    assert (await lateness.of_reminder(sam.tx, post)) != Objection("the deadline had passed")
    await sam.at("2026-10-06T22:00Z")
    assert await lateness.of_reminder(sam.tx, post) == Objection("the deadline had passed")


async def test_a_quarter_of_an_hour_late_is_on_time_even_at_night(sam: Office) -> None:
    post = await claimed(sam, FIRST, due_at="2026-10-05T19:00Z")
    await sam.at("2026-10-05T19:15Z")
    assert await lateness.of_reminder(sam.tx, post) is None
    await sam.at("2026-10-05T19:15:01Z")
    assert await lateness.of_reminder(sam.tx, post) is not None


@pytest.mark.parametrize(
    ("stage", "due_at", "moment", "why"),
    [
        ("overdue", "2026-10-30T11:00Z", "2026-10-31T18:59Z", None),
        ("overdue", "2026-10-30T11:00Z", "2026-10-31T23:00Z", "the month is over"),
        ("overdue", "2026-10-30T11:00Z", "2026-11-01T12:00Z", "the month is over"),
        ("overdue", "2026-10-30T11:00Z", "2026-10-31T05:00Z", "it is late, and people are asleep"),
        ("last_day", "2026-10-06T10:00Z", "2026-10-06T17:59Z", None),
        ("last_day", "2026-10-06T10:00Z", "2026-10-06T18:00Z", "its day is over"),
        ("last_day", "2026-10-06T10:00Z", "2026-10-07T10:00Z", "its day is over"),
        ("day_before", "2026-10-05T10:00Z", "2026-10-06T10:00Z", "its day is over"),
    ],
)
async def test_a_digest_makes_sense_on_its_day_or_until_the_month_ends(
    sam: Office, stage: str, due_at: str, moment: str, why: str | None
) -> None:
    kim = await sam.user("Kim", zone="Europe/Berlin")
    facts = {"user_id": kim, "manager_id": kim, "goal": "2026-10", "stage": stage}
    digest = replace(await claimed(sam, FIRST, due_at=due_at), kind="reminders.digest", facts=facts)
    await sam.at(moment)
    objection = await lateness.of_digest(sam.tx, digest)
    assert (objection and objection.reason) == why
