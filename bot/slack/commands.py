"""`/goals`: the feature that answers, the help for each role, and guesses at typos."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import assert_never

from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, button, context, section
from bot.slack.text import Mrkdwn, as_typed, say
from bot.slack.wording import ask_to_join, set_up
from domain.db import Transaction
from domain.money import SIGNS
from domain.people import queries as people
from domain.people.rules import ON_NO_TEAM, Person

Answer = Callable[[Asked, str], Awaitable[Message | None]]
"""Answers a command: takes the request and the rest of the line; None when a form has been opened."""

Opening = Callable[[Transaction, Person], Awaitable[Message | None]]
"""What `/goals` alone says to somebody before the commands; None if there is nothing to say."""

_TWICE = re.compile(r"^(?:/?goals(?:\s+|$))+", re.IGNORECASE)
"""A line that was pasted whole, after the `/goals` already typed."""
VALUE_MAX = 2000
"""Characters of a button's value."""
_FREE_TEXT = 0.7
"""How like a command a word has to be to pass for a typo where people write freely; from 0 to 1."""
_SPANS = frozenset({"yearly", "year", "next"})
"""What may follow `/goals set`."""
_A_FIGURE = re.compile(r"-|[\d.,]+\s+(?:signups?|deals?|calls?|meetings?|leads?)\b", re.IGNORECASE)
"""What somebody has done, and no goals."""
_ALSO_CALLED = {
    **dict.fromkeys(
        ("settings", "configure", "admins", "channels", "tiers", "teams", "roster", "metrics"), "setup"
    ),
    **dict.fromkeys(("record", "activity", "actuals"), "log"),
    **dict.fromkeys(("status", "missing", "reminders", "csv"), "compliance"),
    **dict.fromkeys(("board", "boards", "leaders", "rank", "ranking", "top"), "leaderboard"),
    **dict.fromkeys(("join", "commands", "hello"), "help"),
}
"""Words that people may try, and the commands that do what they mean."""


class For(StrEnum):
    """The people to whom help shows a line."""

    EVERYONE = "everyone"
    REPS = "reps"
    LEADS = "leads"
    """Managers and admins."""
    MANAGERS = "managers"
    """Managers who aren't admins."""
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Usage:
    """One line of help: what to type, and what it does."""

    typed: str
    does: str
    shown_to: For = For.EVERYONE

    def is_for(self, person: Person) -> bool:
        """Return True if help shows this line to the person."""
        match self.shown_to:
            case For.EVERYONE:
                return True
            case For.REPS:
                return person.carries_goals
            case For.LEADS:
                return person.is_admin or person.is_manager
            case For.MANAGERS:
                return person.is_manager and not person.is_admin
            case For.ADMINS:
                return person.is_admin
            case _:
                assert_never(self.shown_to)


@dataclass(frozen=True, slots=True)
class Command:
    """What one word after `/goals` does.

    Attributes:
        word: The word.
        answer: Answers a line, by slash command or by message.
        usages: Its lines in help; the first is the bare command.
        label: The words on a button that does the same.
        form: Answers the press of that button: opens the form, filled in with the line, and writes nothing.
            None: `answer` does, which must write nothing then.
        example: A line to write to Goalkeeper, without the slash; none if a button says it all.
    """

    word: str
    answer: Answer
    usages: tuple[Usage, ...]
    label: str = "Show me"
    form: Answer | None = None
    example: str | None = None

    def is_for(self, person: Person) -> bool:
        """Return True if the bare command is of use to the person."""
        return any(usage.is_for(person) for usage in self.usages if "@" not in usage.typed)

    def button(self, line: str, label: str | None = None, style: str | None = None) -> Block:
        """Return the button for this line, or for the bare command if the line is too long for a button."""
        value = line if len(line) <= VALUE_MAX else self.word
        return button(label or self.label, f"{BUTTONS}{self.word}", value, style=style)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read: the command that its first word names, if any, and the rest."""

    typed: str
    word: str
    rest: str
    command: Command | None


BUTTONS = "commands."
"""Before a command's word: the id of the button that does what the line in its value says."""


