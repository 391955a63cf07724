"""Delivery of one intent: render, send, record. No transaction is open during a call to Slack."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, assert_never

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import elapsed
from bot.courier import posting
from bot.courier.messages import UNCERTAIN_POST, rehearsed
from bot.courier.posting import Receipt
from bot.courier.reports import ask, report
from bot.courier.timing import Timing
from bot.logs import about
from bot.slack.blocks import Message
from bot.slack.errors import (
    BlocksRefused,
    DestinationDown,
    MessageGone,
    MissingScope,
    Passing,
    RateLimited,
    SlackTrouble,
    TokenRefused,
    Uncertain,
)
from bot.slack.installations import Installations
from bot.slack.rendering import Renderers
from domain.db import DATABASE_AWAY, Database, Transaction
from domain.outbox import delivery, lanes
from domain.outbox.delivery import Claimed, Objection
from domain.outbox.lanes import WHOLE_WORKSPACE
from domain.outbox.model import IntentStatus, Mode
from domain.outbox.service import Topic
from domain.people import queries as people
from domain.people import service as people_service
from domain.people.model import UserId

log = logging.getLogger(__name__)

_DATABASE_AGAIN = 0.25
"""Seconds between two attempts to reach the database."""

T = TypeVar("T")
Settle = Callable[[], Awaitable[None]]


class NotWanted(Exception):
    """The intent is no longer wanted; the message gives the reason."""


class NotYet(Exception):
    """The intent must wait `until` then, in business time."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.until = until


class TooLate(Exception):
    """Too little of the lease is left to begin sending; whoever claims the intent next sends it."""


class Unfindable(Exception):
    """Slack may have the post, but the channel's history can't be read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message and its destination: a channel, or a person whose channel isn't open yet."""

    message: Message
    channel: str | None
    user_id: UserId | None = None
    slack_id: str | None = None
    objection: Objection | None = None
    rows: Any = None
    """What was loaded to word it."""

    def check(self) -> None:
        """Raise `NotWanted` or `NotYet` if there is an objection."""
        if self.objection is None:
            return
        if self.objection.until is None:
            raise NotWanted(self.objection.reason)
        raise NotYet(self.objection.reason, self.objection.until)


