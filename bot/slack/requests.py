"""Requests that Slack sends over HTTP: read, checked, and answered by Bolt."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.logs import about
from bot.slack.payloads import Malformed, is_rate_limit, read

log = logging.getLogger(__name__)


class Dispatcher(Protocol):
    """What answers Slack: Bolt's app."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""


async def answer(dispatcher: Dispatcher, body: bytes, headers: Mapping[str, str]) -> BoltResponse:
    """Return Bolt's answer to a request whose signature is good; 400 for what Slack never sends."""
    with about(request=secrets.token_hex(4)):
        try:
            payload = read(body, headers.get("content-type", ""))
            if is_rate_limit(payload):
                log.warning("Slack holds back events: more than 30,000 came in an hour")
                return BoltResponse(status=200)
            request = _for_bolt(payload, headers)
        except Malformed as error:
            log.warning("refused a signed request: %s", error)
            return BoltResponse(status=400, body=str(error), headers={"content-type": "text/plain"})
        response = await dispatcher.async_dispatch(request)
    if response.status == 404:
        response.status = 400
    return response


def _for_bolt(payload: dict[str, Any], headers: Mapping[str, str]) -> AsyncBoltRequest:
    """Return the request in Bolt's form; a request that Bolt cannot even look through is malformed."""
    try:
        return AsyncBoltRequest(body=payload, headers=dict(headers), mode="socket_mode")
    except (AttributeError, KeyError, IndexError, TypeError) as error:
        raise Malformed(f"not a request of Slack's: {type(error).__name__}") from None
