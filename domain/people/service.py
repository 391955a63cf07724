"""Getting to know people: what Slack says of them becomes rows of `users`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import Standing


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of one account; `time_zone` is IANA and known, or None."""

    slack_id: str
    name: str
    email: str | None
    time_zone: str | None
    standing: Standing
    slack_admin: bool
    is_active: bool


# What an admin of Goalkeeper has decided (`named_admin`) and the channel already opened stay as they are.
_MEET = text("""
INSERT INTO users (slack_id, name, email, time_zone, standing, slack_admin, is_active)
SELECT slack_id, name, email, time_zone, standing, slack_admin, is_active
  FROM jsonb_to_recordset(CAST(:profiles AS jsonb))
       AS p(slack_id text, name text, email text, time_zone text, standing text,
            slack_admin boolean, is_active boolean)
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
 WHERE NOT time_zone_chosen AND time_zone <> :zone
""")


async def meet(session: AsyncSession, profiles: Sequence[Profile], owner_zone: str | None = None) -> None:
    """Know these accounts as Slack describes them now; one statement, however many.

    `owner_zone` is the primary owner's zone: it is the workspace's until an admin sets one (SPEC 1).
    """
    if profiles:
        await session.execute(_MEET, {"profiles": json.dumps([asdict(profile) for profile in profiles])})
    if owner_zone is not None:
        await session.execute(_OWNER_ZONE, {"zone": owner_zone})
