"""The API as a web app of its own, which the bot's web server mounts at `/api/v1`."""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from bot.http.api.calls import ApiDoor
from bot.http.api.docs import page
from bot.http.api.limits import BODY_MAX, BURST, PER_SECOND, LimitedBodies, RateLimit
from bot.http.api.problems import RESPONSES, ProblemDetails, add_problems
from domain.db import Database

PREFIX = "/api/v1"
_ABOUT = f"""\
Feed and read Goalkeeper's goals and numbers.

- **Tokens** are made by `goalkeeper token create` and sent as `Authorization: Bearer gk_…`. A token has
  the present role of its user: a rep's token acts for that rep, so `rep_id` may be left out; others name it.
- **Numbers**: money and percents are decimal strings (`"50000.00"`), counts are whole numbers.
- **Errors** are problem details (RFC 9457) with a `code` that stays the same.
- **Lists** come in pages: give `next_cursor` as `cursor` to get the next one.
- **Repeating** a request that changes something is safe with an `Idempotency-Key`.
- **Polling** is cheap with `If-None-Match`: what hasn't changed is answered with 304.
- **Limits**: {PER_SECOND:.0f} requests a second for each token, {BURST} at once; {BODY_MAX:,} bytes in a
  body unless it is streamed (CSV, JSON lines).
"""


def create_api(database: Database, routers: Iterable[APIRouter], limit: RateLimit) -> FastAPI:
    """Return the API with the routes of all features."""
    app = FastAPI(title="Goalkeeper", version="1", docs_url=None, redoc_url=None, responses=RESPONSES)
    app.state.door = ApiDoor(database, limit)
    for router in routers:
        app.include_router(router)
    add_problems(app)
    app.add_middleware(LimitedBodies)
    app.openapi = _documented(app)  # type: ignore[method-assign]
    return app


def add_api(
    http: FastAPI, database: Database, routers: Iterable[APIRouter], clock: Callable[[], float]
) -> None:
    """Mount the API in the bot's web app, and its documentation at `/docs`; `clock` rules the rate limit."""
    api = create_api(database, routers, RateLimit(clock))
    shown = page(api.openapi(), PREFIX)

    async def docs() -> HTMLResponse:
        return HTMLResponse(shown)

    http.add_api_route("/docs", docs, methods=["GET"], response_model=None)
    http.mount(PREFIX, api)


def _documented(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes the OpenAPI document, once."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            made = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
            made["servers"] = [{"url": PREFIX}]
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            of_problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= of_problem.pop("$defs", {})
            schemas["ProblemDetails"] = of_problem
            app.openapi_schema = made
        return app.openapi_schema

    return openapi
