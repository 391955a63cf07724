"""A database that goes away, or hangs: people are told to try again and keep what they typed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.postgres import create_engine
from domain.db import Database
from sandbox import Person, Sandbox
from tests.conftest import Server, Sql
from tests.slack.conftest import Told
from tests.slack.reading import Form

TRY_AGAIN = "Goalkeeper can't save or look anything up right now. Please try again in a minute."
IN_DOUBT = "I lost the connection while saving, so this may or may not be saved. Before you try again,"


class Away:
    """Takes the bot's database away, and gives it back."""

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._name = server, name

    def gone(self) -> None:
        """Nobody gets in any more, and the bot is thrown out."""
        self._server.execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", self._name)
        self._server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{self._name}' AND application_name = 'goalkeeper'"
        )

    def back(self) -> None:
        """All is as it was."""
        self._server.execute("ALTER DATABASE {} ALLOW_CONNECTIONS true", self._name)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """With the patience of the product, which is what these tests are about."""
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def db(engine: AsyncEngine) -> Database:
    """As the product opens it."""
    return Database(engine)


@pytest.fixture
def away(server: Server, database_url: str) -> Away:
    name = make_url(database_url).database
    assert name is not None
    return Away(server, name)


async def test_a_line_is_given_back_to_be_typed_again(ana: Person, away: Away, told: Told) -> None:
    away.gone()
    answer = await ana.types("/goals set 20 R&D 50k @noah")
    assert answer.error is None
    assert answer.text == f"{TRY_AGAIN}\nYou typed: /goals set 20 R&D 50k @noah"
    away.back()
    assert (await ana.types("/goals set 20 50k")).text.startswith("✅ February goals set")
    assert len(await told(ana)) == 1


async def test_a_message_is_answered_without_the_database(
    ana: Person, away: Away, sandbox: Sandbox, sql: Sql
) -> None:
    away.gone()
    written = await ana.writes("set 20 R&D 50k")
    assert (written.status, written.error) == (200, None)
    text = await sandbox.wait_for(lambda: written.text)
    assert text == f"{TRY_AGAIN}\nYou typed: set 20 R&D 50k"
    away.back()
    await ana.writes("set 20 50k")
    await sandbox.wait_for(lambda: "February goals set" in ana.dms()[-1].plain)
    assert await sql.value("SELECT count(*) FROM goal_changes") == 1


async def test_a_form_keeps_what_was_typed_and_saves_later(
    ana: Person, away: Away, told: Told, sql: Sql
) -> None:
    await ana.types("/goals set")
    away.gone()
    refused = await ana.submits({"signup_goal": 25, "revenue_goal": "$50k", "bonus_tier_goal": "3"})
    assert (refused.closed, refused.errors) == (False, {"goal": TRY_AGAIN})
    assert list(Form.of(ana).fields.values()) == ["February 2026", "25", "$50k", "Tier 3: 25 signups"]
    away.back()
    assert (await ana.submits()).closed
    (message,) = await told(ana)
    assert message.text.startswith("✅ *February goals set:* 25 signups · $50,000 · tier 3\n")
    assert await sql.value("SELECT count(*) FROM goal_changes") == 1


async def test_the_menu_and_the_button_say_so_too(
    ana: Person, away: Away, told: Told, sandbox: Sandbox
) -> None:
    await ana.types("/goals set 20")
    (message,) = await told(ana)
    await ana.types("/goals set")
    away.gone()
    await ana.chooses("goals.set.choose", "2026")
    await sandbox.wait_for(lambda: TRY_AGAIN in Form.of(ana).lines)
    answer = await ana.presses("goals.set.open", message)
    await sandbox.wait_for(lambda: answer.messages)
    assert answer.text == TRY_AGAIN
    away.back()
    await ana.chooses("goals.set.choose", "2026")
    assert Form.of(ana).fields["Goals for"] == "The year 2026"
    assert TRY_AGAIN not in Form.of(ana).lines


async def test_what_was_saved_before_is_told_after(ana: Person, away: Away, told: Told) -> None:
    await asyncio.gather(*(ana.types(f"/goals set {signups}") for signups in (20, 21, 22)))
    away.gone()
    await ana.types("/goals")
    away.back()
    assert len(await told(ana)) == 1


