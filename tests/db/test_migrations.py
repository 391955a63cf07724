"""Going up and down: alone, at once with others, and to what the mapped classes say."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from bot.postgres import DatabaseUnfit, current_revision, head_revision, migrate
from domain.changes import Xid8
from domain.db import Base
from migrations.objects import FOLDER
from tests.conftest import Server
from tests.db.catalogue import Catalogue, dump
from tests.db.models import import_all

import_all()


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = sqlalchemy.create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_down_to_base_and_up_again_leaves_the_same_catalogue(superusers_url: str) -> None:
    assert migrate(superusers_url) == head_revision() == current_revision(superusers_url)
    before = _catalogue(superusers_url)
    assert all(before.values()), "each part of the catalogue has something in it"

    assert migrate(superusers_url, "base") is None
    with connected(superusers_url) as connection:
        left = connection.execute(
            text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        )
        assert set(left.scalars()) == {"alembic_version", "alembic_version_pkc"}
        functions = text("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        assert connection.execute(functions).scalar_one() == 0
        roles = text("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'goalkeeper%'")
        assert connection.execute(roles).scalar_one() == 0

    migrate(superusers_url)
    assert _catalogue(superusers_url) == before
    migrate(superusers_url, "base")


def test_every_step_goes_down_and_up_again(empty_url: str) -> None:
    seen: dict[str, Catalogue] = {}
    step = migrate(empty_url, "s01")
    while step is not None and step != head_revision():
        seen[step] = _catalogue(empty_url)
        step = migrate(empty_url, "+1")
    for step, catalogue in reversed(seen.items()):
        assert migrate(empty_url, step) == step
        assert _catalogue(empty_url) == catalogue


def _catalogue(url: str) -> Catalogue:
    with connected(url) as connection:
        return dump(connection)


def test_roles_that_another_database_uses_stay(server: Server, template: str, empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url, "base")
    with connected(empty_url) as connection:
        roles = text("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'goalkeeper%'")
        assert connection.execute(roles).scalar_one() == 2


COPIES = """
import os, sys
from bot.postgres import migrate
for url in sys.argv[1:]:
    if os.fork() == 0:
        print(migrate(url))
        sys.exit()
sys.exit(any([os.wait()[1] for _ in sys.argv[1:]]))
"""
"""Migrates each of these databases in a process of its own, all at once."""


def test_copies_that_start_at_once_wait_for_one_another(bare_server: Server) -> None:
    # Two databases of one server contend for the roles, two copies on one database for all of it.
    with bare_server.clone("template1") as one, bare_server.clone("template1") as other:
        copies = subprocess.run(
            [sys.executable, "-c", COPIES, one, other, one, other], capture_output=True, text=True, timeout=60
        )
        ended = (copies.stdout, copies.stderr, copies.returncode)
        assert ended == (f"{head_revision()}\n" * 4, "", 0)
        for url in (one, other):
            migrate(url, "base")


def test_migrating_again_changes_nothing(database_url: str) -> None:
    before = _catalogue(database_url)
    assert migrate(database_url) == head_revision()
    assert _catalogue(database_url) == before


def test_a_failed_migration_leaves_nothing(empty_url: str) -> None:
    with connected(empty_url) as connection:
        connection.execute(text("CREATE VIEW reps_today AS SELECT 1"))
        connection.commit()
    with pytest.raises(sqlalchemy.exc.ProgrammingError, match="reps_today"):
        migrate(empty_url)
    assert current_revision(empty_url) is None
    with connected(empty_url) as connection:
        assert connection.execute(text("SELECT to_regclass('workspaces')")).scalar_one() is None


def test_a_database_of_a_newer_goalkeeper_is_refused(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(DatabaseUnfit, match="at revision 9999, which this Goalkeeper does not know"):
        migrate(database_url)


@pytest.mark.parametrize("revision", ["0001", "0009", "0014"])
def test_a_database_from_before_the_first_release_is_refused_and_told_what_to_do(
    database_url: str, revision: str
) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        connection.commit()
    with pytest.raises(DatabaseUnfit, match=f"revision {revision}, from before .* at an empty database"):
        migrate(database_url)


def test_the_migrations_make_what_the_mapped_classes_say(owner: Connection) -> None:
    ischema_names["xid8"] = Xid8
    context = MigrationContext.configure(owner, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_to_the_last_default_check_and_index(empty_url: str, owner: Connection) -> None:
    """`alembic check` does not look at checks, defaults and generated columns; the catalogue does."""
    migrate(empty_url, "s01")
    with connected(empty_url) as connection:
        # Tables of the metadata alone, with just enough of the functions that their defaults name.
        connection.execute(text("CREATE FUNCTION goalkeeper_workspace() RETURNS bigint RETURN 1"))
        topic = (FOLDER / "functions" / "goalkeeper_topic.sql").read_text(encoding="utf-8")
        connection.exec_driver_sql(topic)
        Base.metadata.create_all(connection)
        mapped = _tables(connection)
    migrated = _tables(owner)
    for part, rows in mapped.items():
        assert [row for row in migrated[part] if row not in rows] == []
        assert [row for row in rows if row not in migrated[part]] == []


def _tables(connection: Connection) -> Catalogue:
    known = {*Base.metadata.tables}
    parts = dump(connection, "columns", "constraints", "indexes")
    # The last two of a column are its grants and comment.
    parts["columns"] = [row[:-2] for row in parts["columns"]]
    return {part: [row for row in rows if row[0] in known] for part, rows in parts.items()}
