"""`goalkeeper sandbox`: the local Slack as a process of its own."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from bot import logs
from bot.cli.console import Stopped, out
from bot.settings import Settings


def sandbox(
    request_url: Annotated[
        str, typer.Option(help="Where the bot takes Slack's requests, unless it connects by Socket Mode.")
    ] = "http://127.0.0.1:8000/slack/events",
) -> None:
    """Serve a local Slack at PORT, and print the environment in which a bot finds it."""
    settings = Settings.load()
    logs.configure(settings.log_format, settings.log_level)
    from bot.app import serve_sandbox

    try:
        asyncio.run(serve_sandbox(settings, request_url, _tell))
    except OSError as error:
        raise Stopped(
            f"Cannot listen on port {settings.port} ({error.strerror}). PORT=8001 uses another."
        ) from None


def _tell(environment: Mapping[str, str]) -> None:
    """Print the sandbox's tokens to be copied; they are good for nothing but this sandbox."""
    for name, value in environment.items():
        out.print(f"export {name}={value}", soft_wrap=True)
