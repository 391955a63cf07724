"""Announcing: what reps have achieved goes into the outbox, and posts are edited when it is taken away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.changes import Changed
from domain.outbox.service import edit_of, intent

ACHIEVEMENT = "recognition.achievement"
"""A post of what a rep has achieved; facts: post_id."""
JOINS_WITHIN = timedelta(minutes=5)
"""How long further achievements of a rep are added to the last post."""


def post_topic(post: str) -> str:
    """SQL: the topic of this row of `recognition_posts`."""
    return f"goalkeeper_topic('achievement', {post}.sales_rep_id, NULL, NULL, NULL, {post}.id::text)"


# A rep's first achievement gets a post at once. What the same rep reaches within five minutes edits that
# post. Rows that another transaction holds are left to it, so nothing is posted twice. A frozen month is
# settled, so its achievements are posted no more.
_ANNOUNCE = text(f"""
WITH reps AS MATERIALIZED (
    SELECT r.workspace_id, r.id, r.user_id, r.on_public_boards
      FROM sales_reps r
     WHERE r.workspace_id = goalkeeper_workspace() AND r.id = ANY(:rep_ids)
), reached AS MATERIALIZED (
    SELECT a.id, a.sales_rep_id
      FROM goal_achievements a
      LEFT JOIN rep_monthly_goals m ON m.workspace_id = a.workspace_id AND m.id = a.monthly_goal_id
      LEFT JOIN rep_yearly_goals y ON y.workspace_id = a.workspace_id AND y.id = a.yearly_goal_id
     WHERE a.workspace_id = goalkeeper_workspace() AND a.sales_rep_id = ANY(:rep_ids)
       AND a.announced_in IS NULL AND a.reversed_at IS NULL AND NOT a.is_quiet AND NOT a.recognized
       AND m.frozen_at IS NULL AND y.frozen_at IS NULL
     ORDER BY a.id
       FOR NO KEY UPDATE OF a SKIP LOCKED
), badges AS MATERIALIZED (
    SELECT b.id, reps.id AS sales_rep_id
      FROM achievements b
      JOIN reps ON reps.workspace_id = b.workspace_id AND reps.user_id = b.user_id
     WHERE b.workspace_id = goalkeeper_workspace()
       AND b.announced_in IS NULL AND b.reversed_at IS NULL AND NOT b.recognized
     ORDER BY b.id
       FOR NO KEY UPDATE OF b SKIP LOCKED
), fresh AS MATERIALIZED (
    SELECT sales_rep_id FROM reached UNION SELECT sales_rep_id FROM badges
), recent AS MATERIALIZED (
    SELECT DISTINCT ON (p.sales_rep_id) p.id, p.sales_rep_id
      FROM recognition_posts p
      JOIN fresh USING (sales_rep_id)
     WHERE p.workspace_id = goalkeeper_workspace()
       AND p.announced_at > CAST(:now AS timestamptz) - CAST(:joins_within AS interval)
       AND p.announced_at <= CAST(:now AS timestamptz)
     ORDER BY p.sales_rep_id, p.announced_at DESC, p.id DESC
), added AS (
    INSERT INTO recognition_posts (sales_rep_id, announced_at)
    SELECT sales_rep_id, CAST(:now AS timestamptz)
      FROM fresh
     WHERE sales_rep_id NOT IN (SELECT sales_rep_id FROM recent)
     ORDER BY sales_rep_id
    RETURNING id, sales_rep_id
), posts AS MATERIALIZED (
    SELECT id, sales_rep_id FROM recent UNION ALL SELECT id, sales_rep_id FROM added
), announced_goals AS (
    UPDATE goal_achievements a
       SET announced_in = p.id, is_shown = true
      FROM reached
      JOIN posts p USING (sales_rep_id)
     WHERE a.workspace_id = goalkeeper_workspace() AND a.id = reached.id
), announced_badges AS (
    UPDATE achievements b
       SET announced_in = p.id, is_shown = true
      FROM badges
      JOIN posts p USING (sales_rep_id)
     WHERE b.workspace_id = goalkeeper_workspace() AND b.id = badges.id
), turned_goals AS (
    UPDATE goal_achievements a
       SET is_shown = a.reversed_at IS NULL
     WHERE a.workspace_id = goalkeeper_workspace() AND a.sales_rep_id = ANY(:rep_ids)
       AND a.announced_in IS NOT NULL AND a.is_shown <> (a.reversed_at IS NULL)
    RETURNING a.announced_in AS id
), turned_badges AS (
    UPDATE achievements b
       SET is_shown = b.reversed_at IS NULL
      FROM reps
     WHERE b.workspace_id = goalkeeper_workspace() AND b.user_id = reps.user_id
       AND b.announced_in IS NOT NULL AND b.is_shown <> (b.reversed_at IS NULL)
    RETURNING b.announced_in AS id
), stale AS MATERIALIZED (
    SELECT p.workspace_id, p.id, p.sales_rep_id
      FROM recognition_posts p
      JOIN (SELECT id FROM recent UNION SELECT id FROM turned_goals UNION SELECT id FROM turned_badges) t
        USING (id)
     WHERE p.workspace_id = goalkeeper_workspace()
), intents AS (
    SELECT p.id, {
    intent(
        mode="'post'",
        kind=f"'{ACHIEVEMENT}'",
        audience="coalesce('channel:' || team.channel, 'user:' || reps.user_id)",
        subject="'achievement'",
        sales_rep_id="p.sales_rep_id",
        part="p.id::text",
        facts="jsonb_build_object('post_id', p.id)",
    )
} AS intent
      FROM added p
      JOIN reps ON reps.id = p.sales_rep_id
      LEFT JOIN current_memberships cm ON cm.sales_rep_id = reps.id AND cm.workspace_id = reps.workspace_id
      LEFT JOIN current_teams team
        ON team.id = cm.team_id AND team.workspace_id = reps.workspace_id AND reps.on_public_boards
    UNION ALL
    SELECT o.part_id, {edit_of("o")}
      FROM (SELECT DISTINCT ON (o.topic) o.*, p.id AS part_id
              FROM stale p
              JOIN outbox o ON o.workspace_id = p.workspace_id AND o.topic = {post_topic("p")}
             WHERE o.mode = 'post'
             ORDER BY o.topic, o.id DESC) AS o
)
SELECT goalkeeper_say(array_agg(intent ORDER BY id)) FROM intents
""")


async def announce(session: AsyncSession, now: datetime, changed: Sequence[Changed]) -> None:
    """Post what these reps have achieved, and edit posts that name something else than what stands now."""
    rep_ids = {each.sales_rep_id for each in changed if each.figures_changed}
    if rep_ids:
        await announce_of(session, now, sorted(rep_ids))


async def announce_of(session: AsyncSession, now: datetime, rep_ids: Sequence[int]) -> None:
    """Do so for these reps; one statement."""
    await session.execute(_ANNOUNCE, {"rep_ids": list(rep_ids), "now": now, "joins_within": JOINS_WITHIN})
