"""Meeting people: their Slack profiles become rows of `users`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import WorkspaceId
from domain.people.model import Standing, User, UserId


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of one Slack account; `time_zone` is a known IANA name, or None."""

    slack_id: str
    name: str
    email: str | None
    time_zone: str | None
    standing: Standing
    slack_admin: bool
    is_active: bool


async def enter_workspace(
    session: AsyncSession, slack_team_id: str, name: str, bot_user_id: str
) -> WorkspaceId:
    """Return the workspace `slack_team_id`, created if it is new; no scope is needed."""
    statement = text("SELECT goalkeeper_enter_workspace(:slack_team_id, :name, :bot_user_id)")
    keys = {"slack_team_id": slack_team_id, "name": name, "bot_user_id": bot_user_id}
    return WorkspaceId((await session.execute(statement, keys)).scalar_one())


# What an admin of Goalkeeper has decided (`named_admin`) and the channel already opened stay as they are. A
# zone that is too new for Postgres counts as none, so that one person doesn't keep the rest of the
# workspace out. A rep's name follows Slack, unless a roster gave them one.
_MEET = text("""
WITH met AS MATERIALIZED (
    SELECT *
      FROM jsonb_to_recordset(CAST(:profiles AS jsonb))
           AS p(slack_id text, name text, email text, time_zone text, standing text,
                slack_admin boolean, is_active boolean)
), renamed AS (
    UPDATE sales_reps r SET name = met.name
      FROM met
      JOIN users u ON u.slack_id = met.slack_id AND u.name <> met.name
     WHERE r.workspace_id = u.workspace_id AND r.user_id = u.id AND r.name = u.name
)
INSERT INTO users (slack_id, name, email, time_zone, standing, slack_admin, is_active)
SELECT slack_id, name, email, CASE WHEN goalkeeper_is_zone(time_zone) THEN time_zone END,
       standing, slack_admin, is_active
  FROM met
 ORDER BY slack_id
    ON CONFLICT (workspace_id, slack_id) DO UPDATE
   SET name = excluded.name, email = coalesce(excluded.email, users.email),
       time_zone = coalesce(excluded.time_zone, users.time_zone), standing = excluded.standing,
       slack_admin = excluded.slack_admin, is_active = excluded.is_active
 WHERE (users.name, users.email, users.time_zone, users.standing, users.slack_admin, users.is_active)
       IS DISTINCT FROM (excluded.name, coalesce(excluded.email, users.email),
                         coalesce(excluded.time_zone, users.time_zone), excluded.standing,
                         excluded.slack_admin, excluded.is_active)
""")
_OWNER_ZONE = text("""
UPDATE workspaces SET time_zone = :zone
 WHERE NOT time_zone_chosen AND time_zone <> :zone AND goalkeeper_is_zone(:zone)
""")


async def meet(session: AsyncSession, profiles: Sequence[Profile], owner_zone: str | None = None) -> None:
    """Know these accounts as Slack describes them now; one statement, however many.

    `owner_zone` is the primary owner's zone: it is the workspace's until an admin sets one.
    """
    if profiles:
        await session.execute(_MEET, {"profiles": json.dumps([asdict(profile) for profile in profiles])})
    if owner_zone is not None:
        await session.execute(_OWNER_ZONE, {"zone": owner_zone})


async def remember_dm(session: AsyncSession, user_id: UserId, channel: str) -> None:
    """Keep the channel of somebody's direct messages, once Slack has opened it."""
    await session.execute(update(User).where(User.id == user_id).values(dm_channel=channel))
