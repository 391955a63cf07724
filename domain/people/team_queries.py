"""Every SELECT about teams and those who ask to join them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import TeamId, UserId


@dataclass(frozen=True, slots=True)
class Manager:
    """The manager of a team; one who has left takes no part any more."""

    user_id: UserId
    slack_id: str
    name: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A rep on a team; one who has left Slack stays written down until somebody takes them out."""

    slack_id: str
    name: str
    has_left: bool


@dataclass(frozen=True, slots=True)
class TeamDetails:
    """A team as it is now; its members in the order of their names."""

    id: TeamId
    name: str
    channel: str | None
    manager: Manager | None
    members: tuple[Member, ...]

    @property
    def managed_by(self) -> Manager | None:
        """Its manager, unless they have left."""
        return self.manager if self.manager and self.manager.takes_part else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A team as a line of a list."""

    id: TeamId
    name: str
    channel: str | None
    manager: Manager | None
    size: int

    @property
    def managed_by(self) -> Manager | None:
        """Its manager, unless they have left."""
        return self.manager if self.manager and self.manager.takes_part else None


_COLUMNS = """
SELECT t.id, t.name, t.channel, m.id AS manager_id, m.slack_id AS manager_slack_id, m.name AS manager_name,
       m.is_active AND m.standing = 'member' AS manager_takes_part
"""
_FROM = """
  FROM teams t
  LEFT JOIN users m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id
"""
_MEMBERS = """
  FROM team_memberships tm
  JOIN sales_reps r ON r.workspace_id = tm.workspace_id AND r.id = tm.sales_rep_id
  JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
 WHERE tm.workspace_id = t.workspace_id AND tm.team_id = t.id AND tm.ended_on IS NULL
"""
_TEAM = text(f"""
{_COLUMNS},
       (SELECT coalesce(jsonb_agg(
                   jsonb_build_array(u.slack_id, u.name, NOT (u.is_active AND u.standing = 'member'))
                   ORDER BY lower(u.name), u.id), '[]')
        {_MEMBERS}) AS members
{_FROM}
 WHERE t.id = :team_id
""")
_LIST = text(f"""
{_COLUMNS},
       (SELECT count(*) {_MEMBERS} AND r.is_active AND u.is_active AND u.standing = 'member') AS size
{_FROM}
 WHERE CAST(:manager_id AS bigint) IS NULL OR t.manager_id = :manager_id
 ORDER BY lower(t.name)
""")
_NAMED = text("SELECT id FROM teams WHERE lower(name) = lower(:name)")


async def find(session: AsyncSession, team_id: TeamId) -> TeamDetails | None:
    """Return a team with its members; None if there is no such team."""
    row = (await session.execute(_TEAM, {"team_id": team_id})).mappings().one_or_none()
    if row is None:
        return None
    members = tuple(Member(*member) for member in row["members"])
    return TeamDetails(TeamId(row["id"]), row["name"], row["channel"], _manager(row), members)


async def listed(session: AsyncSession, manager_id: UserId | None = None) -> list[Listed]:
    """Return every team by name, or those that one person manages."""
    rows = await session.execute(_LIST, {"manager_id": manager_id})
    return [
        Listed(TeamId(row["id"]), row["name"], row["channel"], _manager(row), row["size"])
        for row in rows.mappings()
    ]


async def named(session: AsyncSession, name: str) -> TeamId | None:
    """Return the team with this name, whatever the case."""
    found = (await session.execute(_NAMED, {"name": name})).scalar_one_or_none()
    return None if found is None else TeamId(found)


def _manager(row: Any) -> Manager | None:
    if row["manager_id"] is None:
        return None
    return Manager(
        UserId(row["manager_id"]), row["manager_slack_id"], row["manager_name"], row["manager_takes_part"]
    )


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish to join a team, as it stands now, and whether its reader may decide."""

    id: int
    user_id: UserId
    slack_id: str
    name: str
    takes_part: bool
    """Whether they still are an active member of the workspace."""
    on_teams: tuple[TeamId, ...]
    """Those they are in by now."""
    team_id: TeamId
    team: str
    manager: str | None
    """The present manager's name."""
    decision: str | None
    decided_by: str | None
    """By name."""
    may_decide: bool


