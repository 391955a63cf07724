"""A monthly report with made-up people and figures, for previews."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.reports import messages
from bot.reports.messages import Shown
from bot.slack.blocks import Message
from bot.slack.rendering import Sample, sample_month
from domain.people.model import RepId
from domain.people.rules import Person
from domain.progress import reports
from domain.progress.reports import RepMonth, Report

_TEAM = (
    ("Ana Souza", 20, 23, 50_000, 61_500, 2, 250),
    ("Mei-Ling Zhao", 18, 18, 45_000, 45_200, 1, 100),
    ("DeShawn Carter", 25, 19, 60_000, 48_000, 1, 100),
    ("Noah Bergström", 0, 4, 0, 9_000, 0, 0),
)
"""Made-up reps: goal and signups, goal and revenue, tier and bonus. No goals: they were never set."""


def _provisional(person: Person, now: datetime) -> Message:
    return messages.monthly(Shown(_sample(person, now, is_frozen=False)))


def _final(person: Person, now: datetime) -> Message:
    return messages.monthly(Shown(_sample(person, now, is_frozen=True)))


def _sample(person: Person, now: datetime, *, is_frozen: bool) -> Report:
    reps = tuple(_rep(number, now, is_frozen=is_frozen) for number in range(len(_TEAM)))
    month, _bounds = sample_month(person, now)
    return Report(month, reps, person.currency, person.locale, now)


def _rep(number: int, now: datetime, *, is_frozen: bool) -> RepMonth:
    name, signup_goal, signups, revenue_goal, revenue, tier, bonus = _TEAM[number]
    is_set = signup_goal > 0
    return RepMonth(
        sales_rep_id=RepId(0),
        name=name,
        team="West",
        signup_goal=signup_goal,
        revenue_goal=Decimal(revenue_goal),
        bonus_tier_goal=tier,
        signups=signups,
        revenue=Decimal(revenue),
        signup_percent=None,
        revenue_percent=None,
        tier=tier,
        bonus=Decimal(bonus),
        is_made=is_set and signups >= signup_goal and revenue >= revenue_goal,
        is_set=is_set,
        in_time=is_set,
        is_optional=False,
        has_left=False,
        ends_at=now - timedelta(days=1),
        is_frozen=is_frozen,
        was_reopened=False,
        is_over=True,
    )


SAMPLES: dict[str, Sample] = {reports.REPORT: _provisional, f"{reports.REPORT}:final": _final}
