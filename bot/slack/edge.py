"""The edge to Slack: requests come in, and every failure becomes a sentence for a person."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.errors import SlackApiError

from bot.slack import conversation
from bot.slack.app import INSTALLATION
from bot.slack.asking import OVERTAKEN, AnsweredBefore, Asked, Heard, UnknownPeople, Window
from bot.slack.blocks import Block, Message, section
from bot.slack.commands import Commands
from bot.slack.conversation import MessageHandler, Written
from bot.slack.errors import (
    Passing,
    RateLimited,
    TokenRefused,
    Uncertain,
    is_expired_trigger,
    narrow,
    slack_error,
)
from bot.slack.installations import Installation, Installations
from bot.slack.refusals import InDoubt, Overtaken, PersonNotFound, Trouble, worded, worded_plainly
from bot.slack.tasks import Tasks
from bot.slack.text import Mrkdwn, as_typed, say, without_emoji
from bot.slack.waiting import Service, Waiting, noticed
from bot.slack.wording import offering_to_ask
from domain.db import DATABASE_AWAY, Commits, Database, Transaction, watched_commits
from domain.errors import Mistakes, OnNoTeam, Refusal
from domain.outbox.runs import claim_event

log = logging.getLogger(__name__)

PATIENCE = 2.4
"""Seconds for an answer, of the 3 that Slack gives."""

_IN_DOUBT = "I lost the connection while saving, so this may or may not be saved."

_UNAVAILABLE = (*DATABASE_AWAY, TimeoutError, ConnectionError)

T = TypeVar("T")


Behind = Callable[[], Coroutine[Any, Any, None]]
"""Work that takes time, such as a call to Slack; it begins once the answer is on its way."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The answer to a form that stays open as this `view`; nothing was saved.

    Slow work goes on `behind` it, after the answer.
    """

    view: Block
    behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The answer to a form that closes; the window below it, `view_id`, now shows this `view`."""

    view_id: str
    view: Block


FormHandler = Callable[[Asked, Block], Awaitable[Message | Redrawn | Uncovered | None]]
"""Takes a submitted view; returning means saved, and the form closes. A message is for the person alone."""
ActionHandler = Callable[[Asked, Block, Block], Awaitable[Message | None]]
"""Takes the action and the whole payload; a message is shown to the person alone."""

ShortcutHandler = Callable[[Asked, Block], Awaitable[Message | None]]
"""Takes the payload of a message shortcut; a message is shown to the person alone."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of one workspace, in the transaction that also remembers having seen it.

    Nothing in the transaction may wait for the network.
    """

    tx: Transaction
    event: Block
    installation: Installation
    drop_installation: Callable[[], None]
    """Called when the event says that the installation's token is no longer good."""


EventHandler = Callable[[Happened], Awaitable[Behind | None]]
"""Handles an event. The work it returns begins after the commit and may call Slack."""


