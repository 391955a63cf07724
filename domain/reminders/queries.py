"""Every SELECT about reminders and compliance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals import rules as goal_rules
from domain.goals.figures import Figures
from domain.goals.rules import Deadlines, Standing
from domain.people.model import RepId, UserId
from domain.periods import Period
from domain.reminders.model import ReminderType


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
SELECT m.goal_year, m.goal_month, r.name, r.user_id, m.signup_goal, m.revenue_goal, m.bonus_tier_goal,
       m.goal_set_at, m.deadline, m.ends_at, m.time_zone, w.currency, w.locale, goalkeeper_now() AS now,
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
    """The month, and what has been answered to the reminder of `stage`; None if it is not open."""
    keys = {"sales_rep_id": sales_rep_id, **month.columns, "stage": stage}
    row = (await session.execute(_DUE_MONTH, keys)).mappings().one_or_none()
    if row is None:
        return None
    return DueMonth(
        month=month,
        rep_name=row["name"],
        user_id=UserId(row["user_id"]),
        figures=Figures(row["signup_goal"], row["revenue_goal"], row["bonus_tier_goal"]),
        deadlines=Deadlines(row["goal_set_at"], row["deadline"], row["ends_at"]),
        zone=row["time_zone"],
        currency=row["currency"],
        locale=row["locale"],
        now=row["now"],
        stage=stage,
        acknowledged=row["acknowledged"],
        snoozed_until=row["snoozed_until"],
    )


@dataclass(frozen=True, slots=True)
class RepState:
    """One rep's line in a digest."""

    sales_rep_id: RepId
    slack_id: str
    name: str
    team: str
    standing: Standing
    figures: Figures
    goal_set_at: datetime | None
    deadline: datetime
    ends_at: datetime
    zone: str
    nudged_at: datetime | None

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


# One row a rep, whatever the number of teams they are in. `manager_id` null asks about teams that nobody
# manages, `everybody` about all. Reps are counted, not rows: those whose month has begun and is not open yet,
# as after an INSERT by hand, are missing like any other who hasn't set goals.
_COMPLIANCE = text("""
SELECT r.id AS sales_rep_id, u.slack_id, r.name, string_agg(DISTINCT t.name, ', ' ORDER BY t.name) AS team,
       coalesce(m.signup_goal, 0) AS signup_goal, coalesce(m.revenue_goal, 0) AS revenue_goal,
       coalesce(m.bonus_tier_goal, 0) AS bonus_tier_goal, m.goal_set_at,
       coalesce(m.deadline, goalkeeper_deadline(
           :year, :month, own.zone,
           goalkeeper_deadline_day(
               w.deadline_day, w.former_deadline_day, w.deadline_day_from, CAST(:first_day AS date)),
           s.settles_from)) AS deadline,
       coalesce(m.ends_at, goalkeeper_local_instant(CAST(:next_month AS date)::timestamp, own.zone))
       AS ends_at,
       coalesce(m.time_zone, own.zone) AS time_zone, w.currency, w.locale,
       (SELECT max(n.nudged_at) FROM goal_nudges n
         WHERE n.workspace_id = r.workspace_id AND n.sales_rep_id = r.id) AS nudged_at
  FROM rep_stints s
  JOIN workspaces w ON w.id = s.workspace_id
  JOIN sales_reps r ON r.workspace_id = s.workspace_id AND r.id = s.sales_rep_id
  JOIN users u
    ON u.workspace_id = r.workspace_id AND u.id = r.user_id AND u.is_active AND u.standing = 'member'
  CROSS JOIN LATERAL (SELECT coalesce(u.time_zone, w.time_zone) AS zone) own
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id AND m.goal_year = :year
      AND m.goal_month = :month
  LEFT JOIN team_memberships tm
    ON tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id AND tm.ended_on IS NULL
  LEFT JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
  LEFT JOIN users manager
    ON manager.workspace_id = t.workspace_id AND manager.id = t.manager_id
   AND manager.is_active AND manager.standing = 'member'
 WHERE s.ended_on IS NULL
   AND (m.id IS NOT NULL
        OR (goalkeeper_now() AT TIME ZONE own.zone)::date
           BETWEEN greatest(s.started_on, CAST(:first_day AS date)) AND CAST(:next_month AS date) - 1)
   AND (:everybody OR manager.id = :manager_id
        OR CAST(:manager_id AS bigint) IS NULL AND t.id IS NOT NULL AND manager.id IS NULL)
 GROUP BY r.workspace_id, r.id, u.slack_id, r.name, m.workspace_id, m.id, w.id, own.zone, s.settles_from
 ORDER BY m.goal_set_at IS NOT NULL, deadline, lower(r.name)
""")


