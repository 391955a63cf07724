"""Two admins who save at the same instant, over two connections."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from domain.db import Database, Transaction, WorkspaceId
from domain.errors import InvalidInput, NotAllowed, Refusal
from domain.goals.figures import TypedFigures
from domain.goals.service import set_goal
from domain.people import queries as people
from domain.people.changes import ChangedMeanwhile
from domain.people.model import Door
from domain.people.rules import Person
from domain.periods import Period
from domain.setup import queries, service
from domain.setup.rules import WorkspaceSettings
from tests.builders import a_rep, a_user, a_workspace
from tests.conftest import BLOCKED, Sql

USUAL = WorkspaceSettings("UTC", "USD", "en_US", 6, time(12), None)

Act = Callable[[Transaction], Awaitable[None]]


@pytest.fixture
async def acme(db: Database) -> WorkspaceId:
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme) as tx:
        await a_user(tx.session, slack_id="U0DANA", name="Dana", named_admin=True)
        await a_user(tx.session, slack_id="U0ED", name="Ed", named_admin=True)
    return acme


async def _save(db: Database, acme: WorkspaceId, slack_id: str, **wanted: Any) -> str:
    try:
        async with db.workspace(acme) as tx:
            person = (await people.by_slack_id(tx.session, [slack_id]))[slack_id]
            await service.change_settings(tx.session, person, USUAL, replace(USUAL, **wanted))
    except ChangedMeanwhile as changed:
        return f"saw what {', '.join(str(who) for who in changed.changes.values())} changed"
    return "saved"


async def test_of_two_who_save_at_the_same_instant_one_sees_the_other_s(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    first, second = await asyncio.gather(
        _save(db, acme, "U0DANA", currency="EUR"), _save(db, acme, "U0ED", locale="de_DE")
    )
    assert (first, second) in (("saved", "saw what Dana changed"), ("saw what Ed changed", "saved"))
    assert await sql.value("SELECT count(*) FROM settings_changes") == 1


async def test_of_two_admins_who_take_each_other_out_one_stays(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    async def take_out(by: str, stays: str) -> str:
        try:
            async with db.workspace(acme) as tx:
                known = await people.by_slack_id(tx.session, [by, stays])
                named = {stays: known[stays]}
                await service.name_admins(tx.session, known[by], {"U0DANA", "U0ED"}, named)
        except NotAllowed:
            return "refused"
        return "saved"

    done = await asyncio.gather(take_out("U0DANA", "U0DANA"), take_out("U0ED", "U0ED"))
    assert sorted(done) == ["refused", "saved"]
    async with db.workspace(acme) as tx:
        assert len(await queries.admins(tx.session)) == 1


# --- the currency ------------------------------------------------------------------------------------------


class Waiting:
    """Has one person act while what another did is not committed yet, and lets them go on."""

    def __init__(self, db: Database, acme: WorkspaceId, sql: Sql) -> None:
        self.db, self.acme, self.sql = db, acme, sql

    async def __call__(self, first: Act, second: Act) -> None:
        """Run both; raises whatever the second is refused with."""
        async with self.db.workspace(self.acme) as tx:
            await first(tx)
            follower = asyncio.create_task(self.alone(second))
            async with asyncio.timeout(60):
                while not await self.sql.value(BLOCKED):
                    assert not follower.done(), "the second did not wait for the first"
        await follower

    async def alone(self, act: Act) -> None:
        async with self.db.workspace(self.acme) as tx:
            await act(tx)


@pytest.fixture
async def in_turn(db: Database, acme: WorkspaceId, sql: Sql) -> Waiting:
    """Dana carries goals as well."""
    async with db.workspace(acme) as tx:
        dana = (await people.by_slack_id(tx.session, ["U0DANA"]))["U0DANA"]
        await a_rep(tx.session, user_id=dana.user_id, name="Dana")
    return Waiting(db, acme, sql)


async def _person(tx: Transaction, slack_id: str) -> Person:
    return (await people.by_slack_id(tx.session, [slack_id]))[slack_id]


async def sets_a_year(tx: Transaction) -> None:
    """Dana aims at 600,000 this year."""
    dana = await _person(tx, "U0DANA")
    year, typed = Period.of_year(tx.now.year), TypedFigures(revenue="600k")
    await set_goal(tx.session, tx.now, dana.through(Door.FORM), dana, year, typed)


async def pays_bonuses(tx: Transaction) -> None:
    """Dana gives 250 for the highest tier."""
    now = await queries.tiers(tx.session)
    wanted = [*now[:-1], replace(now[-1], amount=Decimal(250))]
    await service.change_tiers(tx.session, await _person(tx, "U0DANA"), now, wanted)


async def changes_to_euros(tx: Transaction) -> None:
    await service.change_settings(
        tx.session, await _person(tx, "U0ED"), USUAL, replace(USUAL, currency="EUR")
    )


WRITING = pytest.mark.parametrize("writes_an_amount", [sets_a_year, pays_bonuses])


@WRITING
async def test_an_amount_that_is_being_saved_keeps_its_currency(
    in_turn: Waiting, sql: Sql, writes_an_amount: Act
) -> None:
    with pytest.raises(InvalidInput, match="The currency stays USD"):
        await in_turn(writes_an_amount, changes_to_euros)
    assert await sql.value("SELECT currency FROM workspaces") == "USD"


@WRITING
async def test_an_amount_typed_before_the_currency_changed_is_not_saved_in_the_new_one(
    in_turn: Waiting, sql: Sql, writes_an_amount: Act
) -> None:
    with pytest.raises(Refusal, match="The currency has just been changed to EUR"):
        await in_turn(changes_to_euros, writes_an_amount)
    assert await sql.value("SELECT count(*) FROM rep_yearly_goals WHERE yearly_revenue_goal > 0") == 0
    assert await sql.value("SELECT max(amount) FROM bonus_tiers") == 0
