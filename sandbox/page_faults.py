"""The page's faults, at Slack and in Socket Mode: `/page/faults` and `/page/sockets`."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Literal, assert_never

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from sandbox import faults
from sandbox.dispatch import METHODS
from sandbox.faults import Fault
from sandbox.file_routes import DOWNLOAD, UPLOAD
from sandbox.model import Json
from sandbox.origin import from_our_page
from sandbox.sandbox import Sandbox

HUGE = 86_400
"""Seconds of a Retry-After that nobody expects: a day."""
_DATE_IN = timedelta(seconds=60)

Seconds = Annotated[float, Field(ge=0, le=3_600, allow_inf_nan=False)]


class Wanted(BaseModel):
    """A fault as the page describes it. `always`: every call until cleared, else the next one."""

    method: Annotated[str, Field(pattern=r"^(\*|[A-Za-z]+(\.[A-Za-z]+)+)$")]
    kind: Literal["rate_limited", "http_error", "html", "error", "dropped", "hang", "late"]
    retry_after: Literal["whole", "missing", "huge", "date"] = "whole"
    seconds: Seconds | None = None
    """How long to wait, to hang (None: until cleared), or to be missing in the history."""
    status: Literal[500, 503] = 500
    error: Annotated[str, Field(pattern=r"^\S{1,80}$")] = "fatal_error"
    accepted: bool = False
    always: bool = False


class Order(BaseModel):
    """Set a fault, or clear them all."""

    action: Literal["set", "clear"]
    fault: Wanted | None = None


class SocketOrder(BaseModel):
    """Something to happen to the Socket Mode connections."""

    action: Literal["drop", "warning", "refresh_requested", "link_disabled"]


def faults_router(sandbox: Sandbox) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/page")
    guard = [Depends(from_our_page)]

    @router.get("/faults")
    async def active() -> Json:
        return _standing(sandbox)

    @router.post("/faults", dependencies=guard)
    async def change(body: Order) -> Json:
        if body.action == "clear":
            sandbox.faults.clear()
        elif body.fault is None:
            return {"ok": False, "error": "No fault was named."}
        elif body.fault.always:
            sandbox.faults.always(body.fault.method, made(body.fault, sandbox.slack.now()))
        else:
            sandbox.faults.next(body.fault.method, made(body.fault, sandbox.slack.now()))
        return {"ok": True, **_standing(sandbox)}

    @router.post("/sockets", dependencies=guard)
    async def sockets(body: SocketOrder) -> Json:
        if body.action == "drop":
            sandbox.sockets.drop()
        else:
            await sandbox.sockets.disconnect(body.action)
        return {"ok": True}

    return router


def made(wanted: Wanted, now: float) -> Fault:
    """The fault that the page means; `now` is real time, for a Retry-After that is a date."""
    match wanted.kind:
        case "rate_limited":
            return faults.rate_limited(_retry_after(wanted, now))
        case "http_error":
            return faults.http_error(wanted.status, accepted=wanted.accepted)
        case "html":
            return faults.html(accepted=wanted.accepted)
        case "error":
            return faults.error(wanted.error)
        case "dropped":
            return faults.dropped(accepted=wanted.accepted)
        case "hang":
            return faults.hang(wanted.seconds, accepted=wanted.accepted)
        case "late":
            return faults.late_in_history(5 if wanted.seconds is None else wanted.seconds)
        case _:
            assert_never(wanted.kind)


def _retry_after(wanted: Wanted, now: float) -> str | int | None:
    match wanted.retry_after:
        case "whole":
            return round(wanted.seconds or 5)
        case "missing":
            return None
        case "huge":
            return HUGE
        case "date":
            return format_datetime(datetime.fromtimestamp(now, UTC) + _DATE_IN, usegmt=True)
        case _:
            assert_never(wanted.retry_after)


def _standing(sandbox: Sandbox) -> Json:
    return {
        "active": sandbox.faults.active(),
        "methods": ["*", *sorted([*METHODS, UPLOAD, DOWNLOAD])],
        "sockets": {"connected": sandbox.sockets.connected, "in_use": sandbox.socket_mode},
    }
