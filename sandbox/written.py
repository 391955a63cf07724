"""What somebody wrote in a conversation, and what the bot answered there."""

from dataclasses import dataclass

from sandbox.delivery import Ack
from sandbox.model import Message
from sandbox.posts import Posts


@dataclass
class Written:
    """A message that a person wrote, changed or deleted. Later answers of the bot show up in it too."""

    written: Message
    ack: Ack
    since: str
    """The ts after which the bot's messages in the conversation count as answers."""
    posts: Posts

    @property
    def status(self) -> int:
        """The bot's HTTP status; 0 when it wasn't told, or didn't answer."""
        return self.ack.status

    @property
    def error(self) -> str | None:
        """`operation_timeout` or `dispatch_failed`; None when the bot took it, or wasn't to be told."""
        return self.ack.error

    @property
    def messages(self) -> list[Message]:
        """Every message of the bot in the conversation since then, in order."""
        seen = self.posts.visible(self.written.channel, self.written.user)
        return [one for one in seen if one.is_bot and one.ts > self.since]

    @property
    def message(self) -> Message | None:
        """The last answer."""
        return self.messages[-1] if self.messages else None

    @property
    def text(self) -> str:
        """All that the person can read in the last answer; empty without one."""
        return self.message.plain if self.message else ""
