"""Samples of reminders and digests, with made-up people and figures, for previews."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.reminders import digests, messages
from bot.reminders.digests import About, Board
from bot.reminders.messages import NudgeNotice
from bot.slack.blocks import Message
from bot.slack.rendering import Sample, sample_month
from domain.goals.figures import Figures
from domain.goals.rules import Deadlines
from domain.people.model import RepId
from domain.people.rules import Person
from domain.periods import MonthBounds
from domain.reminders import service, sweeps
from domain.reminders.model import ReminderType
from domain.reminders.queries import Compliance, DueMonth, Reader, RepState

_TEAM = (("Ana Souza", 20), ("DeShawn Carter", 0), ("Mei-Ling Zhao", 18), ("Noah Bergström", 0))
"""Made-up reps and their signup goals; 0 for a rep without goals yet."""


def _early(person: Person, now: datetime) -> Message:
    return messages.reminder(_due(person, now, -timedelta(days=3, hours=12)))


def _overdue(person: Person, now: datetime) -> Message:
    return messages.reminder(_due(person, now, timedelta(hours=12)))


def _nudge(person: Person, now: datetime) -> Message:
    return messages.nudge(NudgeNotice(_due(person, now, -timedelta(days=1)), "Marisol Peña"))


def _digest(person: Person, now: datetime) -> Message:
    month, bounds = sample_month(person, now)
    then = bounds.deadline - timedelta(hours=12)
    reps = tuple(_rep(number, bounds, then, person.zone) for number in range(len(_TEAM)))
    unset_first = tuple(sorted(reps, key=lambda rep: rep.is_set))
    compliance = Compliance(month, unset_first, person.currency, person.locale, then)
    return digests.digest(
        Board(About(month, person.user_id), compliance, Reader(person.slack_id, person.zone))
    )


def _rep(number: int, bounds: MonthBounds, now: datetime, zone: str) -> RepState:
    name, signups = _TEAM[number]
    set_at = bounds.starts_at + timedelta(days=1) if signups else None
    return RepState(
        sales_rep_id=RepId(0),
        slack_id="U0000000000",
        name=name,
        team="West",
        figures=Figures(signups, Decimal(50_000 if signups else 0), 2 if signups else 0),
        goal_set_at=set_at,
        deadline=bounds.deadline,
        ends_at=bounds.ends_at,
        zone=zone,
        nudged_at=None,
        now=now,
    )


def _due(person: Person, now: datetime, from_deadline: timedelta) -> DueMonth:
    """Return a month without goals, seen `from_deadline` after its deadline (before it if negative)."""
    month, bounds = sample_month(person, now)
    then = bounds.deadline + from_deadline
    return DueMonth(
        month=month,
        rep_name=person.name,
        user_id=person.user_id,
        figures=Figures(20),
        deadlines=Deadlines(None, bounds.deadline, bounds.ends_at),
        zone=person.zone,
        currency=person.currency,
        locale=person.locale,
        now=then,
        stage=ReminderType.THREE_DAYS if then < bounds.deadline else ReminderType.OVERDUE,
    )


SAMPLES: dict[str, Sample] = {
    sweeps.REMINDER: _early,
    f"{sweeps.REMINDER}:overdue": _overdue,
    service.NUDGE: _nudge,
    sweeps.DIGEST: _digest,
}
