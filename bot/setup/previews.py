"""“Send me a preview”: each kind of message to oneself, as it will be, with made-up figures."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, context
from bot.slack.rendering import Facts, Renderer, Sample
from bot.slack.text import Mrkdwn, say
from domain.db import Transaction
from domain.outbox import service as outbox
from domain.outbox.service import Saying, to_user
from domain.people import queries as people
from domain.people.rules import Person

PREVIEW = "setup.preview"
"""Facts: slack_id, sample (its name), at (business time)."""
PRESSED = tuple(f"setup.preview.pressed.{place}" for place in range(3))
"""What can be pressed in a preview, by its place in its row: two of a row may not share an id."""


async def send(tx: Transaction, person: Person, samples: Iterable[str]) -> None:
    """Say each of these samples to the person, through the outbox as all else; once a minute at the most."""
    for name in samples:
        facts = {"slack_id": person.slack_id, "sample": name, "at": tx.now.isoformat()}
        topic = f"preview:{person.user_id}:{name}:{tx.now:%Y-%m-%dT%H:%M}"
        await outbox.post(tx.session, Saying(PREVIEW, to_user(person.user_id), topic, facts))


def renderers(samples: Mapping[str, Sample]) -> dict[str, Renderer[Any]]:
    """How a preview becomes a message: as the feature whose message it is words it."""

    async def load(session: AsyncSession, facts: Facts) -> Message | None:
        known = await people.by_slack_id(session, [facts["slack_id"]])
        person, sample = known.get(facts["slack_id"]), samples.get(facts["sample"])
        if person is None or sample is None:
            return None
        return as_preview(sample(person, datetime.fromisoformat(facts["at"])))

    return {PREVIEW: Renderer(load, lambda message: message)}


def as_preview(message: Message) -> Message:
    """The message, marked as a preview; what one could press shows, and does nothing."""
    note = say("👀 A preview: people and figures are made up, and buttons do nothing.")
    blocks = [_idle(block) for block in message.blocks]
    return Message(Mrkdwn(f"{note}\n{message.text}"), [context(note), *blocks])


def _idle(block: Block) -> Block:
    if "accessory" in block:
        return {**block, "accessory": {**block["accessory"], "action_id": PRESSED[0]}}
    if block["type"] == "actions":
        elements = block["elements"]
        pairs = zip(elements, PRESSED[: len(elements)], strict=True)
        return {**block, "elements": [{**element, "action_id": pressed} for element, pressed in pairs]}
    return block
