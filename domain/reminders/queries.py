"""Every SELECT about reminders and compliance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals import rules as goal_rules
from domain.goals.figures import Figures
from domain.goals.rules import Deadlines, GoalState
from domain.people.model import RepId, UserId
from domain.periods import Period
from domain.reminders.model import ReminderType
from domain.rows import row, rows


@dataclass(frozen=True, slots=True)
class DueMonth:
    """A rep's month as a reminder of it speaks of it."""

    month: Period
    rep_name: str
    user_id: UserId
    figures: Figures
    deadlines: Deadlines
    zone: str
    currency: str
    locale: str
    now: datetime
    stage: ReminderType | None = None
    acknowledged: bool = False
    snoozed_until: datetime | None = None


_DUE_MONTH = text("""
SELECT m.goal_year AS "month.year", m.goal_month AS "month.month", r.name AS rep_name, r.user_id,
       m.signup_goal AS "figures.signups", m.revenue_goal AS "figures.revenue",
       m.bonus_tier_goal AS "figures.tier", m.goal_set_at AS "deadlines.goal_set_at",
       m.deadline AS "deadlines.deadline", m.ends_at AS "deadlines.ends_at", m.time_zone AS zone,
       w.currency, w.locale, goalkeeper_now() AS now, CAST(:stage AS text) AS stage,
       coalesce(g.acknowledged, false) AS acknowledged, g.snoozed_until
  FROM rep_monthly_goals m
  JOIN workspaces w ON w.id = m.workspace_id
  JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
  LEFT JOIN goal_deadline_reminders g
    ON g.workspace_id = m.workspace_id AND g.sales_rep_id = m.sales_rep_id AND g.target_year = m.goal_year
   AND g.target_month = m.goal_month AND g.reminder_type = :stage
 WHERE m.sales_rep_id = :sales_rep_id AND m.goal_year = :year AND m.goal_month = :month
""")


async def due_month(
    session: AsyncSession, sales_rep_id: RepId, month: Period, stage: ReminderType | None = None
) -> DueMonth | None:
    """Return the month, and what was answered to the reminder of `stage`; None if it is not open."""
    keys = {"sales_rep_id": sales_rep_id, "stage": stage, **month.columns}
    return await row(session, _DUE_MONTH, DueMonth, **keys)


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A reminder that was sent: whose, of which month, and its stage."""

    sales_rep_id: RepId
    month: Period
    stage: ReminderType


_BY_ID = text("""
SELECT sales_rep_id, target_year AS "month.year", target_month AS "month.month", reminder_type AS stage
  FROM goal_deadline_reminders
 WHERE id = :reminder_id AND sent
""")


async def by_id(session: AsyncSession, reminder_id: int) -> ReminderRow | None:
    """Return the reminder with this id; None if there is none or it hasn't been sent."""
    return await row(session, _BY_ID, ReminderRow, reminder_id=reminder_id)


@dataclass(frozen=True, slots=True)
class RepState:
    """One rep's line in a digest."""

    sales_rep_id: RepId
    slack_id: str
    name: str
    team: str
    figures: Figures
    goal_set_at: datetime | None
    deadline: datetime
    ends_at: datetime
    zone: str
    nudged_at: datetime | None
    now: datetime

    @property
    def state(self) -> GoalState:
        """How the month stands."""
        return goal_rules.goal_state(Deadlines(self.goal_set_at, self.deadline, self.ends_at), self.now)

    @property
    def is_set(self) -> bool:
        """Whether there is nothing left to do; also when the month is over."""
        return self.goal_set_at is not None

    @property
    def is_late(self) -> bool:
        """Whether the goals were set after the deadline."""
        return self.goal_set_at is not None and self.goal_set_at >= self.deadline

    @property
    def is_optional(self) -> bool:
        """Whether nobody waits for the goals, because the rep joined too late in the month to set them."""
        return self.goal_set_at is None and self.deadline > self.ends_at


@dataclass(frozen=True, slots=True)
class Compliance:
    """How the reps somebody leads stand with a month's goals: those not set first, by deadline."""

    month: Period
    reps: tuple[RepState, ...]
    currency: str
    locale: str
    now: datetime

    @property
    def unset(self) -> tuple[RepState, ...]:
        """Reps who haven't set their goals, and should."""
        return tuple(rep for rep in self.reps if not rep.is_set and not rep.is_optional)

    @property
    def asked(self) -> tuple[RepState, ...]:
        """Reps whose goals are set, or should be."""
        return tuple(rep for rep in self.reps if not rep.is_optional)


