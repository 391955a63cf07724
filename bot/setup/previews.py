"""“Send me a preview”: each kind of message that the features send, with made-up figures."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feature import Feature
from bot.setup.overview import SEND_PREVIEW
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, context, section
from bot.slack.edge import ActionHandler
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, say
from domain.db import Transaction
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_user
from domain.people import queries as people
from domain.people.rules import Person
from domain.setup import service

PREVIEW = "setup.preview"
"""Facts: slack_id, sample (its name), at (business time)."""
PRESSED = tuple(f"setup.preview.pressed.{place}" for place in range(3))
"""Ids of controls in a preview, by their place in a row: two in a row may not share an id."""


def previewing(features: Iterable[Feature]) -> Feature:
    """Return the feature that previews the messages of `features`, by the samples that they bring."""
    samples = {name: sample for feature in features for name, sample in feature.samples.items()}

    async def load(session: AsyncSession, facts: Facts) -> Message | None:
        known = await people.by_slack_id(session, [facts["slack_id"]])
        person, sample = known.get(facts["slack_id"]), samples.get(facts["sample"])
        if person is None or sample is None:
            return None
        return as_preview(sample(person, datetime.fromisoformat(facts["at"])))

    return Feature(
        "previews",
        actions={SEND_PREVIEW: _send(samples), **dict.fromkeys(PRESSED, _pressed)},
        renderers={PREVIEW: Renderer(load, lambda message: message)},
    )


def _send(samples: Collection[str]) -> ActionHandler:
    async def send(asked: Asked, _action: Block, _payload: Block) -> Message:
        async with asked.transaction() as tx:
            person = await asked.person(tx)
            await service.check_admin(tx.session, person)
            await _say_each(tx, person, samples)
        text = say(
            "👀 {count} previews are on their way to your messages from Goalkeeper.", count=len(samples)
        )
        return Message(text, [section(text)])

    return send


async def _say_each(tx: Transaction, person: Person, samples: Iterable[str]) -> None:
    """Send each of these samples to the person through the outbox, each at most once a minute."""
    for name in samples:
        facts = {"slack_id": person.slack_id, "sample": name, "at": tx.now.isoformat()}
        topic = Topic("preview", part=f"{person.user_id}:{name}:{tx.now:%Y-%m-%dT%H:%M}")
        await outbox.post(tx.session, Saying(PREVIEW, to_user(person.user_id), topic, facts))


async def _pressed(_asked: Asked, _action: Block, _payload: Block) -> Message:
    text = say("👀 That was a preview: nothing has happened.")
    return Message(text, [section(text)])


def as_preview(message: Message) -> Message:
    """Return the message marked as a preview; its buttons show, and do nothing."""
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
