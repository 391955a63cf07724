"""Sample people who act by themselves when the clock is moved: they type what they would, when they would."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.clock import ClockControl
from sandbox.sample import SAMPLE_ROSTER, Habit, SampleMember

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


async def go(sandbox: Sandbox, clock: ClockControl, to: datetime) -> None:
    """Moves the clock on as time goes: stops where something is due or somebody acts, and has them act."""
    now = (await clock.read()).business
    for _ in range(_STOPS):
        due = (await clock.read()).next_due
        stops = [moment for moment, _ in _moments(now, to)]
        stops += [due.at] if due and now < due.at < to else []
        if not stops:
            break
        stop = min(stops)
        await clock.set(stop)
        for moment, member in _moments(now, stop):
            if moment == stop:
                await _act(sandbox, member, stop)
        now = stop
    await clock.set(to)


def _moments(after: datetime, until: datetime) -> Iterator[tuple[datetime, SampleMember]]:
    """When who acts in this time, in no order."""
    for member in SAMPLE_ROSTER:
        zone = ZoneInfo(member.time_zone)
        if member.habit in _WHEN:
            number, at = _WHEN[member.habit]
            day = after.astimezone(zone).date().replace(day=1)
            while day <= until.astimezone(zone).date():
                moment = datetime.combine(day.replace(day=number), at, zone)
                if after < moment <= until:
                    yield moment, member
                day = _next_month(day)


def _next_month(day: date) -> date:
    return day + timedelta(days=calendar.monthrange(day.year, day.month)[1])


async def _act(sandbox: Sandbox, member: SampleMember, now: datetime) -> None:
    """Sets their goals, unless they have read in their messages that these are set."""
    if member.slack_id not in sandbox.slack.workspace.users:
        return
    person = sandbox.person(member.slack_id)
    month = calendar.month_name[now.astimezone(ZoneInfo(member.time_zone)).month]
    said = f"{month} goals set:"
    if not person.user.deleted and not any(said in message.plain for message in person.dms()[-20:]):
        await person.types(f"/goals set {member.goals}")
