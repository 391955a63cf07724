"""Words that several features share: goals, their figures, and the time that is left."""

from datetime import datetime, timedelta

from babel.dates import format_date

from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.text import Mrkdwn, escape, say
from domain.errors import OnNoTeam
from domain.goals.figures import Figures
from domain.money import format_count, format_money
from domain.periods import Kind, Period

OPEN_GOAL_FORM = "goals.set.open"
"""Button: opens the form for the goal in its value; see `goal_value`."""
ASK_TO_JOIN = "teams.join.open"
"""Button: opens the form to ask for a team."""
OPEN_SETUP = "setup.open"
"""Button: opens the window of `/goals setup`."""
SETUP_WINDOW = "setup.window"
"""The window of `/goals setup`, for features whose forms are opened from it."""
OPEN_TEAMS = "teams.list.open"
"""Button: opens the list of teams."""
OPEN_BADGES = "recognition.badges.open"
"""Button: opens the list of rules by which badges are given."""
ADD_TEAM = "teams.add"
EDIT_TEAM = "teams.edit"
"""Buttons: open the form of a new team, or of the one whose id is the value."""

CORRECT_ENTRY = "activity.entry.correct"
"""Button: opens the form that corrects the entry whose id is the value (or several, with commas between)."""


def goal_value(period: Period, slack_id: str | None = None) -> str:
    """Return the value of such a button: the period, and the rep unless it's the person pressing."""
    return str(period) if slack_id is None else f"{period}:{slack_id}"


def offering_to_ask(refusal: OnNoTeam) -> Message:
    """Render that the person is on no team, with a button to ask for one."""
    text = escape(refusal.message)
    return Message(text, [section(text), ask_to_join()])


def ask_to_join() -> Block:
    """Return the button to ask for a team, for people who are on none."""
    return actions(button("Ask to join a team", ASK_TO_JOIN, "any"))


def set_up(*, first: bool) -> Block:
    """Return the button to set-up; it is `first` if there is nothing else to do yet."""
    return actions(button("Set up Goalkeeper", OPEN_SETUP, "open", style="primary" if first else None))


def channel_words(channel: str | None) -> Mrkdwn:
    """Return a channel's id as a link to it."""
    return Mrkdwn(f"<#{escape(channel)}>") if channel else say("none")


def figures_line(figures: Figures, currency: str, locale: str) -> str:
    """Return `20 signups · $50,000 · tier 3`, without figures that are zero."""
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
    """Return `3 days`, `11 hours` or `20 minutes`, rounded down so that it promises no more than there is."""
    left = max(deadline - now, timedelta())
    for span, noun in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour")):
        if left >= 2 * span:
            return f"{left // span} {noun}s"
    minutes = left // timedelta(minutes=1)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
