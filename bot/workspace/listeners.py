"""Events of the workspace: people who come, move or leave, and channels that close or open again."""

from collections.abc import Collection
from datetime import timedelta

from bot.courier.reports import report
from bot.slack.blocks import Block
from bot.slack.channels import POST_UNINVITED
from bot.slack.edge import Edge, EventHandler
from bot.slack.people import Directory
from domain import flow
from domain.db import Transaction
from domain.outbox import lanes
from domain.outbox.lanes import WHOLE_WORKSPACE
from domain.outbox.service import to_channel
from domain.people import joining
from domain.people import queries as people

_PROBE = timedelta(minutes=15)
"""Between two tries at a channel that is known to be closed."""


def register(edge: Edge, directory: Directory, bot_user_id: str, scopes: Collection[str]) -> None:
    """Listen to what the manifest subscribes to; `scopes` are those of the bot's token."""
    for event in ("team_join", "user_change"):
        edge.event(event, _person(directory))
    for kind in ("channel", "group"):
        edge.event(f"{kind}_archive", _closed("is_archived"))
        edge.event(f"{kind}_deleted", _closed("channel_not_found"))
        edge.event(f"{kind}_unarchive", _opened)
    edge.event("member_left_channel", _left(bot_user_id, scopes))
    edge.event("member_joined_channel", _joined(bot_user_id))
    edge.event("tokens_revoked", _revoked)
    edge.event("app_uninstalled", _shut_out)


def _person(directory: Directory) -> EventHandler:
    """Zone, name and deactivation count from now on: nobody reminds people who are deactivated.

    What was theirs to decide is for the admins then. A rep who is reactivated has the current month at once.
    """

    async def meet(tx: Transaction, event: Block) -> None:
        profile = directory.profile(event["user"])
        await flow.meet(tx.session, tx.now, [profile])
        await joining.pass_on_from(tx.session, profile.slack_id)

    return meet


def _closed(reason: str) -> EventHandler:
    async def park(tx: Transaction, event: Block) -> None:
        await _park(tx, event["channel"], reason)

    return park


async def _park(tx: Transaction, channel: str, reason: str) -> None:
    """Hold what goes there, and tell who can mend it; channels that are none of ours are left alone."""
    if not await people.is_ours(tx.session, channel):
        return
    parking = await lanes.park(tx.session, to_channel(channel), reason, _PROBE)
    if parking is not None:
        await report(tx, parking)


async def _opened(tx: Transaction, event: Block) -> None:
    await _resume(tx, event["channel"])


async def _resume(tx: Transaction, channel: str) -> None:
    for mended in await lanes.resume(tx.session, to_channel(channel)):
        await report(tx, mended)


def _left(bot_user_id: str, scopes: Collection[str]) -> EventHandler:
    """A public channel stays open to a bot that may post in it without being there."""

    async def left(tx: Transaction, event: Block) -> None:
        still_open = event.get("channel_type") == "C" and POST_UNINVITED in scopes
        if event["user"] == bot_user_id and not still_open:
            await _park(tx, event["channel"], "not_in_channel")

    return left


def _joined(bot_user_id: str) -> EventHandler:
    async def joined(tx: Transaction, event: Block) -> None:
        if event["user"] == bot_user_id:
            await _resume(tx, event["channel"])

    return joined


async def _revoked(tx: Transaction, event: Block) -> None:
    """The bot's token, that is; Slack tells of people's own tokens by the same event."""
    if event["tokens"].get("bot"):
        await _shut_out(tx, event)


async def _shut_out(tx: Transaction, _event: Block) -> None:
    """Nothing can be sent until somebody installs the app again; nobody can be told, so the log is."""
    await lanes.park(tx.session, WHOLE_WORKSPACE, "token_revoked", _PROBE)
