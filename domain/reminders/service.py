"""What people do with reminders and digests; takes a session and never commits.

What setting a goal does to them follows from its change, whatever the door (`updates.turn`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import MonthOver, NotAllowed
from domain.goals.jobs import open_missing_months
from domain.goals.rules import GoalState, goal_name, goal_state
from domain.outbox.service import intent
from domain.people.model import RepId
from domain.people.rules import Actor, Person
from domain.periods import Period
from domain.reminders import queries, rules, updates
from domain.reminders.errors import (
    AfterTheDeadline,
    DeadlinePassed,
    NobodyToNudge,
    NoGoalsThatMonth,
    NothingToRemindOf,
    ReminderAnswered,
    ReminderGone,
    ReminderReplaced,
)
from domain.reminders.model import ReminderType
from domain.reminders.queries import DueMonth
from domain.reminders.rules import Snooze

NUDGE = "reminders.nudge"
"""Facts: sales_rep_id, goal, by (user id)."""


@dataclass(frozen=True, slots=True)
class Nudged:
    """How many reps were nudged, and how many weren't because they had been nudged within the last hours."""

    count: int
    lately: int


_ACKNOWLEDGE = text("""
UPDATE goal_deadline_reminders
   SET acknowledged = true, acknowledged_at = coalesce(acknowledged_at, goalkeeper_now()),
       snoozed_until = NULL
 WHERE sales_rep_id = :sales_rep_id AND target_year = :year AND target_month = :month
   AND reminder_type = :stage
""")
# The newest reminder alone can be put off, so no two come back. Locked: an answer may be on its way.
_HOLD = text("""
SELECT g.acknowledged,
       g.sent AND a.id IS NOT NULL AS is_there,
       EXISTS (SELECT FROM goal_deadline_reminders l
                WHERE l.workspace_id = g.workspace_id AND l.sales_rep_id = g.sales_rep_id
                  AND l.target_year = g.target_year AND l.target_month = g.target_month
                  AND l.due_at > g.due_at AND l.due_at <= goalkeeper_now()) AS has_newer
  FROM goal_deadline_reminders g
  LEFT JOIN active_reps a ON a.workspace_id = g.workspace_id AND a.id = g.sales_rep_id
 WHERE g.sales_rep_id = :sales_rep_id AND g.target_year = :year AND g.target_month = :month
   AND g.reminder_type = :stage
   FOR NO KEY UPDATE OF g
""")
_SNOOZE = text("""
UPDATE goal_deadline_reminders SET snoozed_until = :until
 WHERE sales_rep_id = :sales_rep_id AND target_year = :year AND target_month = :month
   AND reminder_type = :stage
""")


async def acknowledge(session: AsyncSession, sales_rep_id: RepId, month: Period, stage: ReminderType) -> None:
    """Record that the rep chose “Not now” for this reminder; pressing it again changes nothing."""
    await session.execute(_ACKNOWLEDGE, _keys(sales_rep_id, month, stage))
    await updates.edit_reminders(session, sales_rep_id, month, stage)


async def snooze(
    session: AsyncSession,
    now: datetime,
    sales_rep_id: RepId,
    month: Period,
    stage: ReminderType,
    choice: Snooze,
) -> datetime:
    """Put the reminder off; return when it is sent again.

    Raises:
        Refusal: it would never come back, because the goals are set, the rep has answered it already, a newer
            one is there, or the deadline would have passed.
    """
    held = (await session.execute(_HOLD, _keys(sales_rep_id, month, stage))).one_or_none()
    due = await _due_month(session, sales_rep_id, month, stage)
    match goal_state(due.deadlines, now):
        case GoalState.NOT_SET:
            pass
        case GoalState.SET | GoalState.LOCKED | GoalState.LATE:
            raise NothingToRemindOf("These goals are set: there is nothing left to be reminded of.")
        case GoalState.OVERDUE:
            raise DeadlinePassed("The deadline has passed. Set your goals now, they still count.")
        case GoalState.OVER:
            raise MonthOver(f"{goal_name(month, due.locale)} is over, and its goals with it.")
    _check_open(held)
    until = rules.snooze_until(choice, now, due.zone)
    if until >= due.deadlines.deadline:
        raise AfterTheDeadline("That would be after the deadline. Set your goals now.")
    await session.execute(_SNOOZE, {**_keys(sales_rep_id, month, stage), "until": until})
    await updates.edit_reminders(session, sales_rep_id, month)
    return until


def _check_open(held: Any) -> None:
    """Raise `Refusal` unless the reminder still waits for an answer."""
    if held is None or not held.is_there:
        raise ReminderGone("That reminder isn't there any more.")
    if held.has_newer:
        raise ReminderReplaced("There's a newer reminder for these goals.")
    if held.acknowledged:
        raise ReminderAnswered("You've already answered this reminder.")


