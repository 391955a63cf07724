import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox import ClockReading, ClockRefused, NextDue, Sandbox
from tests.sandbox.conftest import Page

ANA, PRIYA = "U0ANA000001", "U0PRIYA0001"
REAL = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = NextDue(datetime(2026, 3, 3, 17, tzinfo=UTC), "Reminder to Ana Souza (day 3)")


@dataclass
class Clock:
    """A clock that stands where it is put."""

    offset: timedelta = timedelta()
    due: NextDue | None = None
    set_to: list[datetime] = field(default_factory=list)

    async def read(self) -> ClockReading:
        return ClockReading(REAL + self.offset, REAL, bool(self.offset), (self.due,) if self.due else ())

    async def set(self, to: datetime) -> None:
        if to.year > 2050:
            raise ClockRefused("That is too far.")
        self.set_to.append(to)
        self.offset = to - REAL

    async def advance(self, by: timedelta) -> None:
        self.offset += by

    async def real(self) -> None:
        self.offset = timedelta()


@pytest.fixture
def clock(sandbox: Sandbox) -> Iterator[Clock]:
    sandbox.clock = clock = Clock()
    yield clock
    sandbox.clock = None


async def test_without_a_clock_there_is_none(page: Page) -> None:
    assert await page.get("clock") == {"clock": None}
    assert not (await page.post("clock", action="real"))["ok"]


async def test_it_is_moved_and_taken_back(page: Page, clock: Clock) -> None:
    assert (await page.get("clock"))["clock"] == {
        "business": "2026-03-01T12:00:00+00:00",
        "real": "2026-03-01T12:00:00+00:00",
        "moved": False,
        "coming": [],
    }
    moved = await page.post("clock", action="advance", seconds=86_400)
    assert (moved["ok"], moved["clock"]["moved"]) == (True, True)
    assert moved["clock"]["business"] == "2026-03-02T12:00:00+00:00"
    back = await page.post("clock", action="real")
    assert not back["clock"]["moved"]


@pytest.mark.parametrize(
    ("who", "to", "instant"),
    [
        (ANA, "2026-07-03T12:00", datetime(2026, 7, 3, 16, tzinfo=UTC)),
        (PRIYA, "2026-07-03T12:00", datetime(2026, 7, 3, 6, 30, tzinfo=UTC)),
        (None, "2026-07-03T12:00", datetime(2026, 7, 3, 12, tzinfo=UTC)),
        (ANA, "2026-07-03T12:00:00+02:00", datetime(2026, 7, 3, 10, tzinfo=UTC)),
    ],
)
async def test_a_time_is_meant_in_the_persons_zone(
    page: Page, clock: Clock, who: str | None, to: str, instant: datetime
) -> None:
    assert (await page.post("clock", **{"as": who}, action="set", to=to))["ok"]
    assert clock.set_to == [instant]


async def test_what_is_next_is_named_and_gone_to(page: Page, clock: Clock) -> None:
    assert (await page.post("clock", action="next"))["error"] == "Nothing is due."
    clock.due = DUE
    assert (await page.get("clock"))["clock"]["coming"] == [{"at": DUE.at.isoformat(), "what": DUE.what}]
    await page.post("clock", action="next")
    assert clock.set_to == [DUE.at]


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "set"},
        {"action": "set", "to": "1999-01-01T00:00"},
        {"action": "set", "to": "soon"},
        {"action": "advance"},
        {"action": "advance", "seconds": 1e12},
        {"action": "back"},
        {"action": "real", "seconds": 1},
    ],
)
async def test_nonsense_moves_nothing(page: Page, clock: Clock, wrong: dict[str, Any]) -> None:
    assert "ok" not in await page.post("clock", **wrong)
    assert clock.offset == timedelta()


async def test_a_refusal_is_told_in_words(page: Page, clock: Clock) -> None:
    refused = await page.post("clock", action="set", to="2051-01-01T00:00")
    assert refused == {"ok": False, "error": "That is too far."}


async def test_open_pages_hear_of_it_and_slack_keeps_real_time(
    page: Page, clock: Clock, sandbox: Sandbox
) -> None:
    cursor = (await page.get("state", **{"as": ANA}))["cursor"]
    await page.post("clock", action="advance", seconds=3_600)
    query = {"as": ANA, "cursor": str(cursor)}
    async with page.http.get(f"{page.url}/page/events", params=query) as stream:
        events: list[dict[str, Any]] = []
        while not events:
            line = (await stream.content.readline()).decode()
            events += [json.loads(line[6:])] if line.startswith("data: ") else []
    assert (events[0]["type"], events[0]["clock"]["moved"]) == ("clock", True)
    said = sandbox.person("Ana Souza").says("hello", "#team-west")
    assert float(said.ts) == pytest.approx(sandbox.slack.now(), abs=1)
