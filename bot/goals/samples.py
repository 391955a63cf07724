"""Samples of messages about goals, with made-up figures, for previews."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.goals import messages
from bot.slack.blocks import Message
from bot.slack.rendering import Sample, sample_month
from domain.goals import service
from domain.goals.figures import Figures
from domain.goals.queries import ChangeMade
from domain.people.rules import Person


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
    month, bounds = sample_month(person, now)
    return ChangeMade(
        period=month,
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