class Sender:
    """Renders, sends and records single intents."""

    def __init__(
        self,
        database: Database,
        installations: Installations,
        renderers: Renderers,
        timing: Timing,
    ) -> None:
        self._database = database
        self._installations = installations
        self._renderers = renderers
        self._timing = timing

    async def deliver(self, intent: Claimed, claimed: float) -> None:
        """Deliver one intent. Failures are recorded with it; only errors of the database are raised.

        `claimed` is the reading of `elapsed()` just before the claim.
        """
        with about(intent=intent.id):
            settle = await self._outcome(intent, claimed)
            await self._patiently(claimed, settle)

    async def _outcome(self, intent: Claimed, claimed: float) -> Settle:
        """Send the intent, and return the step that records the outcome."""
        try:
            draft = await self._patiently(claimed, lambda: self._draft(intent))
            receipt = await self._send(intent, draft, claimed)
        except NotWanted as why:
            return partial(self._end, intent, IntentStatus.CANCELLED, str(why))
        except NotYet as why:
            return partial(self._postpone, intent, why.until, str(why))
        except TooLate:
            return partial(
                self._retry, intent, "too little of its lease was left", self._timing.backoff(intent.attempts)
            )
        except Unfindable:
            return partial(self._set_aside, intent)
        except TokenRefused as refused:
            return partial(self._recover, intent, await self._trouble_behind(intent, refused))
        except SlackTrouble as trouble:
            return partial(self._recover, intent, trouble)
        except DATABASE_AWAY as error:
            reason = f"the database couldn't be reached ({type(error).__name__})"
            return partial(self._retry, intent, reason, self._timing.backoff(intent.attempts))
        except Exception as error:
            reference = secrets.token_hex(4)
            log.exception("%s can't be rendered, reference %s", intent.kind, reference)
            reason = f"{type(error).__name__}, reference {reference} in the log"
            return partial(self._end, intent, IntentStatus.PARKED, reason)
        return partial(self._record, intent, draft, receipt)

    async def _trouble_behind(self, intent: Claimed, refused: TokenRefused) -> SlackTrouble:
        """Return the trouble behind a refused token.

        Slack answers `account_inactive` for recipients who have left, too, so the token is checked by itself.
        """
        try:
            await posting.check_token(await self._client(intent))
        except TokenRefused:
            return refused
        except SlackTrouble:
            return Passing(refused.reason)
        return DestinationDown(refused.reason)

    async def _client(self, intent: Claimed) -> AsyncWebClient:
        """Return the client of the intent's workspace; raise `TokenRefused` if it has no installation."""
        try:
            installation = await self._installations.of_workspace(intent.workspace_id)
        except Uncertain as lost:
            # Nothing has been posted yet, so nothing needs to be looked for.
            raise Passing(lost.reason) from lost
        if installation is None:
            raise TokenRefused("token_revoked")
        return installation.sending

    async def _patiently(self, claimed: float, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work, again and again while the database can't be reached, until the lease ends."""
        while True:
            try:
                return await work()
            except DATABASE_AWAY:
                if elapsed() - claimed > self._timing.lease.total_seconds():
                    raise
                await asyncio.sleep(_DATABASE_AGAIN)

    async def _draft(self, intent: Claimed) -> Draft:
        """Return the message, rendered from the current rows, and its destination."""
        renderer = self._renderers[intent.kind]
        async with self._database.workspace(intent.workspace_id) as tx:
            rows = await renderer.load(tx.session, intent.facts)
            if rows is None:
                raise NotWanted("what it was about is gone")
            message = renderer.word(rows)
            if tx.clock_moved:
                message = rehearsed(message, tx.now)
            if not intent.mode.is_new:
                return Draft(message, intent.posted_channel, rows=rows)
            draft = replace(await _addressed(tx, intent, message), rows=rows)
            objection = renderer.objection
            return draft if objection is None else replace(draft, objection=await objection(tx, intent))

    async def _send(self, intent: Claimed, draft: Draft, claimed: float) -> Receipt:
        match intent.mode:
            case Mode.POST:
                return await self._send_new(intent, draft, claimed)
            case Mode.EDIT:
                return await self._edit(intent, draft, claimed)
            case _:
                assert_never(intent.mode)

    async def _send_new(self, intent: Claimed, draft: Draft, claimed: float) -> Receipt:
        if intent.uncertain_since is None:
            draft.check()
        channel = draft.channel or await self._open_dm(intent, draft)
        try:
            return await self._post(intent, draft, channel, claimed)
        except DestinationDown as down:
            if draft.user_id is None or draft.channel is None or down.reason != "channel_not_found":
                raise
            # Reinstalling the app gives it new channels for direct messages.
            return await self._post(intent, draft, await self._open_dm(intent, draft), claimed)

    async def _edit(self, intent: Claimed, draft: Draft, claimed: float) -> Receipt:
        if intent.posted_channel is None or intent.posted_ts is None:
            raise MessageGone("never_sent")
        client, posted = await self._client(intent), Receipt(intent.posted_channel, intent.posted_ts)
        try:
            return await self._say(draft.message, claimed, lambda m: posting.edit(client, posted, m))
        except DestinationDown as down:
            if down.reason != "channel_not_found" or not intent.audience.startswith("user:"):
                raise
            # Reinstalling the app gives it new channels for direct messages.
            raise MessageGone(down.reason) from down

    async def _post(self, intent: Claimed, draft: Draft, channel: str, claimed: float) -> Receipt:
        if intent.uncertain_since is not None and (found := await self._find(intent, channel)):
            log.info("%s had arrived", intent.kind)
            return found
        draft.check()
        client = await self._client(intent)
        return await self._say(draft.message, claimed, lambda m: posting.post(client, intent, channel, m))

    async def _say(
        self, message: Message, claimed: float, send: Callable[[Message], Awaitable[Receipt]]
    ) -> Receipt:
        """Send the message while the lease allows it; leave out its chart or blocks if Slack refuses them."""
        self._check_time(claimed)
        try:
            return await send(message)
        except BlocksRefused as refused:
            if not message.blocks:
                raise
            if message.without_chart:
                log.info("Slack refuses the chart; sending the message without it")
                return await self._say(message.plainly, claimed, send)
            log.exception("Slack refuses the blocks (%s); sending the text alone", refused.reason)
        self._check_time(claimed)
        return await send(Message(message.text))

    def _check_time(self, claimed: float) -> None:
        """Raise `TooLate` if too little of the lease is left: a late edit could overwrite a newer one."""
        if elapsed() - claimed > self._timing.start:
            raise TooLate

    async def _open_dm(self, intent: Claimed, draft: Draft) -> str:
        """Open the channel for the person's direct messages, and save it before anything is posted there."""
        assert draft.user_id is not None
        assert draft.slack_id is not None
        try:
            channel = await posting.open_dm(await self._client(intent), draft.slack_id)
        except Uncertain as lost:
            # Nobody sees that a channel is opened, so it can safely be repeated.
            raise Passing(lost.reason) from lost
        async with self._database.workspace(intent.workspace_id) as tx:
            await people_service.remember_dm(tx.session, draft.user_id, channel)
        return channel

    async def _find(self, intent: Claimed, channel: str) -> Receipt | None:
        """Return the post of an earlier attempt, or None to post again.

        Without the scope to read the history, a direct message is repeated; a channel raises `Unfindable`.
        """
        try:
            return await posting.find(await self._client(intent), intent, channel)
        except MissingScope as missing:
            if intent.audience.startswith("user:"):
                return None
            raise Unfindable from missing
        except DestinationDown as down:
            # With chat:write.public the bot may post in channels that it can't read.
            if down.reason == "not_in_channel":
                raise Unfindable from down
            raise

    async def _record(self, intent: Claimed, draft: Draft, receipt: Receipt) -> None:
        said = self._renderers[intent.kind].said
        async with self._database.workspace(intent.workspace_id) as tx:
            if not await delivery.record_sent(tx.session, intent, receipt.channel, receipt.ts):
                log.warning("%s was sent after its lease had ended", intent.kind)
                return
            if said is not None:
                await said(tx.session, intent, draft.rows)
            if intent.lane_parked:
                for resumed in await lanes.resume(tx.session, intent.audience, WHOLE_WORKSPACE):
                    await report(tx, resumed)
        log.info("sent %s", intent.kind)

    async def _recover(self, intent: Claimed, trouble: SlackTrouble) -> None:
        """Decide what each kind of trouble means for the intent and its lane."""
        match trouble:
            case RateLimited():
                await self._hold(intent, trouble)
            case Uncertain() if intent.mode.is_new:
                wait = max(self._timing.settle, self._timing.backoff(intent.attempts))
                await self._retry(intent, trouble.reason, wait, uncertain=True)
            case Uncertain() | Passing():
                await self._retry(intent, trouble.reason, self._timing.backoff(intent.attempts))
            case DestinationDown() | MissingScope():
                await self._park(intent, intent.audience, trouble)
            case TokenRefused():
                # There may be a new token by the next try.
                self._installations.drop(intent.workspace_id)
                await self._park(intent, WHOLE_WORKSPACE, trouble)
            case MessageGone():
                await self._replace(intent, f"its message is gone ({trouble.reason})")
            case _:
                await self._end(intent, IntentStatus.FAILED, trouble.reason)

    async def _hold(self, intent: Claimed, limited: RateLimited) -> None:
        """Pause the lane for as long as Slack asks, and the workspace for a minute at most.

        Slack doesn't say which of the two is over its limit, and a day's wait for one channel must not
        silence all the others.
        """
        wait = limited.seconds if limited.seconds is not None else self._timing.backoff(intent.attempts)
        log.warning("rate-limited by Slack for %.1f s", wait)
        async with self._database.workspace(intent.workspace_id) as tx:
            await self._retry_in(tx, intent, limited.reason, 0)
            await lanes.hold(tx.session, intent.audience, timedelta(seconds=wait))
            at_most = min(wait, self._timing.longest_wait)
            await lanes.hold(tx.session, WHOLE_WORKSPACE, timedelta(seconds=at_most))

    async def _park(self, intent: Claimed, lane: str, trouble: SlackTrouble) -> None:
        """Park the lane until its destination works again, and report that to one person, once."""
        log.error(
            "can't deliver to %s: %s", "the workspace" if lane == WHOLE_WORKSPACE else lane, trouble.reason
        )
        async with self._database.workspace(intent.workspace_id) as tx:
            await self._retry_in(tx, intent, trouble.reason, 0)
            probe = timedelta(seconds=self._timing.probe)
            parking = await lanes.park(tx.session, lane, trouble.reason, probe)
            if parking is not None:
                await report(tx, parking)

    async def _set_aside(self, intent: Claimed) -> None:
        """Park a channel post that may have arrived, and ask a person to look."""
        reason = "Slack may have it already, and its history cannot be read (scope channels:history)"
        async with self._database.workspace(intent.workspace_id) as tx:
            if await delivery.record_end(tx.session, intent, IntentStatus.PARKED, reason):
                await ask(
                    tx,
                    UNCERTAIN_POST,
                    intent.audience,
                    Topic("uncertain", part=str(intent.id)),
                    {"intent": intent.id},
                )
        log.error("%s is set aside: %s", intent.kind, reason)

    async def _retry(self, intent: Claimed, reason: str, wait: float, *, uncertain: bool = False) -> None:
        log.warning("%s is tried again in %.1f s: %s", intent.kind, wait, reason)
        async with self._database.workspace(intent.workspace_id) as tx:
            await self._retry_in(tx, intent, reason, wait, uncertain=uncertain)

    async def _retry_in(
        self, tx: Transaction, intent: Claimed, reason: str, wait: float, *, uncertain: bool = False
    ) -> None:
        await delivery.record_retry(tx.session, intent, timedelta(seconds=wait), reason, uncertain=uncertain)

    async def _end(self, intent: Claimed, status: IntentStatus, reason: str) -> None:
        level = logging.INFO if status is IntentStatus.CANCELLED else logging.ERROR
        log.log(level, "%s %s: %s", status, intent.kind, reason)
        async with self._database.workspace(intent.workspace_id) as tx:
            ended = await delivery.record_end(tx.session, intent, status, reason)
            if ended and status is IntentStatus.CANCELLED and intent.mode.is_new:
                unsaid = self._renderers[intent.kind].unsaid
                if unsaid is not None:
                    await unsaid(tx.session, intent, reason)

    async def _replace(self, intent: Claimed, reason: str) -> None:
        """Post the change as a new message, unless it means nothing without the old one."""
        if not self._renderers[intent.kind].news:
            await self._end(intent, IntentStatus.CANCELLED, reason)
            return
        log.info("%s is posted as a new message: %s", intent.kind, reason)
        async with self._database.workspace(intent.workspace_id) as tx:
            await delivery.post_anew(tx.session, intent, reason)

    async def _postpone(self, intent: Claimed, until: datetime, reason: str) -> None:
        log.info("%s waits until %s: %s", intent.kind, until, reason)
        async with self._database.workspace(intent.workspace_id) as tx:
            await delivery.record_later(tx.session, intent, until, reason)


async def _addressed(tx: Transaction, intent: Claimed, message: Message) -> Draft:
    kind, _, address = intent.audience.partition(":")
    if kind == "channel":
        return Draft(message, address)
    user_id = UserId(int(address))
    person = await people.address(tx.session, user_id)
    if person is None or not person.is_active:
        raise NotWanted("the person is deactivated")
    return Draft(message, person.dm_channel, user_id, person.slack_id)
