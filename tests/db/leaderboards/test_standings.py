"""Worked examples of boards: baselines, ties, quarters, moves in mid-month, and reps who are left out."""

from datetime import date
from typing import Any

import pytest

from domain.leaderboards import standings
from domain.leaderboards.standings import ATTAINMENT, MOST_LISTED
from domain.periods import Period
from tests.builders import NULL
from tests.db.leaderboards.stage import Stage


@pytest.mark.parametrize(
    ("made", "percent"),
    [
        ({"signups": 10}, "50"),
        ({"signups": 10, "goal": 5, "monthly_signup_goal": 20}, "50"),
        ({"signups": 10, "goal": 40, "monthly_signup_goal": 20}, "25"),
        ({"signups": 10, "revenue_goal": 1000, "revenue": 1000}, "75"),
        ({"signups": 100, "revenue_goal": 1000}, "100"),
        ({"signups": 100}, "200"),
        ({"signups": 1, "goal": 3}, "33.33"),
        ({"goal": 0, "revenue_goal": 1000, "revenue": 500}, "50"),
        ({"goal": 0, "monthly_signup_goal": 20, "revenue_goal": 1000, "revenue": 1000}, "50"),
        # A quarter of the default in the first month of the ramp: 3 from November 16 on.
        (
            {
                "signups": 3,
                "goal": 3,
                "monthly_signup_goal": 20,
                "ramp": [25, 50, 75],
                "joined_on": date(2026, 11, 16),
            },
            "100",
        ),
    ],
    ids=lambda made: "-".join(map(str, made.values())) if isinstance(made, dict) else made,
)
async def test_attainment_counts_against_the_larger_of_goal_and_default(
    stage: Stage, made: dict[str, Any], percent: str
) -> None:
    if "joined_on" in made:
        await stage.rep("Ana", **{k: made.pop(k) for k in ("monthly_signup_goal", "ramp", "joined_on")})
        await stage.made("Ana", made.pop("signups"), made.pop("goal"))
    else:
        await stage.made("Ana", **made)
    assert await stage.board() == [(1, "Ana", percent)]


async def test_ties_share_a_place_and_are_all_shown(stage: Stage) -> None:
    for name, signups in (("Ana", 20), ("Ben", 10), ("Cem", 10), ("Dee", 10), ("Eva", 2), ("Fay", 1)):
        await stage.made(name, signups)
    assert await stage.board() == [(1, "Ana", "100"), (2, "Ben", "50"), (2, "Cem", "50"), (2, "Dee", "50")]


async def test_the_bottom_half_is_never_shown(stage: Stage) -> None:
    for number in range(30):
        await stage.made(f"Rep {number:02}", number + 1, 100)
    board = await stage.board()
    assert [place for place, _, _ in board] == list(range(1, 11))
    assert board[-1] == (10, "Rep 20", "21")


async def test_a_team_of_one_and_a_team_of_none_have_boards(stage: Stage) -> None:
    assert await stage.board() == []
    await stage.made("Ana", 1)
    assert await stage.board() == [(1, "Ana", "5")]


async def test_zeros_and_months_not_set_are_left_out(stage: Stage) -> None:
    await stage.made("Ana", 10)
    await stage.made("Ben", 0)
    await stage.made("Cem", 15, goal_set_at=NULL)
    assert await stage.board() == [(1, "Ana", "50")]


async def test_a_quarter_is_sums_over_sums_and_leaves_out_months_not_set(stage: Stage) -> None:
    await stage.rep("Ana")
    for month, signups, goal in ((10, 30, 20), (11, 0, 40)):
        await stage.made("Ana", signups, goal, month=month)
    await stage.made("Ana", 5, 100, month=12, goal_set_at=NULL)
    assert await stage.board(period="2026-Q4") == [(1, "Ana", "50")]
    assert await stage.board(period="2026") == [(1, "Ana", "50")]
    assert await stage.board(period="2026-Q3") == []


async def test_attainment_goes_to_the_team_at_the_end_and_sums_stay_where_they_were_made(
    stage: Stage,
) -> None:
    await stage.made("Ana", 6)
    await stage.moves("Ana", "South", date(2026, 11, 9))
    await stage.log("Ana", 4, day=10)
    assert await stage.board("North") == []
    assert await stage.board("South") == [(1, "Ana", "50")]
    assert await stage.board("North", "signups") == [(1, "Ana", "6")]
    assert await stage.board("South", "signups") == [(1, "Ana", "4")]
    assert await stage.board(None, "signups") == [(1, "Ana", "10")]


