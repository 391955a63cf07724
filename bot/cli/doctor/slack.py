"""Checks of Slack: whether it answers, the tokens and their scopes, and channels the bot can't post in."""

import re
from collections.abc import AsyncIterator, Iterable

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.doctor.finding import Finding, broken, fine, note, warning
from bot.cli.slack import client_of
from bot.settings import Settings
from bot.slack.channels import POST_UNINVITED, granted
from bot.slack.errors import slack_error

NEEDED_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "team:read",
)
OPTIONAL_SCOPES = {
    "channels:history": "an uncertain post in a channel is reported rather than looked up",
    "groups:history": "an uncertain post in a private channel is reported rather than looked up",
    "chat:write.public": "the bot has to be invited to the channels it posts in",
    "files:read": "numbers can be imported at the terminal only, not from a file dropped in Slack",
    "files:write": "monthly reports come as text to copy rather than as files",
}
"""What doesn't work without each scope."""
_COPY_BOT_TOKEN = "Copy the “Bot User OAuth Token” anew from OAuth & Permissions, after installing the app."
_COPY_APP_TOKEN = (
    "Make an app-level token with connections:write under Basic Information, and turn Socket Mode on."
)
_TROUBLES = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)
_REINSTALL = "Add it under OAuth & Permissions (see manifest.yml) and install the app again."


def connection_mode(settings: Settings) -> Finding:
    """Report how Slack and the bot reach each other."""
    if settings.sandboxed:
        return note(
            "Slack", "the sandbox that Goalkeeper brings", "For a real one set SLACK_BOT_TOKEN; see README."
        )
    secret = settings.slack_signing_secret
    if secret is None:
        return fine("Slack", f"{settings.slack_api_url}, Socket Mode")
    if not re.fullmatch(r"[0-9a-f]{32}", secret.get_secret_value()):
        mend = "Copy “Signing Secret” from Basic Information: 32 characters, 0-9 and a-f."
        return warning("Signing secret", "does not look like one of Slack's", mend)
    both = " and Socket Mode" if settings.socket_mode else ""
    return fine("Slack", f"{settings.slack_api_url}, HTTP{both}")


class Account:
    """Checks with the bot's token; `team_id` is known once `findings` has succeeded."""

    def __init__(self, client: AsyncWebClient, app_token: SecretStr | None) -> None:
        self.client = client
        self._app_token = app_token
        self.team_id: str | None = None
        self.scopes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> "Account | None":
        """Return the account to ask Slack about; None in the sandbox."""
        client = client_of(settings)
        return cls(client, settings.slack_app_token) if client else None

    async def findings(self) -> AsyncIterator[Finding]:
        """Check that Slack answers, and report what it says about the token."""
        try:
            answer = await self.client.auth_test()
        except _TROUBLES as error:
            yield self._trouble("Bot token", error, _COPY_BOT_TOKEN)
            return
        self.team_id = str(answer["team_id"])
        yield fine("Bot token", f"{answer.get('user')} in {answer.get('team')} ({self.team_id})")
        if self._app_token is not None:
            yield await self._socket_mode(self._app_token.get_secret_value())
        scopes = granted(answer.headers)
        if scopes is None:
            yield note("Scopes", "Slack did not say which are granted")
            return
        self.scopes = scopes
        for finding in _scopes(self.scopes):
            yield finding

    async def _socket_mode(self, app_token: str) -> Finding:
        """Check that Slack would let us connect; the connection it offers isn't used."""
        try:
            await self.client.apps_connections_open(app_token=app_token)
        except _TROUBLES as error:
            return self._trouble("App token", error, _COPY_APP_TOKEN)
        return fine("App token", "Socket Mode may connect")

    def _trouble(self, token: str, error: Exception, mend: str) -> Finding:
        """Report what Slack said about a token, or that its answer can't be read."""
        word = slack_error(error) if isinstance(error, SlackApiError) else type(error).__name__
        if (
            isinstance(error, SlackApiError)
            and word != "unreadable_response"
            and not word.startswith("http_")
        ):
            return broken(token, f"refused: {word}", mend)
        state = f"{self.client.base_url} does not answer ({word})"
        return broken("Slack's API", state, "Check the network, the proxy and SLACK_API_URL.")

    async def channels(self, teams: Iterable[tuple[str, str]]) -> AsyncIterator[Finding]:
        """Report the team channels in which the bot can't post."""
        for team, channel in teams:
            about = f"Channel of {team}"
            try:
                found = (await self.client.conversations_info(channel=channel))["channel"]
            except SlackApiError as error:
                mend = "Invite the bot with /invite, or import the roster with another channel."
                yield warning(about, f"{channel}: {slack_error(error)}", mend)
                continue
            name = f"#{found.get('name')}"
            if found.get("is_archived"):
                yield warning(
                    about, f"{name} is archived", "Unarchive it, or import the roster with another one."
                )
            elif not found.get("is_member") and (
                found.get("is_private") or POST_UNINVITED not in self.scopes
            ):
                yield warning(about, f"the bot is not in {name}", "Invite it with /invite in that channel.")


def _scopes(granted: frozenset[str]) -> list[Finding]:
    missing = [scope for scope in NEEDED_SCOPES if scope not in granted]
    findings = [
        broken("Scopes", f"missing: {', '.join(missing)}", _REINSTALL)
        if missing
        else fine("Scopes", "all that are needed")
    ]
    return findings + [
        note("Scopes", f"without {scope}: {lacks}", _REINSTALL)
        for scope, lacks in OPTIONAL_SCOPES.items()
        if scope not in granted
    ]
