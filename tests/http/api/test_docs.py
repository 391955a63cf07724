"""The documentation: the page at `/docs`, the OpenAPI document, and every request of `docs/api.md`."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.app import FEATURES
from bot.http.api.app import add_api
from bot.http.server import listen, serving
from domain.access.rules import Scope
from domain.db import Database
from tests.http.api.conftest import Client, Clients

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"```http\n(GET|POST|PUT) /api/v1/(\S+)\n(?:\n(\{.*?\})\n)?```\n(?:\n```json\n(.*?)```)?", PAGE, re.DOTALL
)


async def ask(client: Client, method: str, path: str, body: str) -> httpx.Response:
    return await client.http.request(method, path, json=json.loads(body) if body else None)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each[0]} {each[1]}")
async def test_each_request_of_the_page_is_answered(client: Clients, example: tuple[str, ...]) -> None:
    method, path, body, shown = example
    answer = await ask(await client("ana"), method, path, body)
    assert answer.status_code in (200, 201), answer.text
    if shown:
        assert without_ids(answer.json()) == without_ids(json.loads(shown))


def without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if not name.endswith("_id")}


def test_the_page_tells_every_scope_and_route() -> None:
    assert [scope for scope in Scope if f"`{scope}`" not in PAGE] == []
    api = FastAPI()
    for router in FEATURES.routers:
        api.include_router(router)
    assert [path for path in api.openapi()["paths"] if f"/api/v1{path}" not in PAGE] == []


async def test_the_running_bot_shows_its_reference(db: Database) -> None:
    http = FastAPI(openapi_url=None)
    add_api(http, db, FEATURES.routers, lambda: 0.0)
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    async with serving(http, listening), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as reader:
        document = (await reader.get("/api/v1/openapi.json")).json()
        page = (await reader.get("/docs")).text
    assert document["openapi"].startswith("3.")
    for path in document["paths"]:
        assert f"/api/v1{path}".replace("{", "{") in page
    assert "src=" not in page
    assert '"signup_goal": 20' in page.replace("&quot;", '"')
    assert "id='goal_locked'" in page
