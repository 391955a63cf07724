"""Connections: URLs, timeouts, and servers that are refused."""

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import NullPool, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.postgres import (
    DatabaseUnfit,
    administrators_sql,
    check_server,
    create_engine,
    create_owner_engine,
    migrate,
    normalise_url,
)
from domain.db import Database
from tests.conftest import Server, Sql

# --- URLs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "normalised"),
    [
        ("postgres://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        ("postgresql://u@h/d?sslmode=require&x=1", "postgresql+psycopg://u@h/d?sslmode=require&x=1"),
        ("postgresql+psycopg://u:p%40ss@h/d", "postgresql+psycopg://u:p%40ss@h/d"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+psycopg:///d?host=/run/postgresql"),
        (" postgres://h/d\n", "postgresql+psycopg://h/d"),
    ],
)
def test_urls_are_taken_as_hosts_give_them(given: str, normalised: str) -> None:
    assert normalise_url(given) == normalised
    assert normalise_url(normalised) == normalised


@pytest.mark.parametrize(
    "given",
    ["", "h/d", "mysql://h/d", "sqlite:///x", "postgresql+asyncpg://h/d", "postgres://u:secret@h:x/d"],
)
def test_other_urls_are_refused_without_repeating_the_password(given: str) -> None:
    with pytest.raises(DatabaseUnfit, match="DATABASE_URL") as refusal:
        normalise_url(given)
    assert "secret" not in str(refusal.value)


# --- how the bot connects ------------------------------------------------------------------------------


async def test_the_bot_is_its_role_in_utc_and_says_its_name(engine: AsyncEngine) -> None:
    query = """
        SELECT current_user::text, current_setting('TimeZone'), current_setting('application_name'),
               current_setting('statement_timeout'), current_setting('lock_timeout')
    """
    async with engine.connect() as connection:
        settings = (await connection.execute(text(query))).one()
    assert tuple(settings) == ("goalkeeper_app", "UTC", "goalkeeper", "2s", "2s")


async def test_what_the_url_says_comes_first(database_url: str) -> None:
    engine = create_engine(database_url + "&application_name=mine&connect_timeout=5")
    async with engine.connect() as connection:
        name = await connection.execute(text("SELECT current_setting('application_name')"))
        assert name.scalar_one() == "mine"
    await engine.dispose()


async def test_the_owner_takes_back_what_a_pooler_hands_on(database_url: str) -> None:
    engine = create_owner_engine(database_url)
    async with engine.connect() as connection:
        settings = await connection.execute(
            text("SELECT current_user = session_user, current_setting('statement_timeout')")
        )
        assert tuple(settings.one()) == (True, "0")
    await engine.dispose()


async def test_errors_do_not_repeat_what_people_wrote(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(text("SELECT 1 / (length(:reason) - 6)"), {"reason": "secret"})
    assert "division by zero" in str(failed.value)
    assert "secret" not in str(failed.value)


async def test_a_statement_gives_up_after_two_seconds(engine: AsyncEngine) -> None:
    db = Database(engine)
    with pytest.raises(DBAPIError) as stopped:
        async with db.everywhere() as tx:
            await tx.session.execute(text("SELECT pg_sleep(4)"))
    assert isinstance(stopped.value.orig, psycopg.errors.QueryCanceled)


async def test_waiting_for_a_lock_gives_up_after_two_seconds_whatever_the_session_says(
    engine: AsyncEngine, sql: Sql, database_url: str
) -> None:
    db = Database(engine)
    workspace_id = await sql.value("SELECT goalkeeper_enter_workspace('T1', 'Acme', NULL)")
    holder = create_owner_engine(database_url)
    async with holder.begin() as connection:
        await connection.execute(text("UPDATE workspaces SET name = 'Held'"))
        # As behind a pooler: the settings of the session are another's.
        async with db.engine.connect() as foreign:
            await foreign.execute(text("SET statement_timeout = 0; SET lock_timeout = 0; RESET ROLE"))
            await foreign.commit()
        with pytest.raises(DBAPIError) as stopped:
            async with db.workspace(workspace_id) as tx:
                await tx.session.execute(text("UPDATE workspaces SET name = 'Waited'"))
    assert isinstance(stopped.value.orig, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable)
    await holder.dispose()


async def test_a_full_pool_gives_up_after_a_second(database_url: str) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=0)
    async with engine.connect():
        with pytest.raises(TimeoutError):
            await engine.connect()
    await engine.dispose()


# --- is the server fit? --------------------------------------------------------------------------------


def _checked(url: str, *before: str) -> None:
    engine = sqlalchemy.create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            for statement in before:
                connection.execute(text(statement))
            check_server(connection)
    finally:
        engine.dispose()


def test_an_old_server_is_refused_by_its_version(empty_url: str) -> None:
    # An older server as far as can be seen: its settings are read through a function that comes first.
    older = """
        CREATE FUNCTION public.current_setting(name text) RETURNS text LANGUAGE sql
            RETURN CASE name WHEN 'server_version_num' THEN '150004' ELSE pg_catalog.current_setting(name) END
    """
    with pytest.raises(DatabaseUnfit, match="version 15; Goalkeeper needs 16 or newer"):
        _checked(empty_url, older, "SET search_path = public, pg_catalog")


def test_a_database_that_cannot_hold_every_name_is_refused(server: Server) -> None:
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(DatabaseUnfit, match="stores text as LATIN1"):
            _checked(server.url("latin"))
    finally:
        server.execute("DROP DATABASE latin")


def test_where_roles_cannot_be_made_the_administrator_is_told_how(
    bare_server: Server, plain_owners_url: str
) -> None:
    with pytest.raises(DatabaseUnfit, match="may not make or become goalkeeper_app") as refusal:
        migrate(plain_owners_url)
    instructions = administrators_sql("owner")
    assert instructions in str(refusal.value)

    bare_server.execute(instructions)
    _checked(plain_owners_url)


def test_roles_of_somebody_else_are_refused_until_they_are_granted(
    bare_server: Server, creators_url: str
) -> None:
    bare_server.execute("CREATE ROLE goalkeeper_app; CREATE ROLE goalkeeper_everywhere")
    with pytest.raises(DatabaseUnfit, match="goalkeeper_app and goalkeeper_everywhere"):
        _checked(creators_url)
    bare_server.execute("GRANT goalkeeper_app, goalkeeper_everywhere TO owner WITH SET TRUE")
    _checked(creators_url)


@pytest.mark.parametrize("strength", ["BYPASSRLS", "SUPERUSER"])
def test_roles_that_pass_by_the_policies_are_refused(
    bare_server: Server, superusers_url: str, strength: str
) -> None:
    bare_server.execute(f"CREATE ROLE goalkeeper_app {strength}; CREATE ROLE goalkeeper_everywhere")
    with pytest.raises(DatabaseUnfit, match="goalkeeper_app passes by row-level security"):
        _checked(superusers_url)


def test_an_app_role_that_is_everywhere_is_refused(bare_server: Server, superusers_url: str) -> None:
    bare_server.execute("CREATE ROLE goalkeeper_everywhere")
    bare_server.execute("CREATE ROLE goalkeeper_app IN ROLE goalkeeper_everywhere")
    with pytest.raises(DatabaseUnfit, match="would see every workspace"):
        _checked(superusers_url)


def test_an_administrators_sql_quotes_the_owners_name() -> None:
    assert 'TO "o""brien" WITH SET TRUE' in administrators_sql('o"brien')
