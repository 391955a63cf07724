"""The windows about teams, as people come to them."""

from collections.abc import Awaitable, Callable

import pytest

from sandbox import Person
from tests.conftest import Sql
from tests.slack.reading import Form

Opens = Callable[[Person], Awaitable[Form]]
"""Opens the list of teams as somebody."""
Edits = Callable[[Person, str], Awaitable[Form]]
"""Opens a team's form as somebody."""
Members = Callable[[str], Awaitable[list[str]]]
"""Who is on a team now, by name."""


@pytest.fixture
def opens() -> Opens:
    """Opens the list from the window of `/goals setup`."""

    async def open_list(person: Person) -> Form:
        assert (await person.types("/goals setup")).error is None
        assert (await person.presses("teams.list.open")).error is None
        return Form.of(person)

    return open_list


@pytest.fixture
def edits(opens: Opens, sql: Sql) -> Edits:
    """Opens the list, and presses Edit beside the team."""

    async def edit(person: Person, team: str) -> Form:
        await opens(person)
        await person.presses(
            "teams.edit", value=str(await sql.value("SELECT id FROM teams WHERE name = :t", t=team))
        )
        return Form.of(person)

    return edit


@pytest.fixture
def members(sql: Sql) -> Members:
    """Reads who is on a team."""

    async def names(team: str) -> list[str]:
        rows = await sql(
            "SELECT r.name FROM team_memberships tm JOIN sales_reps r ON r.id = tm.sales_rep_id"
            " JOIN teams t ON t.id = tm.team_id WHERE t.name = :team AND tm.ended_on IS NULL ORDER BY 1",
            team=team,
        )
        return [row.name for row in rows]

    return names


def field(person: Person, name: str) -> str:
    """The id of an input: it changes when the form is redrawn."""
    assert person.view is not None
    (found,) = (b["block_id"] for b in person.view["blocks"] if b["block_id"].partition(":")[0] == name)
    return str(found)