async def test_a_row_that_somebody_holds_is_not_waited_for_too_long(ana: Person, sql: Sql) -> None:
    await ana.types("/goals set 20")
    await ana.types("/goals set")
    await sql("BEGIN")
    await sql("SELECT FROM rep_monthly_goals FOR UPDATE")
    (line, form) = await asyncio.gather(ana.types("/goals set 30"), ana.submits({"signup_goal": 31}))
    assert line.text == f"{TRY_AGAIN}\nYou typed: /goals set 30"
    assert form.errors == {"goal": TRY_AGAIN}
    await sql("ROLLBACK")
    assert (await ana.submits()).closed
    assert await sql.value("SELECT signup_goal FROM rep_monthly_goals") == 31


class Wire:
    """Carries bytes between the bot and Postgres, and stops when told."""

    def __init__(self, url: str, folder: Path) -> None:
        address = make_url(url)
        self._there = str(address.query["host"]) + "/.s.PGSQL.5432"
        self._here = str(folder / ".s.PGSQL.5432")
        self.url = address.update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._losing: str | None = None

    async def __aenter__(self) -> "Wire":
        self._server = await asyncio.start_unix_server(self._take, self._here)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._flows.set()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()

    def silence(self) -> None:
        """From here on nothing comes through."""
        self._flows.clear()

    def restore(self) -> None:
        """It does again."""
        self._flows.set()

    def lose_the_answer(self, how: str) -> None:
        """The next commit of goals arrives, but its answer doesn't: the line is `cut` or `dead`."""
        self._losing = how

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._there)
        self._writers |= {writer, back}
        call = Call()
        for carrying in (self._ask(call, reader, back), self._answer(call, there, writer)):
            self._tasks.add(asyncio.create_task(carrying))

    async def _ask(self, call: "Call", source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            await self._flows.wait()
            call.saves = call.saves or b"INSERT INTO goal_changes" in data
            if call.saves and b"COMMIT" in data:
                call.saves = False
                call.lost, self._losing = self._losing, None
            sink.write(data)
        sink.close()

    async def _answer(self, call: "Call", source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            await self._flows.wait()
            if call.lost == "dead":
                continue
            if call.lost == "cut":
                break
            sink.write(data)
        sink.close()


@dataclass
class Call:
    """One connection: whether goals are being saved over it, and what becomes of the answer."""

    saves: bool = False
    lost: str | None = None


class TestSilence:
    """Postgres takes what it is sent and answers nothing, as behind a broken network."""

    @pytest.fixture
    async def wire(self, database_url: str, tmp_path: Path) -> AsyncIterator[Wire]:
        async with Wire(database_url, tmp_path) as wire:
            yield wire

    @pytest.fixture
    async def engine(self, wire: Wire) -> AsyncIterator[AsyncEngine]:
        engine = create_engine(wire.url)
        yield engine
        await engine.dispose()

    async def test_people_are_answered_in_time(self, ana: Person, wire: Wire, told: Told) -> None:
        await ana.types("/goals set")
        wire.silence()
        (form, line) = await asyncio.gather(ana.submits({"signup_goal": 25}), ana.types("/goals set 9"))
        assert form.errors == {"goal": TRY_AGAIN}
        assert line.text == f"{TRY_AGAIN}\nYou typed: /goals set 9"
        wire.restore()
        assert (await ana.submits()).closed
        (message,) = await told(ana)
        assert "25 signups" in message.text

    @pytest.mark.parametrize("how", ["cut", "dead"])
    async def test_what_may_have_been_saved_is_not_called_unsaved(
        self, how: str, ana: Person, wire: Wire, sql: Sql
    ) -> None:
        await ana.types("/goals set")
        wire.lose_the_answer(how)
        form = await ana.submits({"signup_goal": 25})
        assert form.errors == {
            "goal": f"{IN_DOUBT} close this form and open it again: it shows what's saved."
        }
        await ana.types("/goals set")
        assert Form.of(ana).fields["Signups"] == "25"
        wire.lose_the_answer(how)
        line = await ana.types("/goals set 30")
        assert line.text == (
            f"{IN_DOUBT} open the form with /goals set: it shows what's saved.\nYou typed: /goals set 30"
        )
        changes = await sql("SELECT to_signup_goal FROM goal_changes ORDER BY id")
        assert [change.to_signup_goal for change in changes] == [25, 30]
