"""Streak milestones, recorded when a month is made and taken back with any month they stand on."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId
from domain.recognition.rules import StreakEffect, is_milestone, streaks
from tests.builders import NULL, a_month, a_rep

MADE, MISSED, CHANGED, OPTIONAL, ABSENT = "made", "missed", "changed", "optional", "absent"
MEANS = {
    MADE: StreakEffect.COUNTS,
    MISSED: StreakEffect.BREAKS,
    CHANGED: StreakEffect.NEUTRAL,
    OPTIONAL: StreakEffect.NEUTRAL,
    ABSENT: StreakEffect.NEUTRAL,
}


async def live(session: AsyncSession, months: list[str]) -> RepId:
    """A rep whose months since January 2025 came out so."""
    rep = await a_rep(session)
    for number, outcome in enumerate(months):
        year, month = 2025 + number // 12, number % 12 + 1
        if outcome == ABSENT:
            await _absent(session, rep, date(year, month, 1))
            continue
        columns = {"goal_set_at": NULL} if outcome == OPTIONAL else {"signup_goal": 20}
        month_id = await a_month(session, rep, year=year, month=month, **columns)
        if outcome == OPTIONAL:
            await _run(
                session, "UPDATE rep_monthly_goals SET deadline = ends_at + interval '1 day'", month_id
            )
        if outcome in (MADE, MISSED, CHANGED):
            actual = 20 if outcome == MADE else 5
            await _run(session, f"UPDATE rep_monthly_goals SET signups_actual = {actual}", month_id)
        if outcome == CHANGED:
            await _run(session, "UPDATE rep_monthly_goals SET signup_goal = 5", month_id)
    return rep


async def _run(session: AsyncSession, statement: str, month_id: int) -> None:
    await session.execute(text(f"{statement} WHERE id = :id"), {"id": month_id})


async def _absent(session: AsyncSession, rep: RepId, first_day: date) -> None:
    """The rep carries no goals from this day until the 1st of the next month."""
    last = text(
        "UPDATE rep_stints SET ended_on = greatest(started_on, :day)"
        " WHERE sales_rep_id = :rep AND ended_on IS NULL"
    )
    await session.execute(last, {"rep": rep, "day": first_day})
    begin = text(
        "INSERT INTO rep_stints (sales_rep_id, started_on)"
        " VALUES (:rep, CAST(:day AS date) + interval '1 month')"
    )
    await session.execute(begin, {"rep": rep, "day": first_day})


async def milestones(session: AsyncSession) -> list[tuple[int, int, int]]:
    """Year, month and length of each streak milestone that stands."""
    rows = await session.execute(
        text(
            "SELECT achievement_year, achievement_month, step FROM goal_achievements"
            " WHERE achievement_type = 'streak_milestone' AND reversed_at IS NULL ORDER BY 1, 2"
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([MADE] * 2, []),
        ([MADE] * 3, [(2025, 3, 3)]),
        ([MADE] * 12, [(2025, 3, 3), (2025, 6, 6), (2025, 12, 12)]),
        ([MADE, MADE, MISSED, MADE], []),
        ([MADE, MADE, OPTIONAL, MADE], [(2025, 4, 3)]),
        ([MADE, MADE, ABSENT, MADE], [(2025, 4, 3)]),
        ([MADE, MADE, CHANGED, MADE], [(2025, 4, 3)]),
        ([MADE, MADE, CHANGED], []),
    ],
)
async def test_months_made_one_after_the_other(
    session: AsyncSession, months: list[str], expected: list[tuple[int, int, int]]
) -> None:
    await live(session, months)
    assert await milestones(session) == expected


async def test_a_correction_of_an_early_month_takes_back_what_stood_on_it_and_gives_it_back(
    session: AsyncSession,
) -> None:
    await live(session, [MADE] * 6)
    first = "UPDATE rep_monthly_goals SET signups_actual = {} WHERE goal_month = 1"
    await session.execute(text(first.format(19)))
    assert await milestones(session) == [(2025, 4, 3)]
    await session.execute(text(first.format(21)))
    assert await milestones(session) == [(2025, 3, 3), (2025, 6, 6)]


async def test_a_month_without_a_row_breaks_a_streak_of_a_rep_who_was_there(session: AsyncSession) -> None:
    rep = await live(session, [MADE, MADE])
    made = await a_month(session, rep, year=2025, month=4, signup_goal=20)
    await _run(session, "UPDATE rep_monthly_goals SET signups_actual = 20", made)
    assert await milestones(session) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(months=st.lists(st.sampled_from([MADE, MADE, MADE, *MEANS]), min_size=1, max_size=15))
async def test_sql_counts_streaks_as_the_rules_do(session: AsyncSession, months: list[str]) -> None:
    nested = await session.begin_nested()
    await live(session, months)
    lengths = streaks(MEANS[outcome] for outcome in months)
    expected = [
        (2025 + number // 12, number % 12 + 1, length)
        for number, (outcome, length) in enumerate(zip(months, lengths, strict=True))
        if outcome == MADE and is_milestone(length)
    ]
    assert await milestones(session) == expected
    await nested.rollback()
