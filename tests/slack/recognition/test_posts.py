"""Wins as the team sees them: the post, what joins it, cheers, corrections, and staying out of public."""

import pytest

from sandbox import Person
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.recognition.conftest import Channel, Logs, label

CHEER = "recognition.cheer"

pytestmark = pytest.mark.usefixtures("goals")


async def test_a_win_is_posted_and_what_follows_joins_the_post(
    noah: Person, logs: Logs, channel: Channel
) -> None:
    await logs(noah, 15)
    [post] = await channel()
    assert post.plain.splitlines()[:2] == [
        "🎉 Noah Bergström reached bonus tier 1!",
        "🏅 Bonus tier 1 unlocked: $100 more",
    ]
    await logs(noah, 5)
    await logs(noah, 50_000, "revenue")
    [post] = await channel()
    assert post.text.splitlines() == [
        "🎉 *Noah Bergström* had a perfect February!",
        "💎 Perfect month: goals set in time, both made, and the bonus tier reached",
        "🎯 February signups: 20 of 20",
        "💰 February revenue: $50,000 of $50,000",
        "🏅 Bonus tier 2 unlocked: $200 more",
    ]


async def test_after_five_minutes_it_is_a_post_of_its_own(
    noah: Person, logs: Logs, channel: Channel, clock: Clock
) -> None:
    await logs(noah, 15)
    await channel()
    await clock.at(2026, 2, 3, 12, 6)
    await logs(noah, 5)
    said = [post.text.splitlines()[0] for post in await channel()]
    assert said == [
        "🎉 *Noah Bergström* reached bonus tier 1!",
        "🎉 *Noah Bergström* made the February goal!",
    ]


async def test_colleagues_cheer_once_each_and_take_it_back(
    noah: Person, marisol: Person, logs: Logs, channel: Channel
) -> None:
    await logs(noah, 15)
    [post] = await channel()
    assert label(post) == "🎉 Cheer"
    for person, count in ((marisol, "🎉 1"), (noah, "🎉 2"), (marisol, "🎉 1")):
        assert (await person.presses(CHEER, post)).error is None
        [post] = await channel()
        assert label(post) == count


async def test_a_correction_is_edited_in_and_out(noah: Person, logs: Logs, channel: Channel) -> None:
    await logs(noah, 15)
    await channel()
    await logs(noah, -1)
    [post] = await channel()
    assert post.text == "Noah Bergström's numbers were corrected, so this one is still to come."
    await logs(noah, 1)
    [post] = await channel()
    assert post.text.startswith("🎉 *Noah Bergström* reached bonus tier 1!")


async def test_a_rep_who_keeps_their_name_off_posts_is_congratulated_alone(
    noah: Person, logs: Logs, channel: Channel, told: Told
) -> None:
    answer = await noah.types("/goals public off")
    assert answer.text.startswith("🤫 Your name stays off posts and boards in channels.")
    await logs(noah, 15)
    assert await channel() == []
    assert (await told(noah))[-1].text.splitlines()[0] == "🎉 You reached bonus tier 1!"
    assert (await noah.types("/goals public on")).text.startswith("👀 Your team's channel sees")
    assert (await noah.types("/goals public")).text.startswith("👀 Your team's channel sees")
    assert "It is /goals public on" in (await noah.types("/goals public maybe")).text


async def test_no_money_in_channels_where_the_workspace_keeps_it_private(
    noah: Person, adaeze: Person, logs: Logs, channel: Channel
) -> None:
    await adaeze.types("/goals setup")
    await adaeze.presses("setup.settings.open")
    assert (await adaeze.submits({"money_is_public": "hidden"})).closed
    await logs(noah, 15)
    await logs(noah, 50_000, "revenue")
    [post] = await channel()
    assert post.text.splitlines()[1:] == ["💰 February revenue goal made", "🏅 Bonus tier 1 unlocked"]


async def test_it_counts_as_recognized_once_the_channel_has_it(
    noah: Person, logs: Logs, channel: Channel, sql: Sql
) -> None:
    await logs(noah, 15)
    await channel()
    recognized = "SELECT recognized AND recognition_type = 'channel' FROM goal_achievements"
    assert await sql.value(recognized)
