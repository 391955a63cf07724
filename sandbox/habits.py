"""Sample people who act by themselves when the clock is moved: they type what they would, when they would."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.clock import ClockControl
from sandbox.sample import SAMPLE_ROSTER, Habit, SampleMember
from sandbox.work import days_work

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

_WHEN = {
    Habit.AT_ONCE: (1, time(9, 30)),
    Habit.LAST_DAY: (6, time(17)),
    Habit.LATE: (8, time(10)),
}
"""Day of the month and time of day, by their own clock."""
_STOPS = 250
"""On one way of the clock; what lies beyond them is passed over."""
_END_OF_WORK = time(17, 30)
"""By their own clock: when they log the day's work."""


async def go(sandbox: Sandbox, clock: ClockControl, to: datetime) -> None:
    """Move the clock on step by step: stop where something is due or somebody acts, and have them act."""
    now = (await clock.read()).business
    for _ in range(_STOPS):
        due = (await clock.read()).next_due
        stops = [moment for moment, _ in _moments(now, to)]
        stops += [due.at] if due and now < due.at < to else []
        if not stops:
            break
        stop = min(stops)
        await clock.set(stop)
        for moment, deed in _moments(now, stop):
            if moment == stop:
                await _act(sandbox, deed, stop)
        now = stop
    await clock.set(to)


@dataclass(frozen=True)
class Deed:
    """What somebody is about to do: set their goals, or log a day's work."""

    member: SampleMember
    logged: str | None = None
    """What they type after `/goals log`; None: they set their goals."""


def _moments(after: datetime, until: datetime) -> Iterator[tuple[datetime, Deed]]:
    """Who does what in this time, and when; in no order."""
    for member in SAMPLE_ROSTER:
        zone = ZoneInfo(member.time_zone)
        first, last = after.astimezone(zone).date(), until.astimezone(zone).date()
        found = [*_settings(member, first, last), *_workdays(member, first, last)]
        for day, at, deed in found:
            moment = datetime.combine(day, at, zone)
            if after < moment <= until:
                yield moment, deed


def _settings(member: SampleMember, first: date, last: date) -> Iterator[tuple[date, time, Deed]]:
    """The days from the month of `first` to `last` on which somebody sets goals."""
    if member.habit in _WHEN:
        number, at = _WHEN[member.habit]
        day = first.replace(day=1)
        while day <= last:
            yield day.replace(day=number), at, Deed(member)
            day = _next_month(day)


def _workdays(member: SampleMember, first: date, last: date) -> Iterator[tuple[date, time, Deed]]:
    """The days from `first` to `last` on which somebody has something to log."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if logged := days_work(member, day):
            yield day, _END_OF_WORK, Deed(member, logged)


def _next_month(day: date) -> date:
    return day + timedelta(days=calendar.monthrange(day.year, day.month)[1])


async def _act(sandbox: Sandbox, deed: Deed, now: datetime) -> None:
    """Type what somebody would, unless they have left, or have read that their goals are set."""
    member = deed.member
    if member.slack_id not in sandbox.slack.workspace.users:
        return
    person = sandbox.person(member.slack_id)
    if person.user.deleted:
        return
    if deed.logged is not None:
        await person.types(f"/goals log {deed.logged}")
        return
    month = calendar.month_name[now.astimezone(ZoneInfo(member.time_zone)).month]
    said = f"{month} goals set:"
    if not any(said in message.plain for message in person.dms()[-20:]):
        await person.types(f"/goals set {member.goals}")
