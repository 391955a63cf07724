"""The sample team at work: what its people type by themselves while the clock moves on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import SAMPLE_ROSTER, ClockReading, Sandbox, habits
from sandbox.sample import SampleMember
from sandbox.work import days_work
from tests.sandbox.conftest import TinyBot

REPS = [member for member in SAMPLE_ROSTER if member.role == "rep"]
FIRST = datetime(2026, 6, 1, tzinfo=UTC)
LAST = datetime(2026, 7, 1, tzinfo=UTC)


class Clock:
    """A clock that goes where it is put; nothing is ever due."""

    def __init__(self) -> None:
        self.now = FIRST

    async def read(self) -> ClockReading:
        return ClockReading(self.now, self.now, moved=False)

    async def set(self, to: datetime) -> None:
        assert to >= self.now
        self.now = to

    async def advance(self, by: timedelta) -> None:
        self.now += by

    async def real(self) -> None:
        self.now = FIRST


@pytest.fixture
def clock(sandbox: Sandbox) -> Iterator[Clock]:
    sandbox.clock = clock = Clock()
    yield clock
    sandbox.clock = None


def typed(bot: TinyBot) -> list[tuple[str, str]]:
    """Who typed what."""
    return [(one["user_id"], one["text"]) for one in bot.got if one.get("command") == "/goals"]


async def test_most_set_goals_and_log_their_work_in_the_course_of_a_month(
    sandbox: Sandbox, bot: TinyBot, clock: Clock
) -> None:
    await habits.go(sandbox, clock, LAST)
    lines = typed(bot)
    assert len([text for _, text in lines if text.startswith("set ")]) == 7
    days = {rep.name: len([1 for who, _ in lines if who == rep.slack_id]) for rep in REPS}
    assert days.pop("Ana Souza") == 0
    assert all(8 <= count <= 20 for count in days.values()), days
    assert {word for _, text in lines for word in text.replace(",", "").split()} >= {"signups", "calls"}
    assert len(sandbox.traffic) < 200
    assert clock.now == LAST


def test_one_is_a_star_and_one_struggles() -> None:
    reached = {rep.name: _signups(rep) / (rep.monthly_signup_goal or 1) for rep in REPS if rep.work}
    assert max(reached, key=lambda name: reached[name]) == "Priya Raghunathan"
    assert min(reached, key=lambda name: reached[name]) == "Noah Bergström"
    assert reached["Priya Raghunathan"] > 1.0
    assert 0.1 < reached["Noah Bergström"] < 0.7


async def test_the_same_days_bring_the_same_work_in_whatever_steps_they_come(
    sandbox: Sandbox, bot: TinyBot, clock: Clock
) -> None:
    await habits.go(sandbox, clock, FIRST + timedelta(days=9))
    at_once = sorted(typed(bot))
    bot.got.clear()
    clock.now = FIRST
    for hours in range(1, 9 * 24 + 1, 5):
        await habits.go(sandbox, clock, FIRST + timedelta(hours=hours))
    await habits.go(sandbox, clock, FIRST + timedelta(days=9))
    assert sorted(typed(bot)) == at_once


async def test_nobody_works_at_weekends_and_people_who_left_do_not(
    sandbox: Sandbox, bot: TinyBot, clock: Clock
) -> None:
    clock.now = datetime(2026, 6, 13, 12, tzinfo=UTC)
    await habits.go(sandbox, clock, datetime(2026, 6, 14, 23, tzinfo=UTC))
    assert typed(bot) == []
    priya = sandbox.person("Priya Raghunathan")
    priya.user.deleted = True
    await habits.go(sandbox, clock, LAST)
    assert priya.id not in {who for who, _ in typed(bot)}


def _signups(rep: SampleMember) -> int:
    """A year's signups, by the month."""
    total = 0
    for number in range(365):
        work = days_work(rep, (FIRST + timedelta(days=number)).date())
        words = (work or "").split()
        total += int(words[0]) if len(words) > 1 and words[1].startswith("signup") else 0
    return total // 12
