"""What Goalkeeper says about achievements: pure functions, one for post and edit alike."""

from decimal import Decimal
from typing import Any, assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, escape, say
from bot.slack.wording import goal_words
from domain.money import format_count, format_money
from domain.outbox.delivery import Claimed
from domain.recognition import announcing, queries, service
from domain.recognition.model import AchievementType, RecognitionType
from domain.recognition.queries import AchievementPost, Award, BadgeAward

CHEER = "recognition.cheer"
"""Button: cheers for the post whose achievement is the value; a second press takes the cheer back."""

_ORDER = (
    AchievementType.PERFECT_MONTH,
    AchievementType.YEARLY_SIGNUPS,
    AchievementType.YEARLY_REVENUE,
    AchievementType.MONTHLY_SIGNUPS,
    AchievementType.MONTHLY_REVENUE,
    AchievementType.TIER,
    AchievementType.STREAK,
)
"""What a post tells first."""


def achievement(post: AchievementPost) -> Message:
    """Render everything a post names: the highest tier alone, all else in order of weight."""
    awards = _told(post.awards)
    if not awards and not post.badges:
        return _corrected(post)
    whose = say("*{rep}*", rep=post.rep) if post.in_channel else Mrkdwn("You")
    if awards:
        lines = [Mrkdwn(f"🎉 {whose} {_deed(awards[0], post)}")]
        lines += [Mrkdwn(f"{_icon(award)} {_detail(award, post)}") for award in awards]
        lines += [_badge(badge) for badge in post.badges]
    else:
        first, *others = post.badges
        earned = say("earned the badge “{title}”!", title=first.title)
        lines = [Mrkdwn(f"{escape(first.icon)} {whose} {earned}")]
        lines += [word for word in [_word(first)] if word]
        lines += [_badge(badge) for badge in others]
    text = Mrkdwn("\n".join(lines))
    blocks: list[Block] = [section(text)]
    if post.in_channel:
        blocks.append(actions(button(_cheers(post.cheers), CHEER, str(post.id))))
    return Message(text, blocks)


def _corrected(post: AchievementPost) -> Message:
    whose = say("{rep}'s", rep=post.rep) if post.in_channel else Mrkdwn("Your")
    text = Mrkdwn(f"{whose} numbers were corrected, so this one is still to come.")
    return Message(text, [section(text)])


def _badge(badge: BadgeAward) -> Mrkdwn:
    said = say("{icon} Badge “{title}”", icon=badge.icon, title=badge.title)
    word = _word(badge)
    return Mrkdwn(f"{said}: {word}") if word else said


def _word(badge: BadgeAward) -> Mrkdwn:
    """Return why it was given, and by whom; empty for a rule that says nothing."""
    giver = say("from {giver}", giver=badge.given_by) if badge.given_by else Mrkdwn("")
    if not badge.description:
        return giver
    return Mrkdwn(f"{escape(badge.description)}{f' ({giver})' if giver else ''}")


def _told(awards: tuple[Award, ...]) -> list[Award]:
    tiers = [award for award in awards if award.type is AchievementType.TIER]
    highest = max(tiers, key=lambda award: award.step, default=None)
    told = [award for award in awards if award.type is not AchievementType.TIER or award is highest]
    return sorted(told, key=lambda award: (_ORDER.index(award.type), award.period))


def _deed(award: Award, post: AchievementPost) -> Mrkdwn:
    words = goal_words(award.period, post.locale)
    match award.type:
        case AchievementType.PERFECT_MONTH:
            return say("had a perfect {words}!", words=words)
        case AchievementType.YEARLY_SIGNUPS | AchievementType.YEARLY_REVENUE:
            return say("made the goal for all of {words}!", words=words)
        case AchievementType.MONTHLY_SIGNUPS | AchievementType.MONTHLY_REVENUE:
            return say("made the {words} goal!", words=words)
        case AchievementType.TIER:
            return say("reached bonus tier {tier}!", tier=award.step)
        case AchievementType.STREAK:
            return say("made {months} months in a row!", months=award.step)
        case _:
            assert_never(award.type)


def _detail(award: Award, post: AchievementPost) -> Mrkdwn:
    words = goal_words(award.period, post.locale)
    match award.type:
        case AchievementType.PERFECT_MONTH:
            return say("Perfect month: goals set in time, both made, and the bonus tier reached")
        case AchievementType.MONTHLY_SIGNUPS | AchievementType.YEARLY_SIGNUPS:
            return say(
                "{words} signups: {actual} of {goal}",
                words=words,
                actual=format_count(int(award.actual or 0), post.locale),
                goal=format_count(int(award.goal or 0), post.locale),
            )
        case AchievementType.MONTHLY_REVENUE | AchievementType.YEARLY_REVENUE:
            return _revenue(award, post)
        case AchievementType.TIER:
            return _tier(award, post)
        case AchievementType.STREAK:
            return say("A streak of {months} months", months=award.step)
        case _:
            assert_never(award.type)


def _revenue(award: Award, post: AchievementPost) -> Mrkdwn:
    words = goal_words(award.period, post.locale)
    if not post.shows_money:
        return say("{words} revenue goal made", words=words)
    return say(
        "{words} revenue: {actual} of {goal}",
        words=words,
        actual=format_money(award.actual or Decimal(0), post.currency, post.locale),
        goal=format_money(award.goal or Decimal(0), post.currency, post.locale),
    )


def _tier(award: Award, post: AchievementPost) -> Mrkdwn:
    unlocked = [one for one in post.awards if one.type is AchievementType.TIER]
    adds = sum((one.bonus_amount for one in unlocked), Decimal(0))
    if not post.shows_money or not adds:
        return say("Bonus tier {tier} unlocked", tier=award.step)
    return say(
        "Bonus tier {tier} unlocked: {adds} more",
        tier=award.step,
        adds=format_money(adds, post.currency, post.locale),
    )


def _icon(award: Award) -> str:
    match award.type:
        case AchievementType.PERFECT_MONTH:
            return "💎"
        case AchievementType.MONTHLY_SIGNUPS | AchievementType.YEARLY_SIGNUPS:
            return "🎯"
        case AchievementType.MONTHLY_REVENUE | AchievementType.YEARLY_REVENUE:
            return "💰"
        case AchievementType.TIER:
            return "🏅"
        case AchievementType.STREAK:
            return "🔥"
        case _:
            assert_never(award.type)


def _cheers(count: int) -> str:
    return f"🎉 {count}" if count else "🎉 Cheer"


async def _load(session: AsyncSession, facts: Facts) -> AchievementPost | None:
    return await queries.post(session, facts["post_id"])


async def _said(session: AsyncSession, _intent: Claimed, post: AchievementPost) -> None:
    place = RecognitionType.CHANNEL if post.in_channel else RecognitionType.DM
    awards, badges = [award.id for award in post.awards], [badge.id for badge in post.badges]
    await service.recognize(session, awards, badges, place)


RENDERERS: dict[str, Renderer[Any]] = {
    announcing.ACHIEVEMENT: Renderer(_load, achievement, said=_said),
}
