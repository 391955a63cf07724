"""Sending what is due: reminders to reps and digests to managers, set-based, in the transaction of a tick."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.service import intent
from domain.periods import Period
from domain.reminders import rules
from domain.reminders.model import ReminderType

REMINDER = "reminders.reminder"
"""Facts: sales_rep_id, goal, stage."""
DIGEST = "reminders.digest"
"""Facts: manager_id (None: teams without one), user_id (the reader), goal, stage."""


def _at_a_good_hour(due_at: str, zone: str) -> str:
    """SQL: whether what was due then may be sent now; columns."""
    return f"""(CAST(:now AS timestamptz) - {due_at} <= interval '{rules.ON_TIME}'
           OR (CAST(:now AS timestamptz) AT TIME ZONE {zone})::time >= '{rules.QUIET_UNTIL}'
              AND (CAST(:now AS timestamptz) AT TIME ZONE {zone})::time < '{rules.QUIET_FROM}')"""


def why_not(later_due: str) -> str:
    """SQL: why a reminder is not sent, or null; `later_due` says whether a later one of its month is due."""
    return f"""
           CASE WHEN goal_set_at IS NOT NULL THEN 'the goals were set'
                WHEN NOT takes_part THEN 'the rep is deactivated'
                WHEN CAST(:now AS timestamptz) >= ends_at THEN 'the month is over'
                WHEN due_at < present_since THEN 'it was due before the rep joined'
                WHEN deadline > ends_at THEN 'the month is optional, because the rep joined late in it'
                WHEN {later_due} THEN 'a later one was due as well'
                WHEN reminder_type <> '{ReminderType.OVERDUE}' AND CAST(:now AS timestamptz) >= deadline
                THEN 'the deadline had passed' END"""


# What a reminder is judged by (`why_not`): it, its month, its rep and who that is.
JUDGED_BY = """goal_deadline_reminders g
      JOIN rep_monthly_goals m
        ON m.workspace_id = g.workspace_id AND m.sales_rep_id = g.sales_rep_id
       AND m.goal_year = g.target_year AND m.goal_month = g.target_month
      JOIN sales_reps r ON r.workspace_id = g.workspace_id AND r.id = g.sales_rep_id
      LEFT JOIN active_reps a ON a.workspace_id = r.workspace_id AND a.id = r.id
      LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id"""
_AGAIN = "'again:' || extract(epoch FROM CAST(:now AS timestamptz))::bigint"


def _reminder(row: str, part: str = "NULL") -> str:
    """SQL: the message of a reminder. Each round has its own, and so has each time that one comes again."""
    goal = f"format('%s-%s', {row}.target_year, lpad({row}.target_month::text, 2, '0'))"
    return intent(
        mode="'post'",
        kind=f"'{REMINDER}'",
        audience=f"'user:' || {row}.user_id",
        subject="'reminder'",
        sales_rep_id=f"{row}.sales_rep_id",
        period=goal,
        stage=f"{row}.reminder_type",
        round=f"{row}.round",
        part=part,
        facts=f"""jsonb_build_object('sales_rep_id', {row}.sales_rep_id, 'goal', {goal},
                                 'stage', {row}.reminder_type)""",
    )


# Judged and acted upon in one statement. Of several that came due while nothing was running the newest is
# sent, and replaces what was put off before; every other one says why it was skipped.
_SEND_DUE = text(f"""
WITH due AS (
    SELECT g.id, g.sales_rep_id, g.target_year, g.target_month, g.reminder_type, g.due_at, m.deadline,
           m.goal_set_at, m.ends_at, m.time_zone, r.user_id, s.present_since,
           a.id IS NOT NULL AS takes_part,
           row_number() OVER (PARTITION BY g.sales_rep_id, g.target_year, g.target_month
                              ORDER BY g.due_at DESC) AS age
      FROM {JUDGED_BY}
     WHERE NOT g.sent AND g.skipped_at IS NULL AND g.due_at <= CAST(:now AS timestamptz)
), judged AS (
    SELECT *, {why_not("age > 1")} AS why_not,
           {_at_a_good_hour("due_at", "time_zone")} AS at_a_good_hour
      FROM due
), acted AS (
    UPDATE goal_deadline_reminders g
       SET sent = j.why_not IS NULL, skip_reason = j.why_not,
           sent_at = CASE WHEN j.why_not IS NULL THEN CAST(:now AS timestamptz) END,
           skipped_at = CASE WHEN j.why_not IS NOT NULL THEN CAST(:now AS timestamptz) END
      FROM judged j
     WHERE g.id = j.id AND NOT g.sent AND g.skipped_at IS NULL
       AND (j.why_not IS NOT NULL OR j.at_a_good_hour)
    RETURNING g.workspace_id, g.sales_rep_id, g.target_year, g.target_month, g.reminder_type, g.round, g.sent,
              j.user_id
), replaced AS (
    UPDATE goal_deadline_reminders g SET snoozed_until = NULL
      FROM acted a
     WHERE a.sent AND g.sales_rep_id = a.sales_rep_id AND g.target_year = a.target_year
       AND g.target_month = a.target_month AND g.snoozed_until IS NOT NULL
)
SELECT goalkeeper_say(array_agg({_reminder("a")} ORDER BY a.sales_rep_id)) FROM acted a WHERE a.sent
""")


_ANYTHING_DUE = text("""
SELECT EXISTS (SELECT FROM goal_deadline_reminders
                WHERE NOT sent AND skipped_at IS NULL AND due_at <= goalkeeper_now()),
       EXISTS (SELECT FROM goal_deadline_reminders WHERE snoozed_until <= goalkeeper_now())
