"""Which column of a file says what: by a source's mapping, or else by the names that CRMs give. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain.activity.rules import nearest
from domain.csv_files import BadFile, Problem
from domain.errors import shortened


class Field(StrEnum):
    """What a column can say about an entry."""

    REP = "rep"
    METRIC = "metric"
    AMOUNT = "amount"
    DAY = "day"
    PERIOD = "period"
    """The amount is the total of this period, not an entry on a day."""
    EXTERNAL_ID = "external_id"
    SHARE = "share"
    """Percent of the amount that is this rep's; the rows of one external id make 100."""
    NOTE = "note"
    CURRENCY = "currency"
    IGNORE = "ignore"


# By the names that Salesforce, HubSpot, Pipedrive and people give; the first one in a file counts.
_NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.REP: (
        "rep", "slack id", "email", "rep email", "owner email", "opportunity owner email", "deal owner email",
        "sales rep", "opportunity owner", "deal owner", "owner", "user",
    ),
    Field.METRIC: ("metric",),
    Field.AMOUNT: ("amount", "value", "deal value", "total"),
    Field.DAY: ("day", "date", "close date", "closed date", "won time", "deal won time"),
    Field.PERIOD: ("period", "month"),
    Field.EXTERNAL_ID: ("external id", "opportunity id", "record id", "deal id", "id"),
    Field.SHARE: ("share", "split", "percent"),
    Field.NOTE: ("note", "opportunity name", "deal name", "deal title", "comment"),
    Field.CURRENCY: ("currency", "amount currency", "opportunity currency", "deal currency of value"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A column with amounts; its metric is None if another column names it."""

    place: int
    column: str
    metric: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file says what: the places of its columns, from 0."""

    places: Mapping[Field, int]
    values: tuple[Value, ...]
    header: tuple[str, ...]
    ignored: tuple[str, ...]
    """The columns that nothing is read from."""

    def column(self, field: str | None, value: Value | None = None) -> str:
        """Return the name of the column that a mistake in this field is in, as the file has it."""
        place = self.places.get(Field(field)) if field in set(Field) else None
        if place is None and value is not None and field in (Field.AMOUNT, Field.METRIC):
            place = value.place
        return field or "row" if place is None else self.header[place]


def lay_out(
    line: int,
    header: Sequence[str],
    mapping: Mapping[str, str],
    metrics: Mapping[str, str],
) -> Layout:
    """Return which column says what. `mapping` (column to field or metric) counts before a column's own name.

    `metrics` has the codes by their names (`metric_names`).

    Raises:
        BadFile: a column is missing, or there twice.
    """
    names = [plain(name) for name in header]
    problems = _doubled(line, header, names)
    targets, unknown = _mapped(line, names, mapping, metrics)
    problems += unknown
    places: dict[Field, int] = {}
    values: list[Value] = []
    for place, target in sorted(targets.items()):
        if target in metrics.values():
            values.append(Value(place, header[place].strip(), target))
        elif target in places:
            problems.append(
                Problem(line, header[place].strip(), f"is mapped to {target}, as another column is")
            )
        elif target != Field.IGNORE:
            places[Field(target)] = place
    _recognize(names, targets, places)
    if not values and Field.AMOUNT not in places:
        values = [
            Value(place, header[place].strip(), metrics[name])
            for place, name in enumerate(names)
            if place not in targets and place not in places.values() and name in metrics
        ]
    if Field.AMOUNT in places:
        values.append(Value(places[Field.AMOUNT], header[places[Field.AMOUNT]].strip(), None))
    problems += _missing(line, places, values)
    if problems:
        raise BadFile(problems)
    read = {*places.values(), *(value.place for value in values)}
    ignored = tuple(
        shortened(name.strip()) for at, name in enumerate(header) if at not in read and name.strip()
    )
    return Layout(places, tuple(values), tuple(shortened(name.strip()) for name in header), ignored)


@lru_cache(4_096)
def plain(name: str) -> str:
    """Return a column's name as it is compared: `Deal - Owner` → `deal owner`."""
    return " ".join(re.sub(r"[\W_]+", " ", name).casefold().split())


def metric_names(metrics: Mapping[str, str]) -> dict[str, str]:
    """Return the codes of metrics by all their names, from their labels by code."""
    return {plain(name): code for code, label in metrics.items() for name in (label, code)}


def _doubled(line: int, header: Sequence[str], names: Sequence[str]) -> list[Problem]:
    known = {name for several in _NAMES.values() for name in several}
    return [
        Problem(line, shortened(header[place].strip()), "is there twice")
        for place, name in enumerate(names)
        if name in known and names.index(name) < place
    ]


def _mapped(
    line: int, names: Sequence[str], mapping: Mapping[str, str], metrics: Mapping[str, str]
) -> tuple[dict[int, str], list[Problem]]:
    targets: dict[int, str] = {}
    problems = []
    for column, target in mapping.items():
        if plain(column) not in names:
            problems.append(Problem(line, shortened(column), "is mapped, but the file has no such column"))
        else:
            targets[names.index(plain(column))] = target_of(target, metrics) or target
    return targets, problems


def target_of(typed: str, metrics: Mapping[str, str]) -> str | None:
    """Return the field, or the metric's code, of that name; None if there is none."""
    name = plain(typed)
    field = name.replace(" ", "_")
    return field if field in set(Field) else metrics.get(name)


def unknown_target(typed: str, metrics: Mapping[str, str]) -> str:
    """Return the sentence about a column that is mapped to what is no field and no metric."""
    meant = nearest(plain(typed), [*(field.value for field in Field), *metrics])
    hint = f"Did you mean {meant}?" if meant else f"There are {', '.join(Field)}, and the metrics."
    return f"“{shortened(typed)}” is neither a field nor a metric. {hint}"


def _recognize(names: Sequence[str], targets: Mapping[int, str], places: dict[Field, int]) -> None:
    """Find the columns that aren't mapped by their names; a mapped metric stands for the amount."""
    for field, known in _NAMES.items():
        if field in places or (field is Field.AMOUNT and set(targets.values()) - set(Field)):
            continue
        if field is Field.PERIOD and Field.DAY in places:
            continue
        found = (names.index(name) for name in known if name in names)
        place = next((place for place in found if place not in targets), None)
        if place is not None:
            places[field] = place


def _missing(line: int, places: Mapping[Field, int], values: Sequence[Value]) -> list[Problem]:
    problems = []
    if Field.REP not in places:
        problems.append(Problem(line, "header", "needs a column with each rep's email or Slack id"))
    if not values:
        problems.append(Problem(line, "header", "needs a column of amounts, or one named like a metric"))
    elif Field.METRIC not in places and any(value.metric is None for value in values):
        problems.append(
            Problem(line, "header", "needs a column metric, or a mapping of the amounts to a metric")
        )
    if Field.DAY not in places and Field.PERIOD not in places:
        problems.append(Problem(line, "header", "needs a column with the day, or with the period of a total"))
    return problems
