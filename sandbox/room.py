"""A channel as people see it."""

from sandbox.model import Channel, Message
from sandbox.person import Person
from sandbox.slack import Slack


class Room:
    """One channel of the workspace."""

    def __init__(self, slack: Slack, channel: Channel) -> None:
        self._slack = slack
        self.channel = channel

    @property
    def id(self) -> str:
        """Its id, `C…`."""
        return self.channel.id

    def messages(self, as_seen_by: Person | None = None) -> list[Message]:
        """What everybody sees, or one person with what is for them alone; oldest first."""
        return self._slack.posts.visible(self.id, as_seen_by.id if as_seen_by else None)
