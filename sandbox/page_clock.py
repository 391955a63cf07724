"""The page's clock: reading and moving business time, under `/page/clock`."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, model_validator

from sandbox import habits
from sandbox.clock import ClockControl, ClockReading, ClockRefused, instant
from sandbox.model import Json
from sandbox.origin import from_our_page
from sandbox.sandbox import Sandbox

_FAR = 20 * 366 * 24 * 3600.0
"""Seconds; further than this at a time nobody means to go."""


class Move(BaseModel):
    """Somebody moves the clock: `set` it `to` a time or `advance` it by `seconds`.

    A time without a zone is meant in that of the person `as`.
    """

    who: str | None = Field(None, alias="as")
    action: Literal["set", "advance", "real", "next"]
    to: datetime | None = None
    seconds: Annotated[float, Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Move":
        if (self.action == "set") != (self.to is not None) or (self.action == "advance") != (
            self.seconds is not None
        ):
            raise ValueError("set takes `to`, advance takes `seconds`")
        if self.to is not None and not 2000 <= self.to.year < 2100:
            raise ValueError("a year from 2000 to 2099")
        return self


class Team(BaseModel):
    """Whether the sample team acts by itself when the clock is moved on."""

    acts: bool


def clock_router(sandbox: Sandbox) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/page")

    @router.get("/clock")
    async def read() -> Json:
        return {"clock": await sandbox.read_clock()}

    @router.post("/clock", dependencies=[Depends(from_our_page)])
    async def move(body: Move) -> Json:
        if sandbox.clock is None:
            return {"ok": False, "error": "The clock cannot be moved here."}
        try:
            await _move(sandbox, sandbox.clock, body)
        except ClockRefused as refused:
            return {"ok": False, "error": str(refused)}
        return {"ok": True, "clock": await sandbox.tell_clock()}

    @router.post("/team", dependencies=[Depends(from_our_page)])
    async def team(body: Team) -> Json:
        sandbox.team_acts = body.acts
        return {"ok": True, "team_acts": sandbox.team_acts}

    return router


async def _move(sandbox: Sandbox, clock: ClockControl, move: Move) -> None:
    if move.action == "real":
        await clock.real()
        return
    reading = await clock.read()
    to = _target(sandbox, reading, move)
    if sandbox.team_acts and to > reading.business:
        await habits.go(sandbox, clock, to)
    elif move.action == "advance" and move.seconds is not None:
        await clock.advance(timedelta(seconds=move.seconds))
    else:
        await clock.set(to)


def _target(sandbox: Sandbox, reading: ClockReading, move: Move) -> datetime:
    if move.to is not None:
        user = sandbox.slack.workspace.users.get(move.who or "")
        return instant(move.to, user.tz if user else None)
    if move.seconds is not None:
        return reading.business + timedelta(seconds=move.seconds)
    if reading.next_due is None:
        raise ClockRefused("Nothing is due.")
    return reading.next_due.at
