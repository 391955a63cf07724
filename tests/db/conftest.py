"""A server that knows no roles yet, and its databases as different people are given them."""

from collections.abc import Iterator

import pytest
import sqlalchemy
from sqlalchemy import Connection, NullPool

from tests.conftest import Server, running_server


@pytest.fixture(scope="session")
def bare_server() -> Iterator[Server]:
    """A second server, on which nobody has migrated anything."""
    with running_server("untouched") as server:
        yield server


@pytest.fixture
def superusers_url(bare_server: Server) -> Iterator[str]:
    """A database of the stock superuser."""
    with bare_server.clone("template1") as url:
        yield url
    _drop_roles(bare_server)


@pytest.fixture
def creators_url(bare_server: Server) -> Iterator[str]:
    """A database of an owner who is no superuser and may make roles."""
    yield from _owners_database(bare_server, "CREATE ROLE owner LOGIN CREATEROLE")


@pytest.fixture
def plain_owners_url(bare_server: Server) -> Iterator[str]:
    """A database of an owner who may not make roles."""
    yield from _owners_database(bare_server, "CREATE ROLE owner LOGIN")


def _owners_database(server: Server, make_owner: str) -> Iterator[str]:
    server.execute(make_owner)
    server.execute("CREATE DATABASE owned OWNER owner")
    yield server.url("owned", user="owner")
    server.execute("DROP DATABASE owned WITH (FORCE)")
    _drop_roles(server)
    server.execute("DROP ROLE owner")


def _drop_roles(server: Server) -> None:
    server.execute("DROP ROLE IF EXISTS goalkeeper_app, goalkeeper_everywhere")


@pytest.fixture
def owner(database_url: str) -> Iterator[Connection]:
    """The owner's connection to this test's own database, for reading its catalogue."""
    engine = sqlalchemy.create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
