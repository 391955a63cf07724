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
_ZONES: dict[str | None, str] = {member.slack_id: member.time_zone for member in SAMPLE_ROSTER}
_STOPS = 250
"""On one way of the clock; what lies beyond them is passed over."""
_END_OF_WORK = time(17, 30)
"""By the manager's clock, for the whole team: each stop of the clock takes a moment."""
_LIVED = timedelta(days=31)
"""The last part of one way of the clock: only its work is logged; a longer jump isn't lived through."""


async def go(sandbox: Sandbox, clock: ClockControl, to: datetime) -> None:
    """Move the clock on step by step: stop where something is due or somebody acts, and have them act."""
    now = (await clock.read()).business
    work_from = max(now, to - _LIVED)
    for _ in range(_STOPS):
        due = (await clock.read()).next_due
        stops = [moment for moment, _ in _moments(now, to, work_from)]
        stops += [due.at] if due and now < due.at < to else []
        if not stops:
            break
        stop = min(stops)
        await clock.set(stop)
        for moment, deed in _moments(now, stop, work_from):
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


def _moments(after: datetime, until: datetime, work_from: datetime) -> Iterator[tuple[datetime, Deed]]:
    """Yield what is done in this time, and when; in no order. Work is logged from `work_from` on."""
    for member in SAMPLE_ROSTER:
        for moment, deed in (*_settings(member, after, until), *_work(member, max(after, work_from), until)):
            if after < moment <= until:
                yield moment, deed


def _settings(member: SampleMember, after: datetime, until: datetime) -> Iterator[tuple[datetime, Deed]]:
    """Yield when somebody sets goals, in the months from `after` to `until`."""
    zone = ZoneInfo(member.time_zone)
    if member.habit in _WHEN:
        number, at = _WHEN[member.habit]
        day = after.astimezone(zone).date().replace(day=1)
        while day <= until.astimezone(zone).date():
            yield datetime.combine(day.replace(day=number), at, zone), Deed(member)
            day = _next_month(day)


def _work(member: SampleMember, after: datetime, until: datetime) -> Iterator[tuple[datetime, Deed]]:
    """Yield when somebody has something to log, on the days from `after` to `until`."""
    zone = ZoneInfo(_ZONES.get(member.manager, member.time_zone))
    day = after.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        if logged := days_work(member, day):
            yield datetime.combine(day, _END_OF_WORK, zone), Deed(member, logged)
        day += timedelta(days=1)


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
