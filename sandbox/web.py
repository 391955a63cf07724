"""The sandbox over HTTP: Slack's Web API, response_urls, and the page."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from sandbox.dispatch import dispatch
from sandbox.errors import SlackRefusal
from sandbox.file_routes import bot_files_router, page_files_router
from sandbox.link import link_router
from sandbox.model import Json
from sandbox.page_api import page_router
from sandbox.page_clock import clock_router
from sandbox.page_faults import faults_router
from sandbox.replies import failed
from sandbox.sandbox import Sandbox
from sandbox.time import elapsed

PAGE = Path(__file__).parent / "page"

_REFUSED = {"expired_url": 404, "used_url": 404}


def create_app(sandbox: Sandbox, others: Sequence[Sandbox] = ()) -> FastAPI:
    """Return the sandbox as an app to serve alone or to mount; its own start and end are `sandbox`'s.

    `others` are further workspaces at the same address, as Slack has them: a call belongs to the workspace
    whose token it carries. The page, and Socket Mode, are those of `sandbox`.
    """
    app = FastAPI(title="Goalkeeper sandbox", docs_url=None, redoc_url=None, openapi_url=None)

    @app.api_route("/api/{method}", methods=["GET", "POST"])
    async def web_api(method: str, request: Request) -> Response:
        values = await _values(request)
        token = _bearer(request) or values.pop("token", None)
        values.pop("token", None)
        whose = next((one for one in others if token == one.bot_token), sandbox)
        reply = await dispatch(whose.slack, method, token, values)
        return reply.response()

    @app.post("/response/{team_id}/{secret}")
    async def response_url(team_id: str, secret: str, request: Request) -> Response:
        whose = next((one for one in others if team_id == one.slack.workspace.team_id), sandbox)
        return await _respond(whose, secret, request)

    app.include_router(link_router(sandbox))
    app.include_router(bot_files_router(sandbox, others))
    for router in (page_router, page_files_router, clock_router, faults_router):
        app.include_router(router(sandbox))
    app.mount("/", _PageFiles(directory=PAGE, html=True, check_dir=False))
    return app


class _PageFiles(StaticFiles):
    """The page. Browsers ask whether a file is still the same: versions do not mix."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _values(request: Request) -> Json:
    """The arguments: query, and a body in JSON or as a form."""
    values: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = _parsed(await request.body())
        return values | (body if isinstance(body, dict) else {})
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        async with request.form() as form:
            return values | dict(form)
    return values


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None


async def _respond(sandbox: Sandbox, secret: str, request: Request) -> Response:
    began = elapsed()
    body = _parsed(await request.body())
    answer: Json = {"ok": True}
    status = 200
    if fault := sandbox.slack.faults.strike("response_url", by_name=True):
        reply = await failed(sandbox.slack.faults, fault)
        sandbox.slack.traffic.record(
            "to_slack", "response_url", body, {"fault": fault.kind}, reply.status, elapsed() - began
        )
        return reply.response()
    try:
        if not isinstance(body, dict):
            raise SlackRefusal("invalid_payload")
        sandbox.interactions.respond(secret, body)
    except SlackRefusal as refusal:
        answer, status = refusal.answer(), _REFUSED.get(refusal.error, 400)
    took = elapsed() - began
    sandbox.slack.traffic.record("to_slack", "response_url", body, answer, status, took)
    # Slack answers `ok` in plain text when all is well.
    return Response("ok") if status == 200 else JSONResponse(answer, status)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
