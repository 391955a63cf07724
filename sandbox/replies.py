"""HTTP answers as the Web API gives them, broken connections included."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.faults import Fault, Faults

ABORT = "goalkeeper.abort"
"""The extension of the scope in which `server.Protocol` leaves the means to break a connection."""


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, or with `dropped` none at all."""

    status: int = 200
    body: str = ""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False

    def response(self) -> Response:
        """Return it as the server sends it."""
        if self.dropped:
            return Dropped()
        return Response(self.body, self.status, dict(self.headers), self.content_type)


async def failed(faults: Faults, fault: Fault) -> Reply:
    """Return what a fault leaves of an answer, after the time that it takes."""
    if fault.kind == "hang":
        await faults.hold(fault.seconds)
    if fault.kind != "answer":
        return Reply(dropped=True)
    return Reply(fault.status, fault.body, fault.content_type, dict(fault.headers))


class Dropped(Response):
    """No answer: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Breaks it where the server lets us, else promises a body that never comes."""
        means = scope.get("extensions", {}).get(ABORT)
        if means is not None:
            means["abort"]()
            # The server would answer for us if we were done before it knows that nobody is there.
            while (await receive())["type"] != "http.disconnect":
                continue
        else:
            headers = [(b"content-length", b"1000")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
