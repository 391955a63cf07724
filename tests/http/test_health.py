"""What operators ask of a running bot."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.http.health import Readiness, add_health
from bot.postgres import create_engine, head_revision
from domain.db import Database
from tests.conftest import HANG_SECONDS, Sql
from tests.slack.test_database_away import Away, Wire
from tests.slack.test_database_away import away as away

OK = {"database": "ok", "migrations": "ok", "courier": "ok"}


class Courier:
    """One that has been silent for so long."""

    seconds = 0.0

    def silent_for(self) -> float:
        return self.seconds


@pytest.fixture
def courier() -> Courier:
    return Courier()


@pytest.fixture
def readiness(db: Database, courier: Courier) -> Readiness:
    readiness = Readiness(db, head_revision())
    readiness.courier_silent_for = courier.silent_for
    return readiness


@pytest.fixture
async def operator(readiness: Readiness) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with curl."""
    app = FastAPI()
    add_health(app, readiness)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        yield client


async def test_all_is_well(operator: httpx.AsyncClient) -> None:
    answer = await operator.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, OK)


async def test_a_database_that_is_away(operator: httpx.AsyncClient, away: Away) -> None:
    away.gone()
    answer = await operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"].startswith("cannot be reached (")
    # The process lives all the same: to restart it would help nobody.
    assert (await operator.get("/healthz")).text == "ok"
    away.back()
    assert (await operator.get("/readyz")).json() == OK


async def test_an_old_database(operator: httpx.AsyncClient, sql: Sql) -> None:
    await sql("UPDATE alembic_version SET version_num = '0001'")
    answer = await operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        **OK,
        "migrations": f"at 0001, not at {head_revision()}: run goalkeeper migrate",
    }


async def test_a_courier_that_has_stopped(operator: httpx.AsyncClient, courier: Courier) -> None:
    courier.seconds = 9.9
    assert (await operator.get("/readyz")).status_code == 200
    courier.seconds = 12.3
    answer = await operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {**OK, "courier": "has not looked at the outbox for 12 s"}


async def test_before_slack_has_answered(operator: httpx.AsyncClient, readiness: Readiness) -> None:
    readiness.courier_silent_for = None
    answer = await operator.get("/readyz")
    assert (answer.status_code, answer.json()["courier"]) == (503, "not connected to Slack yet")


async def test_socket_mode_that_slack_does_not_let_in(
    operator: httpx.AsyncClient, readiness: Readiness
) -> None:
    readiness.socket = lambda: "Slack refuses SLACK_APP_TOKEN (token_revoked)"
    answer = await operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {**OK, "socket": "Slack refuses SLACK_APP_TOKEN (token_revoked)"}


async def test_a_database_that_says_nothing_is_not_waited_for(
    database_url: str, courier: Courier, tmp_path: Path
) -> None:
    async with Wire(database_url, tmp_path) as wire:
        engine = create_engine(wire.url)
        readiness = Readiness(Database(engine), head_revision())
        readiness.courier_silent_for = courier.silent_for
        assert await readiness.report() == OK
        wire.silence()
        report = await readiness.report()
        assert report == {"database": "has not answered for 3 s", "migrations": "unknown", "courier": "ok"}
        wire.restore()
        async with asyncio.timeout(HANG_SECONDS):
            while await readiness.report() != OK:
                continue
        await engine.dispose()
