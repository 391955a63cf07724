"""What people see in a form."""

from dataclasses import dataclass
from typing import Any

from sandbox import Person
from sandbox.mrkdwn import readable

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2068\u2069"))
LOOKALIKES = str.maketrans("\u2217\u02cd\u223c\u02cb", "*_~`")


def seen(text: str) -> str:
    """Text as eyes see it: without what is invisible, and what looks alike is alike."""
    return text.translate(INVISIBLE).translate(LOOKALIKES)


@dataclass(frozen=True)
class Form:
    """The form that somebody has before them."""

    view: dict[str, Any]

    @classmethod
    def of(cls, person: Person) -> "Form":
        """Theirs; there must be one."""
        assert person.view is not None, "no form is open"
        return cls(person.view)

    @property
    def fields(self) -> dict[str, str | None]:
        """What each input holds, by its label."""
        return {block["label"]["text"]: self._holds(block) for block in self._inputs()}

    @property
    def hints(self) -> list[str]:
        """The hints under inputs."""
        return [block["hint"]["text"] for block in self._inputs() if "hint" in block]

    @property
    def lines(self) -> list[str]:
        """What it says between the inputs."""
        blocks = [block for block in self.view["blocks"] if block["type"] in ("section", "context")]
        texts = [text for block in blocks for text in block.get("elements") or [block["text"]]]
        return [readable(text["text"], str) for text in texts]

    def choices(self, label: str) -> list[str]:
        """What a menu offers."""
        (block,) = (block for block in self._inputs() if block["label"]["text"] == label)
        return [option["text"]["text"] for option in block["element"]["options"]]

    def _inputs(self) -> list[dict[str, Any]]:
        return [block for block in self.view["blocks"] if block["type"] == "input"]

    def _holds(self, block: dict[str, Any]) -> str | None:
        held = self.view["state"]["values"][block["block_id"]][block["element"]["action_id"]]
        if chosen := held.get("selected_option"):
            return str(chosen["text"]["text"])
        value = held.get("value") or held.get("selected_time") or held.get("selected_date")
        return None if value is None else str(value)
