"""Text on its way to Slack: the one place where what people wrote is escaped, and how times are written."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

Mrkdwn = NewType("Mrkdwn", str)
"""Slack's markup in which everything foreign has been escaped; only `say` and `escape` make it."""

_INVISIBLE = "\u200b"
"""Breaks up what Slack would take for formatting; shows as nothing."""
_EMOJI_CODE = re.compile(r":(?=[a-z0-9_+'-]+:)")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def escape(foreign: str) -> Mrkdwn:
    """What somebody wrote, to be shown as they wrote it: it pings nobody and formats nothing.

    Text with right-to-left letters is isolated, lest it turn around what stands beside it.
    """
    shown = foreign.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "*_~`":
        if shown.count(mark) > 1:
            shown = shown.replace(mark, mark + _INVISIBLE)
    shown = _EMOJI_CODE.sub(f":{_INVISIBLE}", shown)
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in shown):
        shown = f"\u2068{shown}\u2069"
    return Mrkdwn(shown)


def say(template: str, **foreign: object) -> Mrkdwn:
    """Our own words, with what comes from elsewhere put in at `{name}` and escaped."""
    return Mrkdwn(template.format_map({name: escape(str(value)) for name, value in foreign.items()}))


def our_own(words: str) -> Mrkdwn:
    """A refusal as the domain worded it: names in it are escaped, its `code` spans are kept."""
    parts = re.split(r"(`[^`]*`)", words)
    return Mrkdwn("".join(_entities(part) if part.startswith("`") else escape(part) for part in parts))


def _entities(code: str) -> str:
    return code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def last_minute(deadline: datetime, zone: str, locale: str) -> str:
    """The last minute before `deadline` as people in `zone` read it: `Fri, Feb 6, 11:59 PM`."""
    local = (deadline - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    day = format_skeleton("MMMEd", local, locale=locale)
    time = format_time(local, "short", locale=locale, tzinfo=ZoneInfo(zone))
    return f"{day}, {time}".replace("\u202f", " ")
