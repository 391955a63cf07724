"""Every SELECT about people."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId, UserId
from domain.people.rules import Person
from domain.rows import row, rows

# Everything that rights and calendars depend on, in one statement for any number of people.
_PEOPLE = """
SELECT u.id AS user_id, u.slack_id, u.name, u.role, u.standing, u.is_active,
       u.zone, w.currency, w.locale,
       w.deadline_day, w.former_deadline_day, w.deadline_day_from,
       r.id AS "rep.id", r.is_active AS "rep.is_active", r.joined_on AS "rep.joined_on",
       coalesce(s.settles_from, r.joined_on) AS "rep.settles_from",
       ARRAY(SELECT t.id FROM teams t
              WHERE t.workspace_id = u.workspace_id AND t.manager_id = u.id) AS manages,
       t.id AS "team.id", t.name AS "team.name",
       t.manager_id AS "team.manager_id", t.manager_name AS "team.manager_name"
  FROM people u
  JOIN workspaces w ON w.id = u.workspace_id
  LEFT JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id
  LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
  LEFT JOIN current_memberships m ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
  LEFT JOIN current_teams t ON t.workspace_id = m.workspace_id AND t.id = m.team_id
"""
_BY_SLACK_ID = text(_PEOPLE + " WHERE u.slack_id = ANY(:slack_ids)")
_CALLED = text(
    _PEOPLE + " WHERE u.slack_id = :name OR lower(:name) IN (lower(u.email), lower(u.name)) ORDER BY u.id"
)
_BY_REP_ID = text(_PEOPLE + " WHERE r.id = :sales_rep_id")
_BY_REP_IDS = text(_PEOPLE + " WHERE r.id = ANY(:sales_rep_ids)")
_BY_USER_ID = text(_PEOPLE + " WHERE u.id = :user_id")


async def by_slack_id(session: AsyncSession, slack_ids: Iterable[str]) -> dict[str, Person]:
    """Return the people that Goalkeeper knows, by Slack id, of those asked for."""
    people = await rows(session, _BY_SLACK_ID, Person, slack_ids=list(slack_ids))
    return {person.slack_id: person for person in people}


async def called(session: AsyncSession, name: str) -> list[Person]:
    """Return everybody with this Slack id, email or name, whatever the case."""
    return await rows(session, _CALLED, Person, name=name.strip())


async def by_rep(session: AsyncSession, sales_rep_id: RepId) -> Person | None:
    """Return the person who is this rep."""
    return await row(session, _BY_REP_ID, Person, sales_rep_id=sales_rep_id)


async def by_reps(session: AsyncSession, sales_rep_ids: Iterable[RepId]) -> list[Person]:
    """Return the people who are these reps; unknown ones are left out."""
    return await rows(session, _BY_REP_IDS, Person, sales_rep_ids=list(sales_rep_ids))


async def by_user(session: AsyncSession, user_id: UserId) -> Person | None:
    """Return the person who is this user."""
    return await row(session, _BY_USER_ID, Person, user_id=user_id)


@dataclass(frozen=True, slots=True)
class Address:
    """The destination of a person's direct messages; no channel before it was first opened."""

    slack_id: str
    dm_channel: str | None
    is_active: bool


_ADDRESS = text("SELECT slack_id, dm_channel, is_active FROM users WHERE id = :user_id")


async def address(session: AsyncSession, user_id: UserId) -> Address | None:
    """Return the address of a user."""
    return await row(session, _ADDRESS, Address, user_id=user_id)


# The manager of the channel's team, else an admin; but nobody whom the message is about or who cannot be
# reached either.
_WHO_MENDS = text("""
SELECT u.id
  FROM active_people u
  LEFT JOIN teams t
    ON t.workspace_id = u.workspace_id AND t.manager_id = u.id AND 'channel:' || t.channel = :audience
 WHERE (t.id IS NOT NULL OR u.role = 'admin')
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


_NAME = text("SELECT name FROM users WHERE id = :user_id")


async def name(session: AsyncSession, user_id: UserId) -> str | None:
    """Return a user's name."""
    return (await session.execute(_NAME, {"user_id": user_id})).scalar_one_or_none()


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
