"""Slack's limits, which the bot must never meet."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.rates import TIERS, Rates
from tests.sandbox.conftest import Moment

WEST, EAST = "C0TEAMWEST1", "C0TEAMEAST1"


async def test_posts_are_limited_by_channel(sandbox: Sandbox, slack: AsyncWebClient, moment: Moment) -> None:
    sandbox.limits = True
    for _ in range(3):
        await slack.chat_postMessage(channel=WEST, text="x")
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=WEST, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    await slack.chat_postMessage(channel=EAST, text="x")
    moment.seconds += 1
    await slack.chat_postMessage(channel=WEST, text="x")
    assert (len(sandbox.channel("#team-west").messages()), sandbox.slack.rates.tripped) == (4, 1)
    sandbox.limits = False
    await slack.chat_postMessage(channel=WEST, text="x")


def test_one_a_second_for_ever_is_fine() -> None:
    moment = Moment()
    rates = Rates(moment, on=True)
    for _ in range(1_000):
        assert rates.refuses("chat.postMessage", {"channel": WEST}) is None
        moment.seconds += 1


def test_the_workspace_has_a_limit_too() -> None:
    rates = Rates(Moment(), on=True)
    answers = [rates.refuses("chat.postMessage", {"channel": f"C{number}"}) for number in range(301)]
    assert answers == [None] * 300 + [1]


@pytest.mark.parametrize("method", sorted(TIERS))
def test_each_method_has_its_tier(method: str) -> None:
    moment = Moment()
    rates = Rates(moment, on=True)
    calls = 0
    while (wait := rates.refuses(method, {})) is None:
        calls += 1
    assert calls in (20, 50, 60, 100)
    moment.seconds += wait
    assert rates.refuses(method, {}) is None


def test_what_has_no_tier_has_no_limit() -> None:
    rates = Rates(Moment(), on=True)
    assert not any(rates.refuses("auth.test", {}) for _ in range(1_000))
