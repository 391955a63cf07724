"""The bot tokens from the environment, as grants: Slack says which app and workspace they belong to."""

from collections.abc import Collection, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.channels import granted
from bot.slack.errors import TokenRefused, narrowed
from bot.slack.installations import Connections, Grant
from domain.db import Database, WorkspaceId
from domain.outbox import lanes
from domain.people import service as people


class EnvironmentGrants:
    """Grants of a fixed list of bot tokens.

    Slack is asked about a token when the bot starts, and again after it has refused the token.
    """

    def __init__(self, database: Database, connections: Connections, bot_tokens: Sequence[str]) -> None:
        self._database = database
        self._connections = connections
        self._bot_tokens = bot_tokens
        self._found: dict[WorkspaceId, Grant] = {}

    async def begin(self) -> list[Grant]:
        """Return the grant of each token, in order; new workspaces get their row.

        Messages that were held because a token was refused go out from now on.

        Raises:
            SlackApiError: Slack refuses a token.
        """
        return [await self._enter(token) for token in self._bot_tokens]

    async def of_team(self, team_id: str) -> Grant | None:
        """Return the workspace's grant, as Slack describes it now; None once Slack refuses the token."""
        found = (grant for grant in self._found.values() if grant.team_id == team_id)
        return await self._again(next(found, None))

    async def of_workspace(self, workspace_id: WorkspaceId) -> Grant | None:
        """Return the workspace's grant as `of_team` does."""
        return await self._again(self._found.get(workspace_id))

    async def workspaces(self) -> Collection[WorkspaceId]:
        """Return the workspaces of all tokens."""
        return self._found.keys()

    async def _enter(self, token: str) -> Grant:
        identity, scopes = await _whose(self._connections.asking(token))
        async with self._database.everywhere() as tx:
            workspace_id = await people.enter_workspace(
                tx.session, identity["team_id"], identity["team"], identity["user_id"]
            )
        async with self._database.workspace(workspace_id) as tx:
            await lanes.resume(tx.session, lanes.WHOLE_WORKSPACE)
        return self._note(workspace_id, token, identity, scopes)

    async def _again(self, before: Grant | None) -> Grant | None:
        if before is None:
            return None
        try:
            with narrowed():
                identity, scopes = await _whose(self._connections.answering(before.bot_token))
        except TokenRefused:
            return None
        return self._note(before.workspace_id, before.bot_token, identity, scopes)

    def _note(
        self, workspace_id: WorkspaceId, token: str, identity: dict[str, Any], scopes: frozenset[str]
    ) -> Grant:
        grant = Grant(
            workspace_id=workspace_id,
            team_id=identity["team_id"],
            bot_user_id=identity["user_id"],
            bot_id=identity.get("bot_id") or "",
            scopes=scopes,
            bot_token=token,
        )
        self._found[workspace_id] = grant
        return grant


async def _whose(client: AsyncWebClient) -> tuple[dict[str, Any], frozenset[str]]:
    """Ask Slack which app and workspace the client's token belongs to, and which scopes it has."""
    answer = await client.auth_test()
    return dict(answer.data), granted(answer.headers) or frozenset()  # type: ignore[arg-type]
