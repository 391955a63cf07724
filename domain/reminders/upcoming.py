"""What comes next by the business clock, for who moves it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.reminders import rules, sweeps


@dataclass(frozen=True, slots=True)
class NextDue:
    """What is due at one instant of business time, by its kind, and whom it is for."""

    at: datetime
    what: str
    whom: tuple[str, ...]


_DUE = text("""
WITH reps AS (
    SELECT r.workspace_id, r.id, r.name
      FROM sales_reps r
      JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
     WHERE r.is_active AND u.is_active AND u.standing = 'member'
), due (at, what, whom) AS (
    SELECT g.due_at AS at,
           CASE g.reminder_type WHEN 'goal_deadline_3days' THEN 'reminder 3 days before'
                                WHEN 'goal_deadline_1day' THEN 'reminder 1 day before'
                                WHEN 'goal_deadline_day' THEN 'reminder on the day'
                                ELSE 'overdue reminder' END AS what, r.name AS whom
      FROM goal_deadline_reminders g
      JOIN rep_monthly_goals m
        ON m.workspace_id = g.workspace_id AND m.rep_id = g.rep_id
       AND m.goal_year = g.target_year AND m.goal_month = g.target_month
      JOIN reps r ON r.workspace_id = g.workspace_id AND r.id = g.rep_id
     WHERE NOT g.sent AND g.skipped_at IS NULL AND g.due_at > goalkeeper_now() AND m.goal_set_at IS NULL
    UNION ALL
    SELECT g.snoozed_until, 'reminder again', r.name
      FROM goal_deadline_reminders g
      JOIN reps r ON r.workspace_id = g.workspace_id AND r.id = g.rep_id
     WHERE g.snoozed_until > goalkeeper_now()
    UNION ALL
    SELECT m.ends_at, 'new month', r.name
      FROM rep_monthly_goals m
      JOIN reps r ON r.workspace_id = m.workspace_id AND r.id = m.rep_id
     WHERE m.starts_at <= goalkeeper_now() AND m.ends_at > goalkeeper_now()
)
SELECT at, what, whom
  FROM due
 WHERE at IN (SELECT DISTINCT at FROM due ORDER BY at LIMIT :most)
 ORDER BY at, what, whom
""")
_NAMES = text("SELECT id, name FROM users WHERE id = ANY(:ids)")


async def coming(session: AsyncSession, now: datetime, most: int) -> list[NextDue]:
    """What is due at the next `most` instants, soonest first; some may turn out not to be needed."""
    found = [*await _for_reps(session, most), *await _digests(session, now)]
    instants = sorted({one.at for one in found})[:most]
    return [one for at in instants for one in found if one.at == at]


async def _for_reps(session: AsyncSession, most: int) -> list[NextDue]:
    rows = (await session.execute(_DUE, {"most": most})).all()
    whom: dict[tuple[datetime, str], list[str]] = {}
    for row in rows:
        whom.setdefault((row.at, row.what), []).append(row.whom)
    return [NextDue(at, what, tuple(names)) for (at, what), names in whom.items()]


async def _digests(session: AsyncSession, now: datetime) -> list[NextDue]:
    readers: dict[datetime, set[int]] = {}
    for reader in await sweeps.digest_readers(session):
        times = rules.digest_times(reader["last_day"], reader["last_deadline"], reader["zone"])
        for at in times.values():
            if at > now:
                readers.setdefault(at, set()).add(reader["user_id"])
    ids = list(set().union(*readers.values()))
    names = {row.id: row.name for row in await session.execute(_NAMES, {"ids": ids})} if ids else {}
    return [NextDue(at, "digest", tuple(sorted(names[one] for one in whom))) for at, whom in readers.items()]
