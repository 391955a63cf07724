"""Secrets pushed through everything at DEBUG: they are in no line of the log (issue 3)."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from sandbox import Person, Sandbox, SandboxServer
from sandbox import faults as fault
from sandbox.sample import sample_workspace
from tests.conftest import Sql
from tests.prove.campaign import TIMING, WAITING
from tests.prove.copies import Order
from tests.prove.fleet import Crew, Fleet

CANARIES: dict[str, Any] = {
    "bot_token": "xoxb-42-CANARY-of-the-bot",
    "app_token": "xapp-1-A0-42-CANARY-of-the-app",
    "signing_secret": 'CANARY"of\\the/signing secret',
}
FAULTS = [
    fault.rate_limited(0),
    fault.rate_limited("tomorrow"),
    fault.http_error(500),
    fault.html(),
    fault.error("fatal_error"),
    fault.error("invalid_blocks"),
    fault.error("no_such_error"),
    fault.dropped(accepted=False),
    fault.dropped(accepted=True),
    fault.hang(1.0),
]


@dataclass
class Stage:
    """A copy over both doors, and its log."""

    sandbox: Sandbox
    crew: Crew
    sql: Sql
    style: str

    @property
    def ana(self) -> Person:
        return self.sandbox.person("Ana Souza")

    def lines(self) -> list[str]:
        return self.crew.log.read_text().splitlines()


@pytest.fixture(params=["text", "json"])
async def stage(
    request: pytest.FixtureRequest, database_url: str, sql: Sql, folder: Path, fleet: Fleet
) -> AsyncIterator[Stage]:
    """Ana is a rep."""
    style: Literal["text", "json"] = request.param
    workspace = sample_workspace()
    for name, canary in CANARIES.items():
        setattr(workspace, name, canary)
    sandbox = Sandbox(workspace, retry_after=())
    async with SandboxServer(sandbox):
        order = Order(
            database_url,
            sandbox.api_url,
            **CANARIES,
            timing=TIMING,
            log=str(folder / f"canary-{style}.log"),
            log_style=style,
            log_level="DEBUG",
        )
        crew = await fleet.starts(order)
        assert await crew.until_up(), crew.log.read_text()
        sandbox.request_url = f"http://127.0.0.1:{crew.port}/slack/events"
        await sandbox.wait_for(lambda: sandbox.sockets.connected == 1)
        yield Stage(sandbox, crew, sql, style)
        await crew.stops()


async def all_of_it(stage: Stage) -> None:
    """Whatever can happen to a secret: both doors, every fault, tracebacks, sockets that fail."""
    sandbox, ana, sql = stage.sandbox, stage.ana, stage.sql
    sandbox.socket_mode = False
    await ana.types("/goals")
    await sql(
        "INSERT INTO sales_reps (workspace_id, user_id, name, joined_on)"
        " SELECT workspace_id, id, name, '2024-01-01' FROM users"
    )
    for over_sockets in (False, True):
        sandbox.socket_mode = over_sockets
        await ana.types("/goals set")
        await ana.submits({})
        await ana.types("/goals set yearly 240 600k")
        await ana.types("/goals set yearly @nobody")
        for trouble in FAULTS:
            sandbox.faults.next("views.open", trouble)
            await ana.types("/goals set")
        await sandbox.events.changed(ana.user, tz="Europe/Berlin")
    sandbox.socket_mode = False
    await sandbox.send_raw("{}", sandbox.sign("{}") | {"Content-Type": "application/json"})
    await sandbox.send_raw("{}", sandbox.sign("{}", secret="another"))
    await sandbox.wait_for(lambda: [one for one in ana.dms() if not one.only_for])
    await _presses_what_is_over(stage)
    await _every_fault_of_a_post(stage)
    await _tracebacks(stage)
    await _sockets(stage)


async def _presses_what_is_over(stage: Stage) -> None:
    """The answer goes to the response_url."""
    [message, *_] = [one for one in stage.ana.dms() if one.is_bot and not one.only_for]
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("action_id") == "goals.set.open":
                element["value"] = "2020-01"
    answer = await stage.ana.presses("goals.set.open", message)
    await stage.sandbox.wait_for(lambda: answer.messages)


async def _every_fault_of_a_post(stage: Stage) -> None:
    await stage.sql("UPDATE users SET dm_channel = NULL")
    for number, trouble in enumerate(FAULTS):
        for method in ("conversations.open", "chat.postMessage", "chat.update", "conversations.history"):
            stage.sandbox.faults.next(method, trouble)
        await stage.ana.types(f"/goals set yearly {300 + number}")
    while await stage.sql.value(WAITING):
        pass


async def _tracebacks(stage: Stage) -> None:
    """An intent that cannot be rendered, and a request that meets a table that is gone."""
    await stage.sql(
        "INSERT INTO outbox (workspace_id, kind, audience, subject, mode, dedupe_key)"
        " SELECT id, 'no.such.kind', 'user:1', 'poison', 'post', 'poison' FROM workspaces"
    )
    await stage.sql("ALTER TABLE goal_changes RENAME TO gone")
    answer = await stage.ana.types("/goals set yearly 999")
    assert "reference" in answer.text
    await stage.sql("ALTER TABLE gone RENAME TO goal_changes")


async def _sockets(stage: Stage) -> None:
    sockets = stage.sandbox.sockets
    sockets.refusing = True
    sockets.drop()
    asked = len(stage.sandbox.calls_to("apps.connections.open"))
    await stage.sandbox.wait_for(lambda: len(stage.sandbox.calls_to("apps.connections.open")) > asked + 1)
    sockets.refusing = False
    await stage.sandbox.wait_for(lambda: sockets.connected == 1)
    await sockets.disconnect()
    await stage.sandbox.wait_for(lambda: sockets.connected == 1)


def secrets_of(sandbox: Sandbox) -> set[str]:
    """Everything that was secret: tokens, and what came with single requests and was good for a while."""
    interactions = sandbox.slack.capabilities._urls.values()
    opened = [call.response.get("url", "") for call in sandbox.calls_to("apps.connections.open")]
    found = {
        "CANARY",
        *CANARIES.values(),
        *(interaction.trigger_id for interaction in interactions),
        *(interaction.secret for interaction in interactions),
        *(ticket for url in opened for ticket in parse_qs(urlsplit(url).query).get("ticket", [])),
    }
    assert len(found) > 70
    return found | {quote(secret, safe="") for secret in found}


async def test_no_secret_is_in_any_line(stage: Stage) -> None:
    await all_of_it(stage)
    await stage.crew.stops()
    secrets = secrets_of(stage.sandbox)
    lines = stage.lines()
    log = "\n".join(lines).lower()
    assert [
        word for word in ("debug", "warning", "error", "traceback", "[redacted]") if word not in log
    ] == []
    assert [(secret, line[:400]) for line in lines for secret in secrets if secret in line] == []
    if stage.style == "json":
        assert [line for line in map(json.loads, lines) if nobody_knows_whose(line)] == []


_OF_REQUESTS = ("bot.slack.edge", "bot.slack.tasks", "bot.http.app", "slack_bolt", "slack_sdk.webhook")
_OF_INTENTS = ("bot.courier.sending", "bot.courier.posting", "bot.courier.reports")


def nobody_knows_whose(line: dict[str, Any]) -> bool:
    """Whether it is about a request or an intent, and does not say which."""
    if line["logger"].startswith(_OF_INTENTS) or "/chat." in line["message"]:
        return "intent" not in line
    return line["logger"].startswith(_OF_REQUESTS) and "request" not in line
