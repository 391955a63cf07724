"""Rows of raw SQL become typed dataclasses."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import Role, TeamId
from domain.periods import Period
from domain.rows import row, rows


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a row."""

    name: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A row with all that columns can become."""

    id: TeamId
    role: Role | None = None
    teams: frozenset[TeamId] = frozenset()
    period: Period | None = None
    part: Part | None = None
    parts: tuple[Part, ...] = ()


async def test_columns_become_what_the_fields_say(session: AsyncSession) -> None:
    statement = text("""
        SELECT 1 AS id, 'admin' AS role, ARRAY[2, 3] AS teams, 2026 AS "period.year", 11 AS "period.month",
               'a' AS "part.name", jsonb_build_array(jsonb_build_object('name', CAST(:name AS text))) AS parts
    """).bindparams(name="b")
    assert await rows(session, statement, Whole) == [
        Whole(
            TeamId(1),
            Role.ADMIN,
            frozenset({TeamId(2), TeamId(3)}),
            Period.of_month(2026, 11),
            Part("a"),
            (Part("b"),),
        )
    ]


async def test_what_has_no_column_or_only_nulls_is_left_at_nothing(session: AsyncSession) -> None:
    statement = text('SELECT 1 AS id, NULL AS role, NULL AS "part.name"')
    assert await row(session, statement, Whole) == Whole(TeamId(1))
    assert await row(session, text("SELECT 1 AS id WHERE false"), Whole) is None


async def test_a_column_without_a_field_and_a_second_row_are_mistakes(session: AsyncSession) -> None:
    with pytest.raises(TypeError, match="Whole has no field for the column other"):
        await rows(session, text("SELECT 1 AS id, 2 AS other"), Whole)
    with pytest.raises(ValueError, match="2 rows, where one Whole"):
        await row(session, text("SELECT generate_series(1, 2) AS id"), Whole)
