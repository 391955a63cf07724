"""What people do with reminders, and what setting a goal does to them; takes a session and never commits."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import NotAllowed, Refusal
from domain.goals.rules import Goal, Standing, standing
from domain.people.model import RepId
from domain.people.rules import Actor, Person
from domain.reminders import queries, rules
from domain.reminders.model import ReminderType
from domain.reminders.queries import DueMonth
from domain.reminders.rules import Snooze
from domain.reminders.sweeps import DIGEST, REMINDER

NUDGE = "reminders.nudge"
"""Facts: rep_id, goal, by (user id)."""


class NudgedLately(Refusal):
    """Everybody asked for has been nudged within the last hours."""


# Every message about this month that has been posted, or will be, is brought up to date: those to the rep,
# and the digests about the month; edits that wait already are replaced, so many settings make one edit.
_REFRESH = text(f"""
INSERT INTO outbox (kind, audience, topic, facts, mode)
SELECT p.kind, p.audience, p.topic, p.facts, 'edit'
  FROM outbox p
 WHERE p.mode = 'post' AND p.status IN ('pending', 'sending', 'sent')
   AND (p.kind IN ('{REMINDER}', '{NUDGE}') AND p.topic LIKE :of_rep
        OR p.kind = '{DIGEST}' AND p.topic LIKE :digests)
 ORDER BY p.id
    ON CONFLICT (workspace_id, topic) WHERE mode = 'edit' AND status = 'pending'
    DO UPDATE SET facts = excluded.facts
""")
_NO_MORE_SNOOZE = text("""
UPDATE goal_deadline_reminders SET snoozed_until = NULL
 WHERE rep_id = :rep_id AND target_year = :year AND target_month = :month AND snoozed_until IS NOT NULL
""")


async def goal_was_set(session: AsyncSession, rep_id: RepId, goal: Goal) -> None:
    """Bring every reminder of this month, and the digests that count it, up to date; two statements."""
    if goal.month is None:
        return
    await session.execute(_NO_MORE_SNOOZE, {"rep_id": rep_id, "year": goal.year, "month": goal.month})
    await _refresh(session, rep_id, goal)


async def _refresh(session: AsyncSession, rep_id: RepId, goal: Goal) -> None:
    patterns = {"of_rep": f"reminder:{rep_id}:{goal}:%", "digests": f"digest:{goal}:%"}
    await session.execute(_REFRESH, patterns)


_ACKNOWLEDGE = text("""
UPDATE goal_deadline_reminders
   SET acknowledged = true, acknowledged_at = coalesce(acknowledged_at, goalkeeper_now()),
       snoozed_until = NULL
 WHERE rep_id = :rep_id AND target_year = :year AND target_month = :month AND reminder_type = :stage
""")
_SNOOZE = text("""
UPDATE goal_deadline_reminders SET snoozed_until = :until
 WHERE rep_id = :rep_id AND target_year = :year AND target_month = :month AND reminder_type = :stage
""")


async def acknowledge(session: AsyncSession, rep_id: RepId, goal: Goal, stage: ReminderType) -> None:
    """“Got it”: this reminder has been seen; pressed twice it is the same."""
    await session.execute(_ACKNOWLEDGE, _keys(rep_id, goal, stage))
    await _refresh(session, rep_id, goal)


async def snooze(
    session: AsyncSession, now: datetime, rep_id: RepId, goal: Goal, stage: ReminderType, choice: Snooze
) -> datetime:
    """Have the reminder come back later; returns when.

    Raises:
        Refusal: the goals are set, or it would come back after the deadline.
    """
    month = await _month(session, rep_id, goal, stage)
    if standing(month.deadlines, now) is not Standing.NOT_SET:
        raise Refusal(
            "There is nothing to be reminded of: these goals are set, or their deadline has passed."
        )
    until = rules.snooze_until(choice, now, month.zone)
    if until >= month.deadlines.deadline:
        raise Refusal("That would be after the deadline. Set your goals now: `/goals set`.")
    await session.execute(_SNOOZE, {**_keys(rep_id, goal, stage), "until": until})
    await _refresh(session, rep_id, goal)
    return until


async def _month(
    session: AsyncSession, rep_id: RepId, goal: Goal, stage: ReminderType | None = None
) -> DueMonth:
    month = await queries.due_month(session, rep_id, goal, stage)
    if month is None:
        raise Refusal("There are no goals to set for that month.")
    return month


def _keys(rep_id: RepId, goal: Goal, stage: ReminderType) -> dict[str, Any]:
    return {"rep_id": rep_id, "year": goal.year, "month": goal.month, "stage": stage.value}


_NUDGE = text(f"""
WITH wanted AS (
    SELECT r.id AS rep_id, r.user_id
      FROM sales_reps r
      JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
      JOIN rep_monthly_goals m ON m.workspace_id = r.workspace_id AND m.rep_id = r.id
     WHERE r.id = ANY(:rep_ids) AND r.is_active AND u.is_active
       AND m.goal_year = :year AND m.goal_month = :month
       AND m.goal_set_at IS NULL AND m.ends_at > goalkeeper_now()
       AND NOT EXISTS (SELECT FROM goal_nudges n
                        WHERE n.workspace_id = r.workspace_id AND n.rep_id = r.id
                          AND n.nudged_at > goalkeeper_now() - CAST(:every AS interval))
     ORDER BY r.id
), nudged AS (
    INSERT INTO goal_nudges (rep_id, nudged_by) SELECT rep_id, :by FROM wanted RETURNING id, rep_id
)
INSERT INTO outbox (kind, audience, topic, facts, mode, dedupe_key)
SELECT '{NUDGE}', 'user:' || w.user_id, topic, facts, 'post', topic
  FROM nudged n
  JOIN wanted w ON w.rep_id = n.rep_id
  CROSS JOIN LATERAL (SELECT format('reminder:%s:%s:nudge:%s', n.rep_id, CAST(:goal AS text), n.id) AS topic,
                             jsonb_build_object('rep_id', n.rep_id, 'goal', CAST(:goal AS text), 'by',
                                                CAST(:by AS bigint)) AS facts) AS said
""")
_ONE_NUDGER = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.nudge', goalkeeper_workspace()))"
)


async def nudge(session: AsyncSession, actor: Actor, persons: list[Person], goal: Goal) -> int:
    """Push reps who have not set the goal; returns how many were.

    Raises:
        NotAllowed: one of them is not theirs to lead.
        NudgedLately: nobody is left who could be nudged now.
    """
    for person in persons:
        if not actor.leads(person):
            raise NotAllowed(f"Only {person.name}'s manager or an admin can nudge {person.name}.")
    await session.execute(_ONE_NUDGER)
    rep_ids = [person.rep.id for person in persons if person.rep is not None]
    done = await session.execute(
        _NUDGE,
        {
            "rep_ids": rep_ids,
            "year": goal.year,
            "month": goal.month,
            "goal": str(goal),
            "by": actor.user_id,
            "every": rules.NUDGE_EVERY,
        },
    )
    assert isinstance(done, CursorResult)
    if not done.rowcount:
        raise NudgedLately(
            "Nobody is left to nudge: they have set their goals, or were nudged within 4 hours."
        )
    await _refresh(session, RepId(0), goal)
    return done.rowcount
