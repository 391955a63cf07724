"""Dropping a file, and confirming its import: the work goes on behind, and what came of it is a message."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.imports.files import Fetched, check_table, fetched
from bot.imports.messages import FILE, Carried, Told
from bot.imports.wishes import Wish, read_wish
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message
from bot.slack.conversation import Written
from domain import flow
from domain.csv_files import BadFile
from domain.db import DATABASE_AWAY, Transaction
from domain.errors import InvalidInput, NotAllowed, Refusal
from domain.imports import service
from domain.imports.service import ImportOptions
from domain.outbox import service as outbox
from domain.outbox.runs import claim
from domain.outbox.service import Saying, Topic, to_user
from domain.people.model import Door
from domain.people.rules import Person

log = logging.getLogger(__name__)

_PATIENCE = "120s"
"""Time for one statement about a large file."""
_ONLY_ADMINS = "Only admins can import numbers. Ask one of them to drop the file here."
_TRY_AGAIN = "I couldn't read the file just now, so nothing was imported. Please try again in a minute."
_PASSING = (aiohttp.ClientError, TimeoutError, SlackApiError, *DATABASE_AWAY)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was dropped."""

    event: str
    """The event that brought it: what is said about the file is one message."""
    id: str
    name: str


_Work = Callable[[Transaction, Person, Fetched], Awaitable[Told | None]]


async def dropped(asked: Asked, written: Written) -> Message | None:
    """Read a file that an admin dropped, and say what importing it would do."""
    async with asked.transaction() as tx:
        person = await asked.person(tx)
    if not person.is_admin:
        raise NotAllowed(_ONLY_ADMINS)
    if len(written.files) != 1:
        raise InvalidInput("Please drop one file at a time.")
    [file] = written.files
    check_table(file)
    wish = read_wish(written.text)
    assert asked.heard is not None
    about = _File(asked.heard.event_id, file["id"], file["name"])
    asked.behind(_behind(asked, about, _previewing(about, wish)))
    return None


async def confirmed(asked: Asked, action: Block, _payload: Block) -> None:
    """Import the file that was previewed, if it is still the same."""
    async with asked.transaction() as tx:
        person = await asked.person(tx)
    if not person.is_admin:
        raise NotAllowed(_ONLY_ADMINS)
    carried = Carried.read(action["value"])
    asked.behind(_behind(asked, carried, _importing(carried)))


def _previewing(file: _File, wish: Wish) -> _Work:
    async def work(tx: Transaction, person: Person, content: Fetched) -> Told:
        wanted = ImportOptions(wish.source, wish.mapping, update=True)
        actor = person.through(Door.IMPORT)
        imported = await service.preview(tx.session, tx.now, actor, content.content, wanted)
        button = Carried(
            file.event, file.id, file.name, content.checksum, imported.source, dict(wish.mapping)
        )
        return Told.previewed(file.name, imported, button)

    return work


def _importing(carried: Carried) -> _Work:
    async def work(tx: Transaction, person: Person, content: Fetched) -> Told | None:
        if content.checksum != carried.checksum:
            raise InvalidInput(
                "The file isn't the one you saw any more, so nothing was imported. Drop it again."
            )
        if not await claim(tx.session, "import", carried.event):
            return None
        wanted = ImportOptions(carried.source, carried.mapping, update=True)
        actor = person.through(Door.IMPORT)
        imported = await flow.import_activity(tx.session, tx.now, actor, content.content, wanted)
        return Told.written(carried.name, imported)

    return work


async def _behind(asked: Asked, file: "_File | Carried", work: _Work) -> None:
    """Do the work on the file, and say what came of it, in one message a file."""
    try:
        async with fetched(asked.installation, file.id) as content, _transaction(asked) as tx:
            person = await asked.person(tx)
            told = await work(tx, person, content)
            if told is not None:
                await _tell(tx, person, file.event, told)
        return
    except BadFile as bad:
        told = Told.faulty(file.name, bad.problems)
    except Refusal as refusal:
        told = Told(file.name, trouble=refusal.message)
    except _PASSING as error:
        log.warning("a file wasn't read: %s", type(error).__name__, exc_info=error)
        told = Told(file.name, trouble=_TRY_AGAIN)
    async with _transaction(asked) as tx:
        await _tell(tx, await asked.person(tx), file.event, told)


def _transaction(asked: Asked) -> AbstractAsyncContextManager[Transaction]:
    return asked.database.workspace(asked.installation.workspace_id, patience=_PATIENCE)


async def _tell(tx: Transaction, person: Person, event: str, told: Told) -> None:
    topic = Topic("import", part=event)
    await outbox.tell(tx.session, Saying(FILE, to_user(person.user_id), topic, told.facts))
