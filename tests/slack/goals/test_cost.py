"""What an answer costs: a fixed number of statements, and no call to Slack but `views.open`."""

import pytest

from sandbox import Person, Sandbox
from sandbox.traffic import Entry
from tests.conftest import Sql
from tests.slack.conftest import Queries

MORE = """
WITH people AS (
    INSERT INTO users (workspace_id, slack_id, name)
    SELECT w.id, 'U0MORE' || n, 'More ' || n FROM workspaces w, generate_series(1, 50) n
    RETURNING workspace_id, id, name
), teams AS (
    INSERT INTO teams (workspace_id, name, manager_id)
    SELECT p.workspace_id, p.name, (SELECT id FROM users WHERE name = 'Marisol Peña') FROM people p
    RETURNING workspace_id, id, name
), reps AS (
    INSERT INTO sales_reps (workspace_id, user_id, name, joined_on)
    SELECT workspace_id, id, name, '2025-01-01' FROM people
    RETURNING workspace_id, id, name
)
INSERT INTO team_memberships (workspace_id, sales_rep_id, team_id, started_on)
SELECT r.workspace_id, r.id, t.id, '2025-01-01'
  FROM reps r
  JOIN teams t ON t.name = r.name
"""


@pytest.fixture(params=["the sample team", "fifty more reps and teams"])
async def _company(request: pytest.FixtureRequest, sql: Sql) -> None:
    if request.param != "the sample team":
        await sql(MORE)


def calls_of_the_answer(sandbox: Sandbox) -> list[Entry]:
    """What was asked of Slack before the last acknowledgement, the courier's messages aside."""
    entries = sandbox.traffic
    ack = max(number for number, entry in enumerate(entries) if entry.direction == "to_bot")
    before = entries[:ack]
    asked = max((n for n, entry in enumerate(before) if entry.direction == "to_bot"), default=-1)
    messages = ("chat.", "conversations.")
    return [entry for entry in before[asked + 1 :] if not entry.method.startswith(messages)]


@pytest.mark.usefixtures("_company")
class TestCost:
    async def test_help_takes_two_statements(self, ana: Person, sandbox: Sandbox, queries: Queries) -> None:
        await ana.types("/goals help")
        assert len(queries.statements) == 2
        assert calls_of_the_answer(sandbox)[1:] == []

    async def test_the_form_opens_with_three(self, ana: Person, sandbox: Sandbox, queries: Queries) -> None:
        await ana.types("/goals set")
        assert ana.view is not None
        assert len(queries.statements) == 3
        calls = calls_of_the_answer(sandbox)
        assert [call.method for call in calls if call.method != "auth.test"] == ["views.open"]

    async def test_the_form_saves_with_ten(self, ana: Person, sandbox: Sandbox, queries: Queries) -> None:
        await ana.types("/goals set")
        queries.statements.clear()
        assert (await ana.submits({"signup_goal": 25})).closed
        assert len(queries.statements) == 10
        assert calls_of_the_answer(sandbox) == []

    async def test_a_change_takes_as_many_and_one_more(
        self, ana: Person, sandbox: Sandbox, queries: Queries
    ) -> None:
        await ana.types("/goals set 20")
        await ana.types("/goals set")
        queries.statements.clear()
        assert (await ana.submits({"signup_goal": 25})).closed
        assert len(queries.statements) == 11
        assert calls_of_the_answer(sandbox) == []

    async def test_a_manager_s_form_costs_the_same(
        self, ana: Person, marisol: Person, sandbox: Sandbox, queries: Queries
    ) -> None:
        await marisol.types("/goals set @ana 25")
        assert len(queries.statements) == 3
        queries.statements.clear()
        assert (await marisol.submits({"reason": "Why not"})).closed
        assert len(queries.statements) == 10
        assert calls_of_the_answer(sandbox) == []

    async def test_the_line_costs_the_same(self, ana: Person, sandbox: Sandbox, queries: Queries) -> None:
        await ana.types("/goals set 20")
        assert len(queries.statements) == 10
        assert "views.open" not in [call.method for call in sandbox.calls]

    async def test_an_amount_costs_one_more(self, ana: Person, queries: Queries) -> None:
        await ana.types("/goals set 20 50k 3")
        assert len(queries.statements) == 11
