"""The guard around every answer: whoever was told to try again can rely on it that nothing goes on behind."""

import asyncio
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.app import create_bolt
from bot.slack.asking import Asked
from bot.slack.edge import Edge
from bot.slack.installations import Grant, Installations, connections
from bot.slack.tasks import Tasks
from domain.db import Database, WorkspaceId

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


class Alone:
    """The grant of one workspace."""

    grant = Grant(WorkspaceId(1), "T1", "U0BOT", "B1", frozenset(), "xoxb-1")

    async def of_team(self, team_id: str) -> Grant | None:
        return self.grant if team_id == "T1" else None

    async def of_workspace(self, workspace_id: WorkspaceId) -> Grant | None:
        return self.grant

    async def workspaces(self) -> list[WorkspaceId]:
        return [self.grant.workspace_id]


async def test_work_that_takes_too_long_is_given_up(db: Database) -> None:
    ended = asyncio.Event()

    async def never_ends(_asked: Asked, _view: dict[str, Any]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with connections("https://x.example/", 1.0) as slack:
        installations, tasks = Installations(Alone(), slack, db), Tasks()
        app = create_bolt(slack.answering(None), installations)
        Edge(app, db, installations, tasks, {}).form("tests.form", never_ends)
        answer = await app.async_dispatch(AsyncBoltRequest(body=SUBMITTED, mode="socket_mode"))
    assert "Please try again in a minute." in answer.body
    async with asyncio.timeout(60):
        await ended.wait()
        await tasks.finish(60)
