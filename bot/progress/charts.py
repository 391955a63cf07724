"""The burn-up: Slack's own chart, and text bars for places without it."""

from collections.abc import Sequence
from decimal import Decimal

from bot.progress.wording import RepShown, bar
from bot.slack.blocks import Block, section
from bot.slack.text import Mrkdwn, short_day
from domain.activity.model import SIGNUPS
from domain.progress.card import BurnUp

_ROWS = 6
"""Lines of text bars."""
_WIDTH = 12


def chart(burn_up: BurnUp, shown: RepShown) -> Block:
    """Return a burn-up as a chart of Slack's: what was done beside an even pace, day by day."""
    labels = [short_day(day, shown.rep.locale) for day in burn_up.days]
    noun = _noun(burn_up)
    series = [
        {"name": name, "data": [_point(*each) for each in zip(labels, figures, strict=True)]}
        for name, figures in (("Done", burn_up.done), ("Even pace", burn_up.expected))
    ]
    axes = {"categories": labels, "x_label": "Day", "y_label": _axis(burn_up, shown)}
    return {
        "type": "data_visualization",
        "title": f"{noun} day by day",
        "chart": {"type": "line", "series": series, "axis_config": axes},
    }


def _point(label: str, value: Decimal) -> Block:
    return {"label": label, "value": int(value) if value == int(value) else float(value)}


def _noun(burn_up: BurnUp) -> str:
    return "Signups" if burn_up.metric == SIGNUPS else "Revenue"


def _axis(burn_up: BurnUp, shown: RepShown) -> str:
    return "Signups" if burn_up.metric == SIGNUPS else f"Revenue ({shown.rep.currency})"


def text_bars(burn_up: BurnUp, shown: RepShown) -> Mrkdwn:
    """Return the same as lines of text: the days in even steps, each with its bar and its figure."""
    highest = max(*burn_up.done, *burn_up.expected)
    rows = _steps(len(burn_up.days))
    labels = [short_day(burn_up.days[at], shown.rep.locale) for at in rows]
    width = max(map(len, labels))
    lines = [
        f"`{label:>{width}}` {bar(burn_up.done[at], highest, _WIDTH)} "
        f"{shown.bare(burn_up.metric, burn_up.done[at])}"
        for label, at in zip(labels, rows, strict=True)
    ]
    return Mrkdwn("\n".join([f"*{_noun(burn_up)} day by day*", *lines]))


def _steps(count: int) -> Sequence[int]:
    rows = min(count, _ROWS)
    return [(count - 1) * step // max(rows - 1, 1) for step in range(rows)]


def text_blocks(burn_ups: Sequence[BurnUp], shown: RepShown) -> list[Block]:
    """Return the text bars of each burn-up, as blocks."""
    return [section(text_bars(each, shown)) for each in burn_ups]
