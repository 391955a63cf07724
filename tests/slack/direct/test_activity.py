"""Figures that may be activity: offered to be logged, and never logged without a word."""

from collections.abc import AsyncIterator

import pytest

from bot.app import Bot, running
from bot.direct.feature import FEATURE as DIRECT
from bot.direct.meaning import Meant, meant_by
from bot.feature import Feature, Features
from bot.goals.feature import FEATURE as GOALS
from bot.slack.asking import Asked
from bot.slack.blocks import Message, section
from bot.slack.commands import Command, For, Usage
from bot.slack.text import say
from domain.db import Database
from domain.people.model import Role, Standing, UserId
from domain.people.rules import Person as Known
from domain.periods import Period
from sandbox import Person, Sandbox
from tests.slack.conftest import BRISK, Clock, Served
from tests.slack.direct.conftest import Asks
from tests.slack.reading import Form

NOTHING, GOALS_ONLY = Meant(), Meant(as_goals=True)
EITHER, ACTIVITY_ONLY = Meant(as_goals=True, as_activity=True), Meant(as_activity=True)
"""What a line may mean."""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20 50k", GOALS_ONLY),
        ("20 50k 3", GOALS_ONLY),
        ("20 $50k tier 3", GOALS_ONLY),
        ("yearly 240 600k", GOALS_ONLY),
        ("2 signups", EITHER),
        ("$5k", EITHER),
        ("$5,000 Acme renewal", ACTIVITY_ONLY),
        ("3 calls yesterday", ACTIVITY_ONLY),
        ("-1 signup refund", ACTIVITY_ONLY),
        ("٣ signups", EITHER),
        ("5", Meant(as_goals=True, bare=True)),
        ("hello", NOTHING),
        ("", NOTHING),
        ("we won 3 deals", NOTHING),
        ("5 " * 150, NOTHING),
    ],
)
def test_what_figures_may_mean(typed: str, meant: Meant) -> None:
    person = Known(
        user_id=UserId(1),
        slack_id="U1",
        name="Ana",
        role=Role.MEMBER,
        standing=Standing.MEMBER,
        is_active=True,
        zone="UTC",
        currency="USD",
        locale="en_US",
        deadline_day=6,
    )
    assert meant_by(typed, person, Period.of_month(2026, 2)) == meant


def _saying(words: str) -> Message:
    text = say(words)
    return Message(text, [section(text)])


async def _log(_asked: Asked, rest: str) -> Message:
    return _saying(f"logged {rest}")


async def _ask_first(_asked: Asked, rest: str) -> Message:
    return _saying(f"form with {rest}")


LOGGING = Feature(
    "logging",
    commands=(
        Command(
            "log",
            _log,
            (Usage("/goals log", "logs", For.REPS),),
            label="Log activity",
            form=_ask_first,
            example="log 2 signups",
        ),
    ),
)


@pytest.fixture
async def bot(db: Database, _served: Served, sandbox: Sandbox, clock: Clock) -> AsyncIterator[Bot]:
    """A bot with a command that logs."""
    features = Features(GOALS, LOGGING, DIRECT)
    async with running(db, _served.access, _served.door, BRISK, features) as bot:
        yield bot


async def test_a_line_with_the_verb_is_done(ana: Person, asks: Asks) -> None:
    assert await asks(ana, "log 2 signups") == "logged 2 signups"


async def test_an_amount_alone_is_asked_about(ana: Person, asks: Asks, sandbox: Sandbox) -> None:
    assert await asks(ana, "2 signups") == (
        "Would you like to log “2 signups”, or is it your goal? Nothing is saved yet.\nLog it\nSet goals"
    )
    answer = await ana.presses("commands.log")
    assert await sandbox.wait_for(lambda: answer.text) == "form with 2 signups"
    await ana.presses("commands.set")
    assert Form.of(ana).fields["Signups"] == "2"


async def test_a_deal_can_only_be_logged(ana: Person, asks: Asks) -> None:
    assert await asks(ana, "$5,000 Acme & Sons") == (
        "Would you like to log “$5,000 Acme & Sons”? Nothing is saved yet.\nLog it"
    )


async def test_a_number_alone_is_asked_what_it_counts(ana: Person, asks: Asks) -> None:
    assert await asks(ana, "5") == (
        "5 of what? To log it, say what it counts, like log 5 signups. Nothing is saved yet.\nSet goals"
    )


async def test_the_short_help_names_it(ana: Person, asks: Asks) -> None:
    assert (await asks(ana, "good morning")).startswith(
        "Hi Ana! I understand short lines like set 20 50k 3 or log 2 signups."
    )
