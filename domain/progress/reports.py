"""Monthly reports: how a month ended for the reps somebody leads, sent once and edited when that changes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.closing import frozen_now
from domain.goals.figures import Figures
from domain.jobs import QUARTER_HOUR, Job, Planned
from domain.outbox import queries as outbox
from domain.outbox.service import edit_of, intent
from domain.people.model import RepId, TeamId, UserId
from domain.periods import Kind, Period, first_instant, local_date
from domain.rows import rows

REPORT = "reports.monthly"
"""Facts: goal, user_id (the reader), manager_id (None: teams without a manager)."""
SUBJECT = "report"
"""What a report's message is about, with the month and the reader."""
MORNING = time(9)
"""When reports are sent, by the reader's clock."""
QUIET_UNTIL, QUIET_FROM = time(8), time(20)
"""A report that is late is sent between these local times only."""
_EASTERNMOST = timedelta(hours=14)
_NOBODY_LEADS_AFTER = timedelta(days=3)
"""After which nobody is expected to read the report of a month that no leader's reps had."""


class Ending(StrEnum):
    """How a rep's month ended, in the order of a report."""

    MADE = "made"
    MISSED = "missed"
    NOT_SET = "not set"
    RUNNING = "running"
    """The month isn't over for this rep."""
    OPTIONAL = "optional"
    """Joined too late in the month to be asked, and set nothing."""
    LEFT = "left"
    """Left before the month ended, without having made it."""


class Stage(StrEnum):
    """How final the figures of a report are."""

    RUNNING = "running"
    PROVISIONAL = "provisional"
    """The month is over, and still takes corrections."""
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class RepMonth:
    """One rep's month as a report shows it."""

    sales_rep_id: RepId
    name: str
    team: str
    signup_goal: int
    revenue_goal: Decimal
    bonus_tier_goal: int
    signups: int
    revenue: Decimal
    signup_percent: Decimal | None
    revenue_percent: Decimal | None
    tier: int
    bonus: Decimal
    is_made: bool
    is_set: bool
    in_time: bool
    is_optional: bool
    has_left: bool
    ends_at: datetime
    is_frozen: bool
    was_reopened: bool
    is_over: bool

    @property
    def ending(self) -> Ending:
        """How the month ended."""
        if self.is_made:
            return Ending.MADE
        if self.has_left:
            return Ending.LEFT
        if not self.is_over:
            return Ending.RUNNING
        if self.is_set:
            return Ending.MISSED
        return Ending.OPTIONAL if self.is_optional else Ending.NOT_SET

    @property
    def goals(self) -> Figures:
        """The goals; a mere proposal while `is_set` is False."""
        return Figures(self.signup_goal, self.revenue_goal, self.bonus_tier_goal)


@dataclass(frozen=True, slots=True)
class Report:
    """A month of the reps somebody leads: the best endings first, then by name."""

    month: Period
    reps: tuple[RepMonth, ...]
    currency: str
    locale: str
    now: datetime

    @property
    def asked(self) -> tuple[RepMonth, ...]:
        """Reps who set their goals, or should have."""
        return tuple(
            rep
            for rep in self.reps
            if rep.is_set or (rep.ending in (Ending.NOT_SET, Ending.RUNNING) and not rep.is_optional)
        )

    @property
    def in_time(self) -> int:
        """How many set them by the deadline."""
        return sum(rep.in_time for rep in self.asked)

    @property
    def bonus(self) -> Decimal:
        """All bonus amounts together."""
        return sum((rep.bonus for rep in self.reps), Decimal(0))

    @property
    def stage(self) -> Stage:
        """How final the figures are."""
        if any(not rep.is_over for rep in self.reps):
            return Stage.RUNNING
        return Stage.FINAL if all(rep.is_frozen for rep in self.reps) else Stage.PROVISIONAL

    @property
    def is_revised(self) -> bool:
        """Whether the month was reopened after it had been final."""
        return any(rep.was_reopened for rep in self.reps)

    def ended(self, ending: Ending) -> tuple[RepMonth, ...]:
        """Return the reps whose month ended like this."""
        return tuple(rep for rep in self.reps if rep.ending is ending)


