"""One intent, from its facts to Slack's receipt. No transaction is open while Slack is being waited for."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import about
from bot.slack.blocks import Message
from bot.slack.errors import retry_after, slack_error
from bot.slack.rendering import Renderers
from domain.db import Database, WorkspaceId
from domain.outbox import delivery
from domain.outbox.delivery import Claimed
from domain.outbox.model import IntentStatus, Mode
from domain.people import queries as people
from domain.people import service as people_service
from domain.people.model import UserId

log = logging.getLogger(__name__)

_PASSING = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_LONGEST_WAIT = 300.0


class NotWanted(Exception):
    """The intent has nothing to say any more; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message ready to go, and where to: a channel, or a person whose channel is still to be opened."""

    message: Message
    channel: str | None
    user_id: UserId | None = None
    slack_id: str | None = None


class Sender:
    """Renders, sends and records single intents."""

    def __init__(
        self, database: Database, clients: Mapping[WorkspaceId, AsyncWebClient], renderers: Renderers
    ) -> None:
        self._database = database
        self._clients = clients
        self._renderers = renderers

    async def deliver(self, intent: Claimed) -> None:
        """See one intent through; whatever goes wrong is recorded with it, and only the database raises."""
        with about(intent=intent.id):
            try:
                draft = await self._draft(intent)
                channel, ts = await self._send(intent, draft)
            except NotWanted as why:
                await self._end(intent, IntentStatus.CANCELLED, str(why))
            except SlackApiError as error:
                await self._refused(intent, error)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                await self._retry(intent, type(error).__name__)
            except Exception as error:
                log.exception("intent %s could not be made into a message", intent.kind)
                await self._end(intent, IntentStatus.PARKED, f"{type(error).__name__}, see the log")
            else:
                async with self._database.workspace(intent.workspace_id) as tx:
                    await delivery.record_sent(tx.session, intent, channel, ts)
                log.info("sent %s", intent.kind)

    async def _draft(self, intent: Claimed) -> Draft:
        renderer = self._renderers[intent.kind]
        async with self._database.workspace(intent.workspace_id) as tx:
            rows = await renderer.load(tx.session, intent.facts)
            if rows is None:
                raise NotWanted("what it was about is gone")
            kind, _, address = intent.audience.partition(":")
            message = renderer.word(rows)
            if intent.mode is Mode.EDIT:
                return Draft(message, intent.posted_channel)
            if kind == "channel":
                return Draft(message, address)
            person = await people.address(tx.session, UserId(int(address)))
        if person is None or not person.is_active:
            raise NotWanted("the person is deactivated")
        return Draft(message, person.dm_channel, UserId(int(address)), person.slack_id)

    async def _send(self, intent: Claimed, draft: Draft) -> tuple[str, str]:
        client = self._clients[intent.workspace_id]
        if intent.mode is Mode.EDIT:
            if intent.posted_channel is None or intent.posted_ts is None:
                raise NotWanted("the message to change was never sent")
            await client.chat_update(
                channel=intent.posted_channel, ts=intent.posted_ts, **draft.message.as_arguments()
            )
            return intent.posted_channel, intent.posted_ts
        channel = draft.channel or await self._open_dm(intent, draft)
        posted = await client.chat_postMessage(
            channel=channel,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": "goalkeeper_intent", "event_payload": {"intent": intent.id}},
            **draft.message.as_arguments(),
        )
        return posted["channel"], posted["ts"]

    async def _open_dm(self, intent: Claimed, draft: Draft) -> str:
        """Open the person's direct messages, and keep the channel before anything is posted there."""
        assert draft.user_id is not None
        opened = await self._clients[intent.workspace_id].conversations_open(users=draft.slack_id)
        channel: str = opened["channel"]["id"]
        async with self._database.workspace(intent.workspace_id) as tx:
            await people_service.remember_dm(tx.session, draft.user_id, channel)
        return channel

    async def _refused(self, intent: Claimed, error: SlackApiError) -> None:
        word = slack_error(error)
        if (wait := retry_after(error)) is not None:
            await self._retry(intent, word, wait)
        elif word in _PASSING or word.startswith("http_5"):
            await self._retry(intent, word)
        else:
            await self._end(intent, IntentStatus.FAILED, word)

    async def _retry(self, intent: Claimed, reason: str, wait: float | None = None) -> None:
        seconds = wait if wait is not None else min(2.0 ** (intent.attempts - 1), _LONGEST_WAIT)
        log.warning("%s waits %.1f s: %s", intent.kind, seconds, reason)
        async with self._database.workspace(intent.workspace_id) as tx:
            await delivery.record_retry(tx.session, intent, timedelta(seconds=seconds), reason)

    async def _end(self, intent: Claimed, status: IntentStatus, reason: str) -> None:
        log.log(
            logging.INFO if status is IntentStatus.CANCELLED else logging.ERROR,
            "%s %s: %s",
            status,
            intent.kind,
            reason,
        )
        async with self._database.workspace(intent.workspace_id) as tx:
            await delivery.record_end(tx.session, intent, status, reason)
