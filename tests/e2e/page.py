"""The sandbox's page in the browser, as Ana uses it."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.conftest import HANG_SECONDS

ANA = "U0ANA000001"
_PATIENT = aiohttp.ClientTimeout(total=HANG_SECONDS)


class Page:
    """The page at `url`; the sandbox is served under `sandbox`, as the bot's own is, or at the root."""

    def __init__(self, http: aiohttp.ClientSession, port: int, sandbox: str = "/sandbox") -> None:
        self._http = http
        self._url = f"http://127.0.0.1:{port}"
        self._page = f"{self._url}{sandbox}/page"

    async def opens(self) -> str:
        """What the browser gets at the address that the log names."""
        async with self._http.get(self._url) as answer:
            assert answer.status == 200
            return await answer.text()

    async def state(self) -> dict[str, Any]:
        """What the page knows."""
        return await self._get("state")

    async def does(self, what: str, **body: Any) -> dict[str, Any]:
        """Something that Ana does."""
        async with self._http.post(f"{self._page}/{what}", json={"as": ANA, **body}) as answer:
            done: dict[str, Any] = await answer.json()
            return done

    async def types(self, words: str) -> dict[str, Any]:
        """Ana types a command in her direct messages with the bot."""
        return await self.does("say", channel=await self.dm(), text=words)

    async def dms(self) -> list[str]:
        """What she reads in her direct messages."""
        found = await self._get("messages", channel=await self.dm())
        return [message["text"] for message in found["messages"] if not message.get("ephemeral")]

    async def dm(self) -> str:
        """The conversation with the bot."""
        return next(str(one["id"]) for one in (await self.state())["channels"] if one["kind"] == "im")

    async def waits(self, cursor: int, words: str) -> None:
        """Until a message with these words is shown to her."""
        await self.hears(cursor, lambda event: words in _message(event))

    async def hears(self, cursor: int, wanted: Callable[[dict[str, Any]], bool]) -> None:
        """Until the page hears of something since `cursor`."""
        stream = self._http.get(
            f"{self._page}/events", params={"as": ANA, "cursor": cursor}, timeout=_PATIENT
        )
        async with stream as events:
            async for line in events.content:
                if line.startswith(b"data: ") and wanted(json.loads(line.removeprefix(b"data: "))):
                    return
        raise AssertionError("the page heard nothing of it")

    async def _get(self, what: str, **query: Any) -> dict[str, Any]:
        async with self._http.get(f"{self._page}/{what}", params={"as": ANA, **query}) as answer:
            assert answer.status == 200
            got: dict[str, Any] = await answer.json()
            return got


def _message(event: dict[str, Any]) -> str:
    return str(event.get("message", {}).get("text", "")) if event["type"].startswith("message") else ""
