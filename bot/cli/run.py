"""`goalkeeper run`: everything, until it is told to stop."""

import asyncio
import sys

from bot import logs
from bot.settings import Settings


def run() -> None:
    """Start the bot, with its own Slack and database where none are configured."""
    settings = Settings.load()
    logs.configure(settings.log_format, settings.log_level, secrets=settings.secrets)
    # Here and not above: the other commands start in half the time without Slack's and the web's packages.
    from bot.app import serve

    if sys.platform == "win32":
        asyncio.run(serve(settings))
    else:
        import uvloop

        uvloop.run(serve(settings))
