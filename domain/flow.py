"""The stations in order: a goal is set, those reminded of it are told; and what a tick does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import WorkspaceId
from domain.goals import service as goals
from domain.goals.figures import TypedFigures
from domain.goals.rules import Goal
from domain.goals.service import GoalSet, Outcome
from domain.people.rules import Actor, Person
from domain.reminders import service as reminders
from domain.reminders import sweeps


async def set_goal(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    person: Person,
    goal: Goal,
    typed: TypedFigures,
    reason: str | None = None,
) -> GoalSet:
    """Set a goal (`goals.service.set_goal`), and let its reminders and digests say so."""
    goal_set = await goals.set_goal(session, now, actor, person, goal, typed, reason)
    if goal_set.outcome is not Outcome.UNCHANGED and person.rep is not None:
        await reminders.goal_was_set(session, person.rep.id, goal)
    return goal_set


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did in one workspace."""

    months_opened: int
    reminders_sent: int
    digests_sent: int


async def tick(session: AsyncSession, now: datetime) -> Ticked:
    """Do all that is due in this workspace; a fixed number of statements."""
    opened = await sweeps.open_current_months(session)
    await sweeps.plan_reminders(session)
    sent = await sweeps.send_due(session)
    sent += await sweeps.wake_snoozed(session)
    digests = await sweeps.send_digests(session, now)
    await sweeps.look_again(session)
    return Ticked(opened, sent, digests)


# Whoever takes the column forward does the work; should that copy die, the others look again in a minute.
_CLAIM = text("""
UPDATE workspaces w
   SET tick_at = goalkeeper_now() + interval '1 minute'
  FROM (SELECT id FROM workspaces
         WHERE tick_at <= goalkeeper_now()
         ORDER BY tick_at LIMIT :most
           FOR NO KEY UPDATE SKIP LOCKED) AS due
 WHERE w.id = due.id
RETURNING w.id
""")


async def claim_due(session: AsyncSession, most: int) -> list[WorkspaceId]:
    """Take up to `most` workspaces where something may be due, in `Database.everywhere()`."""
    return [WorkspaceId(found) for found in (await session.execute(_CLAIM, {"most": most})).scalars()]


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that a tick says to somebody or, with `skipped`, does not say; and why."""

    to: str
    what: str
    why: str
    skipped: bool = False


_LAST_SAID = text("SELECT coalesce(max(id), 0) FROM outbox")
_SAID = text("""
SELECT coalesce(u.name, o.audience) AS recipient, o.kind, o.facts
  FROM outbox o
  LEFT JOIN users u ON u.workspace_id = o.workspace_id AND 'user:' || u.id = o.audience
 WHERE o.id > :before
 ORDER BY o.id
""")
_SKIPPED = text("""
SELECT r.name, g.reminder_type, g.target_year, g.target_month, g.skip_reason
  FROM goal_deadline_reminders g
  JOIN sales_reps r ON r.workspace_id = g.workspace_id AND r.id = g.rep_id
 WHERE g.skipped_at = goalkeeper_now()
 ORDER BY r.name, g.due_at
""")
_WHY = {
    "goal_deadline_3days": "goals not set, 3 days before the deadline",
    "goal_deadline_1day": "goals not set, 1 day before the deadline",
    "goal_deadline_day": "goals not set on the deadline's day",
    "goal_overdue": "goals not set, and the deadline has passed",
    "day_before": "the deadline is the day after",
    "last_day": "the deadline is that day",
    "overdue": "the deadline has passed",
}


async def rehearse(session: AsyncSession, now: datetime) -> list[Planned]:
    """Tick, and tell what it would say; whoever calls rolls back, so that nothing is said."""
    before = (await session.execute(_LAST_SAID)).scalar_one()
    await tick(session, now)
    said = [
        Planned(row.recipient, f"{row.kind} {row.facts.get('goal', '')}".strip(), _WHY[row.facts["stage"]])
        for row in await session.execute(_SAID, {"before": before})
    ]
    skipped = [
        Planned(row[0], f"{row[1]} {Goal(row[2], row[3])}", row[4], skipped=True)
        for row in await session.execute(_SKIPPED)
    ]
    return said + skipped
