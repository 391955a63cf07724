"""Goalkeeper's direct conversation: what people write there, and how they are answered.

An answer goes through the outbox: a message may have saved something, and a person who hears nothing of it
would write it again. The outbox sends each answer once, and no faster than Slack accepts messages.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.asking import Asked, UnknownPeople
from bot.slack.blocks import Block, Message
from bot.slack.commands import Commands
from bot.slack.errors import SlackTrouble, narrowed
from bot.slack.rendering import Facts
from bot.slack.text import Mrkdwn
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_user
from domain.people import queries as people

log = logging.getLogger(__name__)

ANSWER = "conversation.answer"
"""The kind of intent that answers a message. Facts: text, blocks, and the blocks without a chart."""

WORDS, FILE = "", "file_share"
"""The subtypes of messages that people write; the others are edits, deletions and notices."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message that a person wrote to Goalkeeper."""

    text: str
    """As Slack sends it, with people as `<@U…>`; empty for a file alone."""
    files: tuple[Block, ...]
    commands: Commands
    """The commands of all features."""

    @classmethod
    def of(cls, event: Block, commands: Commands) -> "Written":
        """Return what a message event says."""
        return cls(event.get("text") or "", tuple(event.get("files") or ()), commands)


MessageHandler = Callable[[Asked, Written], Awaitable[Message | None]]
"""Answers a message. Forms can't be opened from it (`NeedsAPress`); None if another message says it all."""


def is_from_a_person(event: Block, bot_user_id: str) -> bool:
    """Return True for a message in a direct conversation that no bot wrote."""
    in_person = event.get("user") and not event.get("bot_id") and event["user"] != bot_user_id
    return bool(in_person and event.get("channel_type") == "im")


async def answer(asked: Asked, message: Message) -> None:
    """Put the answer into the outbox.

    Raises:
        AnsweredBefore: another delivery of the event has been answered.
        UnknownPeople: the author hasn't been met.
    """
    assert asked.heard is not None
    async with asked.transaction() as tx:
        known = await people.by_slack_id(tx.session, [asked.slack_id])
        if asked.slack_id not in known:
            raise UnknownPeople({asked.slack_id})
        audience = to_user(known[asked.slack_id].user_id)
        topic = Topic("message", part=asked.heard.event_id)
        facts = {**message.as_arguments(), "without_chart": list(message.without_chart)}
        await outbox.post(tx.session, Saying(ANSWER, audience, topic, facts))


async def reply(asked: Asked, channel: str, message: Message) -> None:
    """Answer at once, without the outbox: for when the database is what doesn't work.

    If this fails as well, the person hears nothing and can write again, since nothing was saved.
    """
    try:
        with narrowed():
            await asked.client.chat_postMessage(channel=channel, **message.as_arguments())
    except SlackTrouble as trouble:
        log.warning("an answer was lost: %s", trouble.reason)


async def load(_session: AsyncSession, facts: Facts) -> Message:
    """Return an answer from the outbox: it says what was true when the message was read."""
    return Message(Mrkdwn(facts["text"]), facts["blocks"], facts.get("without_chart", ()))
