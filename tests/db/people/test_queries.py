"""Who somebody is: all that their rights and their calendar depend on."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people import queries
from domain.people.model import RepId, Role, Standing, TeamId, UserId
from domain.people.queries import Address
from domain.people.rules import Person, Rep, TeamOf
from domain.people.service import remember_dm
from tests.builders import a_rep, a_team, a_user, insert
from tests.db.goals.desk import counted

SINCE = date(2025, 5, 1)


async def sam_in(session: AsyncSession) -> Person:
    return (await queries.by_slack_id(session, ["U0SAM"]))["U0SAM"]


async def a_sam(session: AsyncSession, team: TeamId | None = None) -> tuple[UserId, RepId]:
    """Sam, in this team since joining."""
    user = await a_user(session, slack_id="U0SAM", name="Sam", time_zone="America/New_York")
    rep = await a_rep(session, user_id=user, joined_on=SINCE, team_id=team)
    return user, rep


async def test_a_person_comes_with_all_that_rules_need(session: AsyncSession) -> None:
    kim = await a_user(session, name="Kim")
    west = await a_team(session, name="West", manager_id=kim)
    user, rep = await a_sam(session, west)
    await session.execute(text("UPDATE workspaces SET deadline_day = 10, currency = 'EUR', locale = 'de_DE'"))

    expected = Person(
        user_id=user,
        slack_id="U0SAM",
        name="Sam",
        role=Role.MEMBER,
        standing=Standing.MEMBER,
        is_active=True,
        zone="America/New_York",
        currency="EUR",
        locale="de_DE",
        deadline_day=10,
        rep=Rep(rep, is_active=True, joined_on=SINCE, settles_from=SINCE),
        team=TeamOf(west, "West", kim, "Kim"),
    )
    assert await sam_in(session) == expected
    assert await queries.by_rep(session, rep) == expected


async def test_a_team_whose_manager_is_deactivated_has_nobody_to_ask(session: AsyncSession) -> None:
    kim = await a_user(session, name="Kim", is_active=False)
    west = await a_team(session, name="West", manager_id=kim)
    await a_sam(session, west)
    assert (await sam_in(session)).team == TeamOf(west, "West")


async def test_a_team_left_is_no_longer_ones_own(session: AsyncSession) -> None:
    west, east = await a_team(session, name="West"), await a_team(session, name="East")
    _, rep = await a_sam(session)
    moved = date(2026, 1, 1)
    for team, started_on, ended_on in ((west, SINCE, moved), (east, moved, None)):
        days = {"started_on": started_on, "ended_on": ended_on}
        await insert(session, "team_memberships", sales_rep_id=rep, team_id=team, **days)
    assert (await sam_in(session)).team == TeamOf(east, "East")


async def test_whoever_manages_a_team_is_a_manager(session: AsyncSession) -> None:
    sam, _ = await a_sam(session)
    assert not (await sam_in(session)).is_manager
    teams = {await a_team(session, manager_id=sam), await a_team(session, manager_id=sam)}
    await a_team(session)
    assert (await sam_in(session)).manages == teams
    assert (await sam_in(session)).is_manager


async def test_who_has_no_zone_has_the_workspaces(session: AsyncSession) -> None:
    await a_user(session, slack_id="U0SAM")
    await session.execute(text("UPDATE workspaces SET time_zone = 'Asia/Tokyo'"))
    assert (await sam_in(session)).zone == "Asia/Tokyo"


@pytest.mark.parametrize("column", ["slack_admin", "named_admin"])
async def test_slacks_admins_and_named_ones_are_admins(session: AsyncSession, column: str) -> None:
    columns: dict[str, Any] = {column: True}
    await a_user(session, slack_id="U0SAM", **columns)
    assert (await sam_in(session)).is_admin


async def test_the_deactivated_are_known_as_such(session: AsyncSession) -> None:
    user = await a_user(session, slack_id="U0SAM", is_active=False, standing="guest")
    await a_rep(session, user_id=user, is_active=False)
    sam = await sam_in(session)
    assert (sam.is_active, sam.standing) == (False, Standing.GUEST)
    assert sam.rep is not None
    assert not sam.rep.is_active


async def test_many_are_found_in_one_statement_and_strangers_left_out(session: AsyncSession) -> None:
    for number in range(5):
        await a_user(session, slack_id=f"U0{number}")
    with counted(session) as statements:
        known = await queries.by_slack_id(session, ["U00", "U03", "U03", "U0STRANGER"])
    assert len(statements) == 1
    assert sorted(known) == ["U00", "U03"]
    assert await queries.by_slack_id(session, []) == {}


async def test_a_rep_that_there_is_not_is_nobody(session: AsyncSession) -> None:
    assert await queries.by_rep(session, RepId(999)) is None


async def test_an_address_is_where_direct_messages_go(session: AsyncSession) -> None:
    user = await a_user(session, slack_id="U0SAM")
    assert await queries.address(session, user) == Address("U0SAM", None, True)
    await remember_dm(session, user, "D0SAM")
    assert await queries.address(session, user) == Address("U0SAM", "D0SAM", True)
    assert await queries.address(session, UserId(999)) is None