async def compliance(
    session: AsyncSession, now: datetime, month: Period, manager_id: UserId | None, *, everybody: bool = False
) -> Compliance:
    """How a manager's reps stand, or (without one) those of teams that nobody manages, or everybody."""
    keys = {
        **month.columns,
        "first_day": month.start,
        "next_month": month.end,
        "manager_id": manager_id,
        "everybody": everybody,
    }
    rows = (await session.execute(_COMPLIANCE, keys)).mappings().all()
    reps = tuple(_rep_state(row, now) for row in rows)
    first: Any = rows[0] if rows else {"currency": "USD", "locale": "en_US"}
    return Compliance(month, reps, first["currency"], first["locale"], now)


def _rep_state(row: Any, now: datetime) -> RepState:
    deadlines = Deadlines(row["goal_set_at"], row["deadline"], row["ends_at"])
    return RepState(
        sales_rep_id=RepId(row["sales_rep_id"]),
        slack_id=row["slack_id"],
        name=row["name"],
        team=row["team"] or "",
        standing=goal_rules.standing(deadlines, now),
        figures=Figures(row["signup_goal"], row["revenue_goal"], row["bonus_tier_goal"]),
        goal_set_at=row["goal_set_at"],
        deadline=row["deadline"],
        ends_at=row["ends_at"],
        zone=row["time_zone"],
        nudged_at=row["nudged_at"],
    )


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
SELECT g.reminder_type, g.due_at, m.time_zone, g.sent_at, g.acknowledged_at, g.snoozed_until,
       CASE WHEN NOT g.sent AND m.goal_set_at IS NOT NULL THEN coalesce(g.skip_reason, 'the goals were set')
            ELSE g.skip_reason END
  FROM goal_deadline_reminders g
  JOIN rep_monthly_goals m
    ON m.workspace_id = g.workspace_id AND m.sales_rep_id = g.sales_rep_id
   AND m.goal_year = g.target_year AND m.goal_month = g.target_month
 WHERE g.sales_rep_id = :sales_rep_id AND g.target_year = :year AND g.target_month = :month
 ORDER BY g.due_at
""")


async def explain(session: AsyncSession, sales_rep_id: RepId, month: Period) -> list[Explained]:
    """Each reminder of a rep's month, in order."""
    rows = await session.execute(_EXPLAIN, {"sales_rep_id": sales_rep_id, **month.columns})
    return [
        Explained(month, ReminderType(row[0]), row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows
    ]


_TEAMS_WITHOUT_MANAGER = text("""
SELECT t.name FROM teams t
  LEFT JOIN users u
    ON u.workspace_id = t.workspace_id AND u.id = t.manager_id AND u.is_active AND u.standing = 'member'
 WHERE u.id IS NULL
   AND EXISTS (SELECT FROM team_memberships tm
                 JOIN sales_reps r ON r.workspace_id = tm.workspace_id AND r.id = tm.sales_rep_id
                   AND r.is_active
                 JOIN users ru ON ru.workspace_id = r.workspace_id AND ru.id = r.user_id
                              AND ru.is_active AND ru.standing = 'member'
                WHERE tm.workspace_id = t.workspace_id AND tm.team_id = t.id AND tm.ended_on IS NULL)
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


_READER = text("""
SELECT u.slack_id, coalesce(u.time_zone, w.time_zone) AS zone
  FROM users u JOIN workspaces w ON w.id = u.workspace_id
 WHERE u.id = :user_id AND u.is_active AND u.standing = 'member'
""")


async def reader(session: AsyncSession, user_id: UserId) -> Reader | None:
    """Return this user as a reader; None if they have left."""
    row = (await session.execute(_READER, {"user_id": user_id})).one_or_none()
    return None if row is None else Reader(row.slack_id, row.zone)


async def now(session: AsyncSession) -> datetime:
    """Business time of this transaction, for what is rendered."""
    moment: datetime = (await session.execute(text("SELECT goalkeeper_now()"))).scalar_one()
    return moment
