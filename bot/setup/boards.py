"""The form for leaderboards: built and read back, pure functions."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import time
from typing import Any

from babel import Locale
from babel.dates import format_time

from bot.slack.blocks import Block, field_input, modal, option, select
from bot.slack.forms import came_first, filled_in
from bot.slack.text import Mrkdwn, say
from domain.errors import InvalidInput
from domain.people.changes import ChangedMeanwhile
from domain.setup.boards import ARE_POSTED, METRIC, TIME, WEEKDAY, Boards, BoardSettings

SAVE = "setup.boards.submit"

_WORDS = {
    WEEKDAY: "the day of boards",
    TIME: "the time of boards",
    METRIC: "what boards rank by",
    ARE_POSTED: "whether boards are posted",
}
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class SubmittedBoards:
    """What came back from the form, and the settings that it was opened with."""

    opened_with: BoardSettings
    wanted: BoardSettings
    drawn: int


def form(boards: Boards) -> Block:
    """Return the form, with the settings as they stand."""
    return _form(boards, boards.settings, drawn=0)


def form_again(submitted: SubmittedBoards, changed: ChangedMeanwhile[Boards]) -> Block:
    """Return the form after somebody else saved first: what was chosen stays, the rest is new."""
    before, mine = asdict(submitted.opened_with), asdict(submitted.wanted)
    kept = {name: value for name, value in mine.items() if value != before[name]}
    view = _form(changed.now, replace(changed.now.settings, **kept), drawn=submitted.drawn + 1)
    notice = came_first(changed.changes, {name: Mrkdwn(_WORDS[name]) for name in changed.changes})
    return {**view, "blocks": [notice, *view["blocks"]]}


def read(view: Block) -> SubmittedBoards:
    """Return what was chosen.

    Raises:
        InvalidInput: there is no time.
    """
    memo = json.loads(view["private_metadata"])
    values = filled_in(view)
    if not values[TIME]:
        raise InvalidInput("Choose a time of day, like 9:00.", field=TIME)
    wanted = BoardSettings(
        board_weekday=int(values[WEEKDAY]),
        board_time=time.fromisoformat(values[TIME]),
        board_metric=values[METRIC],
        boards_are_posted=values[ARE_POSTED] == _YES,
    )
    return SubmittedBoards(BoardSettings.from_json(memo["opened"]), wanted, memo["drawn"])


def summary(boards: Boards, locale: str) -> Mrkdwn:
    """Render the settings in two lines, for the window."""
    settings = boards.settings
    if not settings.boards_are_posted:
        return say("*Leaderboards*\nNot posted; `/goals leaderboard` shows them")
    at = format_time(settings.board_time, "short", locale=locale).replace("\u202f", " ")
    return say(
        "*Leaderboards*\n{weekday}s at {at}, and when a month is over · by {metric}",
        weekday=_weekday(settings.board_weekday),
        at=at,
        metric=boards.label(settings.board_metric).lower(),
    )


def _form(boards: Boards, shown: BoardSettings, drawn: int) -> Block:
    blocks = [
        _choice(
            ARE_POSTED, "Post leaderboards", {_YES: "Every week and when a month is over", _NO: "Don't post"},
            _YES if shown.boards_are_posted else _NO,
            hint="In each team's channel, and the company's board in the company channel.",
        ),
        _choice(
            WEEKDAY, "On", {str(day): _weekday(day) for day in range(1, 8)}, str(shown.board_weekday),
            hint="None is posted before the 4th of a month.",
        ),
        _time(shown.board_time),
        _choice(METRIC, "Rank by", dict(boards.metrics), _metric(boards, shown)),
    ]  # fmt: skip
    for block in blocks:
        block["block_id"] += f":{drawn}"
    memo = json.dumps({"opened": boards.settings.as_json(), "drawn": drawn})
    return modal(SAVE, "Leaderboards", blocks, submit="Save", close="Back", memo=memo)


def _metric(boards: Boards, shown: BoardSettings) -> str:
    """Return what the menu shows: attainment for a metric that has been switched off."""
    codes = [code for code, _ in boards.metrics]
    return shown.board_metric if shown.board_metric in codes else codes[0]


def _choice(name: str, label: str, choices: dict[str, str], chosen: str, *, hint: str | None = None) -> Block:
    options = [option(text, value) for value, text in choices.items()]
    return field_input(name, label, select(name, options[:100], chosen=chosen), hint=hint)


def _time(at: time) -> Block:
    picker: dict[str, Any] = {
        "type": "timepicker",
        "action_id": TIME,
        "initial_time": at.isoformat("minutes"),
    }
    return field_input(TIME, "At", picker, hint="By the workspace's clock.")


def _weekday(day: int) -> str:
    """Return the English name of an ISO weekday."""
    return str(Locale("en").days["format"]["wide"][day - 1])
