"""Messages that show how goals stand: they are edited when goals are set, put off or asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.changes import Changed
from domain.outbox.service import edit_of
from domain.people.model import RepId
from domain.periods import Period
from domain.reminders.model import ReminderType

# The reps' months that a statement is about.
_CHANGED = """
changed AS MATERIALIZED (
    SELECT * FROM unnest(CAST(:rep_ids AS bigint[]), CAST(:periods AS text[]), CAST(:first_days AS date[]))
        AS c(sales_rep_id, period, first_day)
)"""
# The digests in which these reps have a line: of those who lead them, or led them in that month.
_LEADERS = """
leaders AS MATERIALIZED (
    SELECT DISTINCT c.period, coalesce(t.manager_id, 0) AS manager_id
      FROM changed c
      JOIN team_memberships tm
        ON tm.sales_rep_id = c.sales_rep_id AND (tm.ended_on IS NULL OR tm.ended_on > c.first_day)
      JOIN current_teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
)"""
_DIGESTS = """
    SELECT d.id
      FROM outbox d
      JOIN leaders l
        ON l.period = d.period AND l.manager_id = coalesce(CAST(d.facts ->> 'manager_id' AS bigint), 0)
     WHERE d.mode = 'post' AND d.subject = 'digest' AND d.period = ANY(:periods)
       AND d.status IN ('pending', 'sending', 'sent')
"""
_REMINDERS = """
    SELECT r.id
      FROM changed c
      JOIN outbox r ON r.sales_rep_id = c.sales_rep_id AND r.period = c.period
     WHERE r.mode = 'post' AND r.subject = 'reminder' AND r.period = ANY(:periods)
       AND r.status IN ('pending', 'sending', 'sent')
"""
# Edits that wait already are replaced, so many settings make one edit. A message whose first post is gone was
# replaced by another post of the same topic, so there may be two.
_EDIT_STALE = f"""
SELECT goalkeeper_say(array_agg({edit_of("p")} ORDER BY p.id))
  FROM (SELECT DISTINCT ON (o.topic) o.*
          FROM outbox o
         WHERE o.id IN (SELECT id FROM stale)
         ORDER BY o.topic, o.id DESC) AS p
"""
_EDIT_REMINDERS = text(f"""
WITH {_CHANGED}, stale AS (
    {_REMINDERS}
       AND (CAST(:stage AS text) IS NULL OR r.stage = :stage)
)
{_EDIT_STALE}
""")
_EDIT_DIGESTS = text(f"""
WITH {_CHANGED}, {_LEADERS}, stale AS (
    {_DIGESTS}
)
{_EDIT_STALE}
""")
# What isn't sent yet needn't be sent, and what was put off needn't come back. All else is edited. One
# statement, so that what it calls off isn't edited. A confirmation that waits is worded when it is sent.
_TURN = text(f"""
WITH {_CHANGED}, met AS MATERIALIZED (
    SELECT c.sales_rep_id, c.period, m.goal_year, m.goal_month
      FROM changed c
      JOIN rep_monthly_goals m
        ON m.sales_rep_id = c.sales_rep_id AND m.goal_year = extract(year FROM c.first_day)
       AND m.goal_month = extract(month FROM c.first_day)
     WHERE m.goal_set_at IS NOT NULL
), called_off AS (
    UPDATE outbox p
       SET status = 'cancelled', reason = 'the goals were set'
      FROM met
     WHERE p.mode = 'post' AND p.subject = 'reminder' AND p.period = met.period AND p.period = ANY(:periods)
       AND p.sales_rep_id = met.sales_rep_id AND p.status = 'pending' AND p.uncertain_since IS NULL
    RETURNING p.id, p.stage, p.round, p.part, met.sales_rep_id, met.goal_year, met.goal_month
), unsent AS (
    UPDATE goal_deadline_reminders g
       SET sent = false, sent_at = NULL, snoozed_until = NULL,
           skipped_at = goalkeeper_now(), skip_reason = 'the goals were set'
      FROM called_off c
     WHERE g.sales_rep_id = c.sales_rep_id AND g.target_year = c.goal_year AND g.target_month = c.goal_month
       AND g.reminder_type = c.stage AND g.round = c.round AND c.part IS NULL AND g.sent
    RETURNING g.id
), not_put_off AS (
    UPDATE goal_deadline_reminders g
       SET snoozed_until = NULL
      FROM met
     WHERE g.sales_rep_id = met.sales_rep_id AND g.target_year = met.goal_year
       AND g.target_month = met.goal_month AND g.snoozed_until IS NOT NULL
       AND g.id NOT IN (SELECT id FROM unsent)
), {_LEADERS}, stale AS (
    ({_REMINDERS} EXCEPT SELECT id FROM called_off)
    UNION ALL
    {_DIGESTS}
    UNION ALL
    SELECT g.id
      FROM changed c
      JOIN outbox g ON g.sales_rep_id = c.sales_rep_id AND g.period = c.period
     WHERE g.mode = 'post' AND g.subject = 'goal' AND g.period = ANY(:periods)
       AND g.status IN ('sending', 'sent')
)
{_EDIT_STALE}
""")


async def edit_reminders(
    session: AsyncSession, sales_rep_id: RepId, month: Period, stage: ReminderType | None = None
) -> None:
    """Edit the reminders of a rep's goals; with `stage`, only those of that stage."""
    await session.execute(_EDIT_REMINDERS, {**_of([sales_rep_id], month), "stage": stage})


async def edit_digests(session: AsyncSession, rep_ids: Sequence[RepId], month: Period) -> None:
    """Edit the digests in which one of these reps has a line."""
    await session.execute(_EDIT_DIGESTS, _of(rep_ids, month))


async def turn(session: AsyncSession, _now: datetime, changed: Sequence[Changed]) -> None:
    """Update the messages of months whose goals have changed to the goals as they are now.

    Reminders that still wait are called off, unless Slack may have them already.
    """
    rows = [
        (each.sales_rep_id, str(each.period), each.period.start) for each in changed if each.goals_changed
    ]
    if rows:
        await session.execute(_TURN, _bind(rows))


def _of(rep_ids: Sequence[RepId], month: Period) -> dict[str, Any]:
    return _bind([(rep_id, str(month), month.start) for rep_id in rep_ids])


def _bind(rows: Sequence[tuple[int, str, date]]) -> dict[str, Any]:
    rep_ids, periods, first_days = zip(*rows, strict=True) if rows else ((), (), ())
    return {"rep_ids": list(rep_ids), "periods": list(periods), "first_days": list(first_days)}
