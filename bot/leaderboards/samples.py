"""A board with made-up people and figures, for previews."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from bot.leaderboards import messages
from bot.slack.blocks import Message
from bot.slack.rendering import Sample, sample_month
from domain.leaderboards import posting
from domain.leaderboards.queries import BoardFormat, NamedTeam, PostedBoard
from domain.leaderboards.schedule import BoardKind
from domain.leaderboards.standings import ATTAINMENT, BoardLine
from domain.people.model import RepId
from domain.people.rules import Person

_REPS = (
    ("Ana Souza", 1, "105", 21, "ahead"),
    ("DeShawn Carter", 2, "80", 16, "on_track"),
    ("Mei-Ling Zhao", 2, "80", 16, "on_track"),
    ("Noah Bergström", 4, "55", 11, "behind"),
)
"""Made-up reps with place, attainment, signups of a goal of 20, and pace."""


def _weekly(person: Person, now: datetime) -> Message:
    return messages.board(_board(person, now, BoardKind.WEEKLY))


def _final(person: Person, now: datetime) -> Message:
    return messages.board(_board(person, now, BoardKind.FINAL))


def _board(person: Person, now: datetime, kind: BoardKind) -> PostedBoard:
    lines = tuple(
        BoardLine(RepId(number), place, Decimal(value), Decimal(signups), Decimal(20), pace=pace)
        for number, (_, place, value, signups, pace) in enumerate(_REPS)
    )
    month, _ = sample_month(person, now)
    return PostedBoard(
        team="West",
        team_id=None,
        ranking=ATTAINMENT,
        period=month,
        kind=kind,
        today=month.start + timedelta(days=15),
        lines=lines,
        listed=len(lines),
        names={RepId(n): NamedTeam(RepId(n), rep[0], None, "West", True) for n, rep in enumerate(_REPS)},
        before={RepId(0): 3, RepId(1): 1, RepId(2): 2},
        is_settled=False,
        settings=BoardFormat(
            zone=person.zone,
            weekday=1,
            at=time(9),
            since=datetime(2024, 1, 1, tzinfo=UTC),
            metric=ATTAINMENT.code,
            are_posted=True,
            shows_money=True,
            currency=person.currency,
            locale=person.locale,
        ),
    )


SAMPLES: dict[str, Sample] = {posting.BOARD: _weekly, f"{posting.BOARD}:final": _final}
