"""What comes next by the business clock, for who moves it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.reminders import rules, sweeps


@dataclass(frozen=True, slots=True)
class NextDue:
    """The next thing by business time, what it is and whom it is for."""

    at: datetime
    what: str
    whom: tuple[str, ...]


_NEXT_DUE = text("""
WITH due (at, what, whom) AS (
    SELECT g.due_at AS at,
           CASE g.reminder_type WHEN 'goal_deadline_3days' THEN 'reminder 3 days before'
                                WHEN 'goal_deadline_1day' THEN 'reminder 1 day before'
                                WHEN 'goal_deadline_day' THEN 'reminder on the day'
                                ELSE 'overdue reminder' END AS what, r.name AS whom
      FROM goal_deadline_reminders g
      JOIN rep_monthly_goals m
        ON m.workspace_id = g.workspace_id AND m.rep_id = g.rep_id
       AND m.goal_year = g.target_year AND m.goal_month = g.target_month
      JOIN sales_reps r ON r.workspace_id = g.workspace_id AND r.id = g.rep_id AND r.is_active
     WHERE NOT g.sent AND g.skipped_at IS NULL AND g.due_at > goalkeeper_now() AND m.goal_set_at IS NULL
    UNION ALL
    SELECT g.snoozed_until, 'reminder again', r.name
      FROM goal_deadline_reminders g
      JOIN sales_reps r ON r.workspace_id = g.workspace_id AND r.id = g.rep_id AND r.is_active
     WHERE g.snoozed_until > goalkeeper_now()
    UNION ALL
    SELECT m.ends_at, 'new month', r.name
      FROM rep_monthly_goals m
      JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.rep_id AND r.is_active
     WHERE m.starts_at <= goalkeeper_now() AND m.ends_at > goalkeeper_now()
)
SELECT at, what, whom
  FROM due
 WHERE at = (SELECT min(at) FROM due)
 ORDER BY what, whom
""")
_NAMES = text("SELECT id, name FROM users WHERE id = ANY(:ids)")


async def next_due(session: AsyncSession, now: datetime) -> list[NextDue]:
    """What is due next, all of it that is due at the same instant; some may turn out not to be needed."""
    found = [*await _for_reps(session), *await _digests(session, now)]
    first = min((one.at for one in found), default=now)
    return [one for one in found if one.at == first]


async def _for_reps(session: AsyncSession) -> list[NextDue]:
    rows = (await session.execute(_NEXT_DUE)).all()
    whats = dict.fromkeys(row.what for row in rows)
    return [NextDue(rows[0].at, what, tuple(row.whom for row in rows if row.what == what)) for what in whats]


async def _digests(session: AsyncSession, now: datetime) -> list[NextDue]:
    readers = await sweeps.digest_readers(session)
    coming = [
        (at, reader["user_id"])
        for reader in readers
        for at in rules.digest_times(reader["last_day"], reader["last_deadline"], reader["zone"]).values()
        if at > now
    ]
    if not coming:
        return []
    first = min(at for at, _ in coming)
    ids = {user_id for at, user_id in coming if at == first}
    names = {row.id: row.name for row in await session.execute(_NAMES, {"ids": list(ids)})}
    return [NextDue(first, "digest", tuple(sorted(names.values())))]
