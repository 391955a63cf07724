"""`migrations/sql` holds the text of every function, trigger, view and policy as the database has it."""

import pytest
from sqlalchemy import Connection, text

from migrations.objects import FOLDER
from tests.db.catalogue import Catalogue, dump

KINDS = {
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "views": "SELECT viewname FROM pg_views WHERE schemaname = 'public'",
    "triggers": "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
    "policies": "SELECT DISTINCT tablename FROM pg_policies",
}
"""What each folder has a file for."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_a_file_and_each_file_is_one_of_them(owner: Connection, kind: str) -> None:
    assert {file.stem for file in (FOLDER / kind).glob("*.sql")} == set(
        owner.execute(text(KINDS[kind])).scalars()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_say_what_the_database_has(owner: Connection, kind: str) -> None:
    before = _catalogue(owner)
    for file in sorted((FOLDER / kind).glob("*.sql")):
        _drop(owner, kind, file.stem)
        owner.exec_driver_sql(file.read_text(encoding="utf-8"), execution_options={"no_parameters": True})
    assert _catalogue(owner) == before
    owner.rollback()


def _catalogue(owner: Connection) -> Catalogue:
    return dump(owner, "relations", "columns", "triggers", "functions", "views", "policies")


def _drop(owner: Connection, kind: str, name: str) -> None:
    """Drop what the file makes; functions and views are replaced, because others depend on them."""
    if kind == "triggers":
        query = text(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"
        )
        for trigger in owner.execute(query, {"name": name}).scalars().all():
            owner.execute(text(f"DROP TRIGGER {trigger} ON {name}"))
    elif kind == "policies":
        policies = text("SELECT policyname FROM pg_policies WHERE tablename = :name")
        for policy in owner.execute(policies, {"name": name}).scalars().all():
            owner.execute(text(f"DROP POLICY {policy} ON {name}"))
        owner.execute(text(f"REVOKE ALL ON {name} FROM goalkeeper_app, goalkeeper_everywhere"))
        owner.execute(text(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY"))
    elif kind == "views":
        owner.execute(text(f"REVOKE ALL ON {name} FROM goalkeeper_app, goalkeeper_everywhere"))
