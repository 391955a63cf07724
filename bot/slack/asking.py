"""A request and the person behind it: the same for commands, buttons and forms."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Block, Message
from bot.slack.errors import slack_error
from bot.slack.installations import Installation
from bot.slack.tasks import Tasks
from bot.slack.text import Mrkdwn
from bot.slack.waiting import Service, waiting_for
from domain.db import Database, Transaction
from domain.outbox.runs import claim_event
from domain.people import queries as people
from domain.people.rules import Person, check_takes_part

OVERTAKEN = frozenset({"not_found", "hash_conflict"})
"""Slack's errors about a window that has been closed or has changed since."""


class UnknownPeople(Exception):
    """People that Goalkeeper hasn't met; the edge asks Slack about them and tries once more."""

    def __init__(self, slack_ids: set[str]) -> None:
        super().__init__(f"{len(slack_ids)} unknown")
        self.slack_ids = slack_ids


class NeedsAPress(Exception):
    """A message asks for a form, which Slack doesn't allow to open; answer with a button that opens it."""


class AnsweredBefore(Exception):
    """The message has been answered already; Slack has delivered it again."""


@dataclass(slots=True)
class Heard:
    """A message that a person wrote, by the id of its event: it is answered once, however often it comes."""

    event_id: str
    claimed: bool = False
    """True once the event's claim is committed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a person, with its installation and the ticket for opening a form (3 s, once)."""

    database: Database
    installation: Installation
    slack_id: str
    trigger_id: str
    """A message has none, so the id of its event stands in: each request has an id of its own."""
    tasks: Tasks
    windows: "Mapping[str, Window]"
    """The windows of all features that others may update, by name."""
    heard: Heard | None = None
    """Set if the person wrote a message to Goalkeeper, where every answer stays in the conversation."""

    @property
    def client(self) -> AsyncWebClient:
        """The workspace's client for calls that a person waits for."""
        return self.installation.answering

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction in this person's workspace; nothing in it may wait for the network.

        Raises:
            AnsweredBefore: the request is a message whose event another transaction has claimed.
        """
        entered = self.database.workspace(self.installation.workspace_id)
        return entered if self.heard is None else _claiming(entered, self.heard)

    async def people(self, tx: Transaction, *others: str) -> dict[str, Person]:
        """Return the person asking and those asked about, by Slack id, in one statement.

        Raises:
            NotAllowed: the person asking may not use Goalkeeper.
            UnknownPeople: one of them has not been met.
        """
        wanted = {self.slack_id, *others}
        known = await people.by_slack_id(tx.session, wanted)
        if missing := wanted - known.keys():
            raise UnknownPeople(missing)
        check_takes_part(known[self.slack_id])
        return known

    async def person(self, tx: Transaction) -> Person:
        """Return the person asking; raises as `people` does."""
        return (await self.people(tx))[self.slack_id]

    async def open_form(self, view: dict[str, object]) -> None:
        """Open a form for the person asking.

        Raises:
            NeedsAPress: the request is a message.
        """
        if self.heard is not None:
            raise NeedsAPress
        with waiting_for(Service.FORMS):
            await self.client.views_open(trigger_id=self.trigger_id, view=view)

    async def push_form(self, view: dict[str, object]) -> None:
        """Put a form on top of the open one; Slack allows three."""
        with waiting_for(Service.FORMS):
            await self.client.views_push(trigger_id=self.trigger_id, view=view)

    def behind(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` go on beside the answer; shutdown waits for it."""
        self.tasks.spawn(work)

    async def refresh(self, window: str, view_id: str, notice: Mrkdwn | None = None) -> None:
        """Bring an open window of any feature up to date, and show the notice in it."""
        async with self.transaction() as tx:
            view = await self.windows[window](self, tx, notice)
        await self.redraw(view_id=view_id, view=view)

    async def redraw(self, **view: Any) -> bool:
        """Bring an open window up to date (`views.update`); whether it was still there as it was."""
        try:
            with waiting_for(Service.FORMS):
                await self.client.views_update(**view)
        except SlackApiError as error:
            if slack_error(error) not in OVERTAKEN:
                raise
            return False
        return True

    async def whisper(self, message: Message) -> None:
        """Tell only the person asking, in their direct messages: a form has no place of its own."""
        opened = await self.client.conversations_open(users=self.slack_id)
        channel = opened["channel"]["id"]
        await self.client.chat_postEphemeral(channel=channel, user=self.slack_id, **message.as_arguments())


@asynccontextmanager
async def _claiming(
    entered: AbstractAsyncContextManager[Transaction], heard: Heard
) -> AsyncIterator[Transaction]:
    """Claim the event in the first transaction that commits, so that nothing is written without the claim."""
    async with entered as tx:
        if not heard.claimed and not await claim_event(tx.session, heard.event_id):
            raise AnsweredBefore
        yield tx
    heard.claimed = True


Window = Callable[[Asked, Transaction, Mrkdwn | None], Awaitable[Block]]
"""Draws a window as it is now, for the person who has it open, with a notice on top if there is one."""
