"""Announcing achievements, and cheering for them. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.changes import Changed
from domain.outbox.service import edit_of, intent
from domain.people.model import UserId

ACHIEVEMENT = "recognition.achievement"
"""A post of what a rep has achieved; facts: achievement_id, the one whose post it is."""
JOINS_WITHIN = timedelta(minutes=5)
"""How long further achievements of a rep are added to the post of the first."""

# A rep's first achievement gets a post at once. What the same rep reaches within five minutes edits that post. The
# reps are locked first, so that two transactions agree on which achievement is the first.
_ANNOUNCE = text(f"""
WITH reps AS MATERIALIZED (
    SELECT r.id, r.user_id, r.on_public_boards
      FROM sales_reps r
     WHERE r.workspace_id = goalkeeper_workspace() AND r.id = ANY(:rep_ids)
     ORDER BY r.id
       FOR NO KEY UPDATE
), fresh AS MATERIALIZED (
    SELECT a.id, a.sales_rep_id
      FROM goal_achievements a
      JOIN reps ON reps.id = a.sales_rep_id
     WHERE a.workspace_id = goalkeeper_workspace()
       AND a.announced_in IS NULL AND a.reversed_at IS NULL AND NOT a.is_quiet
), posts AS MATERIALIZED (
    SELECT f.sales_rep_id, coalesce(recent.id, min(f.id)) AS id, recent.id IS NULL AS is_new
      FROM fresh f
      LEFT JOIN LATERAL (
          SELECT a.id
            FROM goal_achievements a
           WHERE a.workspace_id = goalkeeper_workspace() AND a.sales_rep_id = f.sales_rep_id
             AND a.announced_in = a.id
             AND a.announced_at > CAST(:now AS timestamptz) - CAST(:joins_within AS interval)
           ORDER BY a.announced_at DESC
           LIMIT 1
      ) AS recent ON true
     GROUP BY f.sales_rep_id, recent.id
), announced AS (
    UPDATE goal_achievements a
       SET announced_in = p.id, announced_at = CAST(:now AS timestamptz), is_shown = true
      FROM fresh f
      JOIN posts p USING (sales_rep_id)
     WHERE a.workspace_id = goalkeeper_workspace() AND a.id = f.id
    RETURNING a.id
), turned AS (
    UPDATE goal_achievements a
       SET is_shown = a.reversed_at IS NULL
      FROM reps
     WHERE a.workspace_id = goalkeeper_workspace() AND a.sales_rep_id = reps.id
       AND a.announced_in IS NOT NULL AND a.is_shown <> (a.reversed_at IS NULL)
    RETURNING a.announced_in AS id
), intents AS (
    SELECT p.id, {
    intent(
        mode="'post'",
        kind=f"'{ACHIEVEMENT}'",
        audience="coalesce('channel:' || team.channel, 'user:' || reps.user_id)",
        subject="'achievement'",
        sales_rep_id="reps.id",
        part="p.id::text",
        facts="jsonb_build_object('achievement_id', p.id)",
    )
} AS intent
      FROM posts p
      JOIN reps ON reps.id = p.sales_rep_id
      LEFT JOIN current_memberships cm ON cm.sales_rep_id = reps.id
      LEFT JOIN teams team ON team.id = cm.team_id AND reps.on_public_boards
     WHERE p.is_new
    UNION ALL
    SELECT o.id, {edit_of("o")}
      FROM outbox o
      JOIN (SELECT id FROM posts WHERE NOT is_new UNION SELECT id FROM turned) stale ON o.part = stale.id::text
     WHERE o.subject = 'achievement' AND o.mode = 'post'
)
SELECT goalkeeper_say(array_agg(intent ORDER BY id)) FROM intents
""")


async def announce(session: AsyncSession, now: datetime, changed: Sequence[Changed]) -> None:
    """Post what these reps have reached, and edit posts that name something else than what stands now."""
    await announce_of(session, now, sorted({each.sales_rep_id for each in changed}))


async def announce_of(session: AsyncSession, now: datetime, rep_ids: Sequence[int]) -> None:
    """Do so for these reps; one statement."""
    await session.execute(_ANNOUNCE, {"rep_ids": list(rep_ids), "now": now, "joins_within": JOINS_WITHIN})


@dataclass(frozen=True, slots=True)
class Cheered:
    """What a press on the cheers button did."""

    counts: bool
    """False: the person has taken their cheer back."""


_CHEER = text("""
INSERT INTO achievement_cheers AS c (achievement_id, user_id)
SELECT a.id, :user_id
  FROM goal_achievements a
 WHERE a.id = :achievement_id AND a.announced_in = a.id
    ON CONFLICT (workspace_id, achievement_id, user_id) DO UPDATE SET counts = NOT c.counts
RETURNING counts
""")
_EDIT_POST = text(f"""
SELECT goalkeeper_say(array_agg({edit_of("o")}))
  FROM outbox o
 WHERE o.subject = 'achievement' AND o.mode = 'post' AND o.part = :part
""")


async def cheer(session: AsyncSession, user_id: UserId, achievement_id: int) -> Cheered | None:
    """Count somebody's cheer, or take it back when it counts already; the post is edited.

    Return None if there is no such post.
    """
    counts = (
        await session.execute(_CHEER, {"user_id": user_id, "achievement_id": achievement_id})
    ).scalar_one_or_none()
    if counts is None:
        return None
    await session.execute(_EDIT_POST, {"part": str(achievement_id)})
    return Cheered(counts)


_RECOGNIZED = text("""
UPDATE goal_achievements
   SET recognized = true, recognition_type = :recognition_type
 WHERE workspace_id = goalkeeper_workspace() AND announced_in = :achievement_id
   AND NOT recognized AND reversed_at IS NULL
""")


async def recognize(session: AsyncSession, achievement_id: int, audience: str) -> None:
    """Note that the post with everything it names has been sent to `audience` (of the outbox)."""
    recognition_type = "channel" if audience.startswith("channel:") else "dm"
    await session.execute(
        _RECOGNIZED, {"achievement_id": achievement_id, "recognition_type": recognition_type}
    )
