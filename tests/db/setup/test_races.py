"""Two admins who save at the same instant, over two connections."""

import asyncio
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from domain.db import Database, WorkspaceId
from domain.errors import NotAllowed
from domain.people import queries as people
from domain.people.changes import ChangedMeanwhile
from domain.setup import queries, service
from domain.setup.rules import Settings
from tests.builders import a_user, a_workspace
from tests.conftest import Sql

USUAL = Settings("UTC", "USD", "en_US", 6, time(12), None)


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
