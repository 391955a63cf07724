"""The stations in order, the jobs of a tick in order, and what follows from changes.

A number comes in by `record_activity`, `log_activity`, `correct_activity`, `undo_activity` or
`set_activity_totals`, and by no other way. Whatever makes somebody a rep goes through here, because a rep's
month opens in the same transaction.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain import changes
from domain.access.jobs import FORGET_REPLIES
from domain.activity import correcting, recording
from domain.activity import service as activity
from domain.activity.catalogue import Catalogue
from domain.activity.correcting import Figure
from domain.activity.line import LineEntry
from domain.activity.model import EntryId
from domain.activity.recording import Entry, Recorded
from domain.activity.service import Logged, Part
from domain.changes import Changed, Handler
from domain.csv_files import Problem
from domain.db import WorkspaceId
from domain.goals import closing
from domain.goals.closing import Reopened
from domain.goals.jobs import CLOSE_PERIODS, OPEN_MONTHS, open_for_joiners
from domain.imports import service as imports
from domain.jobs import Coming, Job, Planned
from domain.leaderboards.jobs import POST_BOARDS
from domain.outbox import queries as outbox
from domain.outbox.jobs import FORGET_EVENTS
from domain.people import joining, service, teams
from domain.people.jobs import END_ABSENT
from domain.people.model import Door, TeamId
from domain.people.roster import service as roster
from domain.people.roster.plan import Plan
from domain.people.roster.rows import Row
from domain.people.roster.service import Found
from domain.people.rules import Actor, Person
from domain.people.service import Profile
from domain.people.teams import Saved, Wanted
from domain.periods import Period
from domain.progress import reports
from domain.progress.jobs import TAKE_SNAPSHOTS
from domain.progress.reports import SEND_REPORTS
from domain.recognition import announcing, badges
from domain.recognition.jobs import SWEEP_ACHIEVEMENTS
from domain.reminders import updates
from domain.reminders.jobs import REMIND, SEND_DIGESTS


async def _follow_up(session: AsyncSession, now: datetime) -> int:
    """Handle what writers other than the bot have changed; return how many months that was."""
    return await _handle(session, now, await changes.take_all(session))


FOLLOW_UP = Job("changes", _follow_up)
JOBS = (
    FOLLOW_UP,
    END_ABSENT,
    OPEN_MONTHS,
    TAKE_SNAPSHOTS,
    SWEEP_ACHIEVEMENTS,
    CLOSE_PERIODS,
    REMIND,
    SEND_DIGESTS,
    SEND_REPORTS,
    SWEEP_ACHIEVEMENTS,
    POST_BOARDS,
    FORGET_EVENTS,
    FORGET_REPLIES,
)
"""What a tick does, in this order. A new job is one more entry."""

CHANGE_HANDLERS: tuple[Handler, ...] = (updates.turn, badges.award, announcing.announce)
"""What follows from a change of a rep's month or year, in this order. A new consequence is one more entry."""

Ticked = Mapping[str, int]
"""How much each job did in one tick, by its name."""


async def settle(session: AsyncSession, now: datetime) -> None:
    """Handle what this transaction itself has changed; `Database` calls it before it commits."""
    await _handle(session, now, await changes.take_own(session))


async def _handle(session: AsyncSession, now: datetime, changed: Sequence[Changed]) -> int:
    if changed:
        for handle in CHANGE_HANDLERS:
            await handle(session, now, changed)
    return len(changed)


# The stations of a number, in one transaction: the entry is recorded; triggers move the totals, then the
# month (percents, tier, status), then the year. A further station is called after the recording.
async def record_activity(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    entries: Sequence[Entry],
    *,
    currency: str | None = None,
) -> list[Recorded]:
    """Take in entries (`recording.record`), and all that follows from them."""
    return await recording.record(session, now, actor, entries, currency=currency)


async def log_activity(
    session: AsyncSession,
    now: datetime,
    actor: Person,
    door: Door,
    entries: Sequence[LineEntry],
    parts: Sequence[Part],
    metrics: Catalogue,
    *,
    key: str,
) -> Logged:
    """Log what a person's line or form means (`service.log`), and all that follows from it."""
    return await activity.log(session, now, actor, door, entries, parts, metrics, key=key)


async def correct_activity(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    entry_id: EntryId,
    to: Decimal,
    reason: str,
    *,
    seen: Decimal | None = None,
) -> EntryId | None:
    """Correct an entry (`service.correct`), and all that follows from it."""
    return await activity.correct(session, now, actor, entry_id, to, reason, seen=seen)


async def undo_activity(
    session: AsyncSession, now: datetime, actor: Actor, entry_ids: Sequence[EntryId]
) -> list[EntryId]:
    """Take entries back (`service.undo`), and all that follows from them."""
    return await activity.undo(session, now, actor, entry_ids)


async def set_activity_totals(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    figures: Sequence[Figure],
    *,
    currency: str | None = None,
) -> list[Recorded | None]:
    """Set totals to the given figures (`correcting.set_totals`), and do all that follows from it."""
    return await correcting.set_totals(session, now, actor, figures, typed_in=currency)


async def import_activity(
    session: AsyncSession,
    now: datetime,
    actor: Actor | None,
    file: BinaryIO,
    wanted: imports.ImportOptions,
    read: Callable[[], None] = lambda: None,
) -> imports.Imported:
    """Take in a file of numbers (`imports.service.take_in`), and all that follows from it."""
    return await imports.take_in(session, now, actor, file, wanted, read)


