"""Closing months and years when they end, freezing them a week later, and reopening a frozen month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import InvalidInput, MonthNotFrozen, NotAllowed
from domain.goals.rules import REASON, REASON_MAX, goal_name
from domain.jobs import allow_nested_loops
from domain.people import changes
from domain.people.changes import Subject
from domain.people.model import RepId, Role
from domain.people.rules import Actor
from domain.periods import Kind, Period

CORRECTED_FOR = 7
"""Days after its end on which a month still takes corrections."""
REOPENED_FOR = timedelta(days=3)
"""How long a frozen month takes corrections once an admin reopens it."""
FREEZING = "freezing"
"""The run of a month: when some of it last froze."""
_EASTERNMOST = timedelta(hours=14)
"""How far ahead of UTC the earliest calendars are."""

# Every statement locks its rows in one order, as the ledger does, so that a tick and a batch of entries don't
# wait for each other in a circle.
_CLOSE_MONTHS = text("""
WITH ended AS MATERIALIZED (
    SELECT workspace_id, id
      FROM rep_monthly_goals
     WHERE status = 'active' AND ends_at <= CAST(:now AS timestamptz)
     ORDER BY workspace_id, sales_rep_id, goal_year, goal_month
       FOR NO KEY UPDATE
)
UPDATE rep_monthly_goals m
   SET status = CASE WHEN m.goal_set_at IS NULL THEN 'archived' ELSE 'missed' END
  FROM ended e
 WHERE m.workspace_id = e.workspace_id AND m.id = e.id
""")
# A year ends with its December. A rep who has left by then hasn't missed it: as with months, it is archived.
_CLOSE_YEARS = text("""
WITH ended AS MATERIALIZED (
    SELECT y.workspace_id, y.id, y.sales_rep_id, y.goal_year
      FROM rep_yearly_goals y
      LEFT JOIN rep_monthly_goals december
        ON december.workspace_id = y.workspace_id AND december.sales_rep_id = y.sales_rep_id
       AND december.goal_year = y.goal_year AND december.goal_month = 12
     WHERE y.status = 'active' AND y.goal_year < :year_begun
       AND coalesce(december.ends_at, goalkeeper_year_end(y.workspace_id, y.sales_rep_id, y.goal_year))
           <= CAST(:now AS timestamptz)
     ORDER BY y.workspace_id, y.id
       FOR NO KEY UPDATE OF y
)
UPDATE rep_yearly_goals y
   SET status = CASE
           WHEN y.goal_set_at IS NOT NULL AND EXISTS (
               SELECT FROM rep_stints s
                WHERE s.workspace_id = e.workspace_id AND s.sales_rep_id = e.sales_rep_id
                  AND daterange(s.started_on, s.ended_on) @> make_date(e.goal_year, 12, 31))
           THEN 'missed' ELSE 'archived' END
  FROM ended e
 WHERE y.workspace_id = e.workspace_id AND y.id = e.id
