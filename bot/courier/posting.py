"""The courier's calls to Slack, one each; every failure is a `SlackTrouble`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Message
from bot.slack.errors import Uncertain, narrowed
from domain.outbox.delivery import Claimed

_EVENT_TYPE = "goalkeeper_intent"
_PAGE = 999
"""Messages to a page: the most that Slack gives, so that a search ends within its lease."""
SKEW = timedelta(minutes=1)
"""How far Slack's clock and the database's may be apart, either way."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where Slack put a message."""

    channel: str
    ts: str


async def check_token(client: AsyncWebClient) -> None:
    """Ask Slack whether it takes the token at all."""
    with narrowed():
        await client.auth_test()


async def open_dm(client: AsyncWebClient, slack_id: str) -> str:
    """Return the channel of the bot's direct messages with a person, who sees nothing of this."""
    with narrowed():
        opened = await client.conversations_open(users=slack_id)
        channel: str = opened["channel"]["id"]
        return channel


async def post(client: AsyncWebClient, intent: Claimed, channel: str, message: Message) -> Receipt:
    """Post a message that can be found again by the intent's nonce."""
    arguments: dict[str, Any] = {
        "channel": channel,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": _EVENT_TYPE, "event_payload": {"nonce": str(intent.nonce)}},
    }
    with narrowed():
        posted = await client.chat_postMessage(**arguments, **message.as_arguments())
    if not posted["channel"] or not posted["ts"]:
        raise Uncertain("unreadable_response")
    return Receipt(posted["channel"], posted["ts"])


async def edit(client: AsyncWebClient, receipt: Receipt, message: Message) -> Receipt:
    """Bring a message up to date; safe to repeat."""
    with narrowed():
        await client.chat_update(channel=receipt.channel, ts=receipt.ts, **message.as_arguments())
    return receipt


async def find(client: AsyncWebClient, intent: Claimed, channel: str) -> Receipt | None:
    """Look in the channel for a post of this intent, as far back as it may have arrived.

    The whole time span is read, however many messages it holds. With both ends given, Slack pages from the
    newest to the oldest, while with `oldest` alone it would begin with the oldest page.
    """
    assert intent.uncertain_since is not None
    assert intent.uncertain_until is not None
    window: dict[str, Any] = {
        "oldest": _ts(intent.uncertain_since - SKEW),
        "latest": _ts(intent.uncertain_until + SKEW),
        "inclusive": True,
    }
    cursor: str | None = None
    while True:
        with narrowed():
            page = await client.conversations_history(
                channel=channel, include_all_metadata=True, limit=_PAGE, cursor=cursor, **window
            )
            for message in page["messages"]:
                if _nonce(message) == str(intent.nonce):
                    return Receipt(channel, message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


def _ts(moment: datetime) -> str:
    """Return the moment as Slack's timestamps have it, to the microsecond."""
    return f"{moment.timestamp():.6f}"


def _nonce(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _EVENT_TYPE:
        return None
    nonce: str | None = (metadata.get("event_payload") or {}).get("nonce")
    return nonce
