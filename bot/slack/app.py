"""Bolt, set up for one workspace: who we are is known, and nothing is asked of Slack before an answer."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

_ANYTHING = re.compile(".*")
_NOT_HERE = "Goalkeeper does not work for your workspace. Ask an admin of yours to install it."


def create_bolt(client: AsyncWebClient, bot_token: str, identity: dict[str, Any]) -> AsyncApp:
    """Bolt's app; `identity` is the answer of `auth.test`, and `client` has no token of its own.

    Requests are verified where they come in, and other workspaces' are refused.
    """

    async def authorize(team_id: str | None, **_: Any) -> AuthorizeResult:
        if team_id != identity["team_id"]:
            return AuthorizeResult(enterprise_id=None, team_id=team_id)
        return AuthorizeResult.from_auth_test_response(
            auth_test_response=identity,
            bot_token=bot_token,
        )

    async def refuse_others(
        req: AsyncBoltRequest, next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        if req.context.team_id == identity["team_id"]:
            await next()
            return None
        log.warning("took no notice of a request of workspace %s", req.context.team_id)
        return BoltResponse(status=200, body=_NOT_HERE if "command" in req.body else "")

    # By a filter: Bolt sets the levels of its loggers itself.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_of_use)
    app = AsyncApp(
        # Without a name Bolt reads the source files of all callers to find one: most of its start.
        name="goalkeeper",
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )
    # In place of Bolt's own refusal, which calls the response_url before it acknowledges.
    app.use(refuse_others)
    return app


def ignore_the_rest(app: AsyncApp) -> None:
    """Take in, and leave alone, what no feature listens to; registered last."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.event(_ANYTHING)(acknowledge)
    app.action(_ANYTHING)(acknowledge)
    app.view_closed(_ANYTHING)(acknowledge)


def _is_of_use(record: logging.LogRecord) -> bool:
    """Not that Bolt finds a token in the environment and takes the client that it is given."""
    return record.msg != warning_client_prioritized_and_token_skipped()
