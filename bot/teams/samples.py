"""A message about joining with made-up people, for who wants to see it before anybody asks."""

from datetime import datetime

from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from bot.teams import messages
from domain.people.model import TeamId
from domain.people.rules import Person
from domain.people.team_queries import Request


def _asked(person: Person, _now: datetime) -> Message:
    request = Request(
        id=0,
        user_id=person.user_id,
        slack_id=person.slack_id,
        name="Jonas Lindqvist",
        takes_part=True,
        on_teams=(),
        team_id=TeamId(0),
        team="West",
        manager=person.name,
        decision=None,
        decided_by=None,
        may_decide=True,
    )
    return messages.asked(request)


SAMPLES: dict[str, Sample] = {"teams.asked": _asked}
