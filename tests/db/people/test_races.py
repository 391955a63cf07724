"""Two people at the same team or request at once: real connections, real locks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from domain.db import Database, WorkspaceId
from domain.errors import NotAllowed, Refusal
from domain.people import joining
from domain.people.changes import ChangedMeanwhile
from domain.people.teams import TeamSettings
from tests.builders import a_workspace
from tests.conftest import BLOCKED, HANG_SECONDS, Sql
from tests.db.people.office import Office

Act = Callable[[Office], Awaitable[Any]]
JO = ("U0JO",)
WEST = TeamSettings("West", "U0KIM", "C0WEST")


class Race:
    """Has two act so that the second is in the middle of it while the first has not committed."""

    def __init__(self, db: Database, acme: WorkspaceId, office: Office, now: datetime, sql: Sql) -> None:
        self.db, self.acme, self.office, self.now, self.sql = db, acme, office, now, sql

    async def __call__(self, first: Act, second: Act) -> Any:
        """What the second gets; raises what they are refused with."""
        async with self.db.workspace(self.acme, at=self.now) as tx:
            await first(self._seen_in(tx))
            follower = asyncio.create_task(self.alone(second))
            await self._until_waiting(follower)
        return await follower

    async def alone(self, act: Act) -> Any:
        async with self.db.workspace(self.acme, at=self.now) as tx:
            return await act(self._seen_in(tx))

    def _seen_in(self, tx: Any) -> Office:
        office = Office(tx)
        office.teams = self.office.teams
        return office

    async def _until_waiting(self, follower: "asyncio.Task[Any]") -> None:
        async with asyncio.timeout(HANG_SECONDS):
            while not await self.sql.value(BLOCKED):
                assert not follower.done(), "the second did not wait for the first"


@pytest.fixture
async def race(db: Database, now: datetime, sql: Sql) -> Race:
    """An office that has been committed."""
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme, at=now) as tx:
        office = Office(tx)
        await office.staff()
    return Race(db, acme, office, now, sql)


async def test_add_pressed_twice_at_once_adds_once(race: Race) -> None:
    request = await race.alone(lambda one: one.ask("U0JO", "West"))
    with pytest.raises(Refusal, match="Kim added Jo to West already"):
        await race(lambda one: one.decide("U0KIM", request), lambda two: two.decide("U0DANA", request))
    assert await race.alone(lambda seen: seen.members("West")) == ["Jo", "Sam"]
    assert await race.sql.value("SELECT count(*) FROM outbox WHERE kind = 'teams.join_decided'") == 1


async def test_added_by_the_form_and_by_the_button_at_once_is_added_once(race: Race) -> None:
    request = await race.alone(lambda one: one.ask("U0JO", "West"))
    with pytest.raises(Refusal, match="Dana added Jo to West already"):
        await race(lambda one: one.change("West", add=JO), lambda two: two.decide("U0KIM", request))
    assert await race.sql.value("SELECT count(*) FROM team_memberships") == 3


async def test_asked_twice_at_once_is_asked_once(race: Race) -> None:
    with pytest.raises(Refusal, match="You have asked to join that team already"):
        await race(lambda one: one.ask("U0JO", "West"), lambda two: two.ask("U0JO", "West"))
    assert await race.sql.value("SELECT count(*) FROM outbox") == 1


async def test_who_asks_while_the_manager_changes_asks_the_new_one(race: Race) -> None:
    await race(lambda one: one.change("West", manager="U0LEE"), lambda two: two.ask("U0JO", "West"))
    assert [who for who, *_ in await race.alone(Office.said)] == ["Lee"]


async def test_who_asks_while_the_manager_leaves_asks_the_admins(race: Race) -> None:
    async def leaves(office: Office) -> None:
        await office.leaves("U0KIM")
        await joining.pass_on_from(office.tx.session, "U0KIM")

    await race(leaves, lambda two: two.ask("U0JO", "West"))
    assert [who for who, *_ in await race.alone(Office.said)] == ["Dana"]


async def test_two_who_rename_a_team_at_once_do_not_overwrite_each_other(race: Race) -> None:
    opened = await race.alone(lambda one: one.settings("West"))
    with pytest.raises(ChangedMeanwhile):
        await race(
            lambda one: one.change("West", opened=opened, name="Best"),
            lambda two: two.change("West", opened=opened, name="Rest"),
        )
    assert await race.sql.value("SELECT count(*) FROM teams WHERE name = 'Best'") == 1


async def test_two_teams_of_one_name_at_once_are_one(race: Race) -> None:
    with pytest.raises(Refusal, match="There is a team called NORTH already"):
        await race(lambda one: one.create("North"), lambda two: two.create("NORTH"))


async def test_one_rep_taken_into_two_teams_at_once_is_on_one(race: Race) -> None:
    await race(lambda one: one.change("West", add=JO), lambda two: two.change("East", add=JO))
    assert await race.alone(lambda seen: seen.members("West")) == ["Sam"]
    assert await race.alone(lambda seen: seen.members("East")) == ["Jo", "Ron"]


async def test_who_is_an_admin_no_longer_when_their_turn_comes_changes_nothing(race: Race) -> None:
    async def name_another(office: Office) -> None:
        await office.change("West", add=JO)
        await office.rows_changed("UPDATE users SET named_admin = false WHERE slack_id = 'U0DANA'")

    with pytest.raises(NotAllowed, match="Kim, who manages West, can change that team"):
        await race(name_another, lambda two: two.change("West", opened=WEST, add=("U0FLO",)))


async def test_two_stints_of_one_day_at_once_are_refused(race: Race) -> None:
    async def begins(office: Office) -> None:
        await office.rows_changed(
            "INSERT INTO rep_stints (sales_rep_id, started_on, ended_on)"
            " SELECT id, '2020-01-01', '2020-02-01' FROM sales_reps WHERE name = 'Sam'"
        )

    with pytest.raises(DBAPIError, match="these stints overlap"):
        await race(begins, begins)
