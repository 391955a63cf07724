"""The stations in order: a goal is set, which reminders and digests then say; and what a tick does.

Whatever makes somebody a rep goes through here too, because a rep's month opens in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import WorkspaceId
from domain.goals import service as goals
from domain.goals.figures import TypedFigures
from domain.goals.rules import Goal
from domain.goals.service import GoalSet
from domain.outbox import jobs
from domain.people import joining, service, stints, teams
from domain.people.model import TeamId
from domain.people.roster import service as roster
from domain.people.roster.plan import Plan
from domain.people.roster.rows import Row
from domain.people.roster.service import Found
from domain.people.roster.table import Problem
from domain.people.rules import Actor, Person
from domain.people.service import Profile
from domain.people.teams import Saved, Wanted
from domain.reminders import planning, sweeps


async def set_goal(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    person: Person,
    goal: Goal,
    typed: TypedFigures,
    reason: str | None = None,
) -> GoalSet:
    """Set a goal (`goals.service.set_goal`).

    Its reminders and digests say so by a trigger of the table (`goalkeeper_goals_set`), as they do when
    somebody sets goals by SQL.
    """
    return await goals.set_goal(session, now, actor, person, goal, typed, reason)


async def save_team(
    session: AsyncSession, now: datetime, by: str, team_id: TeamId | None, wanted: Wanted
) -> Saved:
    """Make or change a team (`teams.save`), and open the month for those who join or return."""
    saved = await teams.save(session, now, by, team_id, wanted)
    await _open_for_joiners(session, now)
    return saved


async def decide_request(
    session: AsyncSession, now: datetime, actor: Actor, request_id: int, *, add: bool
) -> None:
    """Decide on a request to join a team (`joining.decide`), and open the month for whoever joins by it."""
    await joining.decide(session, now, actor, request_id, add=add)
    await _open_for_joiners(session, now)


async def import_roster(
    session: AsyncSession,
    now: datetime,
    rows: Sequence[Row],
    found: Found | None = None,
    problems: Sequence[Problem] = (),
) -> Plan:
    """Take in a roster (`roster.service.import_roster`), and open the month for all who join or return."""
    plan = await roster.import_roster(session, now, rows, found, problems)
    await _open_for_joiners(session, now)
    return plan


async def meet(
    session: AsyncSession, now: datetime, profiles: Sequence[Profile], owner_zone: str | None = None
) -> None:
    """Take in what Slack says of people (`service.meet`), and open the month for reps who are back."""
    await service.meet(session, profiles, owner_zone)
    await _open_for_joiners(session, now)


async def _open_for_joiners(session: AsyncSession, now: datetime) -> None:
    await sweeps.open_current_months(session, now, present_since=now)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did in one workspace."""

    months_opened: int
    reminders_sent: int
    digests_sent: int


async def tick(session: AsyncSession, now: datetime) -> Ticked:
    """Do all that is due in this workspace; a fixed number of statements.

    Nothing if another copy is at it: when the clock is moved meanwhile, or a tick outlasts its claim, two
    would lock the same rows in different orders.
    """
    seen = await sweeps.begin(session)
    if seen is None:
        return Ticked(0, 0, 0)
    await stints.end_absent(session, now)
    opened = await sweeps.open_current_months(session, now)
    await planning.plan_reminders(session, now)
    sent = await sweeps.send_reminders(session, now)
    digests = await sweeps.send_digests(session, now)
    await jobs.forget_events(session)
    await sweeps.look_again(session, seen)
    return Ticked(opened, sent, digests)


# Whoever takes the column forward does the work; should that copy die, the others look again in a minute. It
# is never further ahead than a quarter of an hour (`sweeps.look_again`) but when the clock was set back.
_CLAIM = text("""
UPDATE workspaces w
   SET tick_at = goalkeeper_now() + interval '1 minute'
  FROM (SELECT id FROM workspaces
         WHERE tick_at <= goalkeeper_now() OR tick_at > goalkeeper_now() + interval '15 minutes'
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


# Only what this transaction has written: the bot goes on meanwhile.
_LAST_SAID = text("SELECT coalesce(max(id), 0) FROM outbox")
_SAID = text("""
SELECT coalesce(u.name, o.audience) AS recipient, o.kind, o.facts, o.topic LIKE '%:again:%' AS again
  FROM outbox o
  LEFT JOIN users u ON u.workspace_id = o.workspace_id AND 'user:' || u.id = o.audience
 WHERE o.id > :before AND o.xmin = pg_current_xact_id()::xid
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
_AGAIN = "goals not set, and put off until then"


async def rehearse(session: AsyncSession, now: datetime) -> list[Planned]:
    """Tick, and tell what it would say; whoever calls rolls back, so that nothing is said."""
    await sweeps.begin(session, wait=True)
    before = (await session.execute(_LAST_SAID)).scalar_one()
    await tick(session, now)
    said = [
        Planned(
            row.recipient,
            f"{row.kind} {row.facts['goal']}",
            _AGAIN if row.again else _WHY[row.facts["stage"]],
        )
        for row in await session.execute(_SAID, {"before": before})
    ]
    skipped = [
        Planned(row[0], f"{row[1]} {Goal(row[2], row[3])}", row[4], skipped=True)
        for row in await session.execute(_SKIPPED)
    ]
    return said + skipped