class Commands:
    """All commands of the features, by the word after `/goals`."""

    def __init__(self, commands: Iterable[Command], opening: Opening | None = None) -> None:
        self._opening = opening
        help_usage = Usage("/goals help", "shows this")
        self._commands = {
            command.word: command
            for command in (*commands, Command("help", self.help, (help_usage,), "All commands"))
        }

    @property
    def words(self) -> tuple[str, ...]:
        """What may follow `/goals`."""
        return tuple(self._commands)

    @property
    def button_ids(self) -> tuple[str, ...]:
        """The ids of the commands' buttons."""
        return tuple(f"{BUTTONS}{word}" for word in self._commands)

    def read(self, typed: str) -> Line:
        """Read a line typed after `/goals` or written to Goalkeeper; an empty one asks for help."""
        typed = _TWICE.sub("", typed.strip())
        word, *rest = typed.split(None, 1)[:2] or [""]
        command = self._commands.get(word.lower().rstrip("?") or "help")
        return Line(typed, word, rest[0] if rest else "", command)

    async def answer(self, asked: Asked, typed: str) -> Message | None:
        """Answer the line that follows `/goals`; an empty one asks how the person stands."""
        line = self.read(typed)
        if not line.word:
            return await self._overview(asked, self._opening)
        if line.command is None:
            return self._did_you_mean(as_typed(line.word), as_typed(line.typed))
        return await line.command.answer(asked, line.rest)

    async def press(self, asked: Asked, action: Block, _payload: Block) -> Message | None:
        """Do what a command's button says: open its form, filled in, or answer."""
        line = self.read(action["value"])
        if line.command is None:
            return self._did_you_mean(as_typed(line.word), as_typed(line.typed))
        return await (line.command.form or line.command.answer)(asked, line.rest)

    def named(self, word: str) -> Command | None:
        """Return the command of this word, if there is one."""
        return self._commands.get(word)

    def useful_to(self, person: Person) -> list[Command]:
        """Return the commands that the person can use without naming anybody, help last."""
        return [command for command in self._commands.values() if command.is_for(person)]

    def nearly(self, line: Line) -> Line | None:
        """Return what a line written freely means if its first word is a typo of a command."""
        if not line.word[:1].isalpha():
            return None
        meant = self._meant(line.word.lower(), line.typed, likeness=_FREE_TEXT)
        return self.read(meant) if meant else None

    async def help(self, asked: Asked, _rest: str) -> Message:
        """Return the commands for the role of the person asking."""
        return await self._overview(asked, None)

    async def _overview(self, asked: Asked, opening: Opening | None) -> Message:
        """Say how the person stands, if `opening` does, and then the commands for their role."""
        async with asked.transaction() as tx:
            person = await asked.person(tx)
            is_new = person.is_admin and not await people.has_teams(tx.session)
            footnote = _whats_missing(person)
            stands = None
            if opening is not None and not is_new and footnote != ON_NO_TEAM:
                stands = await opening(tx, person)
        if footnote == ON_NO_TEAM:
            text = Mrkdwn(say("Hi {name}! ", name=person.name) + footnote)
            return Message(text, [section(text), ask_to_join()])
        commands = self._for(person, footnote, is_new=is_new, begins=stands is None)
        if stands is None:
            return commands
        text = Mrkdwn(f"{stands.text}\n{commands.text}")
        return Message(text, [*stands.blocks, *commands.blocks])

    def _for(self, person: Person, footnote: Mrkdwn | None, *, is_new: bool, begins: bool) -> Message:
        """Render the commands for a person, with a greeting if the message begins with them."""
        usages = [usage for command in self._commands.values() for usage in command.usages]
        lines = [Mrkdwn(f"`{usage.typed}`  {usage.does}") for usage in usages if usage.is_for(person)]
        intro = say(
            "Hi {name}! Here is what you can do:" if begins else "Here is what you can do:", name=person.name
        )
        if is_new:
            intro = say("👋 Hi {name}! There is no team yet: set up a first one to begin.", name=person.name)
        blocks = [section(intro), section(Mrkdwn("\n".join(lines)))]
        if footnote:
            blocks.append(context(footnote))
        if person.is_admin:
            blocks.insert(1 if is_new else len(blocks), set_up(first=is_new))
        return Message(Mrkdwn("\n".join([intro, *lines, *([footnote] if footnote else [])])), blocks)

    def _did_you_mean(self, word: str, typed: str) -> Message:
        suggestion = say("`/goals help` shows what there is.")
        if line := self._meant(word.lower(), typed):
            suggestion = say("Did you mean `{line}`?", line=line)
        text = Mrkdwn(say("I don't know “{word}”. ", word=word) + suggestion)
        return Message(text, [section(text)])

    def _meant(self, word: str, typed: str, likeness: float = 0.5) -> str | None:
        """Return the line that the person may have meant, if any is likely."""
        if _A_FIGURE.match(typed):
            return f"/goals log {typed}"
        if word in _SPANS or re.match(rf"[{SIGNS}]?\d", word):
            return f"/goals set {typed}"
        other_words = get_close_matches(word, _ALSO_CALLED, n=1, cutoff=0.8)
        if other_words:
            return f"/goals {_ALSO_CALLED[other_words[0]]}"
        meant = get_close_matches(word, self._commands, n=1, cutoff=likeness)
        return f"/goals {meant[0]}{typed[len(word) :]}" if meant else None


def _whats_missing(person: Person) -> Mrkdwn | None:
    if person.carries_goals:
        return None
    if person.is_admin:
        return say("You carry no goals yourself. A whole roster comes in by `goalkeeper import roster`.")
    if person.is_manager:
        return None
    return say(ON_NO_TEAM)
