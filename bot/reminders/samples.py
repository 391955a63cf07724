"""Reminders and digests with made-up people and figures, for who wants to see them before they are due."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.reminders import digests, messages
from bot.reminders.digests import About, Board
from bot.reminders.messages import Nudged
from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from domain.goals.figures import Figures
from domain.goals.rules import Deadlines, Goal, standing
from domain.people.model import RepId
from domain.people.rules import Person
from domain.periods import Month, MonthBounds, local_date, month_bounds
from domain.reminders import service, sweeps
from domain.reminders.model import ReminderType
from domain.reminders.queries import Compliance, DueMonth, Reader, RepState

_LONG_AGO = date(2024, 1, 1)
_TEAM = (("Ana Souza", 20), ("DeShawn Carter", 0), ("Mei-Ling Zhao", 18), ("Noah Bergström", 0))
"""Made-up reps with the signups of their goals; 0 for one that is not set yet."""


def _early(person: Person, now: datetime) -> Message:
    """Three days before the deadline's last day."""
    bounds = _bounds(person, now)
    return messages.reminder(_due(person, now, bounds, bounds.deadline - timedelta(days=3, hours=12)))


def _overdue(person: Person, now: datetime) -> Message:
    bounds = _bounds(person, now)
    return messages.reminder(_due(person, now, bounds, bounds.deadline + timedelta(hours=12)))


def _nudge(person: Person, now: datetime) -> Message:
    bounds = _bounds(person, now)
    month = _due(person, now, bounds, bounds.deadline - timedelta(days=1))
    return messages.nudge(Nudged(month, "Marisol Peña"))


def _digest(person: Person, now: datetime) -> Message:
    bounds = _bounds(person, now)
    then = bounds.deadline - timedelta(hours=12)
    goal = Goal.of(_month(person, now))
    reps = tuple(_rep(number, bounds, then, person.zone) for number in range(len(_TEAM)))
    unset_first = tuple(sorted(reps, key=lambda rep: rep.is_set))
    compliance = Compliance(goal, unset_first, person.currency, person.locale, then)
    return digests.digest(
        Board(About(goal, person.user_id), compliance, Reader(person.slack_id, person.zone))
    )


def _rep(number: int, bounds: MonthBounds, now: datetime, zone: str) -> RepState:
    name, signups = _TEAM[number]
    set_at = bounds.starts_at + timedelta(days=1) if signups else None
    return RepState(
        rep_id=RepId(0),
        slack_id="U0000000000",
        name=name,
        team="West",
        standing=standing(Deadlines(set_at, bounds.deadline, bounds.ends_at), now),
        figures=Figures(signups, Decimal(50_000 if signups else 0), 2 if signups else 0),
        goal_set_at=set_at,
        deadline=bounds.deadline,
        zone=zone,
        nudged_at=None,
    )


def _due(person: Person, now: datetime, bounds: MonthBounds, then: datetime) -> DueMonth:
    return DueMonth(
        goal=Goal.of(_month(person, now)),
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


def _month(person: Person, now: datetime) -> Month:
    return Month.of(local_date(now, person.zone))


def _bounds(person: Person, now: datetime) -> MonthBounds:
    month = _month(person, now)
    return month_bounds(month, person.zone, person.deadline_day_in(month), _LONG_AGO)


SAMPLES: dict[str, Sample] = {
    sweeps.REMINDER: _early,
    f"{sweeps.REMINDER}:overdue": _overdue,
    service.NUDGE: _nudge,
    sweeps.DIGEST: _digest,
}