class Edge:
    """Registers commands, forms and buttons with Bolt, with the same error handling for all."""

    def __init__(
        self,
        app: AsyncApp,
        database: Database,
        installations: Installations,
        tasks: Tasks,
        windows: Mapping[str, Window],
    ) -> None:
        self._app = app
        self._database = database
        self._installations = installations
        self._tasks = tasks
        self._windows = windows

    def command(self, name: str, commands: Commands) -> None:
        """Answer the slash command `name` in its own acknowledgement."""

        async def listener(
            ack: AsyncAck, body: Block, context: AsyncBoltContext, respond: AsyncRespond
        ) -> None:
            asked = self._asked(body["user_id"], body, context)
            typed = body.get("text") or ""
            try:
                message = await self._attempt(asked, lambda: commands.answer(asked, typed), "line")
            except Refusal as refusal:
                message = _refused(refusal, f"{name} {as_typed(typed)}".strip())
            if message is None:
                await ack()
            elif message.without_chart:
                await ack()
                self._tasks.spawn(_tell(respond, message))
            else:
                await ack(response_type="ephemeral", **message.as_arguments())

        self._app.command(name)(listener)

    def form(self, callback_id: str, handler: FormHandler) -> None:
        """Take in a form. It closes when it has been saved, and says what is wrong while it has not."""

        async def listener(ack: AsyncAck, body: Block, view: Block, context: AsyncBoltContext) -> None:
            asked = self._asked(body["user"]["id"], body, context)
            try:
                answer = await self._attempt(asked, lambda: handler(asked, view), "form")
            except Refusal as refusal:
                await ack(**_in_form(refusal, view))
                return
            if isinstance(answer, Redrawn):
                await ack(response_action="update", view=answer.view)
                if answer.behind is not None:
                    self._tasks.spawn(answer.behind())
                return
            await ack()
            match answer:
                case Uncovered():
                    self._tasks.spawn(asked.redraw(view_id=answer.view_id, view=answer.view))
                case Message():
                    self._tasks.spawn(asked.whisper(answer))

        self._app.view(callback_id)(listener)

    def action(self, action_id: str, handler: ActionHandler) -> None:
        """Answer a button or menu, in a message or in a form."""

        async def listener(
            ack: AsyncAck, body: Block, action: Block, context: AsyncBoltContext, respond: AsyncRespond
        ) -> None:
            asked = self._asked(body["user"]["id"], body, context)
            try:
                message = await self._attempt(asked, lambda: handler(asked, action, body), "press")
            except Overtaken:
                message = None
            except Refusal as refusal:
                message = _refused(refusal)
            await ack()
            if message is None:
                return
            if body.get("view"):
                self._tasks.spawn(asked.redraw(**_with_notice(body["view"], message.text)))
            else:
                self._tasks.spawn(_tell(respond, message))

        self._app.action(action_id)(listener)

    def shortcut(self, callback_id: str, handler: ShortcutHandler) -> None:
        """Answer a shortcut that somebody uses on a message."""

        async def listener(
            ack: AsyncAck, body: Block, context: AsyncBoltContext, respond: AsyncRespond
        ) -> None:
            asked = self._asked(body["user"]["id"], body, context)
            try:
                message = await self._attempt(asked, lambda: handler(asked, body), "press")
            except Refusal as refusal:
                message = _refused(refusal)
            await ack()
            if message is not None:
                said = message.as_arguments()
                self._tasks.spawn(respond(response_type="ephemeral", replace_original=False, **said))

        self._app.message_shortcut(callback_id)(listener)

    def event(self, kind: str, handler: EventHandler) -> None:
        """Take in an event, once: Slack sends it again when our answer is late or lost.

        If the database can't be reached, the error goes up to Bolt, whose error response makes Slack send
        the event again.
        """

        async def listener(ack: AsyncAck, body: Block, event: Block, context: AsyncBoltContext) -> None:
            installation: Installation = context[INSTALLATION]
            drop = partial(self._installations.drop, installation.workspace_id)
            behind = None
            async with self._database.workspace(installation.workspace_id) as tx:
                if await claim_event(tx.session, body["event_id"]):
                    behind = await handler(Happened(tx, event, installation, drop))
            await ack()
            if behind is not None:
                self._tasks.spawn(behind())

        self._app.event(kind)(listener)

    def conversation(self, handlers: Mapping[str, MessageHandler], commands: Commands) -> None:
        """Answer what people write to Goalkeeper, by the message's subtype; take in every other message.

        Slack sends an event again when our answer is late or lost. What a message does and that it was done
        are committed together, so it is done once.
        """

        async def listener(ack: AsyncAck, body: Block, event: Block, context: AsyncBoltContext) -> None:
            handler = handlers.get(event.get("subtype") or "")
            grant = context[INSTALLATION].grant
            if handler is not None and conversation.is_from_a_person(event, grant.bot_user_id):
                asked = self._asked(event["user"], body, context, Heard(body["event_id"]))
                await self._converse(asked, event, handler, Written.of(event, commands))
            await ack()

        self._app.event("message")(listener)

    async def _converse(self, asked: Asked, event: Block, handler: MessageHandler, written: Written) -> None:
        channel: str = event["channel"]
        try:
            answer = await self._attempt(asked, lambda: handler(asked, written), "line")
        except AnsweredBefore:
            return
        except Trouble as trouble:
            # The database may be what doesn't work, and the outbox with it.
            said = _refused(trouble, as_typed(written.text))
            self._tasks.spawn(conversation.reply(asked, channel, said))
            return
        except Refusal as refusal:
            answer = _refused(refusal)
        if answer is not None:
            await self._say(asked, channel, answer)

    async def _say(self, asked: Asked, channel: str, answer: Message) -> None:
        """Answer through the outbox; at once if that fails, since what the message did is saved by now."""
        try:
            await self._attempt(asked, lambda: conversation.answer(asked, answer), "line")
        except AnsweredBefore:
            return
        except Refusal:
            self._tasks.spawn(conversation.reply(asked, channel, answer))

    def _asked(
        self, slack_id: str, body: Block, context: AsyncBoltContext, heard: Heard | None = None
    ) -> Asked:
        trigger_id = heard.event_id if heard else body.get("trigger_id") or ""
        return Asked(
            self._database, context[INSTALLATION], slack_id, trigger_id, self._tasks, self._windows, heard
        )

    async def _attempt(self, asked: Asked, work: Callable[[], Awaitable[T]], asked_by: str) -> T:
        """Do the work in time, meeting new people first; raise every failure as a `Refusal`.

        `asked_by` is `line`, `form` or `press`: how to see what was saved, if it isn't known, depends on it.
        """
        with watched_commits() as commits, noticed() as waiting:
            return await self._explained(asked, work, commits, waiting, asked_by)

    async def _explained(
        self,
        asked: Asked,
        work: Callable[[], Awaitable[T]],
        commits: Commits,
        waiting: Waiting,
        asked_by: str,
    ) -> T:
        try:
            return await self._in_time(self._introduced(asked, work))
        except (Refusal, AnsweredBefore):
            raise
        except _UNAVAILABLE as error:
            if commits.in_doubt:
                log.warning("a commit is in doubt: %s", type(error).__name__, exc_info=error)
                raise InDoubt(_IN_DOUBT, asked_by=asked_by) from error
            if waiting.on is not None and not isinstance(error, DATABASE_AWAY):
                raise _slack_away(error, waiting) from error
            log.warning("told somebody to try again: %s", type(error).__name__, exc_info=error)
            raise Trouble(
                "Goalkeeper can't save or look anything up right now. Please try again in a minute."
            ) from error
        except UnknownPeople as unknown:
            raise PersonNotFound("I can't find that person in this workspace.") from unknown
        except SlackApiError as error:
            if isinstance(narrow(error), TokenRefused):
                # There may be a new token by now; the next request finds it.
                self._installations.drop(asked.installation.workspace_id)
            if is_expired_trigger(error):
                raise Trouble(
                    "Slack closed the window before the form was ready. Please try again."
                ) from error
            if _slack_is_down(error):
                raise _slack_away(error, waiting) from error
            if slack_error(error) in OVERTAKEN:
                raise Overtaken("This has just changed. Please look at it again.") from error
            raise _our_fault() from error
        except aiohttp.ClientError as error:
            raise _slack_away(error, waiting) from error
        except Exception as error:
            raise _our_fault() from error

    async def _introduced(self, asked: Asked, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work; if it is about somebody new, meet them and do it once more."""
        try:
            return await work()
        except UnknownPeople as unknown:
            await asked.installation.directory.meet_by_id(unknown.slack_ids)
            return await work()

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the work's result, or raise `TimeoutError` without waiting for the work to end.

        A driver that cancels a query asks the server to, and the server may be what doesn't answer.
        """
        task = self._tasks.spawn(work, quiet=True)
        try:
            await asyncio.wait({task}, timeout=PATIENCE)
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            task.cancel()


async def _tell(respond: AsyncRespond, message: Message) -> None:
    """Show a message to the person alone; without its chart where Slack refuses it.

    An answer within the acknowledgement couldn't be changed, because Slack doesn't say what it refuses there.
    """
    options: dict[str, Any] = {"response_type": "ephemeral", "replace_original": False}
    answer = await respond(**options, **message.as_arguments())
    if message.without_chart and "invalid_blocks" in answer.body:
        log.info("Slack took no chart: %s", answer.body)
        await respond(**options, **message.plainly.as_arguments())


def _slack_is_down(error: SlackApiError) -> bool:
    """Return True if Slack can't answer now, and may in a minute."""
    return isinstance(narrow(error), RateLimited | Uncertain | Passing)


def _slack_away(error: Exception, waiting: Waiting) -> Trouble:
    log.warning("told somebody to try again: Slack failed with %s", error or type(error).__name__)
    return Trouble(f"{waiting.on or Service.ANYTHING} Please try again in a minute.")


def _our_fault() -> Trouble:
    """Log the error under a reference that the person can name."""
    reference = secrets.token_hex(4)
    log.exception("failed to answer, reference %s", reference)
    return Trouble(
        f"Something went wrong on our side, and nothing was changed. "
        f"Please try again; if it stays, tell an admin the reference {reference}."
    )


def _refused(refusal: Refusal, typed: str | None = None) -> Message:
    if isinstance(refusal, OnNoTeam):
        return offering_to_ask(refusal)
    text = worded(refusal)
    if typed and isinstance(refusal, Trouble):
        text = Mrkdwn(text + say("\nYou typed: `{typed}`", typed=typed.replace("`", "'")))
    return Message(text, [section(text)])


def _in_form(refusal: Refusal, view: Block) -> dict[str, Any]:
    """Return the answer that keeps a form open: errors, or a notice if it has no inputs."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not inputs:
        notice = _with_notice(view, worded(refusal))
        return {"response_action": "update", "view": notice["view"]}
    return {"response_action": "errors", "errors": _beside_fields(refusal, inputs)}


def _beside_fields(refusal: Refusal, inputs: list[str]) -> dict[str, str]:
    """Return the refusal by input at fault; what concerns the whole form is at its first input."""
    problems = (
        {field: without_emoji(problem) for field, problem in refusal.problems.items()}
        if isinstance(refusal, Mistakes)
        else {refusal.field: worded_plainly(refusal)}
    )
    errors: dict[str, str] = {}
    for field, problem in problems.items():
        at_fault = (block_id for block_id in inputs if block_id.partition(":")[0] == field)
        errors[next(at_fault, inputs[0])] = problem
    return errors


_VIEW_PARTS = ("type", "callback_id", "title", "submit", "close", "private_metadata", "blocks")


def _with_notice(view: Block, text: Mrkdwn) -> Block:
    """Return the arguments that put a notice on top of a form and leave the rest alone."""
    kept = {part: view[part] for part in _VIEW_PARTS if view.get(part) is not None}
    notice = {**section(text), "block_id": "notice"}
    kept["blocks"] = [notice, *(block for block in kept["blocks"] if block.get("block_id") != "notice")]
    return {"view_id": view["id"], "hash": view["hash"], "view": kept}
