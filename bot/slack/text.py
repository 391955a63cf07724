"""Text on its way to Slack: the only place where people's text is escaped, and the format of times."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache
from typing import NewType
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

Mrkdwn = NewType("Mrkdwn", str)
"""Slack markup in which people's text has been escaped; only `say` and `escape` make it."""

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
"""Somebody named in a command, as Slack sends it; the group is their Slack id."""
_INVISIBLE = "\u200b"
"""An invisible character that breaks up what Slack would take for an emoji."""
_EMOJI_CODE = re.compile(r":(?=[^\s:]+:)")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# Slack knows no escape for its marks, and one that is followed by something invisible still counts. So those
# that could begin or end formatting give way to letters that look like them; within a word they are harmless.
_MARK = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")
_LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def escape(foreign: str) -> Mrkdwn:
    """Return what somebody wrote so that it shows as written: it pings nobody and formats nothing.

    Text with right-to-left letters is isolated; otherwise it would reverse the text beside it.
    """
    shown = _MARK.sub(lambda mark: _LOOKALIKES[mark[0]], foreign)
    return Mrkdwn(_entities(literal(shown)))


def literal(foreign: str) -> str:
    """Return what somebody wrote for Slack's plain text, where codes become emoji too."""
    shown = without_emoji(foreign)
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in shown):
        shown = f"\u2068{shown}\u2069"
    return shown


def as_typed(sent: str) -> str:
    """Return a line as the person typed it: Slack sends `&amp;` for `&`, `<@U1|ana>` for `@ana`."""

    def name(reference: re.Match[str]) -> str:
        sign, target, label = reference.groups()
        shown = label or target.partition("^")[0]
        return shown if not sign or shown.startswith("@") else f"{'#' if sign == '#' else '@'}{shown}"

    words = _REFERENCE.sub(name, sent)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def say(template: str, **foreign: object) -> Mrkdwn:
    """Return our own words, with values put in at `{name}` and escaped."""
    return Mrkdwn(template.format_map({name: escape(str(value)) for name, value in foreign.items()}))


def without_emoji(text: str) -> str:
    """Return the text with codes such as `:tada:` broken up, so that Slack shows them as typed."""
    return _EMOJI_CODE.sub(f":{_INVISIBLE}", text)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short_day(day: date, locale: str) -> str:
    """Return a day in English, in the locale's order: `Nov 3`, or `3 Nov`."""
    return format_date(day, _day_pattern(locale), locale="en")


def day_words(day: date, today: date, locale: str) -> str:
    """Return `today`, `yesterday`, or `Mon, Feb 2` in English, with the locale's order of day and month."""
    if day == today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    year = "" if day.year == today.year else ", y"
    return format_date(day, f"EEE, {_day_pattern(locale)}{year}", locale="en")


@cache
def _day_pattern(locale: str) -> str:
    pattern = str(Locale.parse(locale).date_formats["short"].pattern).lower()
    return "d MMM" if pattern.index("d") < pattern.index("m") else "MMM d"


def last_minute(deadline: datetime, zone: str, locale: str) -> str:
    """Return the last minute before `deadline` for people in `zone`: `Fri, Feb 6, 11:59 PM`."""
    local = (deadline - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    day = format_skeleton("MMMEd", local, locale=locale)
    time = format_time(local, "short", locale=locale, tzinfo=ZoneInfo(zone))
    return f"{day}, {time}".replace("\u202f", " ")
