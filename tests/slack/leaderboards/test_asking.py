"""`/goals leaderboard` as people see it."""

import pytest

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Queries
from tests.slack.leaderboards.conftest import Makes

RULE = "Equal values share a place. The top half is shown, up to ten places."


def lines(text: str) -> list[str]:
    """What is said, without the rule."""
    return [line for line in text.splitlines() if not line.startswith(RULE)]


async def said(person: Person, typed: str = "") -> list[str]:
    """Ask for a board, and read its text."""
    answer = await person.types(f"/goals leaderboard {typed}".strip())
    assert answer.message is not None
    return lines(answer.message.text)


async def test_a_rep_sees_the_teams_board_and_their_own_place(ana: Person, floor: Makes) -> None:
    assert await said(ana) == [
        "🏆 *West: February so far*",
        "🥇 *DeShawn Carter* 100% · goal made · ahead",
        "🥈 *Ana Souza* 50% · 8 signups and $6,000 to go · on track",
        "🥈 *Noah Bergström* 50% · 8 signups and $6,000 to go · on track",
        "You're *2nd*, shared with 1 other, 50 percentage points behind 1st.",
    ]


async def test_the_table_says_the_same(ana: Person, floor: Makes) -> None:
    answer = await ana.types("/goals leaderboard")
    assert answer.message is not None
    [table] = [block for block in answer.message.blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[:2] == [
        ["Rep", "Attainment", "To goal"],
        ["🥇 DeShawn Carter", "100%", "goal made, ahead"],
    ]
    assert len(rows) == 4


async def test_somebody_further_down_learns_their_place_alone(
    floor: Makes, sandbox: Sandbox, bot: object
) -> None:
    leilani = sandbox.person("Leilani Kealoha")
    board = await said(leilani, "signups")
    assert not [line for line in board[:-1] if "Leilani" in line]
    assert board[-1] == "You're *4th*, 9 signups behind 2nd."
    assert sandbox.channel("#team-west").messages() == []


@pytest.mark.parametrize(
    ("typed", "headline", "first"),
    [
        ("company", "🏆 *The whole company: February so far*", "🥇 *DeShawn Carter* 100%"),
        ("signups", "🏆 *West: February so far* by signups", "🥇 *DeShawn Carter* 20 · goal made"),
        (
            "revenue company Q1",
            "🏆 *The whole company: Q1 2026 so far* by revenue",
            "🥇 *DeShawn Carter* $10,000",
        ),
        ("East this year by revenue", "🏆 *East: 2026 so far* by revenue", "🥇 *Priya Raghunathan* $9,000"),
        ("team east", "🏆 *East: February so far*", "🥇 *Priya Raghunathan* 71.67%"),
        ("last month", "🏆 *West: January*", "Nobody is on this board yet."),
    ],
)
async def test_any_board_can_be_asked_for(
    ana: Person, floor: Makes, typed: str, headline: str, first: str
) -> None:
    board = await said(ana, typed)
    assert board[0] == headline
    assert board[1].startswith(first)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("nonsense", "I don't recognize “nonsense”. Try `/goals leaderboard`"),
        ("this week", "Leaderboards are for a month, a quarter or a year."),
        ("revenue Q9", "I don't recognize “Q9”."),
    ],
)
async def test_what_there_is_no_board_of_is_refused(
    ana: Person, floor: Makes, typed: str, refusal: str
) -> None:
    assert (await said(ana, typed))[0].startswith(refusal)


async def test_a_manager_sees_their_teams_board_without_a_place(marisol: Person, floor: Makes) -> None:
    board = await said(marisol)
    assert board[0] == "🏆 *West: February so far*"
    assert not [line for line in board if line.startswith("You're")]


async def test_somebody_on_no_team_sees_the_companys(jonas: Person, floor: Makes) -> None:
    assert (await said(jonas))[0] == "🏆 *The whole company: February so far*"
    [refused] = await said(jonas, "team")
    assert refused.startswith("You aren't on a team")


async def test_money_can_be_kept_private(ana: Person, floor: Makes, sql: Sql) -> None:
    await sql("UPDATE workspaces SET money_is_public = false")
    board = await said(ana, "revenue")
    assert board == [
        "🏆 *West: February so far* by revenue",
        "🥇 *DeShawn Carter* · goal made · ahead",
        "You're *2nd*, shared with 1 other.",
    ]
    assert (await said(ana))[2] == "🥈 *Ana Souza* 50% · 8 signups and revenue to go · on track"


async def test_a_rep_who_opted_out_is_told_that_only_they_see_it(ana: Person, floor: Makes, sql: Sql) -> None:
    await sql("UPDATE sales_reps SET on_public_boards = false WHERE name = 'Ana Souza'")
    board = await said(ana)
    assert not [line for line in board[:-1] if "Ana" in line]
    assert board[-1].endswith("Only you see this: your name is kept off boards.")


async def test_names_are_no_mentions(ana: Person, floor: Makes, sql: Sql) -> None:
    await sql("UPDATE sales_reps SET name = '<!here> *Ana*' WHERE name = 'Ana Souza'")
    assert "&lt;!here&gt;" in (await said(ana))[2]


async def test_two_reps_of_one_name_are_told_apart(ana: Person, floor: Makes, sql: Sql) -> None:
    await sql("UPDATE sales_reps SET name = 'Noah Bergström' WHERE name IN ('Ana Souza')")
    names = [line.split("*")[1] for line in (await said(ana))[2:4]]
    assert len(set(names)) == 2
    assert all("@" in name for name in names)


async def test_a_long_board_has_pages(ana: Person, floor: Makes, sql: Sql, sandbox: Sandbox) -> None:
    await sql("DELETE FROM activity_totals WHERE metric = 'signups'")
    await sql("""
        WITH people AS (
            INSERT INTO users (workspace_id, slack_id, name)
            SELECT w.id, 'U0MANY' || n, 'x' FROM workspaces w, generate_series(1, 130) AS n
            RETURNING workspace_id, id
        ), reps AS (
            INSERT INTO sales_reps (workspace_id, user_id, name, joined_on)
            SELECT workspace_id, id, 'Rep ' || id, '2025-01-01' FROM people RETURNING workspace_id, id
        )
        INSERT INTO activity_totals (workspace_id, sales_rep_id, metric, grain, starts_on, amount)
        SELECT workspace_id, id, 'signups', 'month', '2026-02-01', 1 FROM reps
    """)
    answer = await ana.types("/goals leaderboard company signups")
    assert answer.message is not None
    assert "… and 110 more who share 1st place." in answer.message.text
    pressed = await ana.presses("leaderboards.page.next", answer.message)
    assert pressed.error is None
    text = await sandbox.wait_for(lambda: pressed.text)
    assert "… and 90 more who share 1st place." in text


async def test_a_board_takes_as_many_statements_for_a_team_as_for_the_company(
    ana: Person, floor: Makes, queries: Queries
) -> None:
    counts = []
    for typed in ("team", "company", "company revenue Q1"):
        queries.statements.clear()
        await said(ana, typed)
        counts.append(len(queries.statements))
    assert max(counts) <= 9
