"""Tables and charts."""

from typing import Any

from sandbox.limits.fields import (
    ID,
    Fields,
    boolean,
    every,
    number,
    one_of,
    record,
    several,
    string,
    tagged,
)
from sandbox.limits.place import Check, Place
from sandbox.limits.rich_text import RICH_TEXT

_TYPE: Fields = {"type": string(50)}
_CELL = tagged(
    {"raw_text": record({**_TYPE, "text": string(10_000)}), "rich_text": RICH_TEXT}, "cell of a table"
)
_COLUMN = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _even_rows(value: Any, place: Place) -> None:
    if len({len(row) for row in value["rows"]}) > 1:
        place.at("rows").complain("all rows must have the same number of cells")


TABLE = every(
    record(
        {**_TYPE, "rows": several(several(_CELL, 20), 100)},
        {"block_id": ID, "column_settings": several(_COLUMN, 20)},
    ),
    _even_rows,
)

_LABEL = string(20)
_POINT = record({"label": _LABEL, "value": number})
_SERIES = record({"name": _LABEL, "data": several(_POINT, 20)})
_AXES = record({"categories": several(_LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def _series_fit(value: Any, place: Place) -> None:
    series = value["series"]
    names = [one["name"] for one in series]
    if len(names) != len(set(names)):
        place.at("series").complain("series names must be unique")
    for index, one in enumerate(series):
        labels = [point["label"] for point in one["data"]]
        if labels != value["axis_config"]["categories"]:
            place.at("series").at(index).complain("labels must match the axis categories")


def _positive_segments(value: Any, place: Place) -> None:
    for index, segment in enumerate(value["segments"]):
        if segment["value"] <= 0:
            place.at("segments").at(index).at("value").complain("must be greater than 0")


def _xy() -> Check:
    return every(record({**_TYPE, "series": several(_SERIES, 6), "axis_config": _AXES}), _series_fit)


_CHART = tagged(
    {
        "bar": _xy(),
        "line": _xy(),
        "area": _xy(),
        "pie": every(record({**_TYPE, "segments": several(_POINT, 6)}), _positive_segments),
    },
    "chart",
)
CHART = record({**_TYPE, "title": string(50), "chart": _CHART}, {"block_id": ID})
