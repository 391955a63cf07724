"""A deadline in `goalkeeper run`, on the page's clock from the 1st to the 7th, every message counted."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from sandbox import SAMPLE_ROSTER
from tests.conftest import HANG_SECONDS
from tests.e2e.conftest import Start

READY = "Goalkeeper is ready to be tried"
IDS = {member.name.split()[0]: member.slack_id for member in SAMPLE_ROSTER}
REPS = [member for member in SAMPLE_ROSTER if member.role == "rep"]
NEW_YORK = "America/New_York"


class Page:
    """The page, as anybody of the sample uses it."""

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self._http = http
        self._url = f"http://127.0.0.1:{port}/sandbox/page/"

    async def get(self, what: str, **query: str) -> dict[str, Any]:
        async with self._http.get(self._url + what, params=query) as answer:
            got: dict[str, Any] = await answer.json()
            return got

    async def post(self, what: str, **body: Any) -> dict[str, Any]:
        async with self._http.post(self._url + what, json=body) as answer:
            done: dict[str, Any] = await answer.json()
            assert done["ok"], done
            return done

    async def goes_to(self, day: int, hour: int, zone: str = NEW_YORK) -> None:
        """Sets the clock to that day of July 2027; what is due has been said when it is there."""
        moment = datetime(2027, 7, day, hour, tzinfo=ZoneInfo(zone))
        await self.post("clock", action="set", to=moment.isoformat())
        # The page waits some seconds for what is being said, and again here: the machine may be busy.
        await self.post("clock", action="advance", seconds=1)

    async def next_due(self) -> str:
        return str((await self.get("clock"))["clock"]["coming"][0]["what"])

    async def dms(self, name: str) -> list[dict[str, Any]]:
        """Somebody's messages from Goalkeeper that stay."""
        state = await self.get("state", **{"as": IDS[name]})
        (dm,) = (one["id"] for one in state["channels"] if one["kind"] == "im")
        found = await self.get("messages", **{"as": IDS[name], "channel": dm})
        lasting = [one for one in found["messages"] if not one.get("ephemeral") and one.get("bot_id")]
        return [{**one, "channel": dm} for one in lasting]

    async def said(self, name: str) -> list[str]:
        return [message["text"].splitlines()[0] for message in await self.dms(name)]

    async def everything(self) -> int:
        """How many messages there are in all direct messages."""
        return sum([len(await self.dms(name)) for name in IDS])

    async def types(self, name: str, text: str) -> None:
        state = await self.get("state", **{"as": IDS[name]})
        (dm,) = (one["id"] for one in state["channels"] if one["kind"] == "im")
        await self.post("say", **{"as": IDS[name]}, channel=dm, text=text)

    async def presses(self, name: str, message: dict[str, Any], action: str, value: str = "") -> None:
        """A button with this value in a message as it stands now, or a menu's option with this end."""
        (now,) = (one for one in await self.dms(name) if one["ts"] == message["ts"])
        for block in now["blocks"]:
            for element in block.get("elements", []):
                if element.get("action_id") == action and value in str(element):
                    chosen = [o for o in element.get("options", []) if o["value"].endswith(value)]
                    pressed = {"block_id": block["block_id"], "action_id": action}
                    container = {
                        "type": "message",
                        "channel_id": message["channel"],
                        "message_ts": message["ts"],
                    }
                    if chosen:
                        pressed["selected_option"] = chosen[0]
                    await self.post("action", **{"as": IDS[name]}, container=container, action=pressed)
                    return
        raise AssertionError(f"no {action} in {message['text']}")

    async def saves(self, name: str, **figures: str) -> None:
        """Fills in the form that is open, and sends it off."""
        (view,) = (await self.get("state", **{"as": IDS[name]}))["views"]
        values = view["state"]["values"]
        for elements in values.values():
            for field, element in elements.items():
                if field in figures:
                    element["value"] = figures[field]
        await self.post("submit", **{"as": IDS[name]}, view_id=view["id"], values=values)


@pytest.fixture
async def page(start: Start, port: int) -> AsyncIterator[Page]:
    running = await start()
    await running.says(READY)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=HANG_SECONDS)) as http:
        yield Page(http, port)
    assert await running.stops() == 0


