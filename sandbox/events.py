"""The Events API: event_callback with retries, and the changes in a workspace that cause events."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from sandbox.delivery import Ack, Delivery
from sandbox.ids import slack_id
from sandbox.methods.users import user_json
from sandbox.model import Channel, Json, User
from sandbox.slack import Slack
from sandbox.talk import UNTOLD, Talk

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds before each retry: at once, after a minute, after five."""

Delay = Callable[[float], Awaitable[Any]]


class Events:
    """Sends events to the bot. `delay` waits between retries."""

    def __init__(
        self,
        slack: Slack,
        delivery: Delivery,
        delay: Delay = asyncio.sleep,
        retry_after: Sequence[float] = RETRY_AFTER,
    ) -> None:
        self._slack = slack
        self._delivery = delivery
        self._delay = delay
        self._retry_after = retry_after
        self._tasks: set[asyncio.Task[Ack]] = set()
        self.talk = Talk(slack, self.send)
        slack.posts.listener = self.talk.hear

    def later(self, sending: Coroutine[Any, Any, Ack]) -> None:
        """Send in the background."""
        task = asyncio.create_task(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Give up what is still to be delivered in the background."""
        self.talk.stop()
        for task in self._tasks:
            task.cancel()

    async def verify_url(self) -> bool:
        """Slack's handshake when the request URL is entered."""
        challenge = slack_id("C")
        token = self._slack.workspace.verification_token
        ack = await self._delivery.event({"type": "url_verification", "challenge": challenge, "token": token})
        return ack.status == 200 and (ack.json().get("challenge") == challenge or ack.text == challenge)

    async def send(self, event: Json, *, event_id: str | None = None) -> Ack:
        """Send an event until the bot takes it or the retries are used up; return the last answer.

        What the app's manifest doesn't subscribe to isn't sent.
        """
        if event["type"] != "message" and not self._slack.app.subscribes(event["type"]):
            return UNTOLD
        payload = self._envelope(event, event_id or slack_id("Ev"))
        ack = await self._delivery.event(payload)
        for retry, seconds in enumerate(self._retry_after, 1):
            if ack.error is None:
                break
            if seconds:
                await self._delay(seconds)
            reason = "http_timeout" if ack.error == "operation_timeout" else "http_error"
            ack = await self._delivery.event(payload, retry, reason)
        return ack

    async def home_opened(self, user: User, tab: str) -> Ack:
        """app_home_opened, of the tab `home` or `messages`."""
        dm = self._slack.directory.dm(user.id)
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": dm.id,
            "tab": tab,
            "event_ts": self._slack.timestamps.next(),
        }
        if tab == "home" and user.id in self._slack.workspace.homes:
            event["view"] = self._slack.workspace.homes[user.id]
        return await self.send(event)

    async def joined(self, user: User) -> Ack:
        """team_join: somebody new."""
        self._slack.workspace.users[user.id] = user
        self._slack.changed()
        return await self._about_user("team_join", user)

    async def changed(self, user: User, **fields: Any) -> Ack:
        """user_change: whichever fields of `User` are given have new values."""
        for name, value in fields.items():
            setattr(user, name, value)
        user.updated = int(self._slack.now())
        self._slack.changed()
        return await self._about_user("user_change", user)

    async def archived(self, channel: Channel, by: str, *, archived: bool = True) -> Ack:
        """channel_archive or, taken back, channel_unarchive."""
        channel.is_archived = archived
        self._slack.changed()
        kind = "archive" if archived else "unarchive"
        return await self.send({"type": _kind(channel, kind), "channel": channel.id, "user": by})

    async def renamed(self, channel: Channel, name: str) -> Ack:
        """channel_rename."""
        channel.name = name
        self._slack.changed()
        body = {"id": channel.id, "name": name, "created": channel.created}
        return await self.send({"type": _kind(channel, "rename"), "channel": body})

    async def left(self, channel: Channel, user: str) -> Ack:
        """member_left_channel; of the bot itself too."""
        channel.members.remove(user)
        self._slack.changed()
        channel_type = "G" if channel.is_private else "C"
        team = self._slack.workspace.team_id
        event = {"type": "member_left_channel", "user": user, "channel": channel.id}
        return await self.send({**event, "channel_type": channel_type, "team": team})

    async def _about_user(self, kind: str, user: User) -> Ack:
        body = user_json(self._slack, user, with_locale=True)
        return await self.send({"type": kind, "user": body, "event_ts": self._slack.timestamps.next()})

    def _envelope(self, event: Json, event_id: str) -> Json:
        workspace = self._slack.workspace
        authorization = {
            "enterprise_id": None,
            "team_id": workspace.team_id,
            "user_id": workspace.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": workspace.verification_token,
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": {"event_ts": self._slack.timestamps.next(), **event},
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(self._slack.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }


def _kind(channel: Channel, what: str) -> str:
    return f"{'group' if channel.is_private else 'channel'}_{what}"
