"""What speaks against a reminder or digest that was handed to the outbox and is to be sent only now.

A tick judges what has come due while nothing was running. The same holds of what has waited since, because
Slack was away or the person's messages were closed to us.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.outbox.delivery import Claimed, Objection
from domain.people.model import UserId
from domain.periods import Period, local_date
from domain.reminders import queries, rules
from domain.reminders.rules import DigestStage
from domain.reminders.sweeps import JUDGED_BY, why_not

_REMINDER = text(f"""
WITH reminder AS (
    SELECT g.reminder_type, g.due_at, m.goal_set_at, m.deadline, m.ends_at, m.time_zone, s.present_since,
           g.round,
           a.id IS NOT NULL AS takes_part,
           EXISTS (SELECT FROM goal_deadline_reminders l
                    WHERE l.workspace_id = g.workspace_id AND l.sales_rep_id = g.sales_rep_id
                      AND l.target_year = g.target_year AND l.target_month = g.target_month
                      AND l.due_at > g.due_at AND l.due_at <= CAST(:now AS timestamptz)) AS later_due
      FROM {JUDGED_BY}
     WHERE g.sales_rep_id = :sales_rep_id AND g.target_year = :year AND g.target_month = :month
       AND g.reminder_type = :stage
)
SELECT {why_not("later_due")} AS why_not, time_zone, round FROM reminder
""")


async def of_reminder(tx: Transaction, intent: Claimed) -> Objection | None:
    """Return what speaks against sending a late reminder now, by the rules for reminders that are due."""
    keys = {**_keys(intent), "now": tx.now}
    row = (await tx.session.execute(_REMINDER, keys)).one_or_none()
    if row is None:
        return None
    if intent.round != row.round:
        return Objection("the deadline has moved since")
    if row.why_not is not None:
        return Objection(row.why_not)
    return _asleep(_morning(intent, tx.now, row.time_zone))


_SKIP = text("""
UPDATE goal_deadline_reminders
   SET sent = false, sent_at = NULL, skipped_at = goalkeeper_now(), skip_reason = :why
 WHERE sales_rep_id = :sales_rep_id AND target_year = :year AND target_month = :month
   AND reminder_type = :stage AND sent
   AND round = :round
""")


async def skip(session: AsyncSession, intent: Claimed, why: str) -> None:
    """Note that the reminder was skipped after all, unless it was to come again: then it was sent before."""
    if intent.part is None:
        await session.execute(_SKIP, {**_keys(intent), "why": why, "round": intent.round})


def _keys(intent: Claimed) -> dict[str, object]:
    return {
        "sales_rep_id": intent.facts["sales_rep_id"],
        **Period.parse(intent.facts["goal"]).columns,
        "stage": intent.facts["stage"],
    }


async def of_digest(tx: Transaction, intent: Claimed) -> Objection | None:
    """Those before the deadline make sense on their own day alone, so an older one gives way to the next.

    One that has to wait for the morning is judged by that: from then on it is due then.
    """
    reader = await queries.reader(tx.session, UserId(intent.facts["user_id"]))
    if reader is None:
        return None
    morning = _morning(intent, tx.now, reader.zone)
    day = local_date(morning or tx.now, reader.zone)
    if day >= Period.parse(intent.facts["goal"]).end:
        return Objection("the month is over")
    if intent.facts["stage"] != DigestStage.OVERDUE and local_date(intent.due_at, reader.zone) != day:
        return Objection("its day is over")
    return _asleep(morning)


def _morning(intent: Claimed, now: datetime, zone: str) -> datetime | None:
    """When it may be said if not now, since it is late and people in `zone` are asleep."""
    if now - intent.due_at <= rules.ON_TIME or rules.is_waking(now, zone):
        return None
    return rules.next_morning(now, zone)


def _asleep(until: datetime | None) -> Objection | None:
    return None if until is None else Objection("it is late, and people are asleep", until)
