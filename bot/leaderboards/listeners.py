"""`/goals leaderboard` and the pages of its answer."""

from bot.leaderboards import messages
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message
from bot.slack.commands import Command, Usage
from bot.slack.edge import ActionHandler
from bot.slack.refusals import check_mentions
from bot.slack.text import as_typed
from domain.db import Transaction
from domain.leaderboards import posting, queries, standings
from domain.leaderboards.line import NoTeamOfTheirs, WantedBoard, read_line
from domain.leaderboards.standings import Ranking
from domain.people import team_queries
from domain.people.model import TeamId
from domain.people.rules import Person
from domain.periods import Period, local_date, local_month

_Team = tuple[TeamId, str]


async def _leaderboard(asked: Asked, rest: str) -> Message:
    typed = as_typed(rest)
    check_mentions(typed)
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        rankings = await queries.rankings(tx.session)
        teams = [(team.id, team.name) for team in await team_queries.listed(tx.session)]
        wanted = read_line(typed, local_date(tx.now, person.zone), rankings, teams)
        period = wanted.period or local_month(tx.now, person.zone)
        return await _answer(tx, person, _whose(wanted, person, teams), wanted.ranking, period)


def _whose(wanted: WantedBoard, person: Person, teams: list[_Team]) -> _Team | None:
    """Return the team that is meant: the one named, the person's own, or one that they manage."""
    if wanted.of_company:
        return None
    own = person.team.id if person.team and person.carries_goals else None
    wished = [wanted.team_id, own, *(team_id for team_id, _ in teams if team_id in person.manages)]
    names = dict(teams)
    found = next(((team_id, names[team_id]) for team_id in wished if team_id in names), None)
    if found is None and wanted.of_team:
        raise NoTeamOfTheirs("You aren't on a team, so there's no team's board to show.")
    return found


async def _answer(
    tx: Transaction, person: Person, team: _Team | None, ranking: Ranking, period: Period, page: int = 1
) -> Message:
    board = await queries.current(tx.session, tx.now, team, ranking, period)
    own = None
    if person.rep is not None and person.carries_goals:
        place = await standings.own_place(tx.session, ranking, period, board.team_id, person.rep.id)
        if place is not None or _belongs(person, team):
            own = messages.own_place(place, ranking, board)
    return messages.board(board, own, page)


def _belongs(person: Person, team: _Team | None) -> bool:
    """Return whether the board is about the person's own team or company."""
    return team is None or (person.team is not None and person.team.id == team[0])


async def _page(asked: Asked, action: Block, _payload: Block) -> Message:
    whose, code, period, page = action["value"].split("|")
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        ranking = await queries.recorded_ranking(tx.session, code)
        teams = {team.id: team.name for team in await team_queries.listed(tx.session)}
        team_id = None if whose == posting.COMPANY else TeamId(int(whose))
        team = None if team_id is None else (team_id, teams[team_id])
        return await _answer(tx, person, team, ranking, Period.parse(period), int(page))


COMMAND = Command(
    "leaderboard",
    _leaderboard,
    (
        Usage("/goals leaderboard", "your team's board this month, and your own place"),
        Usage("/goals leaderboard company revenue Q4", "the company's, or a team's by name; by any metric"),
    ),
)
ACTIONS: dict[str, ActionHandler] = {messages.PREVIOUS: _page, messages.NEXT: _page}
