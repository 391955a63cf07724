"""Intents that nobody can send as they are: each ends with a reason, and the others go on."""

import logging
import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.clock import elapsed
from domain.db import Database, Transaction, WorkspaceId
from domain.outbox import delivery
from domain.outbox.service import Saying, Topic, post, to_channel
from sandbox import faults
from tests.courier.conftest import ANA, EAST, MARISOL, PRIYA, QUICK, SAID, WEST, Eyes, Hire, Office


async def test_a_deactivated_person_is_left_alone(office: Office, eyes: Eyes, hire: Hire) -> None:
    ana = await office.meets(ANA, is_active=False)
    priya = await office.meets(PRIYA)
    courier = await hire(office)
    await office.posts(ana, topic="ana")
    await office.posts(priya, topic="priya")
    courier.wake()
    await eyes.ended()
    intent = await eyes.intent("ana", office.workspace_id)
    assert (intent.status, intent.reason) == ("cancelled", "the person is deactivated")
    assert (len(office.told(ANA)), len(office.told(PRIYA))) == (0, 1)


async def test_who_left_without_our_knowing_silences_nobody_else(
    office: Office, eyes: Eyes, hire: Hire
) -> None:
    # Slack says account_inactive, which it says of a bot whose token is void as well.
    ana = await office.meets(ANA, dm_channel=office.sandbox.slack.directory.dm(ANA).id)
    await office.meets(MARISOL, slack_admin=True)
    priya = await office.meets(PRIYA)
    office.sandbox.person(ANA).user.deleted = True
    courier = await hire(office)
    await office.posts(ana, topic="ana")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic LIKE 'lane:%' AND status = 'sent')")
    await office.posts(priya, topic="priya")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'priya' AND status = 'sent')")
    [report] = office.told(MARISOL)
    assert report.plain.startswith("⚠️ My messages don't get to Ana Souza.\nThe account is deactivated.")
    assert await eyes.value("SELECT count(*) FROM outbox_lanes WHERE lane = '*'") == 0


@pytest.mark.parametrize("mode", ["post", "edit"])
async def test_what_it_was_about_is_gone(mode: str, office: Office, eyes: Eyes, hire: Hire) -> None:
    courier = await hire(office)
    if mode == "edit":
        await office.posts(to_channel(WEST))
        courier.wake()
        await eyes.ended()
    await (office.edits if mode == "edit" else office.posts)(to_channel(WEST), gone=True)
    courier.wake()
    await eyes.ended()
    intent = await eyes.intent("hello", office.workspace_id, mode)
    assert (intent.status, intent.reason) == ("cancelled", "what it was about is gone")
    assert len(office.seen(WEST)) == (mode == "edit")


@pytest.mark.parametrize(
    ("kind", "fact", "error"),
    [
        (SAID, "fails", "LookupError"),
        (SAID, "bends", "ValueError"),
        ("tests.unheard_of", "words", "KeyError"),
    ],
)
async def test_a_poisoned_intent_is_laid_aside_and_the_log_says_why(
    kind: str,
    fact: str,
    error: str,
    office: Office,
    eyes: Eyes,
    hire: Hire,
    caplog: pytest.LogCaptureFixture,
) -> None:
    courier = await hire(office)
    await office.posts(to_channel(WEST), topic="poison", kind=kind, **{fact: "yes"})
    await office.posts(to_channel(WEST), "Next", topic="next")
    courier.wake()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["Next"]

    intent = await eyes.intent("poison", office.workspace_id)
    reference = re.fullmatch(rf"{error}, reference ([0-9a-f]{{8}}) in the log", intent.reason)
    assert intent.status == "parked"
    assert reference is not None
    [traceback] = [one for one in caplog.records if one.exc_info and reference[1] in one.getMessage()]
    assert traceback.levelno == logging.ERROR


async def test_changes_of_a_poisoned_message_wait_for_it(office: Office, eyes: Eyes, hire: Hire) -> None:
    courier = await hire(office)
    await office.posts(to_channel(WEST), topic="poison", bends=True)
    await office.edits(to_channel(WEST), "Second", topic="poison")
    await office.edits(to_channel(WEST), "Third", topic="poison")
    await office.posts(to_channel(WEST), "Other", topic="other")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'other' AND status = 'sent')")
    waiting = "SELECT count(*) FROM outbox WHERE topic = 'poison' AND mode = 'edit' AND status = 'pending'"
    assert await eyes.value(waiting) == 1
    # Whoever has mended what was wrong with it lets it go.
    await eyes.rows("""UPDATE outbox SET status = 'pending', facts = '{"words": "First"}'
                        WHERE status = 'parked'""")
    courier.wake()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["Other", "Third"]


