"""Messages about goals: pure functions, each of which renders a post and all its edits."""

from decimal import Decimal

from babel.numbers import format_decimal
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Message, actions, button, context, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, last_minute, say
from bot.slack.wording import OPEN_GOAL_FORM, figures_line, goal_words
from domain.goals import queries, service
from domain.goals.figures import Figures
from domain.goals.queries import ChangeMade
from domain.goals.service import GoalSet, SetOutcome
from domain.money import format_money
from domain.people.model import RepId
from domain.people.rules import Person
from domain.periods import Period


def confirmation(change: ChangeMade) -> Message:
    """Render a rep's goals, and the person who set them if it wasn't the rep."""
    headline = _headline(change.period, change.figures, change.currency, change.locale)
    details = [detail for detail in (_author(change), _timeliness(change), _before(change)) if detail]
    blocks = [section(headline), *([context(*details)] if details else [])]
    if not change.past_deadline:
        # After the deadline goals are locked, so the button would only lead to a refusal.
        blocks.append(actions(button("Change goals", OPEN_GOAL_FORM, str(change.period))))
    return Message(Mrkdwn("\n".join([headline, *details])), blocks)


def changed_by_other(change: ChangeMade) -> Message:
    """Render the notice that somebody else changed the rep's goals, with the reason."""
    words = goal_words(change.period, change.locale)
    now = figures_line(change.figures, change.currency, change.locale)
    headline = say(
        "{who} changed your {words} goals to {now}.", who=change.by_name or "Somebody", words=words, now=now
    )
    details = [detail for detail in (_reason(change), _before(change)) if detail]
    return Message(Mrkdwn("\n".join([headline, *details])), [section(headline), context(*details)])


def saved(goal_set: GoalSet, person: Person) -> Message:
    """Render the answer to people who set their own goals: the goals now, and how to correct them."""
    figures = figures_line(goal_set.figures, person.currency, person.locale)
    words = goal_words(goal_set.period, person.locale)
    if goal_set.outcome is SetOutcome.UNCHANGED:
        headline = say(
            "Your {words} goals are {figures} already. Nothing to change.", words=words, figures=figures
        )
        return Message(headline, [section(headline)])
    headline = _headline(goal_set.period, goal_set.figures, person.currency, person.locale)
    footnote = say("Not what you meant? Type the line again, or `/goals set` for the form.")
    if goal_set.deadline and goal_set.in_time:
        until = last_minute(goal_set.deadline, person.zone, person.locale)
        footnote = say(
            "You can change them until {until}: type the line again, or `/goals set`.", until=until
        )
    elif goal_set.outcome is SetOutcome.SET and goal_set.deadline:
        footnote = say(
            "The deadline was {until}, so they count as late, and are locked from now on.",
            until=last_minute(goal_set.deadline, person.zone, person.locale),
        )
    return Message(Mrkdwn(f"{headline}\n{footnote}"), [section(headline), context(footnote)])


def saved_for(goal_set: GoalSet, rep: Person) -> Message:
    """Render the answer to the manager or admin who has set somebody else's goals."""
    text = say(
        "✅ {name}'s {words} goals are {figures} now. {name} has been told.",
        name=rep.name,
        words=goal_words(goal_set.period, rep.locale),
        figures=figures_line(goal_set.figures, rep.currency, rep.locale),
    )
    return Message(text, [section(text)])


def _headline(period: Period, figures: Figures, currency: str, locale: str) -> Mrkdwn:
    return say(
        "✅ *{words} goals set:* {figures}",
        words=goal_words(period, locale),
        figures=figures_line(figures, currency, locale),
    )


def _author(change: ChangeMade) -> Mrkdwn | None:
    if change.by_rep:
        return None
    done, who = "Changed" if change.before else "Set", change.by_name or "somebody"
    if change.reason is None:
        return say("{done} by {who}.", done=done, who=who)
    return say("{done} by {who}: “{why}”", done=done, who=who, why=change.reason)


def _reason(change: ChangeMade) -> Mrkdwn | None:
    return say("The reason: “{why}”", why=change.reason) if change.reason else None


def _timeliness(change: ChangeMade) -> Mrkdwn | None:
    if change.deadline is None:
        return _monthly_share(change)
    until = last_minute(change.deadline, change.zone, change.locale)
    if not change.past_deadline:
        return say("Set in time. You can change them until {until}.", until=until)
    how = "in time" if change.set_by_deadline else "late"
    return say("Set {how}: the deadline was {until}.", how=how, until=until)


def _monthly_share(year: ChangeMade) -> Mrkdwn:
    parts, months = [], year.months_carried or 12
    if year.figures.signups:
        signups = format_decimal(round(Decimal(year.figures.signups) / months, 2), locale=year.locale)
        parts.append(f"{signups} signups")
    if year.figures.revenue:
        parts.append(format_money(round(year.figures.revenue / months, 2), year.currency, year.locale))
    return say("That is {target} a month.", target=" and ".join(parts))


def _before(change: ChangeMade) -> Mrkdwn | None:
    if change.before is None:
        return None
    return say("Before: {figures}.", figures=figures_line(change.before, change.currency, change.locale))


async def _confirmation(session: AsyncSession, facts: Facts) -> ChangeMade | None:
    return await queries.last_change(session, RepId(facts["sales_rep_id"]), Period.parse(facts["goal"]))


async def _changed_by_other(session: AsyncSession, facts: Facts) -> ChangeMade | None:
    return await queries.change(session, facts["change_id"])


RENDERERS = {
    service.CONFIRMATION: Renderer(_confirmation, confirmation),
    service.CHANGED_BY_OTHER: Renderer(_changed_by_other, changed_by_other),
}
