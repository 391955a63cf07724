"""Refusals as people in Slack read them: the domain's sentence, then what to type or press next."""

import re
from collections.abc import Callable, Mapping

from bot.slack.text import Mrkdwn, escape, say, without_emoji
from domain.errors import Fact, InvalidInput, Refusal


class UnknownMention(InvalidInput):
    """Somebody was named with an @ that Slack didn't turn into a person."""

    code = "unknown_mention"


class PersonNotFound(Refusal):
    """A person named in the request isn't in this workspace."""

    code = "person_not_found"


class Trouble(Refusal):
    """Not the person's fault: they are told to try again, and what they typed is kept."""

    code = "trouble"


class InDoubt(Trouble):
    """The connection was lost while saving; `asked_by` is `line`, `form` or `press`."""

    code = "in_doubt"


class Overtaken(Refusal):
    """The window has changed since the person pressed something in it; they see what it is now."""

    code = "overtaken"


def check_mentions(typed: str) -> None:
    """Raise `UnknownMention` for an @ that is left when the mentions Slack made were taken out."""
    if unknown := re.search(r"@\S+", typed):
        raise UnknownMention(f"I don't know {unknown[0]}.")


def _still_open(facts: Mapping[str, Fact]) -> str:
    year = "the year {year} with `/goals set yearly`"
    if facts["next_month"] is None:
        return f"You can still set {year}."
    return f"You can still set {{next_month}} with `/goals set next`, and {year}."


def _example(facts: Mapping[str, Fact]) -> str:
    if facts["span"] == "year":
        return f"Try it like this: {YEARLY_EXAMPLE}."
    return f"Try it like this: {MONTHLY_EXAMPLE}."


def _check(facts: Mapping[str, Fact]) -> str:
    return f"Before you try again, {_HOW_TO_CHECK[str(facts['asked_by'])]}: it shows what's saved."


MONTHLY_EXAMPLE = "`/goals set 20 50k 3` (signups, revenue, bonus tier)"
YEARLY_EXAMPLE = "`/goals set yearly 240 600k` (signups, revenue)"
_HOW_TO_CHECK = {
    "line": "open the form with `/goals set`",
    "form": "close this form and open it again",
    "press": "open this again",
}
_THIS_MONTH = "`/goals set` is about this month."

WAYS_OUT: Mapping[str, str | Callable[[Mapping[str, Fact]], str]] = {
    "after_the_deadline": "Type `/goals set`.",
    "already_on_a_team": "`/goals set` sets your goals.",
    "carries_no_goals": "Name whose you mean, like `/goals set @ana`; `/goals setup` puts people on teams.",
    "changed_meanwhile": "Please open the form again.",
    "deadline_passed": "Type `/goals set`.",
    "goal_locked": _still_open,
    "has_no_numbers": "Name the rep, like `/goals log @ana 2 signups`.",
    "in_doubt": _check,
    "line_not_understood": _example,
    "month_over": _THIS_MONTH,
    "month_too_far": f"Until then, {_THIS_MONTH}",
    "nobody_named": "Name one, like `/goals badge @ana`.",
    "month_not_begun": "`/goals progress` is about this month.",
    "no_numbers": "They can type `/goals setup`.",
    "no_numbers_of_your_own": "Name a rep, like `/goals progress @ana`.",
    "no_such_rep": "They can type `/goals setup`.",
    "no_such_team": "Open the list of teams again.",
    "no_team_of_theirs": "`/goals leaderboard company` shows everybody's.",
    "not_your_numbers": "`/goals progress` shows yours.",
    "no_reports": "`/goals set` sets your own goals.",
    "not_your_reminder": "`/goals set` is about your own goals.",
    "not_your_reps": "`/goals compliance` shows whom you lead.",
    "one_at_a_time": "Name one, like `/goals set @ana`.",
    "reminder_answered": "Use `/goals set` whenever you're ready.",
    "reminder_gone": "`/goals set` is about your goals.",
    "reminder_replaced": "Put that one off, or use `/goals set`.",
    "reps_only_see_theirs": "`/goals set` sets yours.",
    "no_board_of_period": "Try `/goals leaderboard company revenue Q3`.",
    "unknown_board": "Try `/goals leaderboard`, or `/goals leaderboard company revenue last month`.",
    "unknown_compliance": "It is `/goals compliance`, or `/goals compliance csv`.",
    "unknown_public": "It is `/goals public on`, or `/goals public off`.",
    "unknown_history": "It is `/goals history`, or `/goals history @rep` for somebody you lead.",
    "unknown_report": "Name both like this: `/goals report 2026-10 West`.",
    "unknown_mention": "Type @ and pick the name from the list that Slack offers.",
    "unknown_month": "Try `/goals progress`, or `/goals progress last month`.",
}
"""What to do next in Slack, by the code of the refusal; facts are put in at `{name}`."""


def worded(refusal: Refusal) -> Mrkdwn:
    """Return the refusal for a message: names in it are escaped, commands stand out."""
    way_out = _way_out(refusal)
    return Mrkdwn(" ".join([escape(refusal.message), *([say(way_out, **refusal.facts)] if way_out else [])]))


def worded_plainly(refusal: Refusal) -> str:
    """Return the refusal for a place that knows no markup, such as beside an input."""
    way_out = _way_out(refusal).replace("`", "").format_map(refusal.facts)
    return without_emoji(f"{refusal.message} {way_out}".rstrip())


def _way_out(refusal: Refusal) -> str:
    found = WAYS_OUT.get(refusal.code, "")
    return found if isinstance(found, str) else found(refusal.facts)
