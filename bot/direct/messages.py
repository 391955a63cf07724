"""Answers to direct messages that aren't commands: pure functions."""

from collections.abc import Sequence

from bot.slack.blocks import Block, Message, actions, section
from bot.slack.commands import Command, Commands, Line
from bot.slack.text import Mrkdwn, as_typed, say
from domain.errors import shortened
from domain.people.rules import Person

_BUTTONS = 5
"""In a row, which a phone shows without scrolling."""


def form_offered(command: Command, line: Line) -> Message:
    """Render the button that opens a form, which Slack doesn't allow a message to do."""
    text = say("That takes a form. Press the button to open it.")
    return _with_buttons(text, [command.button(line.typed or command.word, style="primary")])


def figures_asked_about(line: Line, setting: Command | None, logging: Command | None) -> Message:
    """Render the question what the figures are: something to log, goals, or either."""
    typed = shortened(as_typed(line.typed))
    buttons = []
    if logging is not None:
        buttons.append(logging.button(f"{logging.word} {line.typed}", "Log it", "primary"))
    if setting is not None:
        style = None if logging else "primary"
        buttons.append(setting.button(f"{setting.word} {line.typed}", style=style))
    question = "Would you like to set “{typed}” as your goals?"
    if logging is not None:
        question = "Would you like to log “{typed}”?"
        if setting is not None:
            question = "Would you like to log “{typed}”, or is it your goal?"
    text = Mrkdwn(say(question, typed=typed) + " Nothing is saved yet.")
    return _with_buttons(text, buttons)


def of_what(line: Line, setting: Command | None) -> Message:
    """Render the question what a number counts."""
    number = shortened(as_typed(line.typed))
    text = say(
        "{number} of what? To log it, say what it counts, like `log {number} signups`. Nothing is saved yet.",
        number=number,
    )
    return _with_buttons(text, [setting.button(f"{setting.word} {line.typed}")] if setting else [])


def nearly(line: Line, command: Command, meant: Line) -> Message:
    """Render a guess at a typo, with the button that does what was meant."""
    text = say(
        "I don't know “{word}”. Did you mean `{meant}`?",
        word=shortened(as_typed(line.word)),
        meant=shortened(as_typed(meant.typed)),
    )
    return _with_buttons(text, [command.button(meant.typed, style="primary")])


def short_help(person: Person, commands: Commands) -> Message:
    """Render how to write to Goalkeeper, with buttons for the person's role."""
    useful = commands.useful_to(person)
    examples = [command.example for command in useful if command.example] or ["help"]
    listed = " or ".join(f"`{one}`" for one in examples)
    greeting = say("Hi {name}! ", name=person.name.split()[0])
    text = Mrkdwn(f"{greeting}I understand short lines like {listed}. You can also press a button.")
    shown = useful if len(useful) <= _BUTTONS else [*useful[: _BUTTONS - 1], useful[-1]]
    return _with_buttons(text, [command.button(command.word) for command in shown])


def _with_buttons(text: Mrkdwn, buttons: Sequence[Block]) -> Message:
    return Message(text, [section(text), *([actions(*buttons)] if buttons else [])])
