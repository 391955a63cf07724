"""Signed requests: Slack's own verifier, on the real clock."""

from collections.abc import Callable, Mapping

from slack_sdk.signature import Clock, SignatureVerifier


class RealClock(Clock):
    """The verifier's clock; it counts real seconds, never business time."""

    def __init__(self, real_seconds: Callable[[], float]) -> None:
        self._real_seconds = real_seconds

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self._real_seconds()


class Signatures:
    """Checks requests against one signing secret."""

    def __init__(self, secret: str, real_seconds: Callable[[], float]) -> None:
        self._verifier = SignatureVerifier(secret, RealClock(real_seconds))

    def accept(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether `body`, which is UTF-8, was signed with the secret within the last five minutes."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        # The verifier raises for these: it reads the timestamp with int(), and compares ASCII only.
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and signature.isascii()):
            return False
        return self._verifier.is_valid(body, timestamp, signature)
