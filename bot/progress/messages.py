"""The progress card, and the lines with which `/goals` alone begins: pure functions."""

from datetime import datetime
from decimal import Decimal

from bot.progress.charts import chart, text_blocks
from bot.progress.wording import (
    ENTRIES,
    RepShown,
    bar,
    days_words,
    figures_toward,
    month_words,
    needed_words,
    verdict_words,
    worst,
)
from bot.slack.blocks import Block, Message, actions, button, context, section
from bot.slack.text import Mrkdwn, last_minute, say
from bot.slack.wording import OPEN_GOAL_FORM, goal_value, time_left
from domain.activity.model import REVENUE, SIGNUPS
from domain.periods import Kind, Period
from domain.progress.card import Progress, State
from domain.progress.queries import Count, MonthRow
from domain.progress.rules import MetricPace, MonthOutcome, NextTier, Pace

CARD = "progress.card.open"
"""Button: shows the progress card of the rep in its value."""
HISTORY = "progress.history.open"
"""Button: shows the past months before the one in its value."""

OUTCOMES = {
    MonthOutcome.MADE: "✅ made",
    MonthOutcome.MISSED: "not made",
    MonthOutcome.NOT_SET: "goals not set",
    MonthOutcome.OPTIONAL: "no goals needed",
    MonthOutcome.CLOSED: "closed early",
}


def about(period: Period, slack_id: str) -> str:
    """Return the value of a button about a rep's month."""
    return f"{period}:{slack_id}"


def card(of: Progress, shown: RepShown, now: datetime) -> Message:
    """Render how a rep stands in a month, with charts where there is something to draw."""
    lines = [_headline(of, shown), *_body(of, shown, now)]
    small = [line for line in (_trend(of, shown), _others(of, shown)) if line]
    bars = text_blocks(of.burn_ups, shown)
    blocks = [section(line) for line in lines]
    end: list[Block] = [*([context(*small)] if small else []), _card_buttons(of, shown)]
    said = [*lines, *(block["text"]["text"] for block in bars), *small]
    return Message(
        Mrkdwn("\n".join(said)),
        [*blocks, *(chart(each, shown) for each in of.burn_ups), *end],
        [*blocks, *bars, *end] if bars else (),
    )


def _headline(of: Progress, shown: RepShown) -> Mrkdwn:
    name = month_words(of.period) if of.state is not State.OVER else f"{of.period.start:%B %Y}"
    title = say("*{whose} {month}*", whose=shown.whose, month=name)
    if of.pace is not None:
        days = of.pace.days
        left = days_words(days.left, days.by) if days.left else f"no {days_words(0, days.by)}"
        return Mrkdwn(f"{title} · {left} left")
    if of.state is State.OVER and of.standing.month is not None:
        return Mrkdwn(f"{title} · {OUTCOMES[of.standing.month.outcome]}")
    return title


def _body(of: Progress, shown: RepShown, now: datetime) -> list[Mrkdwn]:
    month = of.standing.month
    if month is None:
        return _not_open(of, shown)
    if of.pace is None:
        done = figures_toward(month, shown, with_goals=month.is_set)
        lines = [say("So far: {done}." if of.state is State.NOT_SET else "{done}", done=done)]
        if of.state is State.NOT_SET:
            lines.insert(0, not_set(month, of.period, shown, now))
    else:
        lines = [_metric(each, of.pace, of.period, shown) for each in of.pace.metrics]
        lines += _without_goal(month, shown)
    return [*lines, *_tier(month, of.tier, shown), *_year(of, shown)]


def _not_open(of: Progress, shown: RepShown) -> list[Mrkdwn]:
    """Render a month without a row: it opens soon, or nobody carried goals in it."""
    if of.standing.today not in of.period:
        return [say("There are no goals for this month.")]
    line = say("{whose} {month} goals aren't set yet.", whose=shown.whose, month=month_words(of.period))
    done = [shown.amount(metric, amount) for metric, amount in of.so_far.items() if amount]
    return [line, say("So far: {done}.", done=" · ".join(done))] if done else [line]


