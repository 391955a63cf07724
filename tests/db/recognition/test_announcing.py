"""What was achieved is posted once, in the team's channel; what follows within five minutes joins it."""

from domain.db import Transaction
from domain.recognition import service
from domain.recognition.model import RecognitionType
from tests.builders import a_user
from tests.db.recognition.stage import Stage, set_stage


async def test_the_first_achievement_is_posted_to_the_team_at_once(stage: Stage) -> None:
    await stage.make(14)
    assert await stage.said() == []
    await stage.make(15)
    assert await stage.said() == ["post channel:C1"]
    assert await stage.told() == [["bonus_tier_unlocked 1"]]


async def test_what_the_same_rep_reaches_within_five_minutes_edits_the_post(stage: Stage) -> None:
    await stage.make(15)
    await stage.later(12, 4)
    await stage.make(20)
    assert await stage.said() == ["post channel:C1", "edit channel:C1"]
    assert await stage.told() == [
        ["bonus_tier_unlocked 1", "bonus_tier_unlocked 2", "monthly_signup_goal"],
    ]
    await stage.later(12, 6)
    await stage.make(25)
    assert (await stage.said())[2:] == ["post channel:C1"]
    assert (await stage.told())[1] == ["bonus_tier_unlocked 3"]


async def test_a_correction_edits_the_post_and_regaining_edits_it_back(stage: Stage) -> None:
    await stage.make(20)
    await stage.send()
    await stage.later(13)
    await stage.make(15)
    assert await stage.told() == [["bonus_tier_unlocked 1"]]
    await stage.send()
    await stage.later(14)
    await stage.make(20)
    assert await stage.said() == ["post channel:C1", "edit channel:C1", "edit channel:C1"]
    assert await stage.told() == [
        ["bonus_tier_unlocked 1", "bonus_tier_unlocked 2", "monthly_signup_goal"],
    ]


async def test_a_post_that_has_nothing_to_say_any_more_is_not_sent_for_the_first_time(stage: Stage) -> None:
    await stage.make(15)
    await stage.make(0)
    assert await stage.posts() == [None]
    await stage.make(15)
    assert await stage.told() == [["bonus_tier_unlocked 1"]]


async def test_a_post_that_was_sent_says_that_all_of_it_was_corrected(stage: Stage) -> None:
    await stage.make(15)
    await stage.sql("UPDATE outbox SET status = 'sent', channel = 'C1', ts = '1', sent_at = now()")
    await stage.make(0)
    [post] = await stage.posts()
    assert post is not None
    assert (post.awards, post.badges) == ((), ())


async def test_what_is_quiet_is_never_posted(stage: Stage) -> None:
    await stage.make(14)
    await stage.sql("UPDATE rep_monthly_goals SET signup_goal = 10")
    await stage.settle()
    assert await stage.said() == []


async def test_nothing_is_posted_about_a_frozen_month(stage: Stage) -> None:
    await stage.sql("UPDATE rep_monthly_goals SET signups_actual = 15")
    await stage.sql("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now()")
    await stage.settle()
    assert await stage.said() == []


async def test_a_rep_who_keeps_their_name_off_public_posts_is_told_alone(stage: Stage) -> None:
    await service.appear_in_public(stage.tx.session, stage.ana, public=False)
    await stage.make(15)
    assert await stage.said() == [f"post user:{stage.ana_user}"]
    [post] = await stage.posts()
    assert post is not None
    assert not post.in_channel


async def test_a_rep_of_a_team_without_a_channel_is_told_alone(stage: Stage) -> None:
    await stage.sql("UPDATE teams SET channel = NULL")
    await stage.make(15)
    assert await stage.said() == [f"post user:{stage.ana_user}"]


async def test_money_is_for_the_rep_alone_where_the_workspace_wants_that(stage: Stage) -> None:
    await stage.sql("UPDATE workspaces SET money_is_public = false")
    await stage.make(15)
    [in_channel] = await stage.posts()
    assert in_channel is not None
    assert not in_channel.shows_money
    await stage.later(13)
    await stage.sql("UPDATE teams SET channel = NULL")
    await stage.make(25)
    alone = (await stage.posts())[1]
    assert alone is not None
    assert alone.shows_money


async def test_it_is_recognized_when_it_was_really_posted(stage: Stage) -> None:
    await stage.make(15)
    [post] = await stage.posts()
    assert post is not None
    ids = [award.id for award in post.awards]
    await stage.make(20)
    await service.recognize(stage.tx.session, ids, [], RecognitionType.CHANNEL)
    recognized = "SELECT step, recognized, recognition_type, recognized_at IS NOT NULL FROM goal_achievements"
    assert [tuple(row) for row in await stage.sql(f"{recognized} ORDER BY id")] == [
        (1, True, "channel", True),
        (2, False, "none", False),
        (0, False, "none", False),
    ]


async def test_a_person_cheers_once_and_takes_it_back_by_pressing_again(stage: Stage) -> None:
    await stage.make(15)
    [post] = await stage.posts()
    assert post is not None
    other = await a_user(stage.tx.session)
    presses = [await service.cheer(stage.tx.session, stage.kim, post.id) for _ in range(3)]
    assert presses == [True, False, True]
    assert await service.cheer(stage.tx.session, other, post.id)
    assert await service.cheer(stage.tx.session, other, post.id + 1) is None
    [post] = await stage.posts()
    assert post is not None
    assert post.cheers == 2
    assert await stage.said() == ["post channel:C1", "edit channel:C1"]


async def test_setting_goals_turns_reminders_and_logging_leaves_them_alone(tx: Transaction) -> None:
    stage = await set_stage(tx)
    edits = "SELECT count(*) FROM outbox WHERE subject = 'reminder' AND mode = 'edit'"
    await stage.sql(
        "SELECT goalkeeper_say(ARRAY[CAST(ROW('post', 'reminders.reminder', 'user:1', 'reminder', :rep,"
        " '2026-02', 'goal_deadline_day', NULL, NULL, '{}', NULL, NULL) AS intent)])",
        rep=stage.ana,
    )
    await stage.sql("UPDATE outbox SET status = 'sent', channel = 'D1', ts = '1', sent_at = now()")
    await stage.make(10)
    assert (await stage.sql(edits))[0][0] == 0
    await stage.sql("UPDATE rep_monthly_goals SET signup_goal = 30")
    await stage.settle()
    assert (await stage.sql(edits))[0][0] == 1
