"""Slack as the commands ask it: who and what a roster names."""

from collections.abc import AsyncIterator
from typing import Any

from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from domain.people.model import Standing
from domain.people.roster.service import Directory, Unknown
from domain.people.service import Profile
from domain.periods import is_zone

_PAGE = 500


def client_of(settings: Settings) -> AsyncWebClient | None:
    """A client that only asks, and so may wait and ask again; None in the sandbox."""
    if settings.slack_bot_token is None:
        return None
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=10,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=5)],
    )


async def look_up(client: AsyncWebClient, unknown: Unknown) -> Directory:
    """Find those people and channels by paging through the lists, until all are found.

    One by one (users.lookupByEmail) would be a request a row, at some fifty a minute.
    """
    ids, emails, names = set(unknown.slack_ids), set(unknown.emails), set(unknown.channels)
    profiles: list[Profile] = []
    if ids or emails:
        async for user in _pages(client, "users.list", "members"):
            email = str((user.get("profile") or {}).get("email") or "").lower()
            if user["id"] in ids or email in emails:
                profiles.append(profile_of(user))
                ids.discard(user["id"])
                # A deactivated account may share the address of the one that is meant.
                emails -= set() if user.get("deleted") else {email}
            if not ids and not emails:
                break
    channels: dict[str, str] = {}
    if names:
        kinds = {"types": "public_channel,private_channel", "exclude_archived": "true"}
        async for channel in _pages(client, "conversations.list", "channels", **kinds):
            name = f"#{channel['name']}"
            if name in names:
                channels[name] = channel["id"]
            if len(channels) == len(names):
                break
    return Directory(profiles, channels)


async def _pages(
    client: AsyncWebClient, method: str, items: str, **params: str
) -> AsyncIterator[dict[str, Any]]:
    cursor = ""
    while True:
        answer = await client.api_call(method, params={"limit": _PAGE, "cursor": cursor, **params})
        for item in answer.get(items) or []:
            yield item
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def profile_of(user: dict[str, Any]) -> Profile:
    """A person from Slack's user object."""
    profile = user.get("profile") or {}
    zone = user.get("tz")
    return Profile(
        slack_id=user["id"],
        name=profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"],
        email=profile.get("email"),
        time_zone=zone if zone and is_zone(zone) else None,
        standing=_standing(user),
        slack_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_active=not user.get("deleted"),
    )


def _standing(user: dict[str, Any]) -> Standing:
    if user.get("is_bot") or user["id"] == "USLACKBOT":
        return Standing.BOT
    if user.get("is_stranger") or user.get("is_external"):
        return Standing.EXTERNAL
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER
