"""The courier's own messages: about destinations that don't work, and moved clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Message, context, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, say
from domain.outbox import lanes, queries
from domain.outbox.lanes import LaneState, Parking
from domain.people import queries as people
from domain.people.model import UserId

DESTINATION_DOWN = "courier.destination_down"
"""Facts: lane, parked_at (real time)."""
UNCERTAIN_POST = "courier.uncertain_post"
"""Facts: intent."""

_WAYS_OUT = {
    "is_archived": "The channel is archived. Unarchive it, or have an admin choose another one.",
    "channel_not_found": "The channel is gone, or I am not in it. Invite me with `/invite @goalkeeper`.",
    "not_in_channel": "I am not in the channel. Invite me with `/invite @goalkeeper`.",
    "restricted_action": "A setting of the workspace forbids it. An owner of the workspace can allow it.",
    "restricted_action_read_only_channel": "The channel is read-only. Its managers can allow me to post.",
    "messages_tab_disabled": "The app's Messages tab is off. Whoever manages the Slack app can turn it on.",
    "user_disabled": "The account is deactivated.",
    "account_inactive": "The account is deactivated.",
    "missing_scope": "The app lacks a permission. Whoever manages the Slack app can install it again.",
}


@dataclass(frozen=True, slots=True)
class Destination:
    """A lane in words, and its state."""

    place: Mrkdwn
    state: LaneState


@dataclass(frozen=True, slots=True)
class LostPost:
    """A post that may or may not have arrived."""

    place: Mrkdwn
    intent: int


def destination_down(destination: Destination) -> Message:
    """Render the report that a destination doesn't work and how to fix it; once fixed, that all is well."""
    state = destination.state
    if state.parked_reason is None:
        text = Mrkdwn(f"✅ My messages get to {destination.place} again. What had waited is on its way.")
        return Message(text, [section(text)])
    headline = Mrkdwn(f"⚠️ My messages don't get to {destination.place}.")
    fallback = "Slack refuses them ({reason}). An admin of the workspace can find out why."
    way_out = say(_WAYS_OUT.get(state.parked_reason, fallback), reason=state.parked_reason)
    waiting = f"{state.waiting} {'message waits' if state.waiting == 1 else 'messages wait'}"
    footnote = say("{waiting}, and will go out by themselves then.", waiting=waiting)
    blocks = [section(headline), section(way_out), context(footnote)]
    return Message(Mrkdwn(f"{headline}\n{way_out}\n{footnote}"), blocks)


def uncertain_post(lost: LostPost) -> Message:
    """Render the request to look for a post that may or may not have arrived."""
    text = Mrkdwn(
        f"⚠️ Slack broke off while I was posting in {lost.place}, and I may not read the channel to see "
        "whether it arrived. I won't post it twice: please have a look. If it isn't there, whoever runs "
        f"Goalkeeper can have it posted: `goalkeeper outbox release {lost.intent} --anew`. "
        "Granting the app the scope `channels:history` lets me look for myself."
    )
    return Message(text, [section(text)])


def rehearsed(message: Message, now: datetime) -> Message:
    """Return the message with a footer saying that it was sent under a moved clock."""
    moment = format_datetime(now, "EEE, MMM d, y, HH:mm 'UTC'", locale="en_US")
    footer = say("🕰 Rehearsal: the clock stood at {moment}.", moment=moment)
    return Message(Mrkdwn(f"{message.text}\n{footer}"), [*message.blocks, context(footer)])


async def _destination(session: AsyncSession, facts: Facts) -> Destination | None:
    place = await _place(session, facts["lane"])
    parking = Parking(facts["lane"], datetime.fromisoformat(facts["parked_at"]))
    return None if place is None else Destination(place, await lanes.state(session, parking))


async def _uncertain(session: AsyncSession, facts: Facts) -> LostPost | None:
    audience = await queries.audience(session, facts["intent"])
    place = None if audience is None else await _place(session, audience)
    return None if place is None else LostPost(place, facts["intent"])


async def _place(session: AsyncSession, audience: str) -> Mrkdwn | None:
    """Return a channel as a link to it, or a person by name."""
    kind, _, address = audience.partition(":")
    if kind == "channel":
        return Mrkdwn(f"<#{address}>")
    name = await people.name(session, UserId(int(address)))
    return None if name is None else say("{name}", name=name)


RENDERERS: dict[str, Renderer[Any]] = {
    # “It works again” is no news to people who never saw, or deleted, the message that it didn't.
    DESTINATION_DOWN: Renderer(_destination, destination_down, news=False),
    UNCERTAIN_POST: Renderer(_uncertain, uncertain_post),
}
