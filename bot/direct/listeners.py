"""Listeners of direct messages: run commands, and ask what figures without a command mean."""

from bot.direct import messages
from bot.direct.meaning import Meant, meant_by
from bot.slack.asking import Asked, NeedsAPress
from bot.slack.blocks import Message
from bot.slack.commands import Commands, Line
from bot.slack.conversation import Written
from bot.slack.text import as_typed
from domain.people.rules import Person
from domain.periods import local_month

_QUOTES = "`\"'“”‘’ \t\n"
"""What people put around a line that they copy from help."""


async def words(asked: Asked, written: Written) -> Message | None:
    """Run the command named by the first word; without one, save nothing and offer what may be meant."""
    line = written.commands.read(written.text.strip(_QUOTES))
    if line.command is None:
        return await _offer(asked, written.commands, line)
    try:
        return await line.command.answer(asked, line.rest)
    except NeedsAPress:
        return messages.form_offered(line.command, line)


async def _offer(asked: Asked, commands: Commands, line: Line) -> Message:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        today = local_month(tx.now, person.zone)
    if not person.carries_goals and not (person.is_admin or person.is_manager):
        return await commands.help(asked, "")
    offered = _figures(commands, line, person, meant_by(as_typed(line.typed), person, today))
    if offered is not None:
        return offered
    nearly = commands.nearly(line)
    if nearly is not None and nearly.command is not None and nearly.word != "help":
        return messages.nearly(line, nearly.command, nearly)
    return messages.short_help(person, commands)


def _figures(commands: Commands, line: Line, person: Person, meant: Meant) -> Message | None:
    """Ask what figures without a command mean; None if there are none that the person could enter."""
    goal, log = commands.named("set"), commands.named("log")
    setting = goal if goal and meant.as_goals and goal.is_for(person) else None
    logging = log if log and meant.as_activity and log.is_for(person) else None
    if meant.bare and log and log.is_for(person):
        return messages.of_what(line, setting)
    if setting is None and logging is None:
        return None
    return messages.figures_asked_about(line, setting, logging)
