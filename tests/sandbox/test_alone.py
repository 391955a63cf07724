import asyncio
from collections.abc import Mapping
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, serve_alone


async def run(store: Path | None, given: list[Mapping[str, str]]) -> None:
    stopped = asyncio.Event()
    ready = asyncio.Event()

    def up(sandbox: Sandbox, environment: Mapping[str, str]) -> None:
        given.append(environment)
        ready.set()

    running = asyncio.create_task(
        serve_alone(0, "http://127.0.0.1:1/slack/events", store, up=up, stopped=stopped)
    )
    await ready.wait()
    client = AsyncWebClient(
        given[-1]["SLACK_BOT_TOKEN"], base_url=given[-1]["SLACK_API_URL"], retry_handlers=[]
    )
    assert (await client.auth_test())["ok"]
    stopped.set()
    await running


async def test_a_bot_elsewhere_is_told_all_it_needs(tmp_path: Path) -> None:
    given: list[Mapping[str, str]] = []
    await run(tmp_path / "sandbox.json", given)
    await run(tmp_path / "sandbox.json", given)
    first, second = given
    assert set(first) == {"SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"}
    assert first["SLACK_APP_TOKEN"].startswith("xapp-")
    assert {**first, "SLACK_API_URL": ""} == {**second, "SLACK_API_URL": ""}