async def test_everybody_is_reminded_and_managers_know(page: Page) -> None:
    await page.goes_to(1, 12)
    already = await page.everything()
    before = {name: len(await page.dms(name)) for name in IDS}

    async def new(name: str) -> list[str]:
        return (await page.said(name))[before[name] :]

    await page.types("Mei-Lin", "/goals set 25 80k 3")
    await page.types("Priya", "/goals set 30 90k 4")

    # The 3rd: at noon of their own day, and only who has not set goals.
    assert "reminder 3 days before for Fatma Yıldız and Zoë Müller" in await page.next_due()
    await page.goes_to(3, 12, "Europe/Berlin")
    assert [len(await new(name)) for name in ("Zoë", "Fatma", "Oisín", "Ana")] == [1, 1, 0, 0]
    await page.goes_to(3, 12, "Europe/London")
    await page.goes_to(3, 12)
    await page.goes_to(3, 12, "America/Los_Angeles")
    reminded = [name for name in IDS if any("⏰" in text for text in await new(name))]
    assert sorted(reminded) == ["Ana", "DeShawn", "Fatma", "Leilani", "Noah", "Oisín", "Zoë"]
    assert await page.everything() == already + 2 + 7

    # Snooze, Got it, and setting from the reminder.
    (ana,) = (await page.dms("Ana"))[before["Ana"] :]
    await page.presses("Ana", ana, "reminders.snooze", ":1h")
    assert "reminder again for Ana Souza" in await page.next_due()
    await page.post("clock", action="next")
    assert len(await new("Ana")) == 2
    (fatma,) = (await page.dms("Fatma"))[before["Fatma"] :]
    await page.presses("Fatma", fatma, "reminders.got_it")
    (zoe,) = (await page.dms("Zoë"))[before["Zoë"] :]
    await page.presses("Zoë", zoe, "goals.set.open")
    await page.saves("Zoë", revenue_goal="55k")

    # The 5th, and the digests.
    for zone in ("Europe/Berlin", "Europe/London", NEW_YORK, "America/Los_Angeles"):
        await page.goes_to(5, 12, zone)
    assert (await new("Zoë"))[0] == "✅ July goals set: 20 signups · $55,000"
    assert len(await new("Zoë")) == 2
    assert [len(await new(name)) for name in ("Fatma", "Ana", "Mei-Lin")] == [2, 3, 1]
    (marisol,) = (await page.dms("Marisol"))[before["Marisol"] :]
    assert marisol["text"].startswith("📋 *July goals:* 1 of 5 set.")
    assert (await new("Tomasz"))[0].startswith("📋 *July goals:* 2 of 4 set.")
    assert await new("Adaeze") == []
    assert await page.everything() == already + 2 + 7 + 1 + 1 + 6 + 2

    # Nudging and setting for them; the digest changes in place.
    await page.presses("Marisol", marisol, "reminders.nudge", IDS["Noah"])
    await page.presses("Marisol", marisol, "reminders.nudge", IDS["Noah"])
    await page.presses("Marisol", marisol, "reminders.nudge_all")
    await page.post("clock", action="advance", seconds=60)
    await page.presses("Marisol", marisol, "goals.set.open", IDS["DeShawn"])
    await page.saves("Marisol", reason="On leave")
    await page.goes_to(5, 13, "America/Los_Angeles")
    nudged = {name: sum("asks for your goals" in text for text in await new(name)) for name in IDS}
    assert {name: count for name, count in nudged.items() if count} == {"Ana": 1, "Noah": 1, "Leilani": 1}
    assert sum("✅ July goals set" in text for text in await new("DeShawn")) == 3
    (edited,) = (await page.dms("Marisol"))[before["Marisol"] :]
    assert edited["ts"] == marisol["ts"]
    assert edited["text"].startswith("📋 *July goals:* 2 of 5 set.")
    assert await page.everything() == already + 19 + 4 + 1

    # The 6th and the 7th.
    for day in (6, 7):
        for zone in ("Europe/Berlin", "Europe/London", NEW_YORK, "America/Los_Angeles"):
            await page.goes_to(day, 12, zone)
    unset = ("Ana", "Noah", "Leilani", "Oisín", "Fatma")
    assert await page.everything() == already + 24 + 2 * (len(unset) + 2)
    for name in unset:
        assert "the deadline was Tue, Jul 6, 11:59 PM" in (await new(name))[-1]
    assert (await new("Marisol"))[-1] == "📋 *July goals:* 2 of 5 set. The deadline has passed."
    await page.types("Ana", "/goals set 20 50k 3")
    await page.goes_to(7, 13, "America/Los_Angeles")
    *reminders, confirmation = await new("Ana")
    assert set(reminders) == {"✅ July goals set: 20 signups · $50,000 · tier 3"}
    assert confirmation == "✅ *July goals set:* 20 signups · $50,000 · tier 3"
    assert (await new("Marisol"))[-1].startswith("📋 *July goals:* 3 of 5 set.")


async def test_the_sample_team_acts_by_itself_when_asked_to(page: Page) -> None:
    await page.goes_to(1, 1, "Europe/London")
    assert (await page.get("state"))["team_acts"] is False
    await page.types("Oisín", "/goals set 1")
    await page.post("team", acts=True)
    await page.goes_to(10, 12)
    said = {member.name.split()[0]: await page.said(member.name.split()[0]) for member in REPS}
    july = {name: [text for text in texts if "July" in text] for name, texts in said.items()}
    assert july["Priya"] == ["✅ *July goals set:* 30 signups · $90,000 · tier 4"]
    assert july["Zoë"] == [
        *["✅ July goals set: 20 signups · $55,000 · tier 2"] * 3,
        "✅ *July goals set:* 20 signups · $55,000 · tier 2",
    ]
    assert [text[0] for text in july["Noah"]] == ["✅"] * 5
    assert [text[0] for text in july["Leilani"]] == ["⏰"] * 4
    assert [text[0] for text in july["Ana"]] == ["⏰"] * 4
    assert july["Oisín"] == ["✅ *July goals set:* 1 signup"]
    assert (await page.said("Marisol"))[-1].startswith("📋 *July goals:* 3 of 5 set.")
