"""Slack's error strings, narrowed to what Goalkeeper does about them."""

from slack_sdk.errors import SlackApiError


def slack_error(error: SlackApiError) -> str:
    """Slack's own word for what went wrong, e.g. `channel_not_found`."""
    if isinstance(error.response, str):
        return "unreadable_response"
    return str(error.response.get("error") or f"http_{error.response.status_code}")


def is_expired_trigger(error: SlackApiError) -> bool:
    """Whether the 3 s of a trigger were over; Slack says so in either of two ways."""
    word = slack_error(error)
    if word in ("expired_trigger_id", "exchanged_trigger_id"):
        return True
    return word == "invalid_arguments" and "trigger" in str(error.response)


def retry_after(error: SlackApiError) -> float | None:
    """Seconds that Slack asks us to wait when it has had enough; None when that is not what it says."""
    if isinstance(error.response, str) or error.response.status_code != 429:
        return None
    try:
        return float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return 30.0
