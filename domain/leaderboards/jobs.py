"""The job of boards: posting them every week and when a month is over, and settling final ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import Coming, Job, Planned
from domain.leaderboards import posting, queries
from domain.leaderboards.schedule import BoardKind, finals_due, next_weekly, weekly_due
from domain.outbox import queries as outbox


async def post_boards(session: AsyncSession, now: datetime) -> int:
    """Post the newest boards that are due, and settle final ones; return how many messages that was."""
    here = await queries.settings(session)
    done = await posting.settle(session, now)
    if here.schedule is None:
        return done
    for due in (finals_due(here.schedule, now), weekly_due(here.schedule, now)):
        if due is not None:
            done += await posting.post(session, now, due, await queries.ranking(session, here.metric))
    return done


_NEXT = """
SELECT min(board_at)
  FROM (SELECT goalkeeper_local_instant(
                   (goalkeeper_now() AT TIME ZONE w.time_zone)::date + ahead + w.board_time, w.time_zone)
               AS board_at
          FROM workspaces w, generate_series(0, 1) AS ahead
         WHERE w.id = goalkeeper_workspace() AND w.boards_are_posted) AS upcoming
 WHERE board_at > goalkeeper_now()"""


async def explain_boards(session: AsyncSession, since: int) -> Sequence[Planned]:
    """Say which channels get a board, and why."""
    planned = []
    for each in await outbox.said_since(session, since, posting.BOARD):
        board = await queries.posted(session, each.facts["snapshot_id"])
        assert board is not None
        whose = board.team or "the company"
        why = "the month has ended" if board.kind is BoardKind.FINAL else "it's the weekday of boards"
        planned.append(Planned(each.to, f"{each.kind} {board.period} {whose}", why))
    return planned


_PLACES = text("""
SELECT name FROM teams WHERE channel IS NOT NULL
UNION ALL
SELECT 'the company' FROM workspaces WHERE id = goalkeeper_workspace() AND company_channel IS NOT NULL
 ORDER BY 1
""")


async def boards_coming(session: AsyncSession, now: datetime, _most: int) -> Sequence[Coming]:
    """List the next weekly boards."""
    here = await queries.settings(session)
    places = tuple((await session.execute(_PLACES)).scalars()) if here.schedule else ()
    if here.schedule is None or not places:
        return ()
    return [Coming(next_weekly(here.schedule, now), "leaderboard", places)]


POST_BOARDS = Job("boards", post_boards, _NEXT, explain_boards, boards_coming)
