"""What an interaction gives the bot: a trigger_id for three seconds, a response_url for half an hour."""

import secrets
from dataclasses import dataclass, field

from sandbox.errors import SlackRefusal
from sandbox.model import Json, Message
from sandbox.time import RealTime

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Interaction:
    """Something that a person did, and what the bot did with what it was given for it."""

    user: str
    channel: str | None
    at: float
    """Real time."""
    trigger_id: str
    secret: str
    """The part of the response_url that nobody can guess."""
    source: Message | None = None
    """The message whose button was pressed."""
    from_view: str | None = None
    """The modal in which it happened."""
    since: str = ""
    """The ts after which messages for this person alone count as answers."""
    triggered: bool = False
    uses: int = 0
    posted: list[Message] = field(default_factory=list)
    opened: Json | None = None


class Capabilities:
    """All interactions that may still be answered."""

    def __init__(self, now: RealTime) -> None:
        self._now = now
        self._triggers: dict[str, Interaction] = {}
        self._urls: dict[str, Interaction] = {}

    def begin(
        self, user: str, channel: str | None, source: Message | None = None, from_view: str | None = None
    ) -> Interaction:
        """A new interaction with a trigger_id and a response_url of its own."""
        now = self._now()
        self._forget(now)
        trigger_id = f"{int(now * 1000)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        interaction = Interaction(
            user, channel, now, trigger_id, secrets.token_urlsafe(18), source=source, from_view=from_view
        )
        self._triggers[trigger_id] = self._urls[interaction.secret] = interaction
        return interaction

    def exchange(self, trigger_id: str) -> Interaction:
        """Uses up a trigger_id.

        Raises:
            SlackRefusal: when it is unknown, was used before, or is older than three seconds.
        """
        interaction = self._triggers.get(trigger_id)
        if interaction is None:
            raise SlackRefusal("invalid_trigger_id")
        if interaction.triggered:
            raise SlackRefusal("exchanged_trigger_id")
        if self._now() - interaction.at > TRIGGER_SECONDS:
            raise SlackRefusal("expired_trigger_id")
        interaction.triggered = True
        return interaction

    def respond(self, secret: str) -> Interaction:
        """Uses a response_url once more.

        Raises:
            SlackRefusal: when it is unknown, was used five times, or is older than half an hour.
        """
        interaction = self._urls.get(secret)
        if interaction is None or self._now() - interaction.at > RESPONSE_SECONDS:
            raise SlackRefusal("expired_url")
        if interaction.uses >= RESPONSE_USES:
            raise SlackRefusal("used_url")
        interaction.uses += 1
        return interaction

    def _forget(self, now: float) -> None:
        for secret, old in list(self._urls.items()):
            if now - old.at > RESPONSE_SECONDS:
                del self._urls[secret], self._triggers[old.trigger_id]
