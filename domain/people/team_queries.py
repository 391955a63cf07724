"""Every SELECT about teams and requests to join them."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import TeamId, UserId
from domain.rows import row, rows


@dataclass(frozen=True, slots=True)
class Manager:
    """The manager of a team; a manager who has left takes no part any more."""

    user_id: UserId
    slack_id: str
    name: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A rep on a team; a rep who has left Slack stays listed until somebody removes them."""

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
SELECT t.id, t.name, t.channel, m.id AS "manager.user_id", m.slack_id AS "manager.slack_id",
       m.name AS "manager.name",
       CASE WHEN m.id IS NOT NULL THEN m.away_since IS NULL END AS "manager.takes_part"
"""
_FROM = """
  FROM teams t
  LEFT JOIN users m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id
"""
_TEAM = text(f"""
{_COLUMNS},
       (SELECT coalesce(jsonb_agg(
                   jsonb_build_object('slack_id', u.slack_id, 'name', u.name,
                                      'has_left', u.away_since IS NOT NULL)
                   ORDER BY lower(u.name), u.id), '[]')
          FROM current_memberships cm
          JOIN sales_reps r ON r.workspace_id = cm.workspace_id AND r.id = cm.sales_rep_id
          JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
         WHERE cm.workspace_id = t.workspace_id AND cm.team_id = t.id) AS members
{_FROM}
 WHERE t.id = :team_id
""")
SIZE = """
       (SELECT count(*)
          FROM current_memberships cm
          JOIN active_reps r ON r.workspace_id = cm.workspace_id AND r.id = cm.sales_rep_id
         WHERE cm.workspace_id = t.workspace_id AND cm.team_id = t.id)"""
"""SQL: the number of active reps in team `t`."""
_LIST = text(f"""
{_COLUMNS}, {SIZE} AS size
{_FROM}
 WHERE CAST(:manager_id AS bigint) IS NULL OR t.manager_id = :manager_id
 ORDER BY lower(t.name)
""")
_NAMED = text("SELECT id FROM teams WHERE lower(name) = lower(:name)")


async def find(session: AsyncSession, team_id: TeamId) -> TeamDetails | None:
    """Return a team with its members; None if there is no such team."""
    return await row(session, _TEAM, TeamDetails, team_id=team_id)


async def listed(session: AsyncSession, manager_id: UserId | None = None) -> list[Listed]:
    """Return every team by name, or those that one person manages."""
    return await rows(session, _LIST, Listed, manager_id=manager_id)


async def named(session: AsyncSession, name: str) -> TeamId | None:
    """Return the team with this name, whatever the case."""
    found = (await session.execute(_NAMED, {"name": name})).scalar_one_or_none()
    return None if found is None else TeamId(found)


@dataclass(frozen=True, slots=True)
class Request:
    """A request to join a team as it stands now, and whether its reader may decide."""

    id: int
    user_id: UserId
    slack_id: str
    name: str
    takes_part: bool
    """Whether they still are an active member of the workspace."""
    on_team: TeamId | None
    """The one they are in by now."""
    team_id: TeamId
    team: str
    manager: str | None
    """The present manager's name."""
    decision: str | None
    decided_by: str | None
    """The name of the person who decided."""
    may_decide: bool


_REQUEST = text("""
SELECT q.id, q.user_id, u.slack_id, u.name, u.away_since IS NULL AS takes_part,
       CASE WHEN r.is_active THEN cm.team_id END AS on_team,
       t.id AS team_id, t.name AS team, t.manager_name AS manager, q.decision, d.name AS decided_by,
       EXISTS (SELECT FROM active_people reader
                WHERE reader.workspace_id = q.workspace_id AND reader.id = :reader
                  AND (reader.role = 'admin' OR reader.id = t.manager_id)) AS may_decide
  FROM join_requests q
  JOIN users u ON u.workspace_id = q.workspace_id AND u.id = q.user_id
  JOIN current_teams t ON t.workspace_id = q.workspace_id AND t.id = q.team_id
  LEFT JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id
  LEFT JOIN current_memberships cm ON cm.workspace_id = r.workspace_id AND cm.sales_rep_id = r.id
  LEFT JOIN users d ON d.workspace_id = q.workspace_id AND d.id = q.decided_by
 WHERE q.id = :request_id
""")
_DECIDERS = text("SELECT leader_id FROM team_leaders WHERE team_id = :team_id ORDER BY leader_id")
_LEFT_BEHIND = text("""
SELECT t.id
  FROM users u
  JOIN teams t ON t.workspace_id = u.workspace_id AND t.manager_id = u.id
 WHERE u.slack_id = :slack_id AND u.away_since IS NOT NULL
 ORDER BY t.id
""")


async def left_behind(session: AsyncSession, slack_id: str) -> list[TeamId]:
    """Return the teams whose manager has left."""
    found = await session.execute(_LEFT_BEHIND, {"slack_id": slack_id})
    return [TeamId(team_id) for team_id in found.scalars()]


async def request(session: AsyncSession, request_id: int, reader: UserId) -> Request | None:
    """Return a request to join as `reader` sees it; None if there is none."""
    return await row(session, _REQUEST, Request, request_id=request_id, reader=reader)


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
    found = await session.execute(_DECIDERS, {"team_id": team_id})
    return [UserId(leader_id) for leader_id in found.scalars()]
