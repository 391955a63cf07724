"""Every SELECT about people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId, Role, Standing, TeamId, User, UserId
from domain.people.rules import Person, Rep, TeamOf

# All that rights and calendars depend on, for as many people as are asked for, in one statement.
_PEOPLE = """
SELECT u.id, u.slack_id, u.name, u.role, u.standing, u.is_active,
       coalesce(u.time_zone, w.time_zone) AS zone, w.currency, w.locale,
       w.deadline_day, w.former_deadline_day, w.deadline_day_from,
       r.id AS sales_rep_id, r.is_active AS rep_is_active, r.joined_on,
       coalesce(s.settles_from, r.joined_on) AS settles_from,
       ARRAY(SELECT t.id FROM teams t
              WHERE t.workspace_id = u.workspace_id AND t.manager_id = u.id) AS manages,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(t.id, t.name, m.id, m.name) ORDER BY t.name), '[]')
          FROM team_memberships tm
          JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
          LEFT JOIN users m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id
                           AND m.is_active AND m.standing = 'member'
         WHERE tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id AND tm.ended_on IS NULL) AS teams
  FROM users u
  JOIN workspaces w ON w.id = u.workspace_id
  LEFT JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id
  LEFT JOIN rep_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id AND s.ended_on IS NULL
"""
_BY_SLACK_ID = text(_PEOPLE + " WHERE u.slack_id = ANY(:slack_ids)")
_CALLED = text(
    _PEOPLE + " WHERE u.slack_id = :name OR lower(:name) IN (lower(u.email), lower(u.name)) ORDER BY u.id"
)
_BY_REP_ID = text(_PEOPLE + " WHERE r.id = :sales_rep_id")


async def by_slack_id(session: AsyncSession, slack_ids: Iterable[str]) -> dict[str, Person]:
    """Return the people that Goalkeeper knows, by Slack id, of those asked for."""
    rows = await session.execute(_BY_SLACK_ID, {"slack_ids": list(slack_ids)})
    return {row["slack_id"]: _person(row) for row in rows.mappings()}


async def called(session: AsyncSession, name: str) -> list[Person]:
    """Return everybody with this Slack id, email or name, whatever the case."""
    rows = await session.execute(_CALLED, {"name": name.strip()})
    return [_person(row) for row in rows.mappings()]


async def by_rep(session: AsyncSession, sales_rep_id: RepId) -> Person | None:
    """Return the person who is this rep."""
    row = (await session.execute(_BY_REP_ID, {"sales_rep_id": sales_rep_id})).mappings().one_or_none()
    return None if row is None else _person(row)


def _person(row: Any) -> Person:
    rep = None
    if row["sales_rep_id"] is not None:
        rep = Rep(RepId(row["sales_rep_id"]), row["rep_is_active"], row["joined_on"], row["settles_from"])
    return Person(
        user_id=UserId(row["id"]),
        slack_id=row["slack_id"],
        name=row["name"],
        role=Role(row["role"]),
        standing=Standing(row["standing"]),
        is_active=row["is_active"],
        zone=row["zone"],
        currency=row["currency"],
        locale=row["locale"],
        deadline_day=row["deadline_day"],
        manages=frozenset(TeamId(team) for team in row["manages"]),
        rep=rep,
        teams=tuple(TeamOf(*team) for team in row["teams"]),
        former_deadline_day=row["former_deadline_day"],
        deadline_day_from=row["deadline_day_from"],
    )


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person's direct messages go; no channel before the first one was opened."""

    slack_id: str
    dm_channel: str | None
    is_active: bool


async def address(session: AsyncSession, user_id: UserId) -> Address | None:
    """Return the address of a user."""
    statement = select(User.slack_id, User.dm_channel, User.is_active).where(User.id == user_id)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Address(*row)


# The manager of the channel's team, else an admin; never the person it is about, nor anybody unreachable.
_WHO_MENDS = text("""
SELECT u.id
  FROM users u
  LEFT JOIN teams t
    ON t.workspace_id = u.workspace_id AND t.manager_id = u.id AND 'channel:' || t.channel = :audience
 WHERE u.is_active AND u.standing = 'member' AND (t.id IS NOT NULL OR u.role = 'admin')
   AND 'user:' || u.id <> :audience
   AND NOT EXISTS (SELECT FROM outbox_lanes l
                    WHERE l.workspace_id = u.workspace_id AND l.lane = 'user:' || u.id
                      AND l.parked_at IS NOT NULL)
 ORDER BY t.id IS NULL, u.named_admin DESC, u.id
 LIMIT 1
""")


async def who_mends(session: AsyncSession, audience: str) -> UserId | None:
    """Return the person to tell when nothing gets to `audience` (of the outbox); None if there is nobody."""
    found = (await session.execute(_WHO_MENDS, {"audience": audience})).scalar_one_or_none()
    return None if found is None else UserId(found)


async def name(session: AsyncSession, user_id: UserId) -> str | None:
    """Return a user's name."""
    return (await session.execute(select(User.name).where(User.id == user_id))).scalar_one_or_none()


_IS_OURS = text("""
SELECT EXISTS (SELECT FROM teams WHERE channel = :channel)
    OR EXISTS (SELECT FROM workspaces WHERE company_channel = :channel)
""")


async def is_ours(session: AsyncSession, channel: str) -> bool:
    """Return True if a team or the whole company uses this channel."""
    ours: bool = (await session.execute(_IS_OURS, {"channel": channel})).scalar_one()
    return ours


async def has_teams(session: AsyncSession) -> bool:
    """Return True if there is a team in this workspace."""
    found: bool = (await session.execute(text("SELECT EXISTS (SELECT FROM teams)"))).scalar_one()
    return found


async def has_reps(session: AsyncSession) -> bool:
    """Return True if anybody in this workspace carries goals."""
    found: bool = (await session.execute(text("SELECT EXISTS (SELECT FROM sales_reps)"))).scalar_one()
    return found
