"""Samples of messages about joining, with made-up people, for previews."""

from dataclasses import replace
from datetime import datetime

from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from bot.teams import messages
from domain.people import joining
from domain.people.joining import Decision
from domain.people.model import TeamId
from domain.people.rules import Person
from domain.people.team_queries import Request


def _asked(person: Person, _now: datetime) -> Message:
    return messages.asked(_request(person))


def _added(person: Person, _now: datetime) -> Message:
    return messages.decided(replace(_request(person), decision=Decision.ADDED, decided_by="Marisol Peña"))


def _request(person: Person) -> Request:
    return Request(
        id=0,
        user_id=person.user_id,
        slack_id=person.slack_id,
        name="Jonas Lindqvist",
        takes_part=True,
        on_team=None,
        team_id=TeamId(0),
        team="West",
        manager=person.name,
        decision=None,
        decided_by=None,
        may_decide=True,
    )


SAMPLES: dict[str, Sample] = {joining.REQUEST: _asked, joining.DECIDED: _added}