async def test_a_poisoned_change_does_not_keep_later_ones_back(
    office: Office, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office)
    await office.posts(to_channel(WEST))
    await office.edits(to_channel(WEST), bends=True)
    courier.wake()
    await eyes.ended()
    await office.edits(to_channel(WEST), "Well again")
    courier.wake()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["Well again"]


async def test_a_topic_of_several_posts_is_changed_where_it_was_posted_last(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office)
    async with db.workspace(office.workspace_id) as tx:
        for words in ("Monday", "Tuesday"):
            saying = Saying(SAID, to_channel(WEST), Topic("weekly"), {"words": words})
            await post(tx.session, saying, dedupe_key=f"weekly:{words}")
    await office.edits(to_channel(WEST), "Tuesday, changed", topic="weekly")
    courier.wake()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["Monday", "Tuesday, changed"]


async def test_a_change_addressed_to_somebody_else_waits_for_its_post(
    office: Office, eyes: Eyes, hire: Hire
) -> None:
    # As when a report's destination is mended after the team has got another manager.
    ana, priya = await office.meets(ANA), await office.meets(PRIYA)
    office.sandbox.faults.next("conversations.open", faults.hang())
    courier = await hire(office, timing=replace(QUICK, send=5.0))
    await office.posts(ana)
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE status = 'sending')")
    await office.edits(priya, "Changed")
    await office.posts(to_channel(EAST), topic="east")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'east' AND status = 'sent')")
    office.sandbox.faults.clear()
    await eyes.ended()
    assert [message.plain for message in office.told(ANA)] == ["Changed"]


async def test_two_thousand_for_one_channel_hold_nobody_up(
    offices: list[Office], db: Database, eyes: Eyes, hire: Hire
) -> None:
    flooded, other = offices[:2]
    await flood(db, flooded.workspace_id, 2_000)
    courier = await hire()
    ana = await flooded.meets(ANA)
    await flooded.posts(ana, topic="ana")
    await flooded.posts(to_channel(EAST), topic="east")
    await other.posts(to_channel(WEST), topic="west")
    courier.wake()
    await eyes.until(
        "SELECT count(*) = 3 FROM outbox WHERE topic IN ('ana', 'east', 'west') AND status = 'sent'"
    )
    assert len(flooded.told(ANA)) == len(flooded.seen(EAST)) == len(other.seen(WEST)) == 1
    # One at a time goes to the flooded channel.
    assert len(flooded.seen(WEST)) < 2_000


async def flood(db: Database, workspace_id: WorkspaceId, count: int) -> None:
    """So many messages for one channel."""
    async with db.workspace(workspace_id) as tx:
        await tx.session.execute(
            text("""
            INSERT INTO outbox (kind, audience, subject, facts, mode, dedupe_key)
            SELECT 'tests.said', 'channel:C0TEAMWEST1', 'flood:' || n, '{"words": "More"}', 'post',
                   'flood:' || n
              FROM generate_series(1, :count) AS n
            """),
            {"count": count},
        )


async def claim_cost(tx: Transaction, workspace_id: WorkspaceId) -> float:
    """Seconds for one claim, the best of five."""
    costs = []
    for _ in range(5):
        async with tx.session.begin_nested() as undo:
            began = elapsed()
            await delivery.claim(
                tx.session,
                {workspace_id: 8},
                most=12,
                lease=QUICK.lease,
                pace=QUICK.lease,
            )
            costs.append(elapsed() - began)
            await undo.rollback()
    return min(costs)


async def test_a_claim_costs_no_more_than_its_rows(office: Office, db: Database, eyes: Eyes) -> None:
    costs = []
    for count in (500, 1_500, 6_000):
        await flood(db, office.workspace_id, count)
        await eyes.rows("ANALYZE outbox")
        async with db.everywhere() as tx:
            costs.append(await claim_cost(tx, office.workspace_id))
        await eyes.rows("UPDATE outbox SET subject = 'old:' || subject, dedupe_key = 'old:' || dedupe_key")
    few, _, many = costs
    # Sixteen times as many rows, and not sixteen times sixteen the work.
    assert many < few * 32, costs
