"""`goalkeeper run`, from the first start to the second."""

import socket
from pathlib import Path

import aiohttp
import pytest

from sandbox import Sandbox, SandboxServer, sample_roster_csv
from tests.e2e.conftest import Start
from tests.e2e.page import ANA, Page

READY = "Goalkeeper is ready to be tried"


async def test_a_goal_set_in_the_browser_outlives_a_restart(start: Start, port: int) -> None:
    running = await start()
    assert f"http://localhost:{port}" in await running.says(READY)
    async with aiohttp.ClientSession() as http:
        page = Page(http, port)
        assert "<!doctype html>" in (await page.opens()).lower()
        state = await page.state()
        dm = await page.dm()
        assert await page.does("say", channel=dm, text="/goals set") == {"ok": True}
        (view,) = (await page.state())["views"]
        values = view["state"]["values"]
        for block_id, actions in values.items():
            if block_id.startswith("revenue_goal"):
                actions["revenue_goal"]["value"] = "a lot"
        wrong = await page.does("submit", view_id=view["id"], values=values)
        assert list(wrong["errors"].values()) == ["Revenue is an amount, like 50,000 or 50k: “a lot” is not."]
        for actions in values.values():
            if "revenue_goal" in actions:
                actions["revenue_goal"]["value"] = "50k"
            if "signup_goal" in actions:
                actions["signup_goal"]["value"] = "20"
        assert await page.does("submit", view_id=view["id"], values=values) == {"ok": True}
        await page.waits(state["cursor"], "goals set:* 20 signups · $50,000")
        (before,) = await page.dms()
    assert await running.stops() == 0

    running = await start()
    await running.says(READY)
    async with aiohttp.ClientSession() as http:
        page = Page(http, port)
        assert await page.dms() == [before]
        cursor = (await page.state())["cursor"]
        await page.does("say", channel=await page.dm(), text="/goals set 25")
        await page.waits(cursor, "goals set:* 25 signups · $50,000")
        (after,) = await page.dms()
        assert "25 signups" in after
        # A page that is open does not keep the bot from stopping.
        async with http.get(f"http://127.0.0.1:{port}/sandbox/page/events?as={ANA}&cursor={cursor}"):
            assert await running.stops() == 0


async def test_with_a_slack_and_a_database_of_one_s_own(
    start: Start, port: int, empty_url: str, tmp_path: Path
) -> None:
    """Also with `postgres://`, and with variables about that would have Bolt leave out the token."""
    roster = tmp_path / "roster.csv"
    roster.write_bytes(sample_roster_csv())
    sandbox = Sandbox(request_url=f"http://127.0.0.1:{port}/slack/events")
    async with SandboxServer(sandbox):
        env = {
            "DATABASE_URL": empty_url.replace("postgresql+psycopg://", "postgres://"),
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.signing_secret,
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "3",
        }
        running = await start("run", **env)
        assert str(port) in await running.says("Goalkeeper answers Slack")
        ana = sandbox.person("Ana Souza")
        assert "You are not on a sales team yet." in (await ana.types("/goals")).text
        imported = await start("import", "roster", str(roster), **env)
        assert await imported.ends() == 0, imported.log
        assert "✅" in (await ana.types("/goals set yearly 240 600k")).text
        (message,) = await sandbox.wait_for(lambda: [one for one in ana.dms() if not one.only_for])
        assert "240 signups · $600,000" in message.text
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 404
        assert await running.stops() == 0
        assert sandbox.bot_token not in running.log
        assert sandbox.signing_secret not in running.log


async def test_a_port_that_is_taken_is_said_in_a_sentence(start: Start, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        running = await start()
        assert await running.ends() == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in running.log
    assert "PORT=8001 goalkeeper run" in running.log


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack refused: invalid_auth. `goalkeeper doctor` says more."),
        (
            {"SLACK_APP_TOKEN": "xapp-wrong"},
            "Slack refuses SLACK_APP_TOKEN: invalid_auth. `goalkeeper doctor`",
        ),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}, "The database cannot be reached"),
        ({"SLACK_SIGNING_SECRET": ""}, "SLACK_BOT_TOKEN alone is half a way to Slack."),
    ],
)
async def test_what_stands_in_the_way_of_a_start_is_said_in_a_sentence(
    start: Start, empty_url: str, wrong: dict[str, str], said: str
) -> None:
    sandbox = Sandbox()
    async with SandboxServer(sandbox):
        env = {
            "DATABASE_URL": empty_url.replace("postgresql+psycopg://", "postgres://"),
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.signing_secret,
            "SLACK_API_URL": sandbox.api_url,
        }
        running = await start("run", **{**env, **wrong})
        assert await running.ends() == 1
    assert said in running.log
