"""Whether the bot can post in a channel somebody chose, and what it says if not."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.channels import postable
from sandbox import Sandbox, faults
from sandbox.model import Channel


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[])


@pytest.fixture
def west(sandbox: Sandbox) -> Channel:
    return sandbox.slack.directory.channel("#team-west")


def _leave(sandbox: Sandbox, channel: Channel) -> None:
    channel.members.remove(sandbox.slack.workspace.bot_user_id)


async def test_where_the_bot_is_it_can_post(client: AsyncWebClient, west: Channel) -> None:
    assert await postable(client, west.id) is None
    west.is_private = True
    assert await postable(client, west.id) is None


async def test_where_it_is_not_it_says_what_to_type(
    client: AsyncWebClient, sandbox: Sandbox, west: Channel
) -> None:
    _leave(sandbox, west)
    assert await postable(client, west.id) == (
        "I am not in #team-west yet. Type /invite @goalkeeper in it, and then save again here."
    )
    west.is_private = True
    assert await postable(client, west.id) == (
        "I can't see that channel. If it is private, type /invite @goalkeeper in it, "
        "and then save again here."
    )


async def test_with_the_scope_for_it_a_public_channel_needs_no_invitation(
    client: AsyncWebClient, sandbox: Sandbox, west: Channel
) -> None:
    _leave(sandbox, west)
    sandbox.slack.workspace.scopes.append("chat:write.public")
    assert await postable(client, west.id) is None
    west.is_ext_shared = True
    assert "shared with another company" in str(await postable(client, west.id))
    west.is_ext_shared, west.is_private = False, True
    assert "type /invite @goalkeeper" in str(await postable(client, west.id))


async def test_archived_and_shared_channels_are_no_places_for_goals(
    client: AsyncWebClient, west: Channel
) -> None:
    west.is_ext_shared = True
    assert "shared with another company" in str(await postable(client, west.id))
    west.is_archived = True
    assert str(await postable(client, west.id)).startswith("That channel is archived.")


@pytest.mark.parametrize(
    "fault",
    [faults.hang(5), faults.rate_limited(30), faults.http_error(503), faults.html()],
    ids=lambda fault: fault.describe(),
)
async def test_a_slow_slack_is_not_waited_for(
    client: AsyncWebClient, sandbox: Sandbox, west: Channel, fault: faults.Fault
) -> None:
    sandbox.faults.next("conversations.info", fault)
    assert str(await postable(client, west.id)).startswith("Slack didn't say in time")
    sandbox.faults.clear()
