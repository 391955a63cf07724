"""A feature is one object: all that it brings is answered, sent and previewed, and no id has two owners."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import FEATURES, running
from bot.feature import Feature, Features
from bot.setup.previews import previewing
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.commands import Command, Usage
from bot.slack.edge import Behind, Happened
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import say
from domain.db import Database
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_user
from domain.people.rules import Person as Known
from sandbox import Person, Sandbox
from tests.slack.conftest import BRISK, Clock, Served

WAVED = "waves.waved"
"""Facts: name."""
WAVE_BACK = "waves.back"


def waved(name: str) -> Message:
    """The feature's message."""
    text = say("👋 {name} waves.", name=name)
    return Message(text, [section(text), actions(button("Wave back", WAVE_BACK, "any"))])


async def _wave(asked: Asked, _rest: str) -> Message:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        saying = Saying(WAVED, to_user(person.user_id), Topic("wave"), {"name": person.name})
        await outbox.post(tx.session, saying)
    text = say("Waved.")
    return Message(text, [section(text)])


async def _wave_back(_asked: Asked, _action: Block, _payload: Block) -> Message:
    text = say("Waved back.")
    return Message(text, [section(text)])


async def _unarchived(happened: Happened) -> Behind:
    channel = happened.event["channel"]

    async def say_so() -> None:
        await happened.installation.sending.chat_postMessage(channel=channel, text="Good to be back!")

    return say_so


async def _load(_session: AsyncSession, facts: Facts) -> str:
    return str(facts["name"])


def _sample(person: Known, _now: Any) -> Message:
    return waved(person.name)


WAVES = Feature(
    "waves",
    commands=(Command("wave", _wave, (Usage("/goals wave", "waves"),)),),
    actions={WAVE_BACK: _wave_back},
    events={"channel_unarchive": _unarchived},
    renderers={WAVED: Renderer(_load, waved)},
    samples={WAVED: _sample},
)


@pytest.fixture
def served(_served: Served) -> Served:
    """What the bot is started with."""
    return _served


async def test_all_that_a_feature_brings_is_there(
    db: Database, served: Served, sandbox: Sandbox, clock: Clock
) -> None:
    ana = sandbox.person("Ana Souza")
    async with running(db, served.access, served.door, BRISK, Features(WAVES, previewing([WAVES]))):
        assert "/goals wave" in (await ana.types("/goals help")).text
        assert (await ana.types("/goals wave")).text == "Waved."
        [message] = await sandbox.wait_for(lambda: told(ana))
        answer = await ana.presses(WAVE_BACK, message)
        assert await sandbox.wait_for(lambda: answer.text) == "Waved back."

        west = sandbox.channel("#team-west")
        back = await sandbox.events.archived(west.channel, ana.id, archived=False)
        assert back.status == 200
        await sandbox.wait_for(lambda: [one for one in west.messages() if one.text == "Good to be back!"])


def told(person: Person) -> list[Any]:
    """What the bot has sent somebody."""
    return [one for one in person.dms() if one.is_bot and not one.only_for]


def test_no_id_has_two_owners() -> None:
    with pytest.raises(ValueError, match=r"waves uses ids that another feature has already: waves\.back"):
        Features(Feature("greetings", actions={WAVE_BACK: _wave_back}), WAVES)


async def test_bolt_takes_nothing_from_the_environment(
    db: Database, served: Served, sandbox: Sandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With these set, Bolt looks for installations in files of its own unless told otherwise."""
    for variable in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(variable, "1.2")
    async with running(db, served.access, served.door, BRISK, FEATURES):
        assert "20 signups" in (await sandbox.person("Ana Souza").types("/goals set 20")).text
