"""`goalkeeper clock`: show and move the business clock of a rehearsal."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.cli.console import Stopped, out
from bot.cli.database import check_current, url_of
from bot.clock import BusinessClock, ClockFixed
from bot.settings import Settings

clock = typer.Typer(help="Show the business clock, and move it in a rehearsal.", no_args_is_help=True)

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SPAN = re.compile(r"(-?)((?:\d+[wdhms])+)")


@clock.command()
def show() -> None:
    """Show the business time, which Goalkeeper goes by, and the real time."""
    _on_clock(_show)


@clock.command("set")
def set_to(
    moment: Annotated[
        str, typer.Argument(help="Date and time with a UTC offset, e.g. 2026-12-03T12:00:00-05:00")
    ],
) -> None:
    """Set the clock to this time; it runs on from there."""
    to = moment_of(moment)
    _on_clock(lambda business: business.set(to), then=_show)


@clock.command(context_settings={"ignore_unknown_options": True})
def advance(span: Annotated[str, typer.Argument(help="E.g. 1d, 3h30m, 2w; -1h goes back")]) -> None:
    """Move the clock forward, or back by a negative span."""
    by = _span(span)
    _on_clock(lambda business: business.advance(by), then=_show)


@clock.command()
def real() -> None:
    """Reset the clock to real time."""
    _on_clock(lambda business: business.real(), then=_show)


async def _show(business: BusinessClock) -> None:
    clocks = await business.read()
    moved = " (moved)" if clocks.moved else ""
    out.print(f"business  {clocks.business:%a, %b %d, %Y, %H:%M:%S} UTC{moved}")
    out.print(f"real      {clocks.real:%a, %b %d, %Y, %H:%M:%S} UTC")


Step = Callable[[BusinessClock], Awaitable[None]]


def _on_clock(step: Step, then: Step | None = None) -> None:
    settings = Settings.load()
    url = url_of(settings)
    check_current(url)
    try:
        asyncio.run(_take(settings, url, step, then))
    except ClockFixed as fixed:
        raise Stopped(str(fixed)) from None


async def _take(settings: Settings, url: str, step: Step, then: Step | None) -> None:
    # Imported here because every other command starts in half the time without these packages.
    from bot.app import business_clock

    async with business_clock(url, settings) as business:
        await step(business)
        if then is not None:
            await then(business)


def moment_of(typed: str) -> datetime:
    """Return the time that was typed; raise `Stopped` if it isn't one or has no UTC offset."""
    refusal = Stopped(f"{typed} isn't a time with a UTC offset. Write it like 2026-12-03T12:00:00-05:00")
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise refusal from None
    if moment.tzinfo is None:
        raise refusal
    return moment


def _span(typed: str) -> timedelta:
    match = _SPAN.fullmatch(typed.strip())
    if match is None:
        raise Stopped(f"{typed} isn't a span of time. Write it like 1d, 3h30m or 2w.")
    parts = re.findall(r"(\d+)([wdhms])", match[2])
    try:
        span = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
    except OverflowError:
        raise Stopped(f"{typed} is longer than any calendar.") from None
    return -span if match[1] else span