def report_time(last_end: datetime, zone: str) -> datetime:
    """Return the first 9:00 in `zone` at which the last of the reps' months has ended."""
    day = local_date(last_end, zone)
    morning = first_instant(datetime.combine(day, MORNING), zone)
    if morning >= last_end:
        return morning
    return first_instant(datetime.combine(day + timedelta(days=1), MORNING), zone)


def is_due(last_end: datetime, zone: str, now: datetime) -> bool:
    """Return whether a report should have been sent by now; what is late waits for waking hours."""
    awake = QUIET_UNTIL <= now.astimezone(ZoneInfo(zone)).time() < QUIET_FROM
    return awake and report_time(last_end, zone) <= now


# A rep's month belongs to the team of its last day, or to the last one the rep was in before leaving. Months
# that an import made after they had ended are history only.
_OF_MONTH = """rep_monthly_goals m
  LEFT JOIN LATERAL (
      SELECT tm.team_id
        FROM team_memberships tm
       WHERE tm.workspace_id = m.workspace_id AND tm.sales_rep_id = m.sales_rep_id
         AND tm.started_on < CAST(:next_month AS date)
         AND (tm.ended_on IS NULL OR tm.ended_on > CAST(:first_day AS date))
       ORDER BY tm.started_on DESC LIMIT 1) AS belonged ON true"""
_IN_MONTH = "m.goal_year = :year AND m.goal_month = :month AND m.created_at < m.ends_at"

