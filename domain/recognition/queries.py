"""Every SELECT about achievements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId
from domain.periods import Period
from domain.recognition.model import AchievementId, AchievementType


@dataclass(frozen=True, slots=True)
class Award:
    """One achievement as it stands."""

    type: AchievementType
    period: Period
    step: int
    """The tier, or the length of the streak in months."""
    goal: Decimal | None
    actual: Decimal | None
    bonus_amount: Decimal
    """What a tier adds to the tier below it."""
    reached_on: date


@dataclass(frozen=True, slots=True)
class AchievementPost:
    """What a post of achievements says at the time of sending."""

    id: AchievementId
    rep: str
    rep_slack_id: str
    in_channel: bool
    """False: it goes to the rep alone."""
    awards: tuple[Award, ...]
    """What stands now; empty when a correction has taken everything back."""
    cheers: int
    shows_money: bool
    currency: str
    locale: str


_POST = text("""
SELECT r.name, u.slack_id, w.currency, w.locale, w.money_is_public,
       EXISTS (SELECT FROM outbox o
                WHERE o.subject = 'achievement' AND o.mode = 'post' AND o.part = lead.id::text
                  AND o.audience LIKE 'channel:%') AS in_channel,
       (SELECT count(*) FROM achievement_cheers c
         WHERE c.achievement_id = lead.id AND c.counts) AS cheers
  FROM goal_achievements lead
  JOIN sales_reps r ON r.workspace_id = lead.workspace_id AND r.id = lead.sales_rep_id
  JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
  JOIN workspaces w ON w.id = lead.workspace_id
 WHERE lead.id = :id AND lead.announced_in = lead.id
""")
_AWARDS = """
SELECT achievement_type, achievement_year, achievement_month, step, goal_value, actual_value, bonus_amount,
       achievement_date
  FROM goal_achievements
 WHERE reversed_at IS NULL AND {condition}
 ORDER BY achievement_year, achievement_month, achievement_type, step
"""
_AWARDS_OF_POST = text(_AWARDS.format(condition="announced_in = :id"))
_AWARDS_OF_REP = text(_AWARDS.format(condition="sales_rep_id = :sales_rep_id AND achievement_date >= :since"))


async def post(session: AsyncSession, achievement_id: int) -> AchievementPost | None:
    """Return what the post of this achievement says now; None if there is none."""
    row = (await session.execute(_POST, {"id": achievement_id})).one_or_none()
    if row is None:
        return None
    awards = await _awards(session, _AWARDS_OF_POST, id=achievement_id)
    return AchievementPost(
        id=AchievementId(achievement_id),
        rep=row.name,
        rep_slack_id=row.slack_id,
        in_channel=row.in_channel,
        awards=awards,
        cheers=row.cheers,
        shows_money=row.money_is_public or not row.in_channel,
        currency=row.currency,
        locale=row.locale,
    )


async def of_rep(session: AsyncSession, sales_rep_id: RepId, since: date) -> Sequence[Award]:
    """Return what a rep has achieved since this day and still stands, oldest first."""
    return await _awards(session, _AWARDS_OF_REP, sales_rep_id=sales_rep_id, since=since)


async def _awards(session: AsyncSession, statement: object, **keys: object) -> tuple[Award, ...]:
    rows = await session.execute(statement, keys)  # type: ignore[call-overload]
    return tuple(
        Award(
            type=AchievementType(row.achievement_type),
            period=Period.of_columns(row.achievement_year, row.achievement_month),
            step=row.step,
            goal=row.goal_value,
            actual=row.actual_value,
            bonus_amount=row.bonus_amount,
            reached_on=row.achievement_date,
        )
        for row in rows
    )
