"""`goalkeeper run`: everything, until it is told to stop."""

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.cli.console import Stopped
from bot.settings import Settings


def run() -> None:
    """Start the bot, with its own Slack and database where none are configured."""
    settings = Settings.load()
    logs.configure(settings.log_format, settings.log_level, secrets=settings.secrets)
    # Imported here because every other command starts in half the time without these packages.
    import uvloop

    from bot.app import serve
    from bot.http.server import PortTaken
    from bot.slack.errors import slack_error
    from bot.slack.socket_mode import AppTokenRefused

    try:
        uvloop.run(serve(settings))
    except PortTaken as taken:
        raise Stopped(str(taken)) from None
    except AppTokenRefused as word:
        raise Stopped(f"Slack refuses SLACK_APP_TOKEN: {word}. `goalkeeper doctor` says more.") from None
    except SlackApiError as error:
        raise Stopped(f"Slack refused: {slack_error(error)}. `goalkeeper doctor` says more.") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Stopped(f"Slack cannot be reached ({type(error).__name__}). Try `goalkeeper doctor`.") from None