""")


async def send_reminders(session: AsyncSession, now: datetime) -> int:
    """Send what is due and what was put off until now; returns how many."""
    due, put_off = (await session.execute(_ANYTHING_DUE)).one()
    sent = await _count(session, _SEND_DUE, now=now) if due else 0
    return sent + (await _count(session, _WAKE, now=now) if put_off else 0)


_WAKE = text(f"""
WITH due AS (
    SELECT g.id, g.snoozed_until, m.time_zone, r.user_id,
           m.goal_set_at IS NULL AND NOT g.acknowledged
           AND CAST(:now AS timestamptz) < least(m.deadline, m.ends_at)
           AND a.id IS NOT NULL AS wanted
      FROM goal_deadline_reminders g
      JOIN rep_monthly_goals m
        ON m.workspace_id = g.workspace_id AND m.sales_rep_id = g.sales_rep_id
       AND m.goal_year = g.target_year AND m.goal_month = g.target_month
      JOIN sales_reps r ON r.workspace_id = g.workspace_id AND r.id = g.sales_rep_id
      LEFT JOIN active_reps a ON a.workspace_id = r.workspace_id AND a.id = r.id
     WHERE g.snoozed_until <= CAST(:now AS timestamptz)
), woken AS (
    UPDATE goal_deadline_reminders g SET snoozed_until = NULL
      FROM due d
     WHERE g.id = d.id AND g.snoozed_until <= CAST(:now AS timestamptz)
       AND (NOT d.wanted OR {_at_a_good_hour("d.snoozed_until", "d.time_zone")})
    RETURNING g.workspace_id, g.sales_rep_id, g.target_year, g.target_month, g.reminder_type, g.round,
              d.user_id, d.wanted
)
SELECT goalkeeper_say(array_agg({_reminder("w", part=_AGAIN)} ORDER BY w.sales_rep_id))
  FROM woken w WHERE w.wanted
""")


# Who reads about whom: a manager about all their teams, every admin about teams that have none.
_READERS = text("""
SELECT l.leader_id AS user_id, l.manager_id, l.zone,
       m.goal_year AS year, m.goal_month AS month, max(m.deadline) AS last_deadline,
       mode() WITHIN GROUP (ORDER BY ((m.deadline - interval '1 second') AT TIME ZONE m.time_zone)::date)
       AS last_day
  FROM rep_monthly_goals m
  JOIN leads l ON l.workspace_id = m.workspace_id AND l.sales_rep_id = m.sales_rep_id
 WHERE m.starts_at <= goalkeeper_now() AND m.ends_at > goalkeeper_now()
   -- Of optional months nobody is late.
   AND m.deadline <= m.ends_at
 GROUP BY 1, 2, 3, 4, 5
""")
_DIGEST = intent(
    mode="'post'",
    kind=f"'{DIGEST}'",
    audience="'user:' || d.user_id",
    subject="'digest'",
    period="d.goal",
    stage="d.stage",
    part="d.user_id || ':' || coalesce(d.manager_id::text, 'none')",
    facts="""jsonb_build_object('user_id', d.user_id, 'manager_id', d.manager_id, 'goal', d.goal,
                             'stage', d.stage)""",
)
_SAY_DIGESTS = text(f"""
SELECT goalkeeper_say(array_agg({_DIGEST}))
  FROM jsonb_to_recordset(CAST(:digests AS jsonb))
       AS d(user_id bigint, manager_id bigint, goal text, stage text)
""")


async def digest_readers(session: AsyncSession) -> Sequence[Any]:
    """Return the readers of digests of the current months, with all that `rules.digest_times` needs."""
    return (await session.execute(_READERS)).mappings().all()


async def send_digests(session: AsyncSession, now: datetime) -> int:
    """Send each manager the newest digest that is due; returns how many were new."""
    readers = await digest_readers(session)
    due = [digest for reader in readers if (digest := _newest_digest(reader, now)) is not None]
    if not due:
        return 0
    return await _count(session, _SAY_DIGESTS, digests=json.dumps(due))


def _newest_digest(reader: Any, now: datetime) -> dict[str, Any] | None:
    stage = rules.digest_due(reader["last_day"], reader["last_deadline"], reader["zone"], now)
    if stage is None:
        return None
    return {
        "user_id": reader["user_id"],
        "manager_id": reader["manager_id"],
        "goal": str(Period.of_month(reader["year"], reader["month"])),
        "stage": stage.value,
    }


async def _count(session: AsyncSession, statement: Any, **values: Any) -> int:
    said: int = (await session.execute(statement, values)).scalar_one()
    return said
