"""Nudges: who gets one, and once in four hours at most."""

import asyncio

import pytest

from domain.db import Database
from domain.errors import NotAllowed
from domain.people.model import Door
from domain.periods import Period
from domain.reminders import service
from domain.reminders.errors import NobodyToNudge
from domain.reminders.service import Nudged
from tests.builders import a_workspace
from tests.conftest import BLOCKED, Sql
from tests.db.reminders.office import Office

OCTOBER, NOVEMBER = Period.of_month(2026, 10), Period.of_month(2026, 11)


async def staff(office: Office) -> None:
    """Kim manages Ana, Bo and Cy, whose October is open; Lee manages nobody."""
    for name in ("Kim", "Lee"):
        await office.user(name)
    west = await office.team("West", "Kim")
    for name in ("Ana", "Bo", "Cy"):
        await office.rep(name, west)
    await office.tick("2026-10-01T00:00Z")


@pytest.fixture
async def west(office: Office) -> Office:
    await staff(office)
    return office


async def nudge(office: Office, *names: str, by: str = "Kim", month: Period = OCTOBER) -> Nudged:
    actor = (await office.person(by)).through(Door.FORM)
    return await service.nudge(office.session, actor, [await office.person(name) for name in names], month)


async def nudges(office: Office) -> list[tuple[str, str]]:
    """Who was nudged by whom."""
    rows = await office.rows(
        "SELECT r.name AS rep, u.name AS manager FROM goal_nudges n "
        "JOIN sales_reps r ON r.id = n.sales_rep_id"
        " JOIN users u ON u.id = n.nudged_by ORDER BY n.id"
    )
    return [(row.rep, row.manager) for row in rows]


async def test_a_nudge_is_written_down_and_said_once_each(west: Office) -> None:
    assert await nudge(west, "Bo", "Ana") == Nudged(2, 0)
    assert await nudges(west) == [("Ana", "Kim"), ("Bo", "Kim")]
    said = await west.rows(
        "SELECT u.name, o.mode, o.facts FROM outbox o JOIN users u ON o.audience = 'user:' || u.id"
        " WHERE o.kind = 'reminders.nudge' ORDER BY u.name"
    )
    facts = {"goal": "2026-10", "by": west.users["Kim"]}
    assert [tuple(row) for row in said] == [
        (name, "post", {**facts, "sales_rep_id": west.reps[name]}) for name in ("Ana", "Bo")
    ]


async def test_a_person_is_nudged_again_after_exactly_four_hours(west: Office) -> None:
    await west.at("2026-10-05T12:00Z")
    await nudge(west, "Ana")
    await west.at("2026-10-05T15:59:59Z")
    with pytest.raises(NobodyToNudge, match="less than 4 hours ago"):
        await nudge(west, "Ana")
    await west.at("2026-10-05T16:00Z")
    assert await nudge(west, "Ana") == Nudged(1, 0)


async def test_only_those_nudged_lately_are_counted_as_such(west: Office) -> None:
    await nudge(west, "Ana")
    await west.set("Bo")
    assert await nudge(west, "Ana", "Bo", "Cy") == Nudged(1, 1)


@pytest.mark.parametrize(
    "why",
    [
        "UPDATE rep_monthly_goals SET goal_set_at = '2026-09-30Z', signup_goal = 5 WHERE sales_rep_id = :bo",
        "UPDATE sales_reps SET is_active = false WHERE id = :bo",
        "UPDATE users SET standing = 'guest' WHERE id = (SELECT user_id FROM sales_reps WHERE id = :bo)",
    ],
    ids=["set", "off the team", "a guest"],
)
async def test_who_has_no_goals_to_set_was_not_nudged_lately(west: Office, why: str) -> None:
    await west.do(why, bo=west.reps["Bo"])
    assert await nudge(west, "Ana", "Bo") == Nudged(1, 0)
    assert await nudges(west) == [("Ana", "Kim")]


async def test_nobody_is_nudged_when_the_month_has_ended(west: Office) -> None:
    await west.at("2026-11-01T00:00Z")
    with pytest.raises(NobodyToNudge, match="October 2026 is over"):
        await nudge(west, "Ana")


async def test_only_those_who_lead_all_of_them_may_nudge(west: Office) -> None:
    with pytest.raises(NotAllowed, match="Only Ana's manager or an admin"):
        await nudge(west, "Ana", "Bo", by="Lee")
    assert await nudges(west) == []


async def test_two_who_nudge_at_once_nudge_once(db: Database, sql: Sql) -> None:
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme) as tx:
        office = Office(tx)
        await staff(office)
        # Of this month the rows are locked as well.
        await office.do(
            "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, goal_set_at)"
            " SELECT id, 2026, 11, NULL FROM sales_reps"
        )

    async def at_once() -> Nudged:
        async with db.workspace(acme, at=office.tx.now) as tx:
            return await nudge(Office(tx), "Ana", month=NOVEMBER)

    async with db.workspace(acme, at=office.tx.now) as tx:
        assert await nudge(Office(tx), "Ana", month=NOVEMBER) == Nudged(1, 0)
        second = asyncio.create_task(at_once())
        async with asyncio.timeout(60):
            while not await sql.value(BLOCKED):
                assert not second.done(), "the second did not wait for the first"
    with pytest.raises(NobodyToNudge):
        await second
    assert await sql.value("SELECT count(*) FROM goal_nudges") == 1