""")
# Instants become local dates here, never the other way round. The first condition finds them by an index; it
# leaves room for a clock change in that week.
_FREEZE_MONTHS = text(f"""
WITH due AS MATERIALIZED (
    SELECT workspace_id, id
      FROM rep_monthly_goals
     WHERE frozen_at IS NULL
       AND ends_at <= CAST(:now AS timestamptz) - interval '{CORRECTED_FOR} days' + interval '1 day'
       AND CASE WHEN reopened_until IS NOT NULL THEN reopened_until <= CAST(:now AS timestamptz)
                ELSE (CAST(:now AS timestamptz) AT TIME ZONE time_zone)::date
                     >= make_date(goal_year, goal_month, 1) + interval '1 month {CORRECTED_FOR} days' END
     ORDER BY workspace_id, sales_rep_id, goal_year, goal_month
       FOR NO KEY UPDATE
), frozen AS (
    UPDATE rep_monthly_goals m
       SET frozen_at = CAST(:now AS timestamptz),
           status = CASE m.status WHEN 'completed' THEN 'archived' ELSE m.status END
      FROM due d
     WHERE m.workspace_id = d.workspace_id AND m.id = d.id
    RETURNING m.goal_year, m.goal_month
), runs AS (
    -- Says which months froze at this instant, for those whose work follows from it.
    INSERT INTO job_runs (job, period, rows, ran_at)
    SELECT '{FREEZING}', format('%s-%s', goal_year, lpad(goal_month::text, 2, '0')), count(*),
           CAST(:now AS timestamptz)
      FROM frozen
     GROUP BY goal_year, goal_month
        ON CONFLICT (workspace_id, job, period) DO UPDATE SET rows = excluded.rows, ran_at = excluded.ran_at
)
SELECT count(*) FROM frozen
""")
# A statement of its own, since it asks whether the last of the year's months is frozen now.
_FREEZE_YEARS = text(f"""
WITH due AS MATERIALIZED (
    SELECT y.workspace_id, y.id
      FROM rep_yearly_goals y
     WHERE y.frozen_at IS NULL AND y.goal_year < :year_corrected
       AND NOT EXISTS (
           SELECT FROM rep_monthly_goals m
            WHERE m.workspace_id = y.workspace_id AND m.sales_rep_id = y.sales_rep_id
              AND m.goal_year = y.goal_year AND m.frozen_at IS NULL)
       AND (EXISTS (
           SELECT FROM rep_monthly_goals m
            WHERE m.workspace_id = y.workspace_id AND m.sales_rep_id = y.sales_rep_id
              AND m.goal_year = y.goal_year AND m.goal_month = 12)
        OR (CAST(:now AS timestamptz)
            AT TIME ZONE goalkeeper_rep_zone(y.workspace_id, y.sales_rep_id))::date
           >= make_date(y.goal_year + 1, 1, 1 + {CORRECTED_FOR}))
     ORDER BY y.workspace_id, y.id
       FOR NO KEY UPDATE
)
UPDATE rep_yearly_goals y
   SET frozen_at = CAST(:now AS timestamptz),
       status = CASE y.status WHEN 'completed' THEN 'archived' ELSE y.status END
  FROM due d
 WHERE y.workspace_id = d.workspace_id AND y.id = d.id
""")
_ANYTHING_DUE = text(f"""
SELECT EXISTS (SELECT FROM rep_monthly_goals
                WHERE status = 'active' AND ends_at <= CAST(:now AS timestamptz)) AS months_end,
       EXISTS (SELECT FROM rep_monthly_goals
                WHERE frozen_at IS NULL
                  AND ends_at <= CAST(:now AS timestamptz) - interval '{CORRECTED_FOR} days'
                                 + interval '1 day') AS months_freeze,
       EXISTS (SELECT FROM rep_yearly_goals
                WHERE status = 'active' AND goal_year < :year_begun) AS years_end,
       EXISTS (SELECT FROM rep_yearly_goals
                WHERE frozen_at IS NULL AND goal_year < :year_corrected) AS years_freeze