def not_set(month: MonthRow, period: Period, shown: RepShown, now: datetime) -> Mrkdwn:
    """Say that a month's goals aren't set, and until when they can be."""
    rep, words = shown.rep, month_words(period)
    line = say("{whose} {month} goals aren't set yet.", whose=shown.whose, month=words)
    if month.is_optional:
        return Mrkdwn(f"{line} {say('They are optional this month.')}")
    until = last_minute(month.deadline, rep.zone, rep.locale)
    if now < month.deadline:
        due = say("They're due {until} ({left} left).", until=until, left=time_left(now, month.deadline))
    else:
        due = say("They were due {until}, and can still be set.", until=until)
    return Mrkdwn(f"{line} {due}")


def _metric(paced: MetricPace, of: Pace, period: Period, shown: RepShown) -> Mrkdwn:
    noun = "Signups" if paced.metric == SIGNUPS else "Revenue"
    done = shown.bare(paced.metric, paced.actual)
    goal = shown.bare(paced.metric, paced.goal)
    to_go = filter(None, (needed_words(paced, of.days, shown), _projected(paced, period, shown)))
    return say(
        "*{noun}:* {done} of {goal} ({percent})\n{bar}\n{verdict}\n{to_go}",
        noun=noun,
        done=done,
        goal=goal,
        percent=shown.percent(paced.actual, paced.goal),
        bar=bar(paced.actual, paced.goal),
        verdict=verdict_words(paced, of.days, shown),
        to_go=" ".join(to_go),
    )


def _projected(paced: MetricPace, period: Period, shown: RepShown) -> str | None:
    if paced.projection is None:
        return None
    end = "the year's end" if period.kind is Kind.YEAR else f"the end of {month_words(period)}"
    return f"At this rate: {shown.about(paced.metric, paced.projection)} by {end}."


def _without_goal(month: MonthRow, shown: RepShown) -> list[Mrkdwn]:
    figures = (("Signups", SIGNUPS, month.signups, month.signup_goal),
               ("Revenue", REVENUE, month.revenue, month.revenue_goal))  # fmt: skip
    return [
        say("*{noun}:* {amount}, with no goal", noun=noun, amount=shown.bare(metric, actual))
        for noun, metric, actual, goal in figures
        if not goal and actual
    ]


def _tier(month: MonthRow, following: NextTier | None, shown: RepShown) -> list[Mrkdwn]:
    said = []
    if month.tier:
        worth = f", worth {shown.money(month.bonus_amount)}" if month.bonus_amount else ""
        said.append(f"tier {month.tier} reached{worth}.")
    if following is not None:
        away = shown.amount(SIGNUPS, following.signups_missing)
        worth = f", and worth {shown.money(following.amount)}" if following.amount else ""
        said.append(f"{'Tier' if said else 'tier'} {following.number} is {away} away{worth}.")
    if month.is_set and month.tier_goal > month.tier:
        whose = "Your" if shown.is_own else "The"
        said.append(f"{whose} goal is tier {month.tier_goal}.")
    return [say("*Bonus:* {said}", said=" ".join(said))] if said else []


def _year(of: Progress, shown: RepShown) -> list[Mrkdwn]:
    year, paced = of.standing.year, of.year_pace
    if year is None or paced is None or not paced.metrics:
        return []
    figures = figures_toward(year, shown, with_goals=True)
    lines = [figures]
    if furthest := worst(paced):
        lines.append(verdict_words(furthest, paced.days, shown))
    ends = [
        shown.about(each.metric, each.projection) for each in paced.metrics if each.projection is not None
    ]
    if ends:
        lines.append(f"At this rate: {' and '.join(ends)} by the year's end.")
    return [say("*{year}:* {lines}", year=of.period.start.year, lines="\n".join(lines))]