# Who reads a month's report: the manager about all their teams, every admin about teams that have none.
_READERS = text(f"""
WITH ends AS MATERIALIZED (
    SELECT m.workspace_id, belonged.team_id, max(m.ends_at) AS last_end
      FROM {_OF_MONTH}
     WHERE {_IN_MONTH}
     GROUP BY 1, 2
)
SELECT l.leader_id AS user_id, l.manager_id, l.zone, max(e.last_end) AS last_end
  FROM ends e
  JOIN team_leaders l ON l.workspace_id = e.workspace_id AND l.team_id = e.team_id
 GROUP BY 1, 2, 3
 ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class _Reader:
    user_id: int
    manager_id: int | None
    zone: str
    last_end: datetime


_INTENT = intent(
    mode="'post'",
    kind=f"'{REPORT}'",
    audience="'user:' || user_id",
    subject=f"'{SUBJECT}'",
    period="CAST(:goal AS text)",
    part="concat_ws(':', user_id, coalesce(manager_id::text, 'none'))",
    facts="jsonb_build_object('user_id', user_id, 'manager_id', manager_id, 'goal', CAST(:goal AS text))",
)
_SAY = text(f"""
SELECT goalkeeper_say(array_agg({_INTENT}))
  FROM jsonb_to_recordset(CAST(:readers AS jsonb)) AS d(user_id bigint, manager_id bigint)
""")
_REFRESH = text(f"""
SELECT goalkeeper_say(array_agg({edit_of("p")} ORDER BY p.id))
  FROM outbox p
 WHERE p.mode = 'post' AND p.subject = '{SUBJECT}' AND p.period = ANY(:goals)
   AND p.status IN ('pending', 'sending', 'sent')
""")
_IS_DONE = text("SELECT EXISTS (SELECT FROM job_runs WHERE job = 'reports' AND period = :goal)")
_DONE = text("""
INSERT INTO job_runs (job, period, rows, ran_at) VALUES ('reports', :goal, :rows, :now)
    ON CONFLICT (workspace_id, job, period) DO NOTHING
""")


async def send_reports(session: AsyncSession, now: datetime) -> int:
    """Send each manager last month's report when it is due, and bring those of frozen months up to date.

    Returns how many were new. Six statements at the most.
    """
    if frozen := await frozen_now(session, now):
        await refresh(session, frozen)
    month = Period.containing((now + _EASTERNMOST).date(), Kind.MONTH).previous
    if (await session.execute(_IS_DONE, {"goal": str(month)})).scalar_one():
        return 0
    readers = await rows(session, _READERS, _Reader, **_days(month))
    due = [reader for reader in readers if is_due(reader.last_end, reader.zone, now)]
    said = await _say(session, month, due) if due else 0
    if not readers:
        everybody_told = now.date() > month.end + _NOBODY_LEADS_AFTER
    else:
        everybody_told = bool(due) and not await _missing(session, month, readers)
    if everybody_told:
        await session.execute(_DONE, {"goal": str(month), "rows": len(readers), "now": now})
    return said


async def _say(session: AsyncSession, month: Period, readers: Sequence[_Reader]) -> int:
    due = [{"user_id": reader.user_id, "manager_id": reader.manager_id} for reader in readers]
    said: int = (await session.execute(_SAY, {"goal": str(month), "readers": json.dumps(due)})).scalar_one()
    return said


_SAID = text(f"""
SELECT count(*) FROM outbox WHERE mode = 'post' AND subject = '{SUBJECT}' AND period = :goal
""")


async def _missing(session: AsyncSession, month: Period, readers: Sequence[_Reader]) -> bool:
    """Return whether a reader has still to get the report: because it isn't due, or they are asleep."""
    said: int = (await session.execute(_SAID, {"goal": str(month)})).scalar_one()
    return said < len(readers)


async def refresh(session: AsyncSession, months: Sequence[Period]) -> None:
    """Bring the reports of these months that have been sent up to date."""
    await session.execute(_REFRESH, {"goals": [str(month) for month in months]})


def _days(month: Period) -> dict[str, object]:
    return {**month.columns, "first_day": month.start, "next_month": month.end}


_REPORT = text(f"""
SELECT m.sales_rep_id, r.name, coalesce(t.name, '') AS team, m.signup_goal, m.revenue_goal, m.bonus_tier_goal,
       m.signups_actual AS signups, m.revenue_actual AS revenue, m.signup_progress_percent AS signup_percent,
       m.revenue_progress_percent AS revenue_percent, m.bonus_tier_actual AS tier, m.bonus_amount AS bonus,
       m.completed_at IS NOT NULL AS is_made, m.goal_set_at IS NOT NULL AS is_set,
       coalesce(m.set_by_deadline, false) AS in_time, m.deadline > m.ends_at AS is_optional,
       NOT EXISTS (SELECT FROM rep_stints s
                    WHERE s.workspace_id = m.workspace_id AND s.sales_rep_id = m.sales_rep_id
                      AND s.started_on < CAST(:next_month AS date)
                      AND (s.ended_on IS NULL OR s.ended_on >= CAST(:next_month AS date))) AS has_left,
       m.ends_at, m.frozen_at IS NOT NULL AS is_frozen, m.reopened_until IS NOT NULL AS was_reopened,
       m.ends_at <= goalkeeper_now() AS is_over
  FROM {_OF_MONTH}
  JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
  LEFT JOIN teams t ON t.workspace_id = m.workspace_id AND t.id = belonged.team_id
  LEFT JOIN current_teams c ON c.workspace_id = t.workspace_id AND c.id = t.id
 WHERE {_IN_MONTH}
   AND (CAST(:team_id AS bigint) IS NULL OR t.id = :team_id)
   AND (:everybody OR c.manager_id = :manager_id
        OR CAST(:manager_id AS bigint) IS NULL AND c.id IS NOT NULL AND c.manager_id IS NULL)
 ORDER BY lower(r.name), r.id
""")
_ABOUT = text(
    "SELECT currency, locale, goalkeeper_now() AS now FROM workspaces WHERE id = goalkeeper_workspace()"
)


async def report(
    session: AsyncSession,
    month: Period,
    manager_id: UserId | None,
    *,
    everybody: bool = False,
    team_id: TeamId | None = None,
) -> Report:
    """Return a month's report on a manager's reps, on teams that nobody manages (None), or on everybody.

    With `team_id` only on that team, of those.
    """
    about = (await session.execute(_ABOUT)).one()
    found = await rows(
        session,
        _REPORT,
        RepMonth,
        **_days(month),
        manager_id=manager_id,
        everybody=everybody,
        team_id=team_id,
    )
    order = list(Ending)
    reps = sorted(found, key=lambda rep: order.index(rep.ending))
    return Report(month, tuple(reps), about.currency, about.locale, about.now)


async def explain_reports(session: AsyncSession, since: int) -> Sequence[Planned]:
    """Say which managers get a report, and why."""
    return [
        Planned(each.to, f"{each.kind} {each.facts['goal']}", "the last of their reps' months has ended")
        for each in await outbox.said_since(session, since, REPORT)
    ]


SEND_REPORTS = Job("reports", send_reports, QUARTER_HOUR, explain_reports)
