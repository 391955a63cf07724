"""Samples of messages about numbers, with made-up figures, for previews."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.activity import messages
from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from domain.activity import service
from domain.activity.model import SIGNUPS, EntryId, Unit
from domain.activity.queries import EntryState
from domain.people.model import RepId
from domain.people.rules import Person
from domain.periods import local_date


def _logged(person: Person, now: datetime) -> Message:
    return messages.logged_for_you([_state(person, now)])


def _corrected(person: Person, now: datetime) -> Message:
    state = replace(
        _state(person, now),
        amount=Decimal(1),
        changed_by_name="Marisol Peña",
        reason="One was a test account",
    )
    return messages.corrected(state)


def _state(person: Person, now: datetime) -> EntryState:
    today = local_date(now, person.zone)
    return EntryState(
        id=EntryId(0),
        sales_rep_id=RepId(0),
        rep_name=person.name,
        rep_user_id=person.user_id,
        metric=SIGNUPS,
        label="Signups",
        unit=Unit.COUNT,
        logged=Decimal(2),
        amount=Decimal(2),
        occurred_on=today,
        note="From the trade fair",
        entered_at=now,
        entered_by=None,
        by_name="Marisol Peña",
        locale=person.locale,
        currency=person.currency,
        today=today,
    )


SAMPLES: dict[str, Sample] = {service.LOGGED: _logged, service.CORRECTED: _corrected}