async def _due_month(
    session: AsyncSession, sales_rep_id: RepId, month: Period, stage: ReminderType
) -> DueMonth:
    due = await queries.due_month(session, sales_rep_id, month, stage)
    if due is None:
        raise NoGoalsThatMonth("There are no goals to set for that month.")
    return due


def _keys(sales_rep_id: RepId, month: Period, stage: ReminderType) -> dict[str, Any]:
    return {"sales_rep_id": sales_rep_id, **month.columns, "stage": stage.value}


_ASK = intent(
    mode="'post'",
    kind=f"'{NUDGE}'",
    audience="'user:' || w.user_id",
    subject="'reminder'",
    sales_rep_id="n.sales_rep_id",
    period=":goal",
    stage="'nudge'",
    part="n.id::text",
    facts="""jsonb_build_object('sales_rep_id', n.sales_rep_id, 'goal', CAST(:goal AS text),
                             'by', CAST(:by AS bigint))""",
)
_NUDGE = text(f"""
WITH asked AS (
    SELECT r.id AS sales_rep_id, r.user_id,
           EXISTS (SELECT FROM goal_nudges n
                    WHERE n.workspace_id = r.workspace_id AND n.sales_rep_id = r.id
                      AND n.nudged_at > goalkeeper_now() - CAST(:every AS interval)) AS lately
      FROM active_reps r
      JOIN rep_monthly_goals m ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
     WHERE r.id = ANY(:rep_ids)
       AND m.goal_year = :year AND m.goal_month = :month
       AND m.goal_set_at IS NULL AND m.ends_at > goalkeeper_now() AND m.deadline <= m.ends_at
), nudged AS (
    INSERT INTO goal_nudges (sales_rep_id, nudged_by)
    SELECT sales_rep_id, :by FROM asked WHERE NOT lately ORDER BY sales_rep_id
    RETURNING id, sales_rep_id
)
SELECT (SELECT goalkeeper_say(array_agg({_ASK} ORDER BY n.id))
          FROM nudged n
          JOIN asked w ON w.sales_rep_id = n.sales_rep_id) AS count,
       (SELECT count(*) FROM asked WHERE lately) AS lately
""")
_ONE_NUDGER = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.nudge', goalkeeper_workspace()))"
)


async def nudge(session: AsyncSession, actor: Actor, persons: list[Person], month: Period) -> Nudged:
    """Nudge reps who haven't set the month's goals; return how many were nudged now, and how many before.

    Raises:
        NotAllowed: one of them is not theirs to lead.
        NobodyToNudge: nobody is left who could be nudged now.
    """
    for person in persons:
        if not actor.leads(person):
            raise NotAllowed(f"Only {person.name}'s manager or an admin can nudge {person.name}.")
    await session.execute(_ONE_NUDGER)
    # Reps who were written down by hand have no month yet, and can be nudged too.
    await open_missing_months(session, await queries.now(session))
    rep_ids = [person.rep.id for person in persons if person.rep is not None]
    done = await session.execute(
        _NUDGE,
        {
            "rep_ids": rep_ids,
            **month.columns,
            "goal": str(month),
            "by": actor.user_id,
            "every": rules.NUDGE_EVERY,
        },
    )
    nudged = Nudged(*done.one())
    if not nudged.count:
        raise NobodyToNudge(await _why_nobody(session, persons, month))
    await updates.edit_digests(session, rep_ids, month)
    return nudged


_WHY_NOT = text("""
SELECT m.goal_set_at IS NOT NULL AS is_set, m.ends_at <= goalkeeper_now() AS is_over,
       m.deadline > m.ends_at AS is_optional,
       a.id IS NOT NULL AS takes_part
  FROM rep_monthly_goals m
  LEFT JOIN active_reps a ON a.workspace_id = m.workspace_id AND a.id = m.sales_rep_id
 WHERE m.sales_rep_id = :sales_rep_id AND m.goal_year = :year AND m.goal_month = :month
""")


async def _why_nobody(session: AsyncSession, persons: list[Person], month: Period) -> str:
    if len(persons) != 1 or persons[0].rep is None:
        return (
            "Nobody is left to nudge: they have set their goals, were nudged within the last 4 hours, or the "
            "month is over."
        )
    person, keys = persons[0], {"sales_rep_id": persons[0].rep.id, **month.columns}
    row = (await session.execute(_WHY_NOT, keys)).one_or_none()
    name = goal_name(month, person.locale)
    if row is None or not row.takes_part:
        return f"{person.name} has no goals to set for {name}."
    if row.is_set:
        return f"{person.name} has set the goals for {name}. There is nothing to ask for."
    if row.is_over:
        return f"{name} is over, and its goals with it."
    if row.is_optional:
        return f"{person.name} joined late in {name}, so those goals are optional."
    return f"{person.name} was nudged less than 4 hours ago. Give it a little time."
