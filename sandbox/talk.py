"""Message events: what is said in a conversation, as the bot hears it."""

import asyncio
from collections.abc import Awaitable, Callable

from sandbox.delivery import Ack
from sandbox.model import Channel, Json, Message
from sandbox.posts import Happening
from sandbox.slack import Slack

UNTOLD = Ack(0, "", None, 0.0)
"""In place of an answer, where the bot isn't told."""

Send = Callable[[Json], Awaitable[Ack]]


class Talk:
    """The sender of a `message` event for each message that the app subscribes to, in the background."""

    def __init__(self, slack: Slack, send: Send) -> None:
        self._slack = slack
        self._send = send
        self._last: dict[str, asyncio.Task[Ack]] = {}
        self._tasks: set[asyncio.Task[Ack]] = set()

    def hear(self, what: Happening, message: Message, before: Message | None) -> None:
        """Tell the bot what happened to a message, if it is to know."""
        channel = self._slack.directory.channel(message.channel)
        if not self._is_told(channel):
            return
        event = self._event(what, message, before) | {"channel": channel.id, "channel_type": _type(channel)}
        task = asyncio.ensure_future(self._send(event))
        self._tasks.add(task)
        self._last[message.ts] = task
        task.add_done_callback(lambda done: self._forget(message.ts, done))

    async def delivered(self, message: Message) -> Ack:
        """Return the bot's answer to what has just happened to a message."""
        task = self._last.get(message.ts)
        return await task if task else UNTOLD

    def stop(self) -> None:
        """Give up what is still to be delivered."""
        for task in self._tasks:
            task.cancel()

    def _forget(self, ts: str, task: asyncio.Task[Ack]) -> None:
        self._tasks.discard(task)
        if self._last.get(ts) is task:
            del self._last[ts]

    def _is_told(self, channel: Channel) -> bool:
        workspace = self._slack.workspace
        place = {"im": "im", "group": "groups", "channel": "channels"}[_type(channel)]
        granted = f"{place}:history" in workspace.scopes and workspace.bot_user_id in channel.members
        return granted and self._slack.app.subscribes(f"message.{place}")

    def _event(self, what: Happening, message: Message, before: Message | None) -> Json:
        body = self._json(message)
        if what == "posted":
            return body | {"event_ts": message.ts}
        ts = self._slack.timestamps.next()
        change: Json = {"type": "message", "hidden": True, "ts": ts, "event_ts": ts}
        if before is not None:
            change["previous_message"] = self._json(before)
        if what == "changed":
            return change | {"subtype": "message_changed", "message": body}
        return change | {"subtype": "message_deleted", "deleted_ts": message.ts}

    def _json(self, message: Message) -> Json:
        body = self._slack.posts.json(message)
        # Metadata comes with events of its own.
        body.pop("metadata", None)
        return {"team": self._slack.workspace.team_id, **body}


def _type(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "group" if channel.is_private else "channel"
