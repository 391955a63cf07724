"""The arguments of a Web API call, whether they came as a form, in the query or as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.errors import invalid

_TRUE = {"1", "true", "True"}


class Arguments:
    """Typed look-ups that refuse with invalid_arguments. `hidden_until`: see `Message.hidden_until`."""

    def __init__(self, values: Mapping[str, Any], *, hidden_until: float = 0.0) -> None:
        self._values = {key: value for key, value in values.items() if value is not None}
        self.hidden_until = hidden_until

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value:
            raise invalid("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def find_text(self, name: str) -> str | None:
        """A string, None when left out or empty."""
        value = self._values.get(name)
        return str(value) if value not in (None, "") else None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean; forms write it `1` or `true`."""
        value = self._values.get(name, default)
        return value if isinstance(value, bool) else str(value) in _TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 1 and `most`."""
        value = self._values.get(name, default)
        try:
            return max(1, min(int(value), most))
        except (TypeError, ValueError):
            raise invalid("invalid_arguments", [f"[ERROR] must be an integer: {name}"]) from None

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON value, in forms written out as a string; None when left out."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise invalid(error, [f"[ERROR] not valid JSON: {name}"]) from None
