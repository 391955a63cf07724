"""What a copy without a Slack does when it is told to: it ticks, or saves a rep's goals as a form does."""

from bot.ticker import Ticker
from domain.db import Database, WorkspaceId
from domain.goals import service as goals
from domain.goals.figures import TypedFigures
from domain.people import queries as people
from domain.people.model import Door
from domain.periods import Period


class Work:
    """The jobs of one copy, in the first workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ticker = Ticker(database)

    async def does(self, job: str, *particulars: str) -> None:
        """`tick`, or `set` with a Slack id and a goal."""
        match job:
            case "tick":
                await self._ticker.tick()
            case "set":
                await self._sets(*particulars)

    async def _sets(self, slack_id: str, goal: str) -> None:
        async with self._database.workspace(WorkspaceId(1)) as tx:
            person = (await people.by_slack_id(tx.session, [slack_id]))[slack_id]
            actor, typed = person.through(Door.FORM), TypedFigures("20")
            await goals.set_goal(tx.session, tx.now, actor, person, Period.parse(goal), typed)