""")


_FROZEN_NOW = text(f"SELECT period FROM job_runs WHERE job = '{FREEZING}' AND ran_at = :now ORDER BY period")


async def frozen_now(session: AsyncSession, now: datetime) -> list[Period]:
    """List the months of which some froze at this very instant: in this tick."""
    return [Period.parse(each) for each in (await session.execute(_FROZEN_NOW, {"now": now})).scalars()]


async def close_periods(session: AsyncSession, now: datetime) -> int:
    """Close the months and years that have ended, and freeze those that take no more corrections.

    A month whose goals were set and not made is missed. One whose goals were never set is archived, and so is
    a made one when it freezes; `completed_at` still says that it was made. Returns how many rows
    that was.
    """
    earliest = now + _EASTERNMOST
    corrected = earliest - timedelta(days=CORRECTED_FOR)
    keys = {"now": now, "year_begun": earliest.year, "year_corrected": corrected.year}
    due = (await session.execute(_ANYTHING_DUE, keys)).one()
    if not any(due):
        return 0
    await allow_nested_loops(session, True)
    rows = 0
    if due.months_end:
        rows += await _count(session, _CLOSE_MONTHS, keys)
    if due.years_end:
        rows += await _count(session, _CLOSE_YEARS, keys)
    if due.months_freeze:
        rows += (await session.execute(_FREEZE_MONTHS, keys)).scalar_one()
    if due.years_freeze:
        rows += await _count(session, _FREEZE_YEARS, keys)
    await allow_nested_loops(session, False)
    return rows


async def _count(session: AsyncSession, statement: TextClause, keys: Mapping[str, object]) -> int:
    done = await session.execute(statement, keys)
    assert isinstance(done, CursorResult)
    return done.rowcount


@dataclass(frozen=True, slots=True)
class Reopened:
    """A month that takes corrections again."""

    month: Period
    until: datetime
    reps: int


_STANDS = text("""
SELECT count(*) AS reps, count(frozen_at) AS frozen,
       max(reopened_until) FILTER (WHERE frozen_at IS NULL) AS until
  FROM rep_monthly_goals
 WHERE goal_year = :year AND goal_month = :month
   AND (CAST(:sales_rep_id AS bigint) IS NULL OR sales_rep_id = :sales_rep_id)
""")
_REOPEN = text("""
WITH frozen AS MATERIALIZED (
    SELECT workspace_id, id
      FROM rep_monthly_goals
     WHERE goal_year = :year AND goal_month = :month AND frozen_at IS NOT NULL
       AND (CAST(:sales_rep_id AS bigint) IS NULL OR sales_rep_id = :sales_rep_id)
     ORDER BY workspace_id, sales_rep_id
       FOR NO KEY UPDATE
)
UPDATE rep_monthly_goals m
   SET frozen_at = NULL, reopened_until = CAST(:until AS timestamptz)
  FROM frozen f
 WHERE m.workspace_id = f.workspace_id AND m.id = f.id
""")


async def reopen(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    month: Period,
    reason: str | None,
    sales_rep_id: RepId | None = None,
) -> Reopened:
    """Reopen a frozen month to corrections for three days, for everybody or one rep, and its years with it.

    It freezes again by itself. The history of settings keeps who reopened it, and why.

    Raises:
        NotAllowed: the actor isn't an admin.
        InvalidInput: the reason is missing or too long, or it isn't a month.
        MonthNotFrozen: the month takes corrections as it is, isn't over yet, or nobody has it.
    """
    reason = _check_may_reopen(actor, month, reason)
    until = now + REOPENED_FOR
    keys = {**month.columns, "sales_rep_id": sales_rep_id, "until": until}
    stands = (await session.execute(_STANDS, keys)).one()
    if not stands.frozen:
        raise MonthNotFrozen(_why_not(month, stands.reps, stands.until is not None))
    reopened = await _count(session, _REOPEN, keys)
    await changes.record(
        session,
        actor.user_id,
        Subject.MONTH,
        {str(month): (None, {"reopened_until": until.isoformat(), "reason": reason})},
        subject_ids=(sales_rep_id,),
    )
    return Reopened(month, until, reopened)


def _check_may_reopen(actor: Actor, month: Period, reason: str | None) -> str:
    if actor.role is not Role.ADMIN:
        raise NotAllowed("Only an admin can reopen a month.")
    if month.kind is not Kind.MONTH:
        raise InvalidInput(f"{month} isn't a month. Name one, like 2026-10.")
    reason = (reason or "").strip()
    if not reason:
        raise InvalidInput("Say why the month is reopened. Its history keeps the reason.", field=REASON)
    if len(reason) > REASON_MAX:
        raise InvalidInput(f"A reason has room for {REASON_MAX} characters.", field=REASON)
    return reason


def _why_not(month: Period, reps: int, is_reopened: bool) -> str:
    name = goal_name(month, "en_US")
    if not reps:
        return f"Nobody has goals for {name} here, so there is nothing to reopen."
    if is_reopened:
        return f"{name} has been reopened already, and takes corrections now."
    return f"{name} isn't closed yet, so it takes corrections as it is."
