"""The daily sweep finds what was achieved without a record, and what was recorded without a post."""

from domain.recognition import jobs
from tests.db.recognition.stage import Stage


async def test_what_no_record_has_is_recorded_and_posted(stage: Stage) -> None:
    await stage.make(20)
    await stage.sql("UPDATE outbox SET part = part || '-gone', dedupe_key = dedupe_key || '-gone'")
    await stage.sql(
        "UPDATE goal_achievements SET reversed_at = goalkeeper_now(), announced_in = NULL, is_shown = false"
    )
    assert await jobs.sweep(stage.tx.session, stage.tx.now) == 1
    assert (await stage.told())[-1] == [
        "bonus_tier_unlocked 1",
        "bonus_tier_unlocked 2",
        "monthly_signup_goal",
    ]


async def test_what_has_a_record_and_no_post_is_posted(stage: Stage) -> None:
    await stage.make(15)
    await stage.later(13)
    await stage.sql("UPDATE goal_achievements SET announced_in = NULL, is_shown = false")
    assert await jobs.sweep(stage.tx.session, stage.tx.now) == 1
    assert await stage.said() == ["post channel:C1", "post channel:C1"]


async def test_it_runs_once_a_day(stage: Stage) -> None:
    await jobs.sweep(stage.tx.session, stage.tx.now)
    await stage.make(15)
    await stage.sql("UPDATE goal_achievements SET announced_in = NULL, is_shown = false")
    assert await jobs.sweep(stage.tx.session, stage.tx.now) == 0


async def test_what_somebody_recorded_by_hand_stays(stage: Stage) -> None:
    await stage.sql(
        "INSERT INTO goal_achievements (sales_rep_id, achievement_type, achievement_date, goal_value,"
        " actual_value) VALUES (:rep, 'monthly_revenue_goal', '2026-02-02', 50000, 60000)",
        rep=stage.ana,
    )
    await stage.settle()
    await jobs.sweep(stage.tx.session, stage.tx.now)
    assert await stage.told() == [["monthly_revenue_goal"]]
