"""Events of the workspace: people who come, move or leave, and channels that close or open again."""

from collections.abc import Iterator
from datetime import timedelta

from bot.courier.reports import report
from bot.slack.channels import POST_UNINVITED
from bot.slack.edge import EventHandler, Happened
from domain import flow
from domain.db import Transaction
from domain.outbox import lanes
from domain.outbox.lanes import WHOLE_WORKSPACE
from domain.outbox.service import to_channel
from domain.people import joining
from domain.people import queries as people

_PROBE = timedelta(minutes=15)
"""Time between two attempts to reach a channel that is known to be closed."""


async def _person(happened: Happened) -> None:
    """Take over name, time zone and deactivation; a deactivated person gets no more reminders.

    Admins then decide what was theirs to decide. A rep who is reactivated has the current month at once.
    """
    tx = happened.tx
    profile = happened.installation.directory.profile(happened.event["user"])
    await flow.meet(tx.session, tx.now, [profile])
    await joining.pass_on_from(tx.session, profile.slack_id)


def _closed(reason: str) -> EventHandler:
    async def park(happened: Happened) -> None:
        await _park(happened.tx, happened.event["channel"], reason)

    return park


async def _park(tx: Transaction, channel: str, reason: str) -> None:
    """Park the channel's messages and tell the person who can fix it; leave other channels alone."""
    if not await people.is_ours(tx.session, channel):
        return
    parking = await lanes.park(tx.session, to_channel(channel), reason, _PROBE)
    if parking is not None:
        await report(tx, parking)


async def _opened(happened: Happened) -> None:
    await _resume(happened.tx, happened.event["channel"])


async def _resume(tx: Transaction, channel: str) -> None:
    for resumed in await lanes.resume(tx.session, to_channel(channel)):
        await report(tx, resumed)


async def _left(happened: Happened) -> None:
    """Park the channel that the bot left, unless it may post there without being a member."""
    grant, event = happened.installation.grant, happened.event
    still_open = event.get("channel_type") == "C" and POST_UNINVITED in grant.scopes
    if event["user"] == grant.bot_user_id and not still_open:
        await _park(happened.tx, event["channel"], "not_in_channel")


async def _joined(happened: Happened) -> None:
    if happened.event["user"] == happened.installation.grant.bot_user_id:
        await _resume(happened.tx, happened.event["channel"])


async def _revoked(happened: Happened) -> None:
    """Take in that the bot's own token was revoked; Slack sends the same event for people's tokens."""
    if happened.event["tokens"].get("bot"):
        await _shut_out(happened)


async def _shut_out(happened: Happened) -> None:
    """Send nothing until the app is installed again. Nobody can be told, so the log is."""
    await lanes.park(happened.tx.session, WHOLE_WORKSPACE, "token_revoked", _PROBE)
    happened.drop_installation()


def _of_channels() -> Iterator[tuple[str, EventHandler]]:
    for kind in ("channel", "group"):
        yield f"{kind}_archive", _closed("is_archived")
        yield f"{kind}_deleted", _closed("channel_not_found")
        yield f"{kind}_unarchive", _opened


EVENTS: dict[str, EventHandler] = {
    "team_join": _person,
    "user_change": _person,
    **dict(_of_channels()),
    "member_left_channel": _left,
    "member_joined_channel": _joined,
    "tokens_revoked": _revoked,
    "app_uninstalled": _shut_out,
}
"""What the manifest subscribes to."""
