"""Cheering for posts, noting what was really posted, and staying out of public. Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.service import edit_of
from domain.people.model import RepId, UserId
from domain.recognition.announcing import post_topic
from domain.recognition.model import AchievementId, BadgeId, RecognitionType

_CHEER = text("""
INSERT INTO achievement_cheers AS c (post_id, user_id)
SELECT p.id, :user_id FROM recognition_posts p WHERE p.id = :post_id
    ON CONFLICT (workspace_id, post_id, user_id) DO UPDATE SET counts = NOT c.counts
RETURNING counts
""")
_EDIT_POST = text(f"""
SELECT goalkeeper_say(array_agg({edit_of("o")}))
  FROM (SELECT o.*
          FROM recognition_posts p
          JOIN outbox o ON o.workspace_id = p.workspace_id AND o.topic = {post_topic("p")}
         WHERE p.id = :post_id AND o.mode = 'post'
         ORDER BY o.id DESC LIMIT 1) AS o
""")


async def cheer(session: AsyncSession, user_id: UserId, post_id: int) -> bool | None:
    """Count somebody's cheer, or take it back if it counts already; return whether it counts now.

    The post is edited. Return None if there is no such post.
    """
    cheered = await session.execute(_CHEER, {"user_id": user_id, "post_id": post_id})
    counts: bool | None = cheered.scalar_one_or_none()
    if counts is not None:
        await session.execute(_EDIT_POST, {"post_id": post_id})
    return counts


_RECOGNIZED = """
UPDATE {table}
   SET recognized = true, recognition_type = :recognition_type
 WHERE id = ANY(:ids) AND NOT recognized
"""
_RECOGNIZED_GOALS = text(_RECOGNIZED.format(table="goal_achievements"))
_RECOGNIZED_BADGES = text(_RECOGNIZED.format(table="achievements"))


async def recognize(
    session: AsyncSession,
    achievements: Sequence[AchievementId],
    badges: Sequence[BadgeId],
    recognition_type: RecognitionType,
) -> None:
    """Note that a post that names these was sent."""
    for statement, ids in ((_RECOGNIZED_GOALS, achievements), (_RECOGNIZED_BADGES, badges)):
        if ids:
            await session.execute(statement, {"ids": list(ids), "recognition_type": recognition_type.value})


_APPEAR = text("UPDATE sales_reps SET on_public_boards = :public WHERE id = :sales_rep_id")


async def appear_in_public(session: AsyncSession, sales_rep_id: RepId, *, public: bool) -> None:
    """Have posts and boards in channels name this rep from now on, or leave them out."""
    await session.execute(_APPEAR, {"sales_rep_id": sales_rep_id, "public": public})