async def test_a_move_after_the_month_leaves_the_month_where_it_was(stage: Stage) -> None:
    await stage.made("Ana", 6, month=10)
    await stage.moves("Ana", "South", date(2026, 11, 1))
    assert await stage.board("North", period="2026-10") == [(1, "Ana", "30")]
    assert await stage.board("South", period="2026-10") == []


async def test_who_opted_out_is_left_out_and_still_learns_their_own_place(stage: Stage) -> None:
    await stage.made("Ana", 10, on_public_boards=False)
    await stage.made("Ben", 5)
    await stage.made("Cem", 20)
    assert await stage.board() == [(1, "Cem", "100")]
    place = await stage.place("Ana")
    assert place is not None
    assert (place.place, place.is_public) == (2, False)
    ben = await stage.place("Ben")
    assert ben is not None
    assert ben.place == 2


async def test_reps_who_have_left_are_on_no_board_of_a_month_they_did_not_finish(stage: Stage) -> None:
    await stage.made("Ana", 10, month=10)
    await stage.made("Ana", 10)
    await stage.sql(
        "UPDATE rep_stints SET ended_on = '2026-11-10' WHERE sales_rep_id = :rep", rep=stage.reps["Ana"]
    )
    assert await stage.board(None) == []
    assert await stage.board(None, "signups") == []
    assert await stage.board(None, period="2026-10") == [(1, "Ana", "50")]


async def test_a_quotient_is_ranked_from_five_below_the_line(stage: Stage) -> None:
    for name, orders, leads in (("Ana", 1, 1), ("Ben", 40, 100), ("Cem", 2, 5), ("Dee", 1, 100)):
        await stage.rep(name)
        await stage.log(name, orders, "orders")
        await stage.log(name, leads, "leads")
    assert await stage.board(by="conversion_rate") == [(1, "Ben", "40"), (1, "Cem", "40")]


async def test_two_reps_of_one_name_are_two_rows(stage: Stage) -> None:
    await stage.made("Ana", 10)
    twin = await stage.rep("Ana twin")
    await stage.sql("UPDATE sales_reps SET name = 'Ana' WHERE id = :rep", rep=twin)
    await stage.made("Ana twin", 10)
    assert await stage.board() == [(1, "Ana", "50"), (1, "Ana twin", "50")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana", (1, 0, None, 1)),
        ("Ben", (2, 1, 100, 1)),
        ("Cem", (2, 1, 100, 1)),
        ("Dee", (4, 0, 50, 2)),
    ],
)
async def test_my_place_names_the_next_one_ahead(
    stage: Stage, name: str, expected: tuple[int, int, int | None, int]
) -> None:
    for other, signups in (("Ana", 20), ("Ben", 10), ("Cem", 10), ("Dee", 4)):
        await stage.made(other, signups)
    place = await stage.place(name)
    assert place is not None
    assert (place.place, place.sharing, place.next_value, place.next_place) == expected


async def test_there_is_no_place_without_anything_to_rank(stage: Stage) -> None:
    await stage.made("Ana", 0)
    await stage.made("Ben", 4, team="South")
    assert await stage.place("Ana") is None
    assert await stage.place("Ben", "North") is None


async def test_difference_and_pace_are_of_the_own_goals(stage: Stage) -> None:
    await stage.made("Ana", 8, 21, revenue_goal=1000, revenue=100, monthly_signup_goal=40)
    board = await standings.standing(
        stage.session, stage.now, ATTAINMENT, Period.parse("2026-11"), stage.teams["North"]
    )
    [line] = board.lines
    figures = (line.signups, line.signup_goal, line.revenue, line.revenue_goal)
    assert [int(figure) for figure in figures] == [8, 21, 100, 1000]
    assert line.pace == "critical"


async def test_a_board_of_very_many_who_share_a_place_stays_readable(stage: Stage) -> None:
    await stage.team("North")
    await stage.sql("""
        WITH people AS (INSERT INTO users (slack_id, name)
                        SELECT 'UX' || n, 'x' FROM generate_series(1, 300) AS n RETURNING id),
        reps AS (INSERT INTO sales_reps (user_id, name, joined_on)
                 SELECT id, 'x', '2024-01-01' FROM people RETURNING id)
        INSERT INTO activity_totals (sales_rep_id, metric, grain, starts_on, amount)
        SELECT id, 'signups', 'month', '2026-11-01', 1 FROM reps
    """)
    board = await standings.standing(
        stage.session, stage.now, await stage.ranking("signups"), Period.parse("2026-11"), None
    )
    assert (len(board.lines), board.listed) == (MOST_LISTED, 300)