_REQUEST = text("""
SELECT q.id, q.user_id, u.slack_id, u.name, u.is_active AND u.standing = 'member' AS takes_part,
       ARRAY(SELECT tm.team_id
               FROM sales_reps r
               JOIN team_memberships tm
                 ON tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id AND tm.ended_on IS NULL
              WHERE r.workspace_id = u.workspace_id AND r.user_id = u.id AND r.is_active) AS on_teams,
       t.id AS team_id, t.name AS team, m.name AS manager, q.decision, d.name AS decided_by,
       EXISTS (SELECT FROM users reader
                WHERE reader.workspace_id = q.workspace_id AND reader.id = :reader
                  AND reader.is_active AND reader.standing = 'member'
                  AND (reader.role = 'admin' OR reader.id = m.id)) AS may_decide
  FROM join_requests q
  JOIN users u ON u.workspace_id = q.workspace_id AND u.id = q.user_id
  JOIN teams t ON t.workspace_id = q.workspace_id AND t.id = q.team_id
  LEFT JOIN users m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id
                   AND m.is_active AND m.standing = 'member'
  LEFT JOIN users d ON d.workspace_id = q.workspace_id AND d.id = q.decided_by
 WHERE q.id = :request_id
""")
DECIDERS = """
SELECT t.id AS team_id, u.id AS user_id
  FROM teams t
  LEFT JOIN users m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id
                   AND m.is_active AND m.standing = 'member'
  JOIN users u ON u.workspace_id = t.workspace_id AND u.is_active AND u.standing = 'member'
              AND CASE WHEN m.id IS NULL THEN u.role = 'admin' ELSE u.id = m.id END
 WHERE t.id = ANY(:team_ids)
 ORDER BY u.id
"""
"""SQL: the people who decide on requests to join: a team's manager or, without one, every admin."""
_DECIDERS = text(DECIDERS)
_LEFT_BEHIND = text("""
SELECT t.id
  FROM users m
  JOIN teams t ON t.workspace_id = m.workspace_id AND t.manager_id = m.id
 WHERE m.slack_id = :slack_id AND NOT (m.is_active AND m.standing = 'member')
 ORDER BY t.id
""")


async def left_behind(session: AsyncSession, slack_id: str) -> list[TeamId]:
    """Return the teams whose manager has left."""
    found = await session.execute(_LEFT_BEHIND, {"slack_id": slack_id})
    return [TeamId(team_id) for team_id in found.scalars()]


async def request(session: AsyncSession, request_id: int, reader: UserId) -> Request | None:
    """Return a request to join as `reader` sees it; None if there is none."""
    row = (await session.execute(_REQUEST, {"request_id": request_id, "reader": reader})).mappings().first()
    if row is None:
        return None
    return Request(
        **{**row, "user_id": UserId(row["user_id"]), "on_teams": tuple(map(TeamId, row["on_teams"]))}
    )


_WAITED_FOR = text("""
SELECT t.name
  FROM join_requests q
  JOIN teams t ON t.workspace_id = q.workspace_id AND t.id = q.team_id
 WHERE q.user_id = :user_id AND q.decided_at IS NULL
 ORDER BY lower(t.name)
""")


async def waited_for(session: AsyncSession, user_id: UserId) -> list[str]:
    """Return the teams, by name, that this person's open requests are about."""
    return list((await session.execute(_WAITED_FOR, {"user_id": user_id})).scalars())


async def deciders(session: AsyncSession, team_id: TeamId) -> list[UserId]:
    """Return the people who decide on requests to join: the manager or, without one, every admin."""
    found = await session.execute(_DECIDERS, {"team_ids": [team_id]})
    return [UserId(row.user_id) for row in found]
