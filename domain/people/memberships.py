"""Taking reps into teams and out of them: a fixed number of statements, however many people."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import TeamId

# Forms and rosters both plan on rows that the other may be about to change.
_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.roster', goalkeeper_workspace()))"
)
# New reps get this month's goals at the next tick.
_TICK_SOON = text("UPDATE workspaces SET tick_at = '-infinity' WHERE id = goalkeeper_workspace()")

_MANY = 100
_COUNT = text("SELECT goalkeeper_count_people()")

_TODAY = "(CAST(:now AS timestamptz) AT TIME ZONE u.zone)::date"
_PEOPLE = """
  FROM people u
"""
_REPS = """
  JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id
"""
_BECOME_REPS = text(f"""
INSERT INTO sales_reps (user_id, name, email, joined_on)
SELECT u.id, u.name, u.email, {_TODAY}
{_PEOPLE}
 WHERE u.slack_id = ANY(:slack_ids)
 ORDER BY u.id
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET is_active = true
 WHERE NOT sales_reps.is_active
""")
# Joining another team is a move. A new zone may put today before the day of the last move: the membership
# that began then ends at once, and the new one begins then, since the days before were spent in another team.
FIRST_DAY = """greatest({today}, (SELECT max(before.ended_on) FROM team_memberships before
                        WHERE before.workspace_id = r.workspace_id AND before.sales_rep_id = r.id))"""
"""SQL: the first day in the new team, given `today`, for a rep `r` whose other memberships have ended."""
_LEAVE_OTHERS = text(f"""
UPDATE current_memberships m SET ended_on = greatest(m.started_on, {_TODAY})
{_PEOPLE}{_REPS}
 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
   AND m.team_id <> :team_id AND u.slack_id = ANY(:slack_ids)
""")
_JOIN = text(f"""
INSERT INTO team_memberships (sales_rep_id, team_id, started_on)
SELECT r.id, :team_id, {FIRST_DAY.format(today=_TODAY)}
{_PEOPLE}{_REPS}
 WHERE u.slack_id = ANY(:slack_ids)
   AND NOT EXISTS (SELECT FROM current_memberships m
                    WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id)
 ORDER BY r.id
""")
_LEAVE = text(f"""
UPDATE current_memberships m SET ended_on = greatest(m.started_on, {_TODAY})
{_PEOPLE}{_REPS}
 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
   AND m.team_id = :team_id AND u.slack_id = ANY(:slack_ids)
""")
_ON_NO_TEAM = """
   AND u.slack_id = ANY(:slack_ids)
   AND NOT EXISTS (SELECT FROM current_memberships m
                    WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id)
"""
_REST = text(f"""
UPDATE sales_reps r SET is_active = false
  FROM users u
 WHERE u.workspace_id = r.workspace_id AND u.id = r.user_id AND r.is_active {_ON_NO_TEAM}
""")
# A rep who has been gone from Slack for long carries no goals, but would again on coming back.
_STAY_OUT = text(f"""
UPDATE rep_stints s SET ended_by_absence = false
  FROM sales_reps r
  JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
 WHERE s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id AND s.ended_by_absence {_ON_NO_TEAM}
""")


async def one_at_a_time(session: AsyncSession) -> None:
    """Wait until nobody else changes teams or takes in a roster; held until the transaction ends."""
    await session.execute(_ONE_AT_A_TIME)


async def count_if_many(session: AsyncSession, joining: int) -> None:
    """Refresh the planner's statistics on people if so many join that query plans depend on it."""
    if joining >= _MANY:
        await session.execute(_COUNT)


async def tick_soon(session: AsyncSession) -> None:
    """Ask for a tick at once, so that people who have just joined get their goals."""
    await session.execute(_TICK_SOON)


async def take_in(session: AsyncSession, now: datetime, team_id: TeamId, slack_ids: Collection[str]) -> None:
    """Put these users into the team, as of today in their zone: they leave any other, and now carry goals.

    A trigger begins a stint for everybody without an open one.
    """
    if not slack_ids:
        return
    values = {"now": now, "team_id": team_id, "slack_ids": list(slack_ids)}
    await session.execute(_BECOME_REPS, values)
    await count_if_many(session, len(slack_ids))
    await session.execute(_LEAVE_OTHERS, values)
    await session.execute(_JOIN, values)
    await count_if_many(session, len(slack_ids))
    await tick_soon(session)


async def take_out(session: AsyncSession, now: datetime, team_id: TeamId, slack_ids: Collection[str]) -> None:
    """Take these users out of the team, as of today in their zone; without a team they carry no goals."""
    if not slack_ids:
        return
    values = {"now": now, "team_id": team_id, "slack_ids": list(slack_ids)}
    await session.execute(_LEAVE, values)
    await session.execute(_REST, values)
    await session.execute(_STAY_OUT, values)
