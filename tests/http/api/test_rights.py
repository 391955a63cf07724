"""Every route asks for a token, and for the scope that it needs."""

import pytest
from fastapi import FastAPI

from bot.app import FEATURES
from domain.access.rules import Scope
from tests.http.api.conftest import Clients, refused

NEEDS = {
    "GET /goals/monthly/current": Scope.GOALS_READ,
    "GET /goals/yearly/current": Scope.GOALS_READ,
    "GET /goals/pending-deadlines": Scope.GOALS_READ,
    "GET /goals/history/1": Scope.GOALS_READ,
    "POST /goals/monthly/set": Scope.GOALS_WRITE,
    "POST /goals/yearly/set": Scope.GOALS_WRITE,
    "GET /goals/progress/1/1/2026": Scope.GOALS_READ,
    "POST /goals/snapshot": Scope.GOALS_WRITE,
    "PUT /goals/monthly/progress": Scope.ACTIVITY_WRITE,
    "PUT /goals/acknowledge-reminder/1": Scope.GOALS_WRITE,
    "POST /activity": Scope.ACTIVITY_WRITE,
    "GET /activity": Scope.ACTIVITY_READ,
    "GET /metrics": Scope.ACTIVITY_READ,
    "GET /reports/monthly/1/2026": Scope.REPORTS_READ,
    "GET /teams": Scope.PEOPLE_READ,
    "GET /people": Scope.PEOPLE_READ,
}


def test_every_route_is_in_the_table() -> None:
    api = FastAPI()
    for router in FEATURES.routers:
        api.include_router(router)
    routes = {
        f"{method.upper()} {path}".replace("{year}", "2026").replace("{month}", "1")
        for path, methods in api.openapi()["paths"].items()
        for method in methods
    }
    placed = {route.replace("{rep_id}", "1").replace("{reminder_id}", "1") for route in routes}
    assert placed == set(NEEDS)


@pytest.mark.parametrize(("route", "scope"), NEEDS.items(), ids=str)
async def test_a_route_wants_its_scope(client: Clients, route: str, scope: Scope) -> None:
    method, _, path = route.partition(" ")
    others = await client("ada", *(each for each in Scope if each is not scope))
    refused(await others.http.request(method, path.lstrip("/")), 403, "missing_scope")
    nobody = await others.http.request(method, path.lstrip("/"), headers={"Authorization": ""})
    refused(nobody, 401, "token_not_accepted")
