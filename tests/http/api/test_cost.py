"""A call takes a fixed number of statements, however many reps or rows."""

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.db import Database
from domain.goals.jobs import open_for_joiners
from tests.builders import a_rep
from tests.http.api.conftest import Acme, Clients

PATHS = (
    "goals/monthly/current",
    "goals/yearly/current",
    "goals/pending-deadlines",
    "people",
    "teams",
    "reports/monthly/2/2026",
)


@pytest.fixture
def counted(engine: AsyncEngine) -> Iterator[Callable[[], int]]:
    """How many statements there were since it was asked last."""
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    def so_far() -> int:
        count = len(said)
        said.clear()
        return count

    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    yield so_far
    event.remove(engine.sync_engine, "before_cursor_execute", listen)


async def test_lists_cost_the_same_for_many_reps(
    client: Clients, acme: Acme, db: Database, counted: Callable[[], int]
) -> None:
    ada = await client("ada")

    async def cost() -> list[int]:
        counts = []
        for path in PATHS:
            counted()
            assert (await ada.get(path)).status_code == 200
            counts.append(counted())
        return counts

    few = await cost()
    async with db.workspace(acme.id) as tx:
        for _ in range(40):
            await a_rep(tx.session, team_id=acme.west)
        await open_for_joiners(tx.session, tx.now)
    another = await client("ada")
    ada = another
    assert await cost() == few
    assert max(few) <= 7


async def test_a_bulk_costs_the_same_for_many_rows(
    client: Clients, acme: Acme, counted: Callable[[], int]
) -> None:
    ana = await client("ana")

    async def cost(first: int, rows: int) -> int:
        body = "".join(
            json.dumps({"metric": "calls", "amount": 1, "external_id": f"c-{first + number}"}) + "\n"
            for number in range(rows)
        )
        counted()
        kind = {"Content-Type": "application/x-ndjson"}
        done = (await ana.http.post("activity", content=body, headers=kind)).json()
        assert done["recorded"] == rows
        return counted()

    assert await cost(0, 10) == await cost(100, 900)
