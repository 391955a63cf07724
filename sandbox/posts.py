"""Messages: posting, editing, deleting, and who gets to know of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sandbox.changes import Changes
from sandbox.directory import Directory
from sandbox.errors import SlackRefusal, invalid
from sandbox.ids import block_id
from sandbox.limits import message_problems, metadata_problem
from sandbox.limits.surfaces import LONGEST_MESSAGE, LONGEST_TEXT, text_length
from sandbox.model import Channel, File, Json, Message
from sandbox.mrkdwn import message_pings
from sandbox.reading import visible
from sandbox.time import Timestamps


@dataclass
class Draft:
    """What somebody wants to say; checked by `checked` before it is posted."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    link_names: bool = False
    files: list[str] = field(default_factory=list)
    """The ids of the files to share."""


def checked(text: Any, blocks: Any, metadata: Any = None, *, thread_ts: str | None = None) -> Draft:
    """A draft that Slack would take.

    Raises:
        SlackRefusal: no_text, msg_too_long, msg_blocks_too_long, invalid_blocks, and the errors of metadata.
    """
    if text is not None and not isinstance(text, str):
        raise invalid("invalid_arguments", ["[ERROR] must be a string [json-pointer:/text]"])
    if not text and not blocks:
        raise SlackRefusal("no_text")
    if len(text or "") > LONGEST_TEXT:
        raise SlackRefusal("msg_too_long")
    if blocks and (problems := message_problems(blocks)):
        raise invalid("invalid_blocks", problems)
    if text_length(blocks or []) > LONGEST_MESSAGE:
        raise SlackRefusal("msg_blocks_too_long")
    if metadata and (problem := metadata_problem(metadata)):
        raise SlackRefusal(problem)
    return Draft(text or "", blocks or [], metadata or None, thread_ts)


Happening = Literal["posted", "changed", "deleted"]
Listener = Callable[[Happening, Message, Message | None], None]
"""Called with a message as it is now, and as it was before a change."""


def _nobody(what: Happening, message: Message, before: Message | None) -> None:
    return None


class Posts:
    """The messages of every conversation. `file_json` describes a file as Slack does."""

    def __init__(
        self,
        directory: Directory,
        changes: Changes,
        timestamps: Timestamps,
        file_json: Callable[[File], Json],
    ) -> None:
        self._directory = directory
        self._changes = changes
        self._timestamps = timestamps
        self._file_json = file_json
        self.listener: Listener = _nobody
        """Hears of every message that isn't for one person alone: the Events API's turn."""

    def post(
        self,
        channel: Channel,
        user: str,
        draft: Draft,
        *,
        only_for: str | None = None,
        hidden_until: float = 0,
    ) -> Message:
        """Puts a message into a conversation; `only_for` makes it ephemeral."""
        message = Message(
            channel.id,
            self._timestamps.next(),
            user,
            draft.text,
            with_ids(draft.blocks),
            draft.metadata,
            is_bot=user == self._directory.workspace.bot_user_id,
            only_for=only_for,
            thread_ts=draft.thread_ts,
            hidden_until=hidden_until,
            files=list(draft.files),
        )
        self._describe(message, draft.link_names)
        self._directory.workspace.messages.setdefault(channel.id, []).append(message)
        if user in channel.members and not message.is_bot:
            channel.read[user] = message.ts
        self._tell("ephemeral" if only_for else "message", message, message=self.json(message))
        self._hear("posted", message)
        return message

    def edit(self, message: Message, draft: Draft, *, mark: bool = True) -> None:
        """Replaces what a message says; what the draft leaves out stays (Slack keeps blocks and metadata)."""
        before = replace(message)
        message.text = draft.text
        message.blocks = with_ids(draft.blocks)
        message.metadata = draft.metadata or message.metadata
        if mark:
            message.edited = {"user": message.user, "ts": self._timestamps.next()}
        self._describe(message, draft.link_names)
        self._tell("message_changed", message, message=self.json(message))
        self._hear("changed", message, before)

    def redraw(self, file: File) -> None:
        """Show the messages with this file again, after the file was deleted."""
        for messages in self._directory.workspace.messages.values():
            for message in messages:
                if file.id in message.files:
                    self._tell("message_changed", message, message=self.json(message))

    def delete(self, message: Message) -> None:
        """Takes a message away."""
        self._directory.workspace.messages[message.channel].remove(message)
        self._tell("message_deleted", message, ts=message.ts)
        self._hear("deleted", message, message)

    def find(self, channel: str, ts: str, *, seen_by: str | None = None) -> Message | None:
        """A message by its ts; ephemeral ones only as seen by a person."""
        for message in self.visible(channel, seen_by):
            if message.ts == ts:
                return message
        return None

    def visible(self, channel: str, seen_by: str | None) -> list[Message]:
        """What a person (None: everybody) sees in a conversation, oldest first."""
        kept = self._directory.workspace.messages.get(channel, [])
        return [message for message in kept if message.only_for is None or message.only_for == seen_by]

    def json(self, message: Message) -> Json:
        """A message as Slack and the page have it."""
        workspace = self._directory.workspace
        body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
        if message.is_bot:
            body |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id, "team": workspace.team_id}
        optional = {
            "blocks": message.blocks,
            "edited": message.edited,
            "metadata": message.metadata,
            "thread_ts": message.thread_ts,
        }
        body |= {key: value for key, value in optional.items() if value}
        if message.files:
            files = [self._directory.workspace.files[file_id] for file_id in message.files]
            body |= {
                "subtype": "file_share",
                "upload": False,
                "files": [self._file_json(one) for one in files],
            }
        return body | {"ephemeral": True} if message.only_for else body

    def _describe(self, message: Message, link_names: bool) -> None:
        files = [self._directory.workspace.files[file_id].name for file_id in message.files]
        said = visible(message.text, message.blocks, self._directory.name_of)
        message.plain = "\n".join(filter(None, [said, *files]))
        if message.only_for:
            return
        members = self._directory.channel(message.channel).members
        found = message_pings(message.text, message.blocks, link_names=link_names)
        # Slack notifies nobody who is not in the conversation, nor authors of themselves.
        there = [who for who in found if not who.startswith(("U", "W")) or who in members]
        message.pings = list(dict.fromkeys([*message.pings, *(who for who in there if who != message.user)]))

    def _hear(self, what: Happening, message: Message, before: Message | None = None) -> None:
        if not message.only_for:
            self.listener(what, message, before)

    def _tell(self, kind: str, about: Message, /, **fields: object) -> None:
        members = self._directory.channel(about.channel).members
        audience = {about.only_for} if about.only_for else set(members)
        self._changes.tell(kind, frozenset(audience), channel=about.channel, **fields)


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks, each with a block_id: Slack gives one to those that have none."""
    return [block if block.get("block_id") else {**block, "block_id": block_id()} for block in blocks]
