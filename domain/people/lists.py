"""People and teams in lists, as other systems read them, a page at a time."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people import sight
from domain.people.model import Role
from domain.people.rules import Person
from domain.rows import rows


@dataclass(frozen=True, slots=True)
class PersonListed:
    """A user, with the rep they are, if they are one."""

    user_id: int
    slack_id: str
    name: str
    email: str | None
    role: Role
    is_active: bool
    time_zone: str
    sales_rep_id: int | None
    title: str | None
    joined_on: date | None
    carries_goals: bool
    team_id: int | None
    team: str | None


@dataclass(frozen=True, slots=True)
class TeamListed:
    """A team with its manager and its reps of today."""

    team_id: int
    name: str
    channel: str | None
    manager_id: int | None
    manager_name: str | None
    sales_rep_ids: list[int]


_PEOPLE = text(f"""
SELECT p.id AS user_id, p.slack_id, p.name, p.email, p.role, p.is_active, p.zone AS time_zone,
       r.id AS sales_rep_id, r.title, r.joined_on, a.id IS NOT NULL AS carries_goals,
       t.id AS team_id, t.name AS team
  FROM people p
  LEFT JOIN sales_reps r ON r.workspace_id = p.workspace_id AND r.user_id = p.id
  LEFT JOIN active_reps a ON a.workspace_id = r.workspace_id AND a.id = r.id
  LEFT JOIN current_memberships m ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
  LEFT JOIN teams t ON t.workspace_id = m.workspace_id AND t.id = m.team_id
 WHERE p.standing = 'member' AND p.id > :after
   AND (p.id = :user_id OR {sight.seen("r", "id")})
 ORDER BY p.id LIMIT :most
""")
_TEAMS = text("""
SELECT t.id AS team_id, t.name, t.channel, t.manager_id, t.manager_name,
       ARRAY(SELECT m.sales_rep_id FROM current_memberships m
               JOIN active_reps a ON a.workspace_id = m.workspace_id AND a.id = m.sales_rep_id
              WHERE m.workspace_id = t.workspace_id AND m.team_id = t.id
              ORDER BY m.sales_rep_id) AS sales_rep_ids
  FROM current_teams t
 WHERE t.id > :after AND (:sees_all OR t.id = ANY(CAST(:teams AS bigint[])))
 ORDER BY t.id LIMIT :most
""")


async def people(session: AsyncSession, person: Person, after: int, most: int) -> list[PersonListed]:
    """Return the members whom the person may see, themselves included, by user id after `after`."""
    keys = {"after": after, "most": most, "user_id": person.user_id, **sight.keys(person)}
    return await rows(session, _PEOPLE, PersonListed, **keys)


async def teams(session: AsyncSession, person: Person, after: int, most: int) -> list[TeamListed]:
    """Return the teams that the person is in or manages, an admin all, by id after `after`."""
    theirs = sorted(person.manages | ({person.team.id} if person.team else frozenset()))
    keys = {"after": after, "most": most, "sees_all": person.is_admin, "teams": theirs}
    return await rows(session, _TEAMS, TeamListed, **keys)
