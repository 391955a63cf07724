"""The bot as one process and Slack as another: they know nothing of each other but addresses and tokens."""

from pathlib import Path

import aiohttp
import pytest

from sandbox import sample_roster_csv
from tests.e2e.conftest import Running, Start, free_port
from tests.e2e.page import Page

WORDS = "goals set:* 240 signups · $600,000"


async def environment(slack: Running) -> dict[str, str]:
    """What a sandbox that starts prints, to be copied."""
    lines = [await slack.prints() for _ in range(4)]
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


@pytest.mark.parametrize(
    ("door", "secret"), [("HTTP", "SLACK_SIGNING_SECRET"), ("Socket Mode", "SLACK_APP_TOKEN")]
)
async def test_a_goal_is_set_and_confirmed(
    start: Start, port: int, tmp_path: Path, door: str, secret: str
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_bytes(sample_roster_csv())
    at = free_port()
    slack = await start("sandbox", "--request-url", f"http://127.0.0.1:{port}/slack/events", PORT=str(at))
    printed = await environment(slack)
    given = {name: printed[name] for name in ("SLACK_API_URL", "SLACK_BOT_TOKEN", secret)}
    async with aiohttp.ClientSession() as http:
        page = Page(http, at, sandbox="")
        cursor = (await page.state())["cursor"]
        bot = await start("run", **given)
        assert str(port) in await bot.says("Goalkeeper answers Slack")
        imported = await start("import", "roster", str(roster), **given)
        assert await imported.ends() == 0, imported.log
        if door == "Socket Mode":
            await page.hears(cursor, lambda event: event["type"] == "sockets" and event["connected"] == 1)
        assert await page.types("/goals set yearly 240 600k") == {"ok": True}
        await page.waits(cursor, WORDS)
        assert [WORDS in text for text in await page.dms()] == [True]
        assert await bot.stops() == 0
        assert await page.types("/goals") != {"ok": True}
    assert await slack.stops() == 0
    assert [name for name, value in given.items() if name != "SLACK_API_URL" and value in bot.log] == []
