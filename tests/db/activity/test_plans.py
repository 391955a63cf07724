"""Figures are read through an index, and recording takes as many statements for many entries as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import event, text

from domain.activity import queries, recording
from domain.activity.queries import Whose
from domain.activity.recording import Entry
from domain.db import Database, WorkspaceId
from domain.people.model import RepId, TeamId
from domain.periods import Period
from tests.builders import a_workspace
from tests.conftest import Sql
from tests.db.activity.book import Book

REPS = """
WITH people AS (
    INSERT INTO users (slack_id, name) SELECT 'U' || n, 'x' FROM generate_series(1, 500) AS n RETURNING id
)
INSERT INTO sales_reps (user_id, name, joined_on) SELECT id, 'x', '2024-01-01' FROM people
"""
TOTALS = """
INSERT INTO activity_totals (sales_rep_id, team_id, metric, grain, starts_on, amount)
SELECT r.id, t.id, m, 'month', make_date(2026, month, 1), 5
  FROM sales_reps r, unnest(ARRAY['signups', 'revenue', 'calls']) AS m, generate_series(1, 12) AS month,
       LATERAL (SELECT id FROM teams ORDER BY id OFFSET r.id % 20 LIMIT 1) AS t
"""
MANY_TEAMS = "INSERT INTO teams (name) SELECT 'Team ' || n FROM generate_series(1, 20) AS n"


@pytest.fixture
async def home(db: Database, sql: Sql) -> WorkspaceId:
    """A workspace of five hundred reps in twenty teams, with a year of totals."""
    async with db.everywhere() as tx:
        home = await a_workspace(tx.session)
    for statement in (REPS, MANY_TEAMS, TOTALS, "ANALYZE"):
        await sql(statement)
    return home


@pytest.mark.parametrize(
    ("whose", "index"),
    [
        (Whose(sales_rep_id=RepId(250)), "uq_activity_totals_figure"),
        (Whose(team_id=TeamId(7)), "ix_activity_totals_team"),
        (Whose(), "ix_activity_totals_company"),
    ],
    ids=["a rep", "a team", "the company"],
)
async def test_a_figure_of_a_month_comes_from_an_index(
    db: Database, home: WorkspaceId, whose: Whose, index: str
) -> None:
    async with db.workspace(home) as tx:
        month = Period.of_month(2026, 5)
        values = queries.figure_values(["signups"], month, whose)
        explain = text("EXPLAIN " + queries.figures_statement(whose).text)
        plan = "\n".join((await tx.session.execute(explain, values)).scalars())
    assert index in plan
    assert "Seq Scan on activity_totals" not in plan


async def test_a_batch_takes_as_many_statements_whatever_its_size(book: Book) -> None:
    counts = []
    for size in (1, 50, recording.MANY):
        with _counted(book) as statements:
            await book.record(*([Entry(book.reps["Ana"], "signups", Decimal(1))] * size))
        counts.append(len(statements))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 3


@contextmanager
def _counted(book: Book) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = book.session.bind
    assert engine is not None
    target = getattr(engine, "sync_engine", engine)
    event.listen(target, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(target, "before_cursor_execute", note)


@pytest.fixture
def now() -> datetime:
    """A day of a year that nothing else is in."""
    return datetime.fromisoformat("2026-11-12T12:00Z")
