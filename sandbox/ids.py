"""Ids and secrets that look like Slack's."""

import secrets
import string

_LETTERS = string.ascii_uppercase + string.digits


def slack_id(prefix: str) -> str:
    """An id such as `U07QX2M4T1A`; the prefix says of what kind."""
    return prefix + "0" + "".join(secrets.choice(_LETTERS) for _ in range(9))


def block_id() -> str:
    """What Slack gives a block that came without an id."""
    return secrets.token_urlsafe(4)[:5]


def view_hash(now: float) -> str:
    """The hash of one version of a view, such as `1700000000.aB3dE5fG`."""
    return f"{int(now)}.{secrets.token_urlsafe(6)}"
