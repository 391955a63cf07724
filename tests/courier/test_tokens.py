"""Tokens that are refused, replaced or looked up in vain: what waits goes out once there is a good one."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.slack.errors import Uncertain
from domain.db import Database
from tests.courier.conftest import ANA, QUICK, Eyes, Given, Office, at_work, installed

PARKED = "EXISTS (SELECT FROM outbox_lanes WHERE lane = '*' AND parked_at IS NOT NULL)"


@pytest.fixture
def given(office: Office) -> Given:
    """What the office granted, for tests to change."""
    return Given([office])


@pytest.fixture
async def hello(db: Database, office: Office, given: Given) -> AsyncIterator[None]:
    """A courier at work, with something to say to Ana."""
    await office.posts(await office.meets(ANA))
    async with installed(db, [office], QUICK, given) as here, at_work(db, here):
        yield


@pytest.fixture
def old(office: Office, given: Given) -> None:
    """The token that is known is no longer the workspace's."""
    grant = given.grants[office.workspace_id]
    given.grants[office.workspace_id] = replace(grant, bot_token="xoxb-1-old")


async def test_a_new_token_is_used_from_the_next_try_on(
    old: None, hello: None, office: Office, given: Given, eyes: Eyes
) -> None:
    await eyes.until(PARKED)
    assert office.told(ANA) == []
    grant = given.grants[office.workspace_id]
    given.grants[office.workspace_id] = replace(grant, bot_token=office.sandbox.bot_token)
    await eyes.ended()
    assert len(office.told(ANA)) == 1


@pytest.fixture
def gone(office: Office, given: Given) -> None:
    """The app has been uninstalled."""
    given.grants.clear()


async def test_without_a_grant_messages_wait(gone: None, hello: None, office: Office, eyes: Eyes) -> None:
    await eyes.until(PARKED)
    assert (await eyes.intent("hello", office.workspace_id)).reason == "token_revoked"
    assert office.sandbox.calls == []


@pytest.fixture
def unsure(given: Given) -> None:
    """Slack does not say whose the token is, the first time it is asked."""
    given.trouble.append(Uncertain("http_503"))


async def test_a_look_up_in_vain_makes_no_post_uncertain(
    unsure: None, hello: None, office: Office, eyes: Eyes
) -> None:
    await eyes.ended()
    assert len(office.told(ANA)) == 1
    # A post that may have arrived would have been looked for.
    assert office.sandbox.calls_to("conversations.history") == []