def _trend(of: Progress, shown: RepShown) -> Mrkdwn | None:
    month = of.standing.month
    if month is None or not of.before:
        return None
    now = {SIGNUPS: Decimal(month.signups), REVENUE: month.revenue}
    said = [
        _compared(metric, now[metric], then, shown)
        for metric, then in of.before.items()
        if then or now[metric]
    ]
    last = month_words(of.period.previous)
    return say("At this point in {last}: {said}.", last=last, said=" · ".join(said)) if said else None


def _compared(metric: str, now: Decimal, then: Decimal, shown: RepShown) -> str:
    difference = now - then
    if not difference:
        return f"{shown.amount(metric, then)}, the same as now"
    more = "more" if difference > 0 else "fewer" if metric == SIGNUPS else "less"
    return f"{shown.amount(metric, then)}, so {shown.bare(metric, abs(difference))} {more} now"


def _others(of: Progress, shown: RepShown) -> Mrkdwn | None:
    said = [f"{each.label}: {shown.of_unit(each.unit, each.amount)}" for each in of.others]
    return say("Also this month: {said}", said=" · ".join(said)) if said else None


def _card_buttons(of: Progress, shown: RepShown) -> Block:
    value = about(of.period, shown.rep.slack_id)
    buttons = [
        button("See entries", ENTRIES, value),
        button("Past months", HISTORY, value),
    ]
    if of.state in (State.NOT_SET, State.NOT_OPEN) and of.standing.today in of.period:
        whose = None if shown.is_own else shown.rep.slack_id
        buttons.insert(0, button("Set goals", OPEN_GOAL_FORM, goal_value(of.period, whose), style="primary"))
    return actions(*buttons)


def where_i_stand(of: Progress, shown: RepShown, now: datetime) -> tuple[Mrkdwn, list[Block]]:
    """Render a rep's own month in two lines, with the button for what comes next."""
    month, words = of.standing.month, month_words(of.period)
    value = about(of.period, shown.rep.slack_id)
    see = button("See progress", CARD, value)
    set_goals = button("Set goals", OPEN_GOAL_FORM, goal_value(of.period), style="primary")
    if month is None:
        text = Mrkdwn("\n".join(_not_open(of, shown)))
        return text, [section(text), actions(set_goals, see)]
    if of.state is State.NOT_SET or of.pace is None:
        text = not_set(month, of.period, shown, now)
        if month.signups or month.revenue:
            done = figures_toward(month, shown, with_goals=False)
            text = Mrkdwn(text + say("\nSo far: {done}.", done=done))
        return text, [section(text), actions(set_goals, see)]
    figures = figures_toward(month, shown, with_goals=True)
    text = say(
        "*Your {month}:* {figures}\n{missing}", month=words, figures=figures, missing=_missing(of.pace, shown)
    )
    if now >= month.deadline:
        return text, [section(text), actions(see)]
    until = last_minute(month.deadline, shown.rep.zone, shown.rep.locale)
    text = Mrkdwn(text + say("\nYou can change your goals until {until}.", until=until))
    return text, [section(text), actions(see, button("Change goals", OPEN_GOAL_FORM, goal_value(of.period)))]


def _missing(of: Pace, shown: RepShown) -> str:
    furthest = worst(of)
    if furthest is None or all(each.missing == 0 for each in of.metrics):
        return "✅ You've made your goals."
    to_go = [needed_words(each, of.days, shown) for each in of.metrics]
    return "\n".join([verdict_words(furthest, of.days, shown), " ".join(filter(None, to_go))])


def how_many(whose: str, count: Count) -> Mrkdwn:
    """Render how many of some reps have set and made this month's goals."""
    if not count.reps:
        return say("*{whose}:* nobody has goals this month.", whose=whose)
    return say(
        "*{whose}:* {set} of {reps} have set this month's goals, and {made} made them.",
        whose=whose,
        set=count.goals_set,
        reps=count.reps,
        made=f"{count.made} {'has' if count.made == 1 else 'have'}" if count.made else "nobody has",
    )
