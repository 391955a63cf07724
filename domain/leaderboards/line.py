"""What somebody asks for of a leaderboard, in any order: whose board, by what, of which period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import InvalidInput, quoted
from domain.leaderboards.standings import ATTAINMENT, Ranking
from domain.people.model import TeamId
from domain.periods import Kind, Period, read_period


class UnknownBoard(InvalidInput):
    """The rest of the line can't be understood."""

    code = "unknown_board"


class NoTeamOfTheirs(InvalidInput):
    """They asked for their team's board and have no team."""

    code = "no_team_of_theirs"


class NoBoardOfPeriod(InvalidInput):
    """There are boards of months, quarters and years alone."""

    code = "no_board_of_period"


@dataclass(frozen=True, slots=True)
class WantedBoard:
    """A board as it was asked for; None: the usual one."""

    of_company: bool = False
    team_id: TeamId | None = None
    of_team: bool = False
    """`team` was typed, or a team's name."""
    ranking: Ranking = ATTAINMENT
    period: Period | None = None


_BOARD_KINDS = (Kind.MONTH, Kind.QUARTER, Kind.YEAR)
_LONGEST = 4
"""Words that belong together at the most, such as those of a team's name."""


def read_line(
    typed: str, today: date, rankings: Sequence[Ranking], teams: Sequence[tuple[TeamId, str]]
) -> WantedBoard:
    """Return the board that is asked for.

    Raises:
        UnknownBoard: some of it is no team, metric or period.
        NoBoardOfPeriod: it is a period that has no boards, such as a week.
    """
    words = typed.split()
    company, of_team, team_id, ranking, period = False, False, None, ATTAINMENT, None
    by_name = {name.casefold(): found for found, name in teams}
    while words:
        for length in range(min(len(words), _LONGEST), 0, -1):
            phrase = " ".join(words[:length])
            folded = phrase.casefold()
            if (found := _period(phrase, today)) is not None:
                period = found
            elif (metric := _ranking(folded, rankings)) is not None:
                ranking = metric
            elif folded in by_name:
                team_id, of_team = by_name[folded], True
            elif folded in ("team", "my team"):
                of_team = True
            elif folded in ("company", "the company", "everybody"):
                company = True
            elif folded not in ("by", "the"):
                continue
            del words[:length]
            break
        else:
            raise UnknownBoard(f"I don't recognize {quoted(' '.join(words))}.")
    return WantedBoard(company, team_id, of_team, ranking, period)


def _period(phrase: str, today: date) -> Period | None:
    try:
        found = read_period(phrase, today)
    except ValueError:
        return None
    if found.kind not in _BOARD_KINDS:
        raise NoBoardOfPeriod("Leaderboards are for a month, a quarter or a year.")
    return found


def _ranking(folded: str, rankings: Sequence[Ranking]) -> Ranking | None:
    for each in rankings:
        label = each.label.casefold()
        if folded in (each.code, label, label.removesuffix("s")):
            return each
    return None
