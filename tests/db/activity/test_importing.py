"""Importing in the database: a fixed number of statements, and a preview that nobody waits for."""

from io import BytesIO
from typing import Any

from sqlalchemy import event

from domain import flow
from domain.imports import service
from domain.imports.service import ImportOptions
from tests.db.activity.book import Book

HEADER = "rep,metric,amount,day,external_id\n"


def deals(rows: int) -> BytesIO:
    """A file of so many deals of Ana's and Ben's."""
    lines = (
        f"{'UANA' if n % 2 else 'UBEN'},revenue,{n + 1},2026-11-{n % 12 + 1:02},d{n}\n" for n in range(rows)
    )
    return BytesIO((HEADER + "".join(lines)).encode())


async def test_a_row_and_five_thousand_take_as_many_statements(book: Book) -> None:
    counts = []
    for source, rows in (("one", 1), ("many", 5_000)):
        said: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any, said: list[str] = said) -> None:
            said.append(statement)

        connection = (await book.session.connection()).sync_connection
        assert connection is not None
        event.listen(connection, "before_cursor_execute", count)
        options = ImportOptions(source)
        imported = await flow.import_activity(book.session, book.now, None, deals(rows), options)
        event.remove(connection, "before_cursor_execute", count)
        assert imported.new == rows
        counts.append(len(said))
    assert counts[0] == counts[1]


async def test_a_preview_takes_no_locks_but_those_of_reading(book: Book) -> None:
    previewed = await service.preview(book.session, book.now, None, deals(50), ImportOptions())
    assert previewed.new == 50
    held = await book.sql(
        "SELECT DISTINCT mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
        " WHERE l.pid = pg_backend_pid() AND c.relname IN ('activity', 'rep_monthly_goals')"
    )
    assert {row.mode for row in held} <= {"AccessShareLock"}
    assert await book.sql("SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'") == []
    assert await book.sql("SELECT FROM activity") == []
