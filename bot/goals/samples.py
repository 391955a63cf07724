"""Messages about goals with made-up figures, for who wants to see them before anybody has goals."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from bot.goals import messages
from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from domain.goals import service
from domain.goals.figures import Figures
from domain.goals.queries import ChangeMade
from domain.goals.rules import Goal
from domain.people.rules import Person
from domain.periods import Month, local_date, month_bounds

_LONG_AGO = date(2024, 1, 1)


def _confirmation(person: Person, now: datetime) -> Message:
    return messages.confirmation(_change(person, now))


def _changed(person: Person, now: datetime) -> Message:
    change = replace(
        _change(person, now),
        before=Figures(20, Decimal(50_000), 2),
        by_rep=False,
        by_name="Marisol Peña",
        reason="Two weeks of parental leave",
    )
    return messages.changed_by_other(change)


def _change(person: Person, now: datetime) -> ChangeMade:
    month = Month.of(local_date(now, person.zone))
    bounds = month_bounds(month, person.zone, person.deadline_day_in(month), _LONG_AGO)
    return ChangeMade(
        goal=Goal.of(month),
        figures=Figures(25, Decimal(60_000), 3),
        before=None,
        by=person.user_id,
        by_name=person.name,
        by_rep=True,
        reason=None,
        zone=person.zone,
        currency=person.currency,
        locale=person.locale,
        deadline=bounds.deadline,
        set_by_deadline=True,
        past_deadline=False,
    )


SAMPLES: dict[str, Sample] = {service.CONFIRMATION: _confirmation, service.CHANGED_BY_OTHER: _changed}
