"""Saying things: what a use case leaves in the outbox."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.outbox.service import Saying, Topic, edit, post, tell, to_channel, to_user
from tests.builders import moved_to

HELLO = Saying("greetings.hello", to_user(7), Topic("hello", part="7"), {"sales_rep_id": 7})
LATER = datetime(2026, 2, 6, 12, tzinfo=UTC)


async def the_intents(session: AsyncSession) -> list[Row[Any]]:
    return list(await session.execute(text("SELECT * FROM outbox ORDER BY id")))


async def settle(session: AsyncSession) -> None:
    """As if the courier had sent all there is."""
    await session.execute(text("UPDATE outbox SET status = 'sent', channel = 'D0', ts = '1.0'"))


def test_audiences_say_what_they_are() -> None:
    assert (to_user(7), to_channel("C0WEST")) == ("user:7", "channel:C0WEST")


async def test_a_post_is_pending_and_due_at_once(tx: Transaction) -> None:
    assert await post(tx.session, HELLO)
    [intent] = await the_intents(tx.session)
    assert (intent.kind, intent.audience, intent.topic, intent.facts) == (
        "greetings.hello",
        "user:7",
        "hello:7",
        {"sales_rep_id": 7},
    )
    assert (intent.mode, intent.status, intent.due_at) == ("post", "pending", tx.now)


async def test_a_post_can_be_due_later(session: AsyncSession) -> None:
    await post(session, replace(HELLO, due_at=LATER))
    [intent] = await the_intents(session)
    assert intent.due_at == LATER


async def test_a_post_is_said_once_for_ever(session: AsyncSession) -> None:
    assert await post(session, HELLO)
    assert not await post(session, HELLO)
    await settle(session)
    assert not await post(session, replace(HELLO, facts={"sales_rep_id": 8}))
    [intent] = await the_intents(session)
    assert (intent.status, intent.facts) == ("sent", {"sales_rep_id": 7})


async def test_a_topic_can_have_several_posts_under_keys_of_their_own(session: AsyncSession) -> None:
    assert await post(session, HELLO, dedupe_key="hello:7:monday")
    assert await post(session, HELLO, dedupe_key="hello:7:tuesday")
    assert not await post(session, HELLO, dedupe_key="hello:7:monday")
    assert [intent.topic for intent in await the_intents(session)] == ["hello:7"] * 2


async def test_at_most_one_edit_waits_and_it_is_the_newest(tx: Transaction) -> None:
    await post(tx.session, HELLO)
    await edit(tx.session, HELLO)
    await moved_to(tx, LATER)
    await edit(tx.session, replace(HELLO, kind="greetings.bye", facts={"sales_rep_id": 8}))

    _, waiting = await the_intents(tx.session)
    assert (waiting.mode, waiting.kind, waiting.facts) == ("edit", "greetings.bye", {"sales_rep_id": 8})


async def test_an_edit_that_was_sent_is_followed_by_another(session: AsyncSession) -> None:
    await post(session, HELLO)
    await edit(session, HELLO)
    await settle(session)
    await edit(session, HELLO)
    assert [(intent.mode, intent.status) for intent in await the_intents(session)] == [
        ("post", "sent"),
        ("edit", "sent"),
        ("edit", "pending"),
    ]


async def test_edits_of_other_topics_wait_beside_it(session: AsyncSession) -> None:
    await edit(session, HELLO)
    await edit(session, replace(HELLO, topic=Topic("hello", part="8")))
    assert len(await the_intents(session)) == 2


async def test_telling_posts_first_and_edits_from_then_on(session: AsyncSession) -> None:
    for _ in range(3):
        await tell(session, HELLO)
    assert [intent.mode for intent in await the_intents(session)] == ["post", "edit"]
    await settle(session)
    await tell(session, HELLO)
    assert [intent.mode for intent in await the_intents(session)] == ["post", "edit", "edit"]
