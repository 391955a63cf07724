"""Look-ups in Slack for commands: the people and channels that a roster names."""

from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.people import profile
from domain.people.roster.service import Found, Unresolved
from domain.people.service import Profile

_PAGE = 500


def client_of(settings: Settings) -> AsyncWebClient | None:
    """Return a client that only reads, and so may wait and try again; None in the sandbox."""
    if settings.slack_bot_token is None:
        return None
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=10,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=5)],
    )


async def look_up(client: AsyncWebClient, slack_team_id: str, unknown: Unresolved) -> Found:
    """Find those people and channels by paging through the lists, until all are found.

    Looking people up one by one (users.lookupByEmail) would take a request for each row, fifty a minute.
    """
    return Found(await _profiles(client, slack_team_id, unknown), await _channels(client, unknown.channels))


async def _profiles(client: AsyncWebClient, slack_team_id: str, unknown: Unresolved) -> list[Profile]:
    ids, emails, found = set(unknown.slack_ids), set(unknown.emails), []
    if not ids and not emails:
        return []
    async for page in await client.users_list(limit=_PAGE):
        for member in page["members"]:
            person = profile(member, slack_team_id)
            email = (person.email or "").lower()
            if person.slack_id in ids or email in emails:
                found.append(person)
                ids.discard(person.slack_id)
                # A deactivated account may have the same address as an active one.
                emails -= {email} if person.is_active else set()
        if not ids and not emails:
            break
    return found


async def _channels(client: AsyncWebClient, names: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not names:
        return found
    kinds = "public_channel,private_channel"
    async for page in await client.conversations_list(types=kinds, exclude_archived=True, limit=_PAGE):
        found |= {f"#{one['name']}": one["id"] for one in page["channels"] if f"#{one['name']}" in names}
        if len(found) == len(names):
            break
    return found
