"""Checks to build tables from: strings, numbers, lists, objects."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.limits.place import Check, Place, Surface

Fields = Mapping[str, Check]


def string(longest: int, shortest: int = 1, pattern: str | None = None) -> Check:
    """A string of so many characters, in full like the pattern."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, str):
            place.complain("must be a string")
        elif len(value) > longest:
            place.complain(f"must be less than {longest + 1} characters")
        elif len(value) < shortest or (shortest and not value.strip()):
            place.complain(f"must be more than {max(shortest - 1, 0)} characters")
        elif pattern and not re.fullmatch(pattern, value):
            place.complain(f"must match {pattern}")

    return check


def boolean(value: Any, place: Place) -> None:
    """True or false."""
    if not isinstance(value, bool):
        place.complain("must be a boolean")


def integer(lowest: int, highest: int) -> Check:
    """A whole number between bounds."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            place.complain("must be an integer")
        elif not lowest <= value <= highest:
            place.complain(f"must be between {lowest} and {highest}")

    return check


def number(value: Any, place: Place) -> None:
    """A number of any kind."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        place.complain("must be a number")


def one_of(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: Any, place: Place) -> None:
        if value not in allowed:
            place.complain(f"must be one of: {', '.join(allowed)}")

    return check


def several(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many items."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, list):
            place.complain("must be an array")
            return
        if len(value) > most:
            place.complain(f"no more than {most} items allowed")
        if len(value) < least:
            place.complain(f"must provide at least {least} item{'s' if least > 1 else ''}")
        for index, one in enumerate(value):
            item(one, place.at(index))

    return check


def record(required: Fields, optional: Fields | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, dict):
            place.complain("must be an object")
            return
        for name in required:
            if value.get(name) is None:
                place.complain(f"missing required field: {name}")
        for name, item in value.items():
            if name not in known:
                place.at(name).complain(f"invalid additional property: {name}")
            elif item is not None:
                known[name](item, place.at(name))
            elif name not in required:
                place.at(name).complain("must not be null")

    return check


def tagged(kinds: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` says which of these it is."""

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, dict):
            place.complain("must be an object")
        elif value.get("type") not in kinds:
            place.at("type").complain(f"unsupported type: {value.get('type')} ({what})")
        else:
            kinds[value["type"]](value, place)

    return check


def only_in(surfaces: tuple[Surface, ...], check: Check) -> Check:
    """Something that exists only in some surfaces."""

    def checked(value: Any, place: Place) -> None:
        if place.surface not in surfaces:
            kind = value.get("type") if isinstance(value, dict) else value
            place.complain(f"{kind} is not supported in a {place.surface}")
        check(value, place)

    return checked


def every(shape: Check, *rules: Check) -> Check:
    """A shape, and rules between its fields that need look only once the shape is right."""

    def check(value: Any, place: Place) -> None:
        before = len(place.problems)
        shape(value, place)
        if len(place.problems) == before:
            for rule in rules:
                rule(value, place)

    return check


def anything(value: Any, place: Place) -> None:
    """No demand at all."""


URL = string(3_000, pattern=r"https?://\S+|mailto:\S+|slack://\S+")
ID = string(255)
DATE = string(10, pattern=r"\d{4}-\d{2}-\d{2}")
TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
