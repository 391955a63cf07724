"""Whether a request is Slack's: its signature, and its age."""

import hmac
from collections.abc import Callable, Mapping
from hashlib import sha256

MAX_AGE = 300
"""Seconds either way by which a request's timestamp may be off."""


class Signatures:
    """Checks requests against one signing secret (SLACK.md: Requests in)."""

    def __init__(self, secret: str, real_seconds: Callable[[], float]) -> None:
        self._secret = secret.encode()
        self._real_seconds = real_seconds

    def accept(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether `body` was signed with the secret, and lately."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        # str.isdigit() takes digits of other scripts for digits, and int() takes spaces and underscores.
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return False
        if abs(self._real_seconds() - int(timestamp)) > MAX_AGE:
            return False
        expected = (
            "v0=" + hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + body, sha256).hexdigest()
        )
        return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
