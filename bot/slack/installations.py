"""Installations: the workspaces that Goalkeeper is installed in, each with its token and its clients."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.people import Directory
from domain.db import Database, WorkspaceId

ANSWER_SECONDS = 2.0
"""Seconds to wait for Slack on the way to an answer, of the 3 s."""
ASK_SECONDS = 10.0
"""Seconds to wait for Slack when nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one workspace granted when Goalkeeper was installed there: plain data, as a table can keep it."""

    workspace_id: WorkspaceId
    team_id: str
    """Slack's id of the workspace."""
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str]
    bot_token: str = field(repr=False)


class Grants(Protocol):
    """Where grants are kept. The environment is one such place; a table filled by OAuth can be another."""

    async def of_team(self, team_id: str) -> Grant | None:
        """Return the grant of the workspace that Slack calls `team_id`; None if it has been uninstalled.

        Raises:
            SlackTrouble: Slack had to be asked, and gave no answer.
        """

    async def of_workspace(self, workspace_id: WorkspaceId) -> Grant | None:
        """Return the grant of our workspace `workspace_id`; raises as `of_team` does."""

    async def workspaces(self) -> Collection[WorkspaceId]:
        """Return the workspaces that have a grant, including one whose token may have been revoked since."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A workspace with Goalkeeper in it: everything that depends on which workspace a request is from.

    The clients differ in how long they wait for Slack, and none resends a post: every retry is the courier's.
    """

    grant: Grant
    answering: AsyncWebClient
    """The client for calls that a person waits for."""
    sending: AsyncWebClient
    """The client of the courier."""
    asking: AsyncWebClient
    """The client for calls that nobody waits for; it waits and retries when Slack rate-limits it."""
    directory: Directory

    @property
    def workspace_id(self) -> WorkspaceId:
        """Our id of the workspace."""
        return self.grant.workspace_id


class Connections:
    """The HTTP connections to Slack, shared by all installations."""

    def __init__(
        self,
        api_url: str,
        answer: aiohttp.ClientSession,
        send: aiohttp.ClientSession,
        ask: aiohttp.ClientSession,
    ) -> None:
        self._api_url = api_url
        self._answer, self._send, self._ask = answer, send, ask

    def answering(self, token: str | None) -> AsyncWebClient:
        """Return a client for what a person waits for."""
        return self._client(token, self._answer)

    def sending(self, token: str) -> AsyncWebClient:
        """Return a client for the courier."""
        return self._client(token, self._send)

    def asking(self, token: str) -> AsyncWebClient:
        """Return a client for what nobody waits for."""
        client = self._client(token, self._ask)
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=5))
        return client

    def _client(self, token: str | None, session: aiohttp.ClientSession) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=self._api_url, session=session, retry_handlers=[])


@asynccontextmanager
async def connections(api_url: str, send_seconds: float) -> AsyncIterator[Connections]:
    """Open the connections while the block lasts; the courier's calls time out after `send_seconds`."""
    async with (
        _session(ANSWER_SECONDS) as answer,
        _session(send_seconds) as send,
        _session(ASK_SECONDS) as ask,
    ):
        yield Connections(api_url, answer, send, ask)


def _session(seconds: float) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds))


class Installations:
    """Finds the installation of a request, an event or an intent, and caches it until it is dropped.

    `drop` it whenever Slack refuses its token or says that it was revoked. The next look-up then reads the
    grant again, and so finds a new token if there is one.
    """

    def __init__(self, grants: Grants, connections: Connections, database: Database) -> None:
        self._grants = grants
        self._connections = connections
        self._database = database
        self._cached: dict[WorkspaceId, Installation] = {}
        self._by_team: dict[str, WorkspaceId] = {}

    async def of_team(self, team_id: str) -> Installation | None:
        """Return the installation in Slack's workspace `team_id`; None where Goalkeeper is not installed.

        Raises:
            SlackTrouble: Slack had to be asked, and gave no answer.
        """
        workspace_id = self._by_team.get(team_id)
        if workspace_id is not None and workspace_id in self._cached:
            return self._cached[workspace_id]
        grant = await self._grants.of_team(team_id)
        return None if grant is None else self.keep(grant)

    async def of_workspace(self, workspace_id: WorkspaceId) -> Installation | None:
        """Return the installation of our workspace `workspace_id`; None and raises as `of_team` does."""
        if workspace_id in self._cached:
            return self._cached[workspace_id]
        grant = await self._grants.of_workspace(workspace_id)
        return None if grant is None else self.keep(grant)

    async def workspaces(self) -> Collection[WorkspaceId]:
        """Return the workspaces to send messages in, including those whose token may have been revoked."""
        return await self._grants.workspaces()

    def drop(self, workspace_id: WorkspaceId) -> None:
        """Forget the workspace's token and all that came with it."""
        self._cached.pop(workspace_id, None)

    def keep(self, grant: Grant) -> Installation:
        """Return the installation that comes with this grant, and find it from now on."""
        asking = self._connections.asking(grant.bot_token)
        installation = Installation(
            grant,
            self._connections.answering(grant.bot_token),
            self._connections.sending(grant.bot_token),
            asking,
            Directory(self._database, grant.workspace_id, grant.team_id, asking),
        )
        self._cached[grant.workspace_id] = installation
        self._by_team[grant.team_id] = grant.workspace_id
        return installation
