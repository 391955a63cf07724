"""The sandbox as a process of its own, for bots that run elsewhere."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sandbox.clock import ClockControl
from sandbox.sandbox import Sandbox
from sandbox.server import SandboxServer


def environment(sandbox: Sandbox) -> dict[str, str]:
    """The variables with which a bot finds this Slack, over HTTP or (with the app token) Socket Mode."""
    return {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_APP_TOKEN": sandbox.app_token,
    }


async def serve_alone(
    port: int,
    request_url: str,
    store: Path | None,
    *,
    up: Callable[[Sandbox, Mapping[str, str]], None],
    stopped: asyncio.Event,
    clock: ClockControl | None = None,
    limits: bool = True,
    socket_mode: bool | None = None,
    manifest: Mapping[str, Any] | None = None,
) -> None:
    """Serves the sandbox until `stopped`; its page is at the root.

    Args:
        port: 0 for any free one; `Sandbox.base_url` says which.
        request_url: where the bot takes requests, for as long as it does not connect by Socket Mode.
        store: the file that keeps the state, tokens included: the same again after a restart.
        up: called once it answers, with what a bot must be given.
        stopped: set it to end.
        clock: the business clock that the page moves.
        limits: whether Slack's rate limits hold.
        socket_mode: see `Sandbox`.
        manifest: see `Sandbox`.

    Raises:
        OSError: somebody else listens on that port.
    """
    sandbox = Sandbox(
        request_url=request_url,
        store=store,
        clock=clock,
        limits=limits,
        socket_mode=socket_mode,
        manifest=manifest,
    )
    async with SandboxServer(sandbox, port):
        up(sandbox, environment(sandbox))
        await stopped.wait()
