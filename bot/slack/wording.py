"""Words that several features share: goals, their figures, and the time that is left."""

from datetime import datetime, timedelta

from babel.dates import format_date

from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.text import Mrkdwn, escape, our_own, say
from domain.errors import OnNoTeam
from domain.goals.figures import Figures
from domain.money import format_count, format_money
from domain.periods import Kind, Period

OPEN_GOAL_FORM = "goals.set.open"
"""Button: opens the form for the goal in its value; see `goal_value`."""
ASK_TO_JOIN = "teams.join.open"
"""Button: opens the form with which one asks to join a team."""
OPEN_SETUP = "setup.open"
"""Button: opens the window of `/goals setup`."""
SETUP_WINDOW = "setup.window"
"""The window of `/goals setup`, for features whose forms are opened from it."""
OPEN_TEAMS = "teams.list.open"
"""Button: opens the list of teams."""
ADD_TEAM = "teams.add"
EDIT_TEAM = "teams.edit"
"""Buttons: open the form of a new team, or of the one whose id is the value."""


def goal_value(period: Period, slack_id: str | None = None) -> str:
    """Return the value of such a button: the goal's period, and whose goal, unless it's the presser's."""
    return str(period) if slack_id is None else f"{period}:{slack_id}"


def offering_to_ask(refusal: OnNoTeam) -> Message:
    """That somebody is on no team, with the way into one."""
    text = our_own(refusal.message)
    return Message(text, [section(text), ask_to_join()])


def ask_to_join() -> Block:
    """The way into a team, for people who are on none."""
    return actions(button("Ask to join a team", ASK_TO_JOIN, "any"))


def set_up(*, first: bool) -> Block:
    """The way into set-up; `first` when there is nothing else to do yet."""
    return actions(button("Set up Goalkeeper", OPEN_SETUP, "open", style="primary" if first else None))


def channel_words(channel: str | None) -> Mrkdwn:
    """A channel as Slack shows it by its id."""
    return Mrkdwn(f"<#{escape(channel)}>") if channel else say("none")


def figures_line(figures: Figures, currency: str, locale: str) -> str:
    """`20 signups · $50,000 · tier 3`, without what is not aimed at."""
    parts = []
    if figures.signups:
        noun = "signup" if figures.signups == 1 else "signups"
        parts.append(f"{format_count(figures.signups, locale)} {noun}")
    if figures.revenue:
        parts.append(format_money(figures.revenue, currency, locale))
    if figures.tier:
        parts.append(f"tier {figures.tier}")
    return " · ".join(parts)


def goal_words(period: Period, locale: str) -> str:
    """Return what stands before “goals”: `December` for a month, `2026` for a year."""
    if period.kind is Kind.YEAR:
        return str(period)
    return format_date(period.start, "MMMM", locale=locale)


def time_left(now: datetime, deadline: datetime) -> str:
    """`3 days`, `11 hours` or `20 minutes`, rounded down, so that nobody is promised too much."""
    left = max(deadline - now, timedelta())
    for span, noun in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour")):
        if left >= 2 * span:
            return f"{left // span} {noun}s"
    minutes = left // timedelta(minutes=1)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
