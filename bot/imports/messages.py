"""What Goalkeeper says about a dropped file: pure functions, one message from preview to result."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, say
from domain.csv_files import Problem
from domain.imports.service import Imported

CONFIRM = "imports.confirm"
FILE = "imports.file"
"""The kind of intent about a file. Facts: those of `Told`."""
PROBLEMS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Carried:
    """What the button carries until the import is confirmed."""

    event: str
    """The event that brought the file; it is imported once."""
    id: str
    name: str
    checksum: str
    source: str
    mapping: dict[str, str]

    @property
    def value(self) -> str:
        """The button's value."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, value: str) -> "Carried":
        """Return what a button's value says."""
        return cls(**json.loads(value))


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a file by now."""

    name: str
    imported: Mapping[str, Any] | None = None
    """What the file comes to (`Imported`)."""
    confirm: str | None = None
    """What the button carries, while the import can be confirmed (`Carried`)."""
    done: bool = False
    """True once it is imported."""
    problems: Sequence[tuple[int, str, str]] = ()
    """The first mistakes: line, column and what is the matter."""
    mistakes: int = 0
    trouble: str | None = None
    """Why it can't be read or imported as a whole."""

    @classmethod
    def previewed(cls, name: str, imported: Imported, confirm: Carried) -> "Told":
        """Return what a file would do; there is nothing to confirm if that is nothing."""
        changes = imported.new or imported.changed
        return cls(name, asdict(imported), confirm.value if changes else None)

    @classmethod
    def written(cls, name: str, imported: Imported) -> "Told":
        """Return what an import has written."""
        return cls(name, asdict(imported), done=True)

    @classmethod
    def faulty(cls, name: str, problems: Sequence[Problem]) -> "Told":
        """Return what is wrong with a file."""
        first = [(each.line, each.column, each.message) for each in problems[:PROBLEMS_SHOWN]]
        return cls(name, problems=first, mistakes=len(problems))

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def about(told: Told) -> Message:
    """Render what a file would do, what it did, or why it can't."""
    if told.trouble is not None:
        return _message(say("⚠️ *{name}*: {trouble}", name=told.name, trouble=told.trouble))
    if told.imported is None:
        return _message(_faults(told))
    imported = Imported(**told.imported)
    counts = _counts(told.name, imported)
    if told.done:
        return _message(Mrkdwn(f"✅ {say('Imported.')} {counts}"))
    if told.confirm is not None:
        amended = say("\nRows that changed will be amended.") if imported.changed else ""
        text = Mrkdwn(f"📄 {counts}{amended}\n{say('Nothing is imported yet.')}")
        return _message(text, actions(button("Import", CONFIRM, told.confirm, style="primary")))
    return _message(Mrkdwn(f"📄 {counts}\n{say('There is nothing new to import.')}"))


def _counts(name: str, imported: Imported) -> Mrkdwn:
    counts = say(
        "*{name}* from {source}: {rows}, {new} new, {changed} changed, {unchanged} unchanged.",
        name=name,
        source=imported.source,
        rows="1 row" if imported.rows == 1 else f"{imported.rows:,} rows",
        new=f"{imported.new:,}",
        changed=f"{imported.changed:,}",
        unchanged=f"{imported.unchanged:,}",
    )
    if not imported.ignored:
        return counts
    return Mrkdwn(
        counts + say("\nColumns that weren't read: {names}.", names=", ".join(imported.ignored)[:500])
    )


def _faults(told: Told) -> Mrkdwn:
    count = "1 mistake" if told.mistakes == 1 else f"{told.mistakes:,} mistakes"
    head = say("⚠️ *{name}* has {count}, so nothing was imported.", name=told.name, count=count)
    lines = [
        say("• Line {line}, {column}: {message}", line=line, column=column, message=message[:150])
        for line, column, message in told.problems
    ]
    if told.mistakes > len(lines):
        lines.append(say("… and {rest} more.", rest=f"{told.mistakes - len(lines):,}"))
    return Mrkdwn("\n".join([head, *lines, say("Mend the file and drop it again.")]))


def _message(text: Mrkdwn, *blocks: Block) -> Message:
    return Message(text, [section(text), *blocks])


async def _load(_session: AsyncSession, facts: Facts) -> Told:
    return Told(**facts)


RENDERERS = {FILE: Renderer(_load, about)}
