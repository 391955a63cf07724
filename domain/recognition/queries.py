"""Every SELECT about achievements and badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.model import Unit
from domain.people.model import RepId
from domain.periods import Period
from domain.recognition.announcing import post_topic
from domain.recognition.model import (
    AchievementId,
    AchievementType,
    BadgeId,
    BadgePeriod,
    BadgeRuleId,
    PostId,
)
from domain.rows import rows


@dataclass(frozen=True, slots=True)
class Award:
    """One achievement as it stands."""

    id: AchievementId
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
class BadgeAward:
    """One badge as it stands."""

    id: BadgeId
    title: str
    description: str | None
    icon: str
    value: Decimal | None
    given_by: str | None
    """Name of the person who gave it; None for a rule's."""
    given_on: date


@dataclass(frozen=True, slots=True)
class AchievementPost:
    """What a post of achievements says at the time of sending."""

    id: PostId
    rep: str
    in_channel: bool
    """False: it goes to the rep alone."""
    awards: tuple[Award, ...]
    """What stands now; with `badges` empty when a correction has taken everything back."""
    badges: tuple[BadgeAward, ...]
    cheers: int
    shows_money: bool
    currency: str
    locale: str


# A post that hasn't been sent yet and names nothing any more isn't wanted. It is sent if it names something
# again.
_POST = text(f"""
SELECT r.name, w.currency, w.locale, w.money_is_public, sent.in_channel, sent.is_waiting,
       (SELECT count(*) FROM achievement_cheers c
         WHERE c.workspace_id = p.workspace_id AND c.post_id = p.id AND c.counts) AS cheers
  FROM recognition_posts p
  JOIN sales_reps r ON r.workspace_id = p.workspace_id AND r.id = p.sales_rep_id
  JOIN workspaces w ON w.id = p.workspace_id
 CROSS JOIN LATERAL (
     SELECT coalesce(bool_or(o.audience LIKE 'channel:%'), false) AS in_channel,
            coalesce(bool_or(o.status <> 'sent'), true) AS is_waiting
       FROM outbox o
      WHERE o.workspace_id = p.workspace_id AND o.topic = {post_topic("p")} AND o.mode = 'post'
        AND o.status <> 'cancelled'
 ) AS sent
 WHERE p.id = :id
""")
_AWARDS = """
SELECT a.id, a.achievement_type AS type, a.achievement_year AS "period.year",
       a.achievement_month AS "period.month", a.step, a.goal_value AS goal, a.actual_value AS actual,
       a.bonus_amount, a.achievement_date AS reached_on
  FROM goal_achievements a
 WHERE a.reversed_at IS NULL AND {condition}
 ORDER BY a.achievement_year, a.achievement_month, a.achievement_type, a.step
"""
_AWARDS_OF_POST = text(_AWARDS.format(condition="a.announced_in = :id"))
_AWARDS_OF_REP = text(
    _AWARDS.format(condition="a.sales_rep_id = :sales_rep_id AND a.achievement_date >= :since")
)
_BADGES = """
SELECT b.id, b.title, b.description, b.badge_icon AS icon, b.achievement_value AS value,
       giver.name AS given_by, (b.achieved_at AT TIME ZONE w.time_zone)::date AS given_on
  FROM achievements b
  JOIN workspaces w ON w.id = b.workspace_id
  LEFT JOIN users giver ON giver.workspace_id = b.workspace_id AND giver.id = b.given_by
 WHERE b.reversed_at IS NULL AND {condition}
 ORDER BY b.achieved_at, b.id
"""
_BADGES_OF_POST = text(_BADGES.format(condition="b.announced_in = :id"))
_BADGES_OF_REP = text(
    _BADGES.format(
        condition="b.user_id = (SELECT r.user_id FROM sales_reps r WHERE r.id = :sales_rep_id) "
        "AND b.achieved_at >= :since"
    )
)


async def post(session: AsyncSession, post_id: int) -> AchievementPost | None:
    """Return what this post says now; None if there is none, or nothing to say in it."""
    row = (await session.execute(_POST, {"id": post_id})).one_or_none()
    if row is None:
        return None
    awards = await _awards(session, _AWARDS_OF_POST, id=post_id)
    badges = tuple(await rows(session, _BADGES_OF_POST, BadgeAward, id=post_id))
    if row.is_waiting and not awards and not badges:
        return None
    return AchievementPost(
        id=PostId(post_id),
        rep=row.name,
        in_channel=row.in_channel,
        awards=awards,
        badges=badges,
        cheers=row.cheers,
        shows_money=row.money_is_public or not row.in_channel,
        currency=row.currency,
        locale=row.locale,
    )


async def of_rep(session: AsyncSession, sales_rep_id: RepId, since: date) -> Sequence[Award]:
    """Return what a rep has achieved since this day and still stands, oldest first."""
    return await _awards(session, _AWARDS_OF_REP, sales_rep_id=sales_rep_id, since=since)


async def badges_of_rep(session: AsyncSession, sales_rep_id: RepId, since: date) -> Sequence[BadgeAward]:
    """Return the badges that a rep has got since this day and still has, oldest first."""
    return await rows(session, _BADGES_OF_REP, BadgeAward, sales_rep_id=sales_rep_id, since=since)


async def _awards(session: AsyncSession, statement: TextClause, **keys: object) -> tuple[Award, ...]:
    return tuple(await rows(session, statement, Award, **keys))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by which badges are given."""

    id: BadgeRuleId
    title: str
    description: str | None
    icon: str
    label: str
    """The metric's."""
    unit: Unit
    period_kind: BadgePeriod
    threshold: Decimal
    each_period: bool


_RULES = text("""
SELECT b.id, b.title, b.description, b.badge_icon AS icon, coalesce(m.label, b.metric) AS label,
       coalesce(m.unit, 'count') AS unit, b.period_kind, b.threshold, b.each_period
  FROM badge_rules b
  LEFT JOIN metrics m ON m.workspace_id = b.workspace_id AND m.code = b.metric
 WHERE b.ended_at IS NULL
 ORDER BY b.id
""")


async def rules(session: AsyncSession) -> Sequence[Rule]:
    """Return the rules that give badges now, oldest first."""
    return await rows(session, _RULES, Rule)


_IS_PUBLIC = text("SELECT on_public_boards FROM sales_reps WHERE id = :sales_rep_id")


async def is_public(session: AsyncSession, sales_rep_id: RepId) -> bool:
    """Return True if posts and boards in channels may name this rep."""
    public: bool = (await session.execute(_IS_PUBLIC, {"sales_rep_id": sales_rep_id})).scalar_one()
    return public
