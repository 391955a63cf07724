"""What comes next by the business clock, as a rehearsal shows it."""

import pytest

from domain.flow import coming
from domain.reminders.rules import Snooze
from tests.db.reminders.office import ONE, Office


@pytest.fixture
async def west(office: Office) -> Office:
    """Kim manages Ana and Bo; it is noon of the day before the deadline, and all that was due is said."""
    await office.user("Kim")
    west = await office.team("West", "Kim")
    for name in ("Ana", "Bo"):
        await office.rep(name, west)
    await office.tick("2026-10-01T00:00Z", "2026-10-05T12:00Z")
    return office


async def lines(office: Office, most: int = 20) -> list[str]:
    due = await coming(office.session, office.tx.now, most)
    return [f"{one.at:%m-%d %H:%M} {one.what}: {', '.join(one.whom)}" for one in due]


async def test_what_is_due_is_told_in_order_with_whom_it_is_for(west: Office) -> None:
    await west.snooze("Bo", ONE, Snooze.THREE_HOURS)
    assert await lines(west) == [
        "10-05 15:00 reminder again: Bo",
        "10-06 12:00 reminder on the day: Ana, Bo",
        "10-06 12:00 digest: Kim",
        "10-07 12:00 overdue reminder: Ana, Bo",
        "10-07 12:00 digest: Kim",
        "11-01 00:00 new month: Ana, Bo",
    ]


async def test_whoever_has_set_the_goals_is_reminded_no_more(west: Office) -> None:
    await west.set("Ana")
    assert [line for line in await lines(west) if "Ana" in line] == ["11-01 00:00 new month: Ana, Bo"]


async def test_what_is_due_now_is_not_still_to_come(west: Office) -> None:
    await west.snooze("Bo", ONE, Snooze.ONE_HOUR)
    await west.at("2026-10-05T13:00Z")
    assert (await lines(west, 1)) == ["10-06 12:00 reminder on the day: Ana, Bo", "10-06 12:00 digest: Kim"]
    await west.at("2026-10-06T12:00Z")
    assert (await lines(west, 1)) == ["10-07 12:00 overdue reminder: Ana, Bo", "10-07 12:00 digest: Kim"]