# `manager_id` null asks about teams that nobody manages, `everybody` about all. Reps are counted, not rows:
# those whose month has begun and is not open yet, as after an INSERT by hand, are missing like any other who
# hasn't set goals.
_COMPLIANCE = text("""
SELECT r.id AS sales_rep_id, r.slack_id, r.name, coalesce(t.name, '') AS team,
       coalesce(m.signup_goal, 0) AS "figures.signups", coalesce(m.revenue_goal, 0) AS "figures.revenue",
       coalesce(m.bonus_tier_goal, 0) AS "figures.tier", m.goal_set_at,
       coalesce(m.deadline, goalkeeper_deadline(
           :year, :month, r.zone,
           goalkeeper_deadline_day(
               w.deadline_day, w.former_deadline_day, w.deadline_day_from, CAST(:first_day AS date)),
           r.settles_from)) AS deadline,
       coalesce(m.ends_at, goalkeeper_local_instant(CAST(:next_month AS date)::timestamp, r.zone)) AS ends_at,
       coalesce(m.time_zone, r.zone) AS zone,
       (SELECT max(n.nudged_at) FROM goal_nudges n
         WHERE n.workspace_id = r.workspace_id AND n.sales_rep_id = r.id) AS nudged_at,
       CAST(:now AS timestamptz) AS now
  FROM active_reps r
  JOIN workspaces w ON w.id = r.workspace_id
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id AND m.goal_year = :year
      AND m.goal_month = :month
  LEFT JOIN current_memberships tm ON tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id
  LEFT JOIN current_teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
 WHERE (m.id IS NOT NULL
        OR (goalkeeper_now() AT TIME ZONE r.zone)::date
           BETWEEN greatest(r.started_on, CAST(:first_day AS date)) AND CAST(:next_month AS date) - 1)
   AND (:everybody OR t.manager_id = :manager_id
        OR CAST(:manager_id AS bigint) IS NULL AND t.id IS NOT NULL AND t.manager_id IS NULL)
 ORDER BY m.goal_set_at IS NOT NULL, deadline, lower(r.name)
""")
_WORKSPACE = text("SELECT currency, locale FROM workspaces WHERE id = goalkeeper_workspace()")


async def compliance(
    session: AsyncSession, now: datetime, month: Period, manager_id: UserId | None, *, everybody: bool = False
) -> Compliance:
    """Return how a manager's reps stand; without one, those of teams that nobody manages; or everybody."""
    keys = {
        **month.columns,
        "first_day": month.start,
        "next_month": month.end,
        "manager_id": manager_id,
        "everybody": everybody,
        "now": now,
    }
    reps = await rows(session, _COMPLIANCE, RepState, **keys)
    currency, locale = (await session.execute(_WORKSPACE)).one()
    return Compliance(month, tuple(reps), currency, locale, now)


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of one reminder: `sent_at`, or `skip_reason`, or neither: it is still to come."""

    month: Period
    stage: ReminderType
    due_at: datetime
    zone: str
    sent_at: datetime | None
    acknowledged_at: datetime | None
    snoozed_until: datetime | None
    skip_reason: str | None


_EXPLAIN = text("""
SELECT g.target_year AS "month.year", g.target_month AS "month.month", g.reminder_type AS stage, g.due_at,
       m.time_zone AS zone, g.sent_at, g.acknowledged_at, g.snoozed_until,
       CASE WHEN NOT g.sent AND m.goal_set_at IS NOT NULL THEN coalesce(g.skip_reason, 'the goals were set')
            ELSE g.skip_reason END AS skip_reason
  FROM goal_deadline_reminders g
  JOIN rep_monthly_goals m
    ON m.workspace_id = g.workspace_id AND m.sales_rep_id = g.sales_rep_id
   AND m.goal_year = g.target_year AND m.goal_month = g.target_month
 WHERE g.sales_rep_id = :sales_rep_id AND g.target_year = :year AND g.target_month = :month
 ORDER BY g.due_at
""")


async def explain(session: AsyncSession, sales_rep_id: RepId, month: Period) -> list[Explained]:
    """Return each reminder of a rep's month, in order."""
    return await rows(session, _EXPLAIN, Explained, sales_rep_id=sales_rep_id, **month.columns)


_TEAMS_WITHOUT_MANAGER = text("""
SELECT t.name
  FROM current_teams t
 WHERE t.manager_id IS NULL
   AND EXISTS (SELECT FROM current_memberships m
                 JOIN active_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
                WHERE m.workspace_id = t.workspace_id AND m.team_id = t.id)
 ORDER BY lower(t.name)
""")


async def teams_without_manager(session: AsyncSession) -> list[str]:
    """Return the names of teams that have reps but no manager who takes part."""
    return list((await session.execute(_TEAMS_WITHOUT_MANAGER)).scalars())


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a digest: their own line differs from the others, and times are in their zone."""

    slack_id: str
    zone: str


_READER = text("SELECT slack_id, zone FROM active_people WHERE id = :user_id")


async def reader(session: AsyncSession, user_id: UserId) -> Reader | None:
    """Return this user as a reader; None if they have left."""
    return await row(session, _READER, Reader, user_id=user_id)


async def now(session: AsyncSession) -> datetime:
    """Business time of this transaction, for what is rendered."""
    moment: datetime = (await session.execute(text("SELECT goalkeeper_now()"))).scalar_one()
    return moment
