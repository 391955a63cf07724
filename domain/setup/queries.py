"""Every SELECT about a workspace's set-up."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.figures import Tier
from domain.people import team_queries
from domain.people.model import TeamId, UserId
from domain.periods import DeadlineDay
from domain.rows import rows
from domain.setup.rules import WorkspaceSettings


@dataclass(frozen=True, slots=True)
class Current:
    """The settings as they stand, with what they depend on."""

    settings: WorkspaceSettings
    deadline: DeadlineDay
    currency_fixed: bool
    """True once any amount exists: a goal, an actual or a bonus, now or in the history."""
    channel_down: bool
    """True if messages to the company channel are known to fail."""
    today: date
    """The date in the workspace's zone."""


def _down(channel: str) -> str:
    """Return True if messages can't be delivered to this channel until somebody fixes it."""
    return f"""EXISTS (SELECT FROM outbox_lanes l
                WHERE l.lane = 'channel:' || {channel} AND l.parked_at IS NOT NULL)"""


# The sum of a year's months adds nothing to the months.
_CURRENT = text(f"""
SELECT w.time_zone AS "settings.time_zone", w.currency AS "settings.currency", w.locale AS "settings.locale",
       w.deadline_day AS "settings.deadline_day", w.reminder_time AS "settings.reminder_time",
       w.company_channel AS "settings.company_channel",
       w.money_is_public AS "settings.money_is_public",
       w.deadline_day AS "deadline.day", w.former_deadline_day AS "deadline.former",
       w.deadline_day_from AS "deadline.counts_from",
       EXISTS (SELECT FROM rep_monthly_goals
                WHERE revenue_goal <> 0 OR revenue_actual <> 0 OR 0 < ANY (tier_amounts))
       OR EXISTS (SELECT FROM rep_yearly_goals WHERE yearly_revenue_goal <> 0)
       OR EXISTS (SELECT FROM goal_changes WHERE to_revenue_goal <> 0)
       OR EXISTS (SELECT FROM bonus_tiers WHERE amount <> 0)
       OR EXISTS (SELECT FROM metrics m
                    JOIN activity_totals t ON t.workspace_id = m.workspace_id AND lower(t.metric) = m.code
                   WHERE m.unit = 'money' AND m.kind = 'sum')
       AS currency_fixed,
       {_down("w.company_channel")} AS channel_down,
       (goalkeeper_now() AT TIME ZONE w.time_zone)::date AS today
  FROM workspaces w
 WHERE w.id = goalkeeper_workspace()
""")
# Every change of a workspace's set-up takes this lock first, and reads afterwards.
_LOCK = text("SELECT FROM workspaces WHERE id = goalkeeper_workspace() FOR NO KEY UPDATE")
_IS_ADMIN = text("""
SELECT EXISTS (SELECT FROM active_people WHERE id = :user_id AND role = 'admin')
""")


async def lock(session: AsyncSession) -> None:
    """Wait until nobody else changes how this workspace is set up; until the transaction ends nobody does."""
    await session.execute(_LOCK)


async def is_admin(session: AsyncSession, user_id: UserId) -> bool:
    """Return True if this user is an admin now."""
    admin: bool = (await session.execute(_IS_ADMIN, {"user_id": user_id})).scalar_one()
    return admin


async def current(session: AsyncSession) -> Current:
    """Return the settings of this workspace."""
    [current] = await rows(session, _CURRENT, Current)
    return current


_IS_ZONE = text("SELECT goalkeeper_is_zone(:zone)")


async def is_zone(session: AsyncSession, zone: str) -> bool:
    """Return True if the database knows this zone too."""
    known: bool = (await session.execute(_IS_ZONE, {"zone": zone})).scalar_one()
    return known


_TIERS = text("""
SELECT tier AS number, signups_needed, amount FROM bonus_tiers WHERE team_id IS NULL ORDER BY tier
""")


async def tiers(session: AsyncSession) -> tuple[Tier, ...]:
    """Return the workspace's tiers, for months that have not begun."""
    return tuple(await rows(session, _TIERS, Tier))


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody who is an admin, by Slack or named here."""

    user_id: UserId
    slack_id: str
    name: str
    named: bool
    by_slack: bool


_ADMINS = text("""
SELECT id AS user_id, slack_id, name, named_admin AS named, slack_admin AS by_slack
  FROM active_people
 WHERE role = 'admin'
 ORDER BY lower(name), id
""")


async def admins(session: AsyncSession) -> tuple[Admin, ...]:
    """Return every admin who takes part, by name."""
    return tuple(await rows(session, _ADMINS, Admin))


@dataclass(frozen=True, slots=True)
class TeamState:
    """A team, and which parts of its set-up are there."""

    id: TeamId
    name: str
    manager: str | None
    """The manager's name; None also if they have left."""
    channel: str | None
    channel_down: bool
    """True if messages to the channel are known to fail."""
    members: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.manager and self.channel and self.members and not self.channel_down)


_TEAMS = text(f"""
SELECT t.id, t.name, t.manager_name AS manager, t.channel, {_down("t.channel")} AS channel_down,
       {team_queries.SIZE} AS members
  FROM current_teams t
 WHERE CAST(:manager_id AS bigint) IS NULL OR t.manager_id = :manager_id
 ORDER BY lower(t.name)
""")


async def teams(session: AsyncSession, manager_id: UserId | None = None) -> tuple[TeamState, ...]:
    """Return how far each team (or each of one manager's) is set up, by name."""
    return tuple(await rows(session, _TEAMS, TeamState, manager_id=manager_id))
