"""Checking that the bot can post in a chosen channel, and saying what helps if it can't."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import DestinationDown, Passing, RateLimited, Uncertain, narrowed

log = logging.getLogger(__name__)

_SECONDS = 1.2
"""Seconds to wait for Slack: a person waits for a form to close, and the database needs some of the 3 s."""

POST_UNINVITED = "chat:write.public"
"""The scope, an optional one, for posting in public channels without being in them."""
_SLOW = "Slack didn't say in time whether I can post there. Nothing was saved; please try again."
_UNSEEN = (
    "I can't see that channel. If it is private, type /invite @goalkeeper in it, and then save again here."
)
_ARCHIVED = "That channel is archived. Choose another one, or unarchive it and save again here."
_SHARED = (
    "That channel is shared with another company, and goals are not for everybody's eyes. Choose another one."
)


async def postable(client: AsyncWebClient, channel_id: str) -> str | None:
    """Return None if the bot can post in this channel, else a sentence with the reason and the remedy.

    Waits for Slack, so it is asked outside any transaction.
    """
    try:
        with narrowed():
            async with asyncio.timeout(_SECONDS):
                answer = await client.conversations_info(channel=channel_id)
                channel = answer["channel"]
    except DestinationDown:
        return _UNSEEN
    except (RateLimited, Uncertain, Passing) as trouble:
        log.warning("could not look at a channel: %s", trouble.reason)
        return _SLOW
    return _problem(channel, may_post_uninvited=POST_UNINVITED in (granted(answer.headers) or ()))


def granted(headers: Mapping[str, str] | None) -> frozenset[str] | None:
    """Return the token's scopes, which Slack sends with every answer; None if it doesn't."""
    # The header's case depends on the server or a proxy on the way.
    named = (value for name, value in (headers or {}).items() if name.lower() == "x-oauth-scopes")
    scopes = next(named, None)
    return None if scopes is None else frozenset(scope.strip() for scope in scopes.split(","))


def _problem(channel: dict[str, Any], *, may_post_uninvited: bool) -> str | None:
    if channel.get("is_archived"):
        return _ARCHIVED
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return _SHARED
    invited = channel.get("is_member") or (may_post_uninvited and not channel.get("is_private"))
    if not invited:
        name = channel.get("name") or "that channel"
        return f"I am not in #{name} yet. Type /invite @goalkeeper in it, and then save again here."
    return None
