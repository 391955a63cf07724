"""Routes about teams and people, to read."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from bot.http.api.calls import Call, Turn, calling
from bot.http.api.paging import ListPage, Paging, paging
from domain.access.rules import Scope
from domain.people import lists
from domain.people.lists import PersonListed, TeamListed

Reads = Annotated[Call, calling(Scope.PEOPLE_READ)]
Asked = Annotated[Paging, Depends(paging)]

router = APIRouter(tags=["people"])


@router.get("/teams", response_model=ListPage[TeamListed])
async def read_teams(call: Reads, asked: Asked) -> Response:
    """The teams with their managers and their reps of today: a person's own, and for admins all."""

    async def work(turn: Turn) -> ListPage[TeamListed]:
        [after] = asked.after(0)
        found = await lists.teams(turn.session, turn.person, after, asked.asked)
        return asked.page(found, lambda each: [each.team_id])

    return await call.read(ListPage[TeamListed], work)


@router.get("/people", response_model=ListPage[PersonListed])
async def read_people(call: Reads, asked: Asked) -> Response:
    """The people with their roles, teams and `sales_rep_id`: oneself, a manager's teams, for admins all."""

    async def work(turn: Turn) -> ListPage[PersonListed]:
        [after] = asked.after(0)
        found = await lists.people(turn.session, turn.person, after, asked.asked)
        return asked.page(found, lambda each: [each.user_id])

    return await call.read(ListPage[PersonListed], work)
