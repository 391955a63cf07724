"""Bolt, set up so that each request is served by its workspace's installation."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import plain, section
from bot.slack.errors import SlackTrouble
from bot.slack.installations import Installations
from bot.slack.text import say
from domain.db import DATABASE_AWAY

log = logging.getLogger(__name__)

_ANYTHING = re.compile(".*")
INSTALLATION = "installation"
"""The key in Bolt's context under which a listener finds its request's `Installation`."""

_NOT_HERE = "Goalkeeper isn't installed in this workspace. Ask one of its admins to install it."
_NOT_NOW = "Goalkeeper can't look anything up right now. Please try again in a minute."


def create_bolt(client: AsyncWebClient, installations: Installations) -> AsyncApp:
    """Return Bolt's app, which serves each request for the workspace that it comes from.

    `client` has no token of its own. Requests are verified where they come in. Nothing is asked of Slack on
    the way to a listener, but for the first request after a token was refused or revoked.
    """

    async def find_installation(
        req: AsyncBoltRequest, next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        if req.body.get("type") == "url_verification":
            await next()
            return None
        try:
            installation = await installations.of_team(req.context.team_id or "")
        except (SlackTrouble, *DATABASE_AWAY) as trouble:
            log.warning("cannot tell whether workspace %s is installed: %s", req.context.team_id, trouble)
            return _put_off(req.body)
        if installation is None:
            log.warning("took no notice of a request of workspace %s", req.context.team_id)
            return _refused(req.body)
        req.context[INSTALLATION] = installation
        await next()
        return None

    # A filter, because Bolt sets the levels of its loggers itself.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_of_use)
    return AsyncApp(
        # Without a name Bolt reads the source files of all callers to find one: most of its start.
        name="goalkeeper",
        client=client,
        # Before Bolt's own refusal, which calls the response_url before it acknowledges.
        before_authorize=find_installation,
        authorize=_authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )


async def _authorize(context: AsyncBoltContext) -> AuthorizeResult:
    grant = context[INSTALLATION].grant
    return AuthorizeResult(
        enterprise_id=None,
        team_id=grant.team_id,
        bot_user_id=grant.bot_user_id,
        bot_id=grant.bot_id,
        bot_token=grant.bot_token,
    )


def _put_off(body: dict[str, Any]) -> BoltResponse:
    """Return a sentence for a command; else a failure: Slack keeps a form open then, and repeats an event."""
    return BoltResponse(status=200, body=_NOT_NOW) if "command" in body else BoltResponse(status=503, body="")


def _refused(body: dict[str, Any]) -> BoltResponse:
    """Return the answer to a workspace where Goalkeeper isn't installed, in the form its request expects."""
    if "command" in body:
        return BoltResponse(status=200, body=_NOT_HERE)
    if body.get("type") == "view_submission":
        # A form that closes would mean that it was saved.
        view = {"type": "modal", "title": plain("Goalkeeper"), "blocks": [section(say(_NOT_HERE))]}
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    return BoltResponse(status=200, body="")


def ignore_the_rest(app: AsyncApp) -> None:
    """Take in, and leave alone, what no feature listens to; registered last."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.event(_ANYTHING)(acknowledge)
    app.action(_ANYTHING)(acknowledge)
    app.view_closed(_ANYTHING)(acknowledge)


def _is_of_use(record: logging.LogRecord) -> bool:
    """Drop Bolt's warning that it takes the client it was given, though the environment has a token."""
    return record.msg != warning_client_prioritized_and_token_skipped()
