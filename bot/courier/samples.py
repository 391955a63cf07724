"""Samples of the courier's own messages, about a made-up channel, for previews."""

from datetime import datetime

from bot.courier import messages
from bot.courier.messages import Destination, LostPost
from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from bot.slack.text import say
from domain.outbox.lanes import LaneState
from domain.people.rules import Person

_PLACE = say("#team-west")


def _down(_person: Person, _now: datetime) -> Message:
    return messages.destination_down(Destination(_PLACE, LaneState("not_in_channel", 2)))


def _uncertain(_person: Person, _now: datetime) -> Message:
    return messages.uncertain_post(LostPost(_PLACE, 42))


SAMPLES: dict[str, Sample] = {messages.DESTINATION_DOWN: _down, messages.UNCERTAIN_POST: _uncertain}
