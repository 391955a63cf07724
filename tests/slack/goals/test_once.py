"""A form that arrives twice, or again after its answer was lost: one goal, one change, one message."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import Person, Sandbox, Server
from tests.conftest import Sql
from tests.slack.conftest import Told

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def last_submission(sandbox: Sandbox) -> dict[str, Any]:
    """The form that was sent off last, as it went to the bot."""
    sent = [entry for entry in sandbox.traffic if entry.label == "view_submission goals.set.submit"]
    return dict(sent[-1].request)


async def again(sandbox: Sandbox, payload: dict[str, Any]) -> dict[str, Any]:
    """Sends it to the bot once more; returns the answer."""
    body = urlencode({"payload": json.dumps(payload)})
    ack = await sandbox.send_raw(body, {**sandbox.sign(body), **FORM})
    assert ack.status == 200
    return ack.json()


async def rows(sql: Sql) -> tuple[int, int]:
    """How many goals there are, and how many changes."""
    goals = await sql.value("SELECT count(*) FROM rep_monthly_goals WHERE goal_set_at IS NOT NULL")
    return goals, await sql.value("SELECT count(*) FROM goal_changes")


async def test_the_same_form_one_after_the_other(ana: Person, sandbox: Sandbox, sql: Sql, told: Told) -> None:
    await ana.types("/goals set")
    await ana.submits({"signup_goal": 25})
    for _ in range(3):
        assert await again(sandbox, last_submission(sandbox)) == {}
    assert await rows(sql) == (1, 1)
    assert len(await told(ana)) == 1
    assert sandbox.calls_to("chat.update") == []


async def test_the_same_form_many_times_at_once(ana: Person, sandbox: Sandbox, sql: Sql, told: Told) -> None:
    await ana.types("/goals set")
    await ana.submits({"signup_goal": "x"})
    await ana.submits({"signup_goal": 25, "revenue_goal": "wrong"})
    payload = last_submission(sandbox)
    for action in payload["view"]["state"]["values"].values():
        if "revenue_goal" in action:
            action["revenue_goal"]["value"] = "50k"
    answers = await asyncio.gather(*(again(sandbox, payload) for _ in range(8)))
    assert answers == [{}] * 8
    assert await rows(sql) == (1, 1)
    assert len(await told(ana)) == 1
    assert len(sandbox.calls_to("chat.postMessage")) == 1


async def test_a_manager_s_form_twice_tells_the_rep_once(
    ana: Person, marisol: Person, sandbox: Sandbox, sql: Sql, told: Told
) -> None:
    await ana.types("/goals set 20")
    await told(ana)
    await marisol.types("/goals set @ana 30")
    await marisol.submits({"reason": "Stretch"})
    await again(sandbox, last_submission(sandbox))
    assert await rows(sql) == (1, 2)
    assert len(await told(ana)) == 2


@pytest.fixture
async def lossy(sandbox: Sandbox) -> AsyncIterator[list[Response]]:
    """A way to the bot on which the answers listed are given in place of the bot's own."""
    instead: list[Response] = []
    real = sandbox.request_url

    async def carry(request: Request) -> Response:
        headers = {k: v for k, v in request.headers.items() if k not in ("host", "content-length")}
        body = await request.body()
        async with aiohttp.ClientSession() as http, http.post(real, data=body, headers=headers) as answer:
            said = await answer.read()
        if instead:
            return instead.pop()
        return Response(said, answer.status, media_type=answer.content_type)

    async with Server(Starlette(routes=[Route("/slack/events", carry, methods=["POST"])])) as server:
        sandbox.request_url = f"{server.url}/slack/events"
        yield instead
    sandbox.request_url = real


async def test_a_form_whose_answer_was_lost_is_sent_again_by_hand(
    ana: Person, sql: Sql, told: Told, lossy: list[Response]
) -> None:
    await ana.types("/goals set")
    lossy.append(Response(status_code=502))
    first = await ana.submits({"signup_goal": 25, "bonus_tier_goal": "3"})
    assert (first.closed, first.error) == (False, "dispatch_failed")
    second = await ana.submits()
    assert second.closed
    assert await rows(sql) == (1, 1)
    (message,) = await told(ana)
    assert message.text.startswith("✅ *February goals set:* 25 signups · tier 3\n")


async def test_a_line_whose_answer_was_lost_is_typed_again(
    ana: Person, sql: Sql, told: Told, lossy: list[Response]
) -> None:
    lossy.append(Response(status_code=502))
    assert (await ana.types("/goals set 20 50k 3")).error == "dispatch_failed"
    assert (await ana.types("/goals set 20 50k 3")).text.endswith("already. Nothing to change.")
    assert await rows(sql) == (1, 1)
    assert len(await told(ana)) == 1


async def test_two_who_set_at_once_both_count(
    ana: Person, marisol: Person, sandbox: Sandbox, sql: Sql, told: Told
) -> None:
    await marisol.types("/goals set @ana 30")
    await asyncio.gather(ana.types("/goals set 20"), marisol.submits({"reason": "Stretch"}))
    assert await rows(sql) == (1, 2)
    last = await sql.value("SELECT to_signup_goal FROM goal_changes ORDER BY id DESC LIMIT 1")
    assert await sql.value("SELECT signup_goal FROM rep_monthly_goals") == last
    confirmation, *news = await told(ana)
    assert confirmation.text.startswith(f"✅ *February goals set:* {last} signups")
    assert len(news) == (last == 30)
