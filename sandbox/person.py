"""Somebody at their desk: types, presses, fills in, and sees what a person would see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sandbox.forms import Values, elements, typed
from sandbox.interactions import Answer, Submission
from sandbox.model import Channel, Json, Message, User
from sandbox.posts import Draft
from sandbox.views import View
from sandbox.written import Written

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Spot = tuple[Message | View | Json, Json, Json]
"""Where an element stands (message, modal or App Home), its block, and the element."""


class Person:
    """One person of the workspace."""

    def __init__(self, sandbox: Sandbox, user_id: str) -> None:
        self._sandbox = sandbox
        self.id = user_id

    @property
    def user(self) -> User:
        """What Slack knows about them; change it with `Sandbox.events`, so that the bot is told."""
        return self._sandbox.slack.workspace.users[self.id]

    @property
    def view(self) -> Json | None:
        """The modal they have before them, as Slack describes it."""
        return self._sandbox.interactions.top(self.id)

    @property
    def home(self) -> Json | None:
        """Their App Home, if one was published."""
        return self._sandbox.slack.workspace.homes.get(self.id)

    def dms(self) -> list[Message]:
        """What they see in their direct messages with the bot, oldest first."""
        return self.messages(self._sandbox.slack.directory.dm(self.id).id)

    def messages(self, channel: str) -> list[Message]:
        """What they see in a channel."""
        found = self._sandbox.slack.directory.channel(channel)
        return self._sandbox.slack.posts.visible(found.id, self.id) if self.id in found.members else []

    async def types(self, text: str, channel: str | None = None) -> Answer:
        """Types a slash command (without a channel: to the bot in their direct messages)."""
        directory = self._sandbox.slack.directory
        place = directory.channel(channel) if channel else directory.dm(self.id)
        if self.id not in place.members or self.user.deleted:
            raise LookupError(f"{self.user.shown} cannot write in {channel or 'direct messages'}")
        return await self._sandbox.interactions.command(self.id, place.id, text)

    def says(self, text: str, channel: str | None = None) -> Message:
        """Write a plain message, without waiting for the bot (without a channel: to the bot)."""
        return self._post(channel, Draft(self._as_typed(text)))

    def shares(self, name: str, content: bytes, text: str = "", *, channel: str | None = None) -> Message:
        """Drop a file on a conversation, without waiting for the bot (without a channel: on the bot)."""
        files = self._sandbox.slack.files
        place = self._writable(channel)
        file = files.add(files.new(self.id, name, len(content)), content)
        return self._post(place.id, Draft(self._as_typed(text), files=[file.id]))

    def changes(self, message: Message, text: str) -> None:
        """Change a message of theirs, without waiting for the bot."""
        self._sandbox.slack.posts.edit(self._own(message), Draft(self._as_typed(text)))

    def removes(self, message: Message) -> None:
        """Delete a message of theirs with its files, without waiting for the bot."""
        slack = self._sandbox.slack
        slack.posts.delete(self._own(message))
        for file_id in message.files:
            slack.files.delete(slack.workspace.files[file_id])

    async def writes(self, text: str, channel: str | None = None) -> Written:
        """As `says`, and wait until the bot took it."""
        return await self._told(self.says(text, channel))

    async def drops(
        self, name: str, content: bytes, text: str = "", *, channel: str | None = None
    ) -> Written:
        """As `shares`, and wait until the bot took it."""
        return await self._told(self.shares(name, content, text, channel=channel))

    async def edits(self, message: Message, text: str) -> Written:
        """As `changes`, and wait until the bot took it."""
        self.changes(message, text)
        return await self._told(message)

    async def deletes(self, message: Message) -> Written:
        """As `removes`, and wait until the bot took it."""
        self.removes(message)
        return await self._told(message)

    async def uses_shortcut(self, callback_id: str, message: Message | None = None) -> Answer:
        """Use a shortcut of the app: on a message, or a global one without.

        Raises:
            LookupError: when the app offers no such shortcut there.
        """
        return await self._sandbox.interactions.shortcut(self.id, callback_id, message)

    async def submits(self, values: Mapping[str, Any] | None = None) -> Submission:
        """Fills in and sends off the modal; what is not named keeps what it held.

        Keys are block ids (or `block_id/action_id`, or action ids). Values are text, numbers, dates or ids as
        they are; for menus the value of an option, or a list of them; None empties.
        """
        view = self._top()
        filled: Values = {}
        for key, value in (values or {}).items():
            block, element = _named(view.blocks, key)
            filled.setdefault(block["block_id"], {})[element["action_id"]] = typed(element, _plain(value))
        return await self._sandbox.interactions.submit(view, filled)

    async def presses(
        self,
        action_id: str,
        message: Message | None = None,
        value: str | None = None,
        *,
        block_id: str | None = None,
    ) -> Answer:
        """Presses a button: in the message given, else in the modal, App Home or the newest message."""
        return await self._uses(self._spot(action_id, message, value, block_id), {})

    async def chooses(
        self, action_id: str, value: Any, message: Message | None = None, *, block_id: str | None = None
    ) -> Answer:
        """Chooses in a menu or picker, or types into an input that reports it; looks where `presses` does."""
        spot = self._spot(action_id, message, None, block_id)
        return await self._uses(spot, typed(spot[2], _plain(value)))

    async def closes(self, *, all_views: bool = False) -> None:
        """Closes the modal with Cancel, or all of them."""
        await self._sandbox.interactions.close(self._top(), whole_stack=all_views)

    async def opens_home(self, tab: str = "home") -> None:
        """Go to the app's `home` or `messages` tab.

        Raises:
            LookupError: when the app has no such tab.
        """
        app = self._sandbox.app
        if not {"home": app.home_tab, "messages": app.messages_tab}[tab]:
            raise LookupError(f"the app has no {tab} tab")
        await self._sandbox.events.home_opened(self.user, tab)

    def _writable(self, channel: str | None) -> Channel:
        slack = self._sandbox.slack
        place = slack.directory.channel(channel) if channel else slack.directory.dm(self.id)
        if self.id not in place.members or self.user.deleted or place.is_archived:
            raise LookupError(f"{self.user.shown} can't write in {channel or 'direct messages'}.")
        if place.is_im and slack.app.closed:
            app = slack.directory.name_of(slack.workspace.bot_user_id)
            raise LookupError(f"{app} doesn't take messages here.")
        return place

    def _post(self, channel: str | None, draft: Draft) -> Message:
        return self._sandbox.slack.posts.post(self._writable(channel), self.id, draft)

    def _as_typed(self, text: str) -> str:
        return self._sandbox.slack.directory.as_typed(text, labels=False)

    def _own(self, message: Message) -> Message:
        if message.user != self.id:
            raise LookupError(f"{self.user.shown} can't change what somebody else wrote.")
        return message

    async def _told(self, message: Message) -> Written:
        slack = self._sandbox.slack
        since = slack.timestamps.next()
        ack = await self._sandbox.events.talk.delivered(message)
        return Written(message, ack, since, slack.posts)

    async def _uses(self, spot: Spot, value: Json) -> Answer:
        place, block, element = spot
        interactions = self._sandbox.interactions
        if isinstance(place, Message):
            return await interactions.press(self.id, place, block["block_id"], element, value)
        return await interactions.press_in_view(self.id, place, block["block_id"], element, value)

    def _spot(self, action_id: str, message: Message | None, value: str | None, block_id: str | None) -> Spot:
        places = [message] if message is not None else self._places()
        for place in places:
            for block, element in elements(_blocks(place)):
                matches = element["action_id"] == action_id and block_id in (None, block["block_id"])
                if matches and (value is None or element.get("value") == value):
                    return place, block, element
        raise LookupError(f"{self.user.shown} sees no {action_id} to use")

    def _places(self) -> Iterator[Message | View | Json]:
        stack = self._sandbox.slack.views.stack(self.id)
        if stack:
            yield stack[-1]
        if self.home:
            yield self.home
        channels = self._sandbox.slack.directory.of(self.id)
        messages = [message for channel in channels for message in self.messages(channel.id)]
        yield from sorted(messages, key=lambda message: message.ts, reverse=True)

    def _top(self) -> View:
        stack = self._sandbox.slack.views.stack(self.id)
        if not stack:
            raise LookupError(f"{self.user.shown} has no form open")
        return stack[-1]


def _blocks(place: Message | View | Json) -> list[Json]:
    blocks: list[Json] = place["blocks"] if isinstance(place, dict) else place.blocks
    return blocks


def _named(blocks: list[Json], key: str) -> tuple[Json, Json]:
    for block, element in elements(blocks):
        ids = (block["block_id"], f"{block['block_id']}/{element['action_id']}", element["action_id"])
        if key in ids:
            return block, element
    raise LookupError(f"the form has no input {key!r}")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | list | int | float) else str(value)
