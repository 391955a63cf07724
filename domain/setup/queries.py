"""Every SELECT about how a workspace is set up."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import TeamId, UserId
from domain.periods import DeadlineDay
from domain.setup.rules import Settings, Tier


@dataclass(frozen=True, slots=True)
class Current:
    """The settings as they stand, with what they depend on."""

    settings: Settings
    deadline: DeadlineDay
    currency_fixed: bool
    """True once any amount exists: a goal, an actual or a bonus, now or in the history."""
    channel_down: bool
    """Whether nothing gets to the company channel, as far as has been noticed."""
    today: date
    """The date in the workspace's zone."""


def _down(channel: str) -> str:
    """Whether nothing gets to this channel until somebody mends it."""
    return f"""EXISTS (SELECT FROM outbox_lanes l
                WHERE l.lane = 'channel:' || {channel} AND l.parked_at IS NOT NULL)"""


# The sum of a year's months adds nothing to the months.
_CURRENT = text(f"""
SELECT w.time_zone, w.currency, w.locale, w.deadline_day, w.reminder_time, w.company_channel,
       w.former_deadline_day, w.deadline_day_from,
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
# Whoever changes how a workspace is set up takes this lock first, and reads afterwards.
_LOCK = text("SELECT FROM workspaces WHERE id = goalkeeper_workspace() FOR NO KEY UPDATE")
_IS_ADMIN = text("""
SELECT EXISTS (SELECT FROM users
                WHERE id = :user_id AND role = 'admin' AND is_active AND standing = 'member')
""")


async def lock(session: AsyncSession) -> None:
    """Wait until nobody else changes how this workspace is set up; until the transaction ends nobody does."""
    await session.execute(_LOCK)


async def is_admin(session: AsyncSession, user_id: UserId) -> bool:
    """Whether this user is an admin now."""
    admin: bool = (await session.execute(_IS_ADMIN, {"user_id": user_id})).scalar_one()
    return admin


async def current(session: AsyncSession) -> Current:
    """The settings of this workspace."""
    row = (await session.execute(_CURRENT)).mappings().one()
    return Current(
        _settings(row),
        DeadlineDay(row["deadline_day"], row["former_deadline_day"], row["deadline_day_from"]),
        row["currency_fixed"],
        row["channel_down"],
        row["today"],
    )


def _settings(row: Any) -> Settings:
    names = ("time_zone", "currency", "locale", "deadline_day", "reminder_time", "company_channel")
    return Settings(**{name: row[name] for name in names})


_IS_ZONE = text("SELECT goalkeeper_is_zone(:zone)")


async def is_zone(session: AsyncSession, zone: str) -> bool:
    """Whether the database knows this zone too."""
    known: bool = (await session.execute(_IS_ZONE, {"zone": zone})).scalar_one()
    return known


_TIERS = text("SELECT tier, signups_needed, amount FROM bonus_tiers ORDER BY tier")


async def tiers(session: AsyncSession) -> tuple[Tier, ...]:
    """The tiers of months that open from now on."""
    return tuple(Tier(*row) for row in await session.execute(_TIERS))


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody who is an admin, by Slack or named here."""

    user_id: UserId
    slack_id: str
    name: str
    named: bool
    by_slack: bool


_ADMINS = text("""
SELECT id, slack_id, name, named_admin, slack_admin
  FROM users
 WHERE role = 'admin' AND is_active AND standing = 'member'
 ORDER BY lower(name), id
""")


async def admins(session: AsyncSession) -> tuple[Admin, ...]:
    """Every admin who takes part, by name."""
    return tuple(Admin(UserId(row[0]), *row[1:]) for row in await session.execute(_ADMINS))


@dataclass(frozen=True, slots=True)
class TeamState:
    """A team as far as it is set up."""

    id: TeamId
    name: str
    manager: str | None
    """Their name; None also when they have left."""
    channel: str | None
    channel_down: bool
    """Whether nothing gets there, as far as has been noticed."""
    members: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.manager and self.channel and self.members and not self.channel_down)


_TEAMS = text(f"""
SELECT t.id, t.name, m.name, t.channel, {_down("t.channel")},
       (SELECT count(*)
          FROM team_memberships tm
          JOIN sales_reps r ON r.workspace_id = tm.workspace_id AND r.id = tm.sales_rep_id AND r.is_active
          JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
                      AND u.is_active AND u.standing = 'member'
         WHERE tm.workspace_id = t.workspace_id AND tm.team_id = t.id AND tm.ended_on IS NULL)
  FROM teams t
  LEFT JOIN users m
    ON m.workspace_id = t.workspace_id AND m.id = t.manager_id AND m.is_active AND m.standing = 'member'
 WHERE CAST(:manager_id AS bigint) IS NULL OR t.manager_id = :manager_id
 ORDER BY lower(t.name)
""")


async def teams(session: AsyncSession, manager_id: UserId | None = None) -> tuple[TeamState, ...]:
    """How far every team is set up, or those of one manager; by name."""
    rows = await session.execute(_TEAMS, {"manager_id": manager_id})
    return tuple(TeamState(TeamId(row[0]), *row[1:]) for row in rows)
