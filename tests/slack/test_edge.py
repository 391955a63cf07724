"""The guard around every answer: whoever was told to try again can rely on it that nothing goes on behind."""

import asyncio
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.app import create_bolt
from bot.slack.asking import Asked
from bot.slack.edge import Edge
from bot.slack.people import Directory
from bot.slack.tasks import Tasks
from domain.db import Database, WorkspaceId

IDENTITY = {"team_id": "T1", "bot_id": "B1", "user_id": "U0BOT", "url": "https://x.example/", "team": "x"}
SUBMITTED = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "tests.form",
        "blocks": [{"type": "input", "block_id": "goal"}],
        "state": {"values": {}},
    },
}


async def test_work_that_takes_too_long_is_given_up(db: Database) -> None:
    client = AsyncWebClient()
    app, tasks = create_bolt(client, "xoxb-1", IDENTITY), Tasks()
    directory = Directory(db, WorkspaceId(1), "T1", client)
    ended = asyncio.Event()

    async def never_ends(_asked: Asked, _view: dict[str, Any]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    Edge(app, db, WorkspaceId(1), directory, tasks).form("tests.form", never_ends)
    answer = await app.async_dispatch(AsyncBoltRequest(body=SUBMITTED, mode="socket_mode"))
    assert "Please try again in a minute." in answer.body
    async with asyncio.timeout(60):
        await ended.wait()
        await tasks.finish(60)
