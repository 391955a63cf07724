"""People's profiles in Slack, in the domain's form."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import slack_error
from bot.slack.waiting import Service, waiting_for
from domain import flow
from domain.db import Database, WorkspaceId
from domain.people.model import Standing
from domain.people.service import Profile
from domain.periods import is_zone

log = logging.getLogger(__name__)

_PAGE = 200
_SLACKBOT = "USLACKBOT"


class Directory:
    """Meets people: reads their Slack profiles and writes them into the workspace's `users`."""

    def __init__(
        self, database: Database, workspace_id: WorkspaceId, slack_team_id: str, client: AsyncWebClient
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._slack_team_id = slack_team_id
        self._client = client

    def profile(self, member: dict[str, Any]) -> Profile:
        """Return the domain's profile of a Slack member object."""
        return profile(member, self._slack_team_id)

    async def meet_everyone(self) -> int:
        """Meet the whole workspace, a page of Slack's list at a time; returns how many there are.

        Raises:
            SlackApiError: Slack refuses, e.g. `missing_scope`.
        """
        count = 0
        async for page in await self._client.users_list(limit=_PAGE):
            members: list[dict[str, Any]] = page["members"]
            await self._meet(members)
            count += len(members)
        return count

    async def meet_by_id(self, slack_ids: Iterable[str]) -> None:
        """Meet these people; those that Slack doesn't know stay unknown."""
        found = await asyncio.gather(*(self._look_up(slack_id) for slack_id in slack_ids))
        await self._meet([member for member in found if member is not None])

    async def _look_up(self, slack_id: str) -> dict[str, Any] | None:
        try:
            with waiting_for(Service.PEOPLE):
                answer = await self._client.users_info(user=slack_id)
        except SlackApiError as error:
            if slack_error(error) in ("user_not_found", "user_not_visible", "users_not_found"):
                return None
            raise
        member: dict[str, Any] = answer["user"]
        return member

    async def _meet(self, members: list[dict[str, Any]]) -> None:
        profiles = [profile(member, self._slack_team_id) for member in members]
        owner = next((member for member in members if member.get("is_primary_owner")), None)
        owner_zone = _zone(owner) if owner else None
        async with self._database.workspace(self._workspace_id) as tx:
            await flow.meet(tx.session, tx.now, profiles, owner_zone)


def profile(member: dict[str, Any], slack_team_id: str) -> Profile:
    """Return the domain's profile of a Slack member object."""
    details: dict[str, Any] = member.get("profile") or {}
    name = (
        details.get("real_name")
        or member.get("real_name")
        or details.get("display_name")
        or member.get("name")
    )
    return Profile(
        slack_id=member["id"],
        name=str(name or member["id"]).strip(),
        email=details.get("email") or None,
        time_zone=_zone(member),
        standing=_standing(member, slack_team_id),
        slack_admin=bool(member.get("is_admin") or member.get("is_owner") or member.get("is_primary_owner")),
        is_active=not member.get("deleted", False),
    )


def _zone(member: dict[str, Any]) -> str | None:
    zone = member.get("tz")
    return zone if isinstance(zone, str) and is_zone(zone) else None


def _standing(member: dict[str, Any], slack_team_id: str) -> Standing:
    if member.get("is_bot") or member["id"] == _SLACKBOT:
        return Standing.BOT
    if member.get("is_stranger") or member.get("team_id", slack_team_id) != slack_team_id:
        return Standing.EXTERNAL
    if member.get("is_restricted") or member.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER
