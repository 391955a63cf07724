"""The jobs of reminders: planning and sending them to reps, and sending digests to managers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import QUARTER_HOUR, Coming, Job, Planned
from domain.outbox import queries as outbox
from domain.periods import Period
from domain.reminders import planning, rules, sweeps
from domain.reminders.model import ReminderType
from domain.reminders.rules import DigestStage


async def remind(session: AsyncSession, now: datetime) -> int:
    """Plan the reminders of months that have begun, and send what is due; return how many were sent."""
    await planning.plan_reminders(session, now)
    return await sweeps.send_reminders(session, now)


_NEXT_REMINDER = """least(
    (SELECT min(due_at) FROM goal_deadline_reminders
      WHERE NOT sent AND skipped_at IS NULL AND due_at > goalkeeper_now()),
    (SELECT min(snoozed_until) FROM goal_deadline_reminders WHERE snoozed_until > goalkeeper_now()))"""

_WHY = {
    ReminderType.THREE_DAYS: "goals not set, 3 days before the deadline",
    ReminderType.ONE_DAY: "goals not set, 1 day before the deadline",
    ReminderType.LAST_DAY: "goals not set on the deadline's day",
    ReminderType.OVERDUE: "goals not set, and the deadline has passed",
}
_AGAIN = "goals not set, and put off until then"
_SKIPPED = text("""
SELECT r.name, g.reminder_type, g.target_year, g.target_month, g.skip_reason
  FROM goal_deadline_reminders g
  JOIN sales_reps r ON r.workspace_id = g.workspace_id AND r.id = g.sales_rep_id
 WHERE g.skipped_at = goalkeeper_now()
 ORDER BY r.name, g.due_at
""")


async def explain_reminders(session: AsyncSession, since: int) -> Sequence[Planned]:
    """Say who is reminded, and whose reminder is skipped; each with the reason."""
    said = [
        Planned(
            each.to,
            f"{each.kind} {each.facts['goal']}",
            _AGAIN if each.part is not None else _WHY[ReminderType(each.facts["stage"])],
        )
        for each in await outbox.said_since(session, since, sweeps.REMINDER)
    ]
    skipped = [
        Planned(row[0], f"{row[1]} {Period.of_month(row[2], row[3])}", row[4], skipped=True)
        for row in await session.execute(_SKIPPED)
    ]
    return said + skipped


_DUE = text("""
WITH due (at, what, name) AS (
    SELECT g.due_at,
           CASE g.reminder_type WHEN 'goal_deadline_3days' THEN 'reminder 3 days before'
                                WHEN 'goal_deadline_1day' THEN 'reminder 1 day before'
                                WHEN 'goal_deadline_day' THEN 'reminder on the day'
                                ELSE 'overdue reminder' END, r.name
      FROM goal_deadline_reminders g
      JOIN rep_monthly_goals m
        ON m.workspace_id = g.workspace_id AND m.sales_rep_id = g.sales_rep_id
       AND m.goal_year = g.target_year AND m.goal_month = g.target_month
      JOIN active_reps r ON r.workspace_id = g.workspace_id AND r.id = g.sales_rep_id
     WHERE NOT g.sent AND g.skipped_at IS NULL AND g.due_at > goalkeeper_now() AND m.goal_set_at IS NULL
    UNION ALL
    SELECT g.snoozed_until, 'reminder again', r.name
      FROM goal_deadline_reminders g
      JOIN active_reps r ON r.workspace_id = g.workspace_id AND r.id = g.sales_rep_id
     WHERE g.snoozed_until > goalkeeper_now()
)
SELECT at, what, array_agg(name ORDER BY name) AS names
  FROM due
 WHERE at IN (SELECT DISTINCT at FROM due ORDER BY at LIMIT :most)
 GROUP BY at, what
 ORDER BY at, what
""")


async def reminders_coming(session: AsyncSession, _now: datetime, most: int) -> Sequence[Coming]:
    """List the next reminders, those that were put off among them."""
    rows = await session.execute(_DUE, {"most": most})
    return [Coming(row.at, row.what, tuple(row.names)) for row in rows]


_WHY_DIGEST = {
    DigestStage.DAY_BEFORE: "the deadline is the day after",
    DigestStage.LAST_DAY: "the deadline is that day",
    DigestStage.OVERDUE: "the deadline has passed",
}


async def explain_digests(session: AsyncSession, since: int) -> Sequence[Planned]:
    """Say which managers get a digest, and why."""
    return [
        Planned(each.to, f"{each.kind} {each.facts['goal']}", _WHY_DIGEST[DigestStage(each.facts["stage"])])
        for each in await outbox.said_since(session, since, sweeps.DIGEST)
    ]


_NAMES = text("SELECT id, name FROM users WHERE id = ANY(:ids)")


async def digests_coming(session: AsyncSession, now: datetime, _most: int) -> Sequence[Coming]:
    """List the digests that are still to come this month."""
    readers: dict[datetime, set[int]] = {}
    for reader in await sweeps.digest_readers(session):
        times = rules.digest_times(reader["last_day"], reader["last_deadline"], reader["zone"])
        for at in times.values():
            if at > now:
                readers.setdefault(at, set()).add(reader["user_id"])
    ids = list(set().union(*readers.values()))
    names = {row.id: row.name for row in await session.execute(_NAMES, {"ids": ids})} if ids else {}
    return [Coming(at, "digest", tuple(sorted(names[one] for one in whom))) for at, whom in readers.items()]


REMIND = Job("reminders", remind, _NEXT_REMINDER, explain_reminders, reminders_coming)
SEND_DIGESTS = Job("digests", sweeps.send_digests, QUARTER_HOUR, explain_digests, digests_coming)