async def reopen_month(
    session: AsyncSession, now: datetime, actor: Actor, month: Period, reason: str | None
) -> Reopened:
    """Reopen a frozen month (`closing.reopen`), and have its reports say so."""
    reopened = await closing.reopen(session, now, actor, month, reason)
    await reports.refresh(session, [month])
    return reopened


async def save_team(
    session: AsyncSession, now: datetime, by: str, team_id: TeamId | None, wanted: Wanted
) -> Saved:
    """Make or change a team (`teams.save`), and open the month for those who join or return."""
    saved = await teams.save(session, now, by, team_id, wanted)
    await open_for_joiners(session, now)
    return saved


async def decide_request(
    session: AsyncSession, now: datetime, actor: Actor, request_id: int, *, add: bool
) -> None:
    """Decide on a request to join a team (`joining.decide`), and open the month for a rep who joins."""
    await joining.decide(session, now, actor, request_id, add=add)
    await open_for_joiners(session, now)


async def import_roster(
    session: AsyncSession,
    now: datetime,
    rows: Sequence[Row],
    found: Found | None = None,
    problems: Sequence[Problem] = (),
) -> Plan:
    """Take in a roster (`roster.service.import_roster`), and open the month for all who join or return."""
    plan = await roster.import_roster(session, now, rows, found, problems)
    await open_for_joiners(session, now)
    return plan


async def meet(
    session: AsyncSession, now: datetime, profiles: Sequence[Profile], owner_zone: str | None = None
) -> None:
    """Take in what Slack says of people (`service.meet`), and open the month for reps who are back."""
    await service.meet(session, profiles, owner_zone)
    await open_for_joiners(session, now)


# Set-based work uses hash joins, whatever the planner knows about the tables (`allow_nested_loops`).
#
# `xmin` is the version of the workspace's row that this tick has seen; asking for a tick makes a
# newer one (`_look_again`).
_ALONE = """
SELECT set_config('enable_nestloop', 'off', true),
       {lock}(hashtextextended('goalkeeper.tick', goalkeeper_workspace())) AS turn,
       (SELECT xmin::text FROM workspaces WHERE id = goalkeeper_workspace()) AS seen
"""
_WAIT_FOR_TURN = text(_ALONE.format(lock="pg_advisory_xact_lock"))
_TRY_TURN = text(_ALONE.format(lock="pg_try_advisory_xact_lock"))


async def tick(session: AsyncSession, now: datetime) -> Ticked:
    """Do all that is due in this workspace; a fixed number of statements.

    Does nothing if another copy is ticking: two at once, after a moved clock or a tick that outlasts its
    claim, would lock the same rows in different orders.
    """
    begun = (await session.execute(_TRY_TURN)).one()
    if not begun.turn:
        return {}
    done = {job.name: await job.run(session, now) for job in JOBS}
    await _look_again(session, begun.seen)
    return done


def _next_look(jobs: tuple[Job, ...]) -> str:
    """Return SQL for the earliest time at which one of the jobs has something to do."""
    return ",\n           ".join(f"({job.next_at})" for job in jobs if job.next_at is not None)


_NEXT = text(f"""
UPDATE workspaces
   SET tick_at = least({_next_look(JOBS)})
 WHERE id = goalkeeper_workspace() AND xmin::text = :seen
""")


async def _look_again(session: AsyncSession, seen: str) -> None:
    """Set when something may come due next.

    Leave it alone if a tick was asked for since this one began (`seen`): this tick may have missed the
    reason, and the other tick is still to come.
    """
    await session.execute(_NEXT, {"seen": seen})


# The copy that takes the column forward does the work; if it dies, the others look again in a minute. The
# column is never further ahead than a quarter of an hour (`QUARTER_HOUR`) unless the clock was set back.
_CLAIM = text("""
UPDATE workspaces w
   SET tick_at = goalkeeper_now() + interval '1 minute'
  FROM (SELECT id FROM workspaces
         WHERE tick_at <= goalkeeper_now() OR tick_at > goalkeeper_now() + interval '15 minutes'
            OR id IN (SELECT workspace_id FROM changes) AND id <> ALL(:ticked)
         ORDER BY tick_at LIMIT :most
           FOR NO KEY UPDATE SKIP LOCKED) AS due
 WHERE w.id = due.id
RETURNING w.id
""")


async def claim_due(
    session: AsyncSession, most: int, ticked: Collection[WorkspaceId] = ()
) -> list[WorkspaceId]:
    """Take up to `most` workspaces where something may be due, in `Database.everywhere()`.

    Changes that are left in those that were `ticked` just now are for the next round: another copy is at
    them, or they cannot be handled.
    """
    claimed = await session.execute(_CLAIM, {"most": most, "ticked": list(ticked)})
    return [WorkspaceId(found) for found in claimed.scalars()]


async def rehearse(session: AsyncSession, now: datetime) -> list[Planned]:
    """Tick, and return what each job says of it, messages first; the caller rolls back."""
    await session.execute(_WAIT_FOR_TURN)
    before = await outbox.last_id(session)
    await tick(session, now)
    planned = [each for job in JOBS for each in await job.explain(session, before)]
    return sorted(planned, key=lambda each: each.skipped)


async def coming(session: AsyncSession, now: datetime, most: int) -> list[Coming]:
    """List what is due at the next `most` instants, soonest first; some may turn out not to be needed."""
    found = [each for job in JOBS for each in await job.coming(session, now, most)]
    instants = sorted({each.at for each in found})[:most]
    return [each for at in instants for each in found if each.at == at]
