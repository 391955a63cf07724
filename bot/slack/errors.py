"""Failures of calls to Slack, narrowed from its error strings to what the bot does about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.clock import real_seconds

_A_DAY = 86_400.0


class SlackTrouble(Exception):
    """A failed call; `reason` is Slack's error string, or the failure's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RateLimited(SlackTrouble):
    """Not done: too many calls. `seconds` is the time to wait; None if Slack didn't say."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Uncertain(SlackTrouble):
    """It isn't known whether Slack did it: the answer got lost or can't be read."""


class Passing(SlackTrouble):
    """Not done, and may well work in a moment."""


class DestinationDown(SlackTrouble):
    """Nothing gets to this channel or person until somebody fixes it."""


class TokenRefused(SlackTrouble):
    """Nothing gets to this workspace: the token was revoked, or may not do this."""


class MessageGone(SlackTrouble):
    """The message to change has been deleted, or can no longer be changed."""


class BlocksRefused(SlackTrouble):
    """Slack does not like the blocks; the text alone may do."""


class MissingScope(SlackTrouble):
    """The app was not given the scope for this call."""


class SlackRefused(SlackTrouble):
    """Slack will never take this."""


_KINDS: dict[type[SlackTrouble], frozenset[str]] = {
    Uncertain: frozenset(
        {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "unreadable_response"}
    ),
    Passing: frozenset(
        {
            "team_added_to_org",
            "accesslimited",
            "rate_limited",
            "message_limit_exceeded",
            "external_channel_migrating",
        }
    ),
    DestinationDown: frozenset(
        {
            "is_archived",
            "channel_not_found",
            "not_in_channel",
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "is_inactive",
            "no_permission",
            "messages_tab_disabled",
            "cannot_dm_bot",
            "user_disabled",
            "user_not_found",
            "users_not_found",
            "user_not_visible",
            "ekm_access_denied",
        }
    ),
    TokenRefused: frozenset(
        {
            "account_inactive",
            "invalid_auth",
            "not_authed",
            "token_expired",
            "token_revoked",
            "not_allowed_token_type",
            "team_access_not_granted",
            "org_login_required",
            "two_factor_setup_required",
        }
    ),
    MessageGone: frozenset({"message_not_found", "cant_update_message", "edit_window_closed"}),
    BlocksRefused: frozenset({"invalid_blocks", "invalid_blocks_format"}),
    MissingScope: frozenset({"missing_scope"}),
}


def slack_error(error: SlackApiError) -> str:
    """Return Slack's own word for what went wrong, e.g. `channel_not_found`."""
    response = error.response
    if isinstance(response, str) or not hasattr(response, "status_code"):
        return "unreadable_response"
    data = response.data
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    return "unreadable_response" if response.status_code == 200 else f"http_{response.status_code}"


def is_expired_trigger(error: SlackApiError) -> bool:
    """Return True if the 3 s of a trigger were over; Slack says so in either of two ways."""
    word = slack_error(error)
    if word in ("expired_trigger_id", "exchanged_trigger_id"):
        return True
    return word == "invalid_arguments" and "trigger" in str(error.response)


@contextmanager
def narrowed() -> Iterator[None]:
    """Raise a kind of `SlackTrouble` for any failure of a call to Slack in the block."""
    try:
        yield
    except SlackApiError as error:
        raise narrow(error) from error
    except aiohttp.ClientConnectorError as error:
        raise Passing(type(error).__name__) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
        raise Uncertain(type(error).__name__) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # A 200 that isn't Slack's, such as plain text or JSON without an object, makes the SDK raise these.
        raise Uncertain("unreadable_response") from error


def narrow(error: SlackApiError) -> SlackTrouble:
    """Return what Slack's refusal means for the bot."""
    word = slack_error(error)
    if word == "ratelimited" or word == "http_429":
        return RateLimited(_retry_after(error))
    if word.startswith("http_"):
        # Slack's own refusals have an error string; a bare status comes from something on the way.
        return Uncertain(word)
    kind = next((kind for kind, words in _KINDS.items() if word in words), SlackRefused)
    return kind(word)


def _retry_after(error: SlackApiError) -> float | None:
    """Return the seconds to wait, a day at most, from a number or an HTTP date; None without either."""
    headers = {name.lower(): value for name, value in dict(error.response.headers).items()}
    value = str(headers.get("retry-after", "")).strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return min(float(value), _A_DAY) or None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, moment.timestamp() - real_seconds()), _A_DAY) or None
