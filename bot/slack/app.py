"""Bolt, set up for one workspace: who we are is known, and nothing is asked of Slack before an answer."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

_ANYTHING = re.compile(".*")


def create_bolt(client: AsyncWebClient, bot_token: str, identity: dict[str, Any]) -> AsyncApp:
    """Bolt's app; `identity` is the answer of `auth.test`, and `client` has no token of its own.

    Requests are verified where they come in, and other workspaces' are refused.
    """

    async def authorize(team_id: str | None, **_: Any) -> AuthorizeResult | None:
        if team_id != identity["team_id"]:
            return None
        return AuthorizeResult.from_auth_test_response(
            auth_test_response=identity,  # type: ignore[arg-type]
            bot_token=bot_token,
        )

    return AsyncApp(
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )


def ignore_the_rest(app: AsyncApp) -> None:
    """Take in, and leave alone, what no feature listens to; registered last."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.event(_ANYTHING)(acknowledge)
    app.action(_ANYTHING)(acknowledge)
    app.view_closed(_ANYTHING)(acknowledge)
