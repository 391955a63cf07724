"""What people do with the bot: commands, buttons, forms; delivered, and the answer shown to them."""

from dataclasses import dataclass, field
from typing import Any

from sandbox import payloads
from sandbox.capabilities import Interaction
from sandbox.delivery import Ack, Delivery
from sandbox.errors import SlackRefusal
from sandbox.forms import Values, problems, state
from sandbox.model import Json, Message
from sandbox.posts import checked
from sandbox.slack import Slack
from sandbox.views import View, checked_view

VIEW_TROUBLE = "invalid_view_response"


@dataclass
class Answer:
    """What came of a command or a press. Replies that the bot sends later show up in it too."""

    interaction: Interaction
    status: int
    error: str | None
    """What Slack shows: `operation_timeout`, `dispatch_failed`; None when the bot took it."""
    elapsed: float
    """Seconds until the bot acknowledged."""

    @property
    def messages(self) -> list[Message]:
        """Every reply, in order."""
        return self.interaction.posted

    @property
    def message(self) -> Message | None:
        """The last reply."""
        return self.messages[-1] if self.messages else None

    @property
    def text(self) -> str:
        """All that the person can read in the last reply; empty without one."""
        return self.message.plain if self.message else ""

    @property
    def view(self) -> Json | None:
        """The modal that it opened."""
        return self.interaction.opened


@dataclass
class Submission:
    """What came of sending off a form."""

    status: int
    closed: bool
    """Whether this form is gone."""
    errors: dict[str, str] = field(default_factory=dict)
    """What the form says is wrong, by block_id."""
    view: Json | None = None
    """The form that is on top now."""
    error: str | None = None
    """What Slack shows when the bot did not take it."""
    elapsed: float = 0.0
    interaction: Interaction | None = None

    @property
    def messages(self) -> list[Message]:
        """What the person was told in return, if anything."""
        return self.interaction.posted if self.interaction else []


class Interactions:
    """Carries what people do to the bot and its answers back."""

    def __init__(self, slack: Slack, delivery: Delivery) -> None:
        self._slack = slack
        self._delivery = delivery

    async def command(self, user_id: str, channel_id: str, typed: str) -> Answer:
        """Somebody types a slash command."""
        slack = self._slack
        user, channel = slack.directory.user(user_id), slack.directory.channel(channel_id)
        interaction = self._begin(user.id, channel.id)
        ack = await self._delivery.command(payloads.command(slack, user, channel, typed, interaction))
        error = ack.error
        if error is None and ack.text:
            error = self._reply(interaction, ack)
        return self._answer(interaction, ack, error)

    async def press(
        self,
        user_id: str,
        message: Message,
        block_id: str,
        element: Json,
        value: Json,
        others: Values | None = None,
    ) -> Answer:
        """Somebody uses an element of a message; `value` is what it holds, `others` what the rest does."""
        slack = self._slack
        values = state(message.blocks, others)
        if value:
            values.setdefault(block_id, {})[element["action_id"]] = value
        interaction = self._begin(user_id, message.channel, source=message)
        action = payloads.action(element, block_id, value, slack.timestamps.next())
        payload = payloads.pressed_in_message(
            slack, slack.directory.user(user_id), message, action, values, interaction
        )
        ack = await self._delivery.interaction(payload)
        return self._answer(interaction, ack, ack.error)

    async def press_in_view(
        self, user_id: str, view: View | Json, block_id: str, element: Json, value: Json
    ) -> Answer:
        """Somebody uses an element of a modal or of App Home (given as Slack's JSON)."""
        slack = self._slack
        if isinstance(view, View) and value:
            slack.views.fill(view, {block_id: {element["action_id"]: value}})
        if isinstance(view, View):
            body = slack.views.json(view)
        else:
            body = slack.views.fill_home(user_id, {block_id: {element["action_id"]: value}} if value else {})
        parent = view.id if isinstance(view, View) else None
        interaction = self._begin(user_id, None, from_view=parent)
        action = payloads.action(element, block_id, value, slack.timestamps.next())
        payload = payloads.pressed_in_view(slack, slack.directory.user(user_id), body, action, interaction)
        ack = await self._delivery.interaction(payload)
        return self._answer(interaction, ack, ack.error)

    async def shortcut(self, user_id: str, callback_id: str, message: Message | None = None) -> Answer:
        """Somebody uses a shortcut: on a message, or a global one without.

        Raises:
            LookupError: when the app has no such shortcut, or offers none on this message.
        """
        slack = self._slack
        kind = "message" if message else "global"
        if slack.app.shortcut(callback_id, kind) is None or (message and message.only_for):
            raise LookupError(f"there is no {kind} shortcut {callback_id!r} here")
        user = slack.directory.user(user_id)
        interaction = self._begin(user_id, message.channel if message else None)
        if message:
            payload = payloads.message_shortcut(slack, user, callback_id, message, interaction)
        else:
            payload = payloads.global_shortcut(slack, user, callback_id, interaction)
        ack = await self._delivery.interaction(payload)
        return self._answer(interaction, ack, ack.error)

    async def submit(self, view: View, values: Values) -> Submission:
        """Somebody sends off a form; Slack's own form refuses first what is missing."""
        slack = self._slack
        slack.views.fill(view, values)
        if wrong := problems(view.blocks, view.values):
            return Submission(200, False, wrong, self.top(view.user))
        interaction = self._begin(view.user, None, from_view=view.id)
        payload = payloads.view_submission(slack, slack.directory.user(view.user), view, interaction)
        ack = await self._delivery.interaction(payload)
        errors, error = ({}, ack.error) if ack.error else await self._react(view, ack.json())
        self._gather(interaction)
        closed = view not in slack.views.stack(view.user)
        return Submission(ack.status, closed, errors, self.top(view.user), error, ack.elapsed, interaction)

    async def close(self, view: View, *, whole_stack: bool = False) -> None:
        """Somebody closes a form; the bot hears of it where it asked to."""
        clears = whole_stack or bool(view.payload.get("clear_on_close"))
        user = self._slack.directory.user(view.user)
        for closed in self._slack.views.close(view, whole_stack=clears):
            if closed.payload.get("notify_on_close"):
                payload = payloads.view_closed(self._slack, user, closed, is_cleared=clears)
                await self._delivery.interaction(payload)

    def top(self, user: str) -> Json | None:
        """The form that a person has before them."""
        stack = self._slack.views.stack(user)
        return self._slack.views.json(stack[-1]) if stack else None

    def respond(self, secret: str, body: Json) -> None:
        """The bot uses a response_url."""
        interaction = self._slack.capabilities.respond(secret)
        source = interaction.source
        if source is not None and body.get("delete_original"):
            self._slack.posts.delete(source)
        elif source is not None and body.get("replace_original"):
            self._slack.posts.edit(source, checked(body.get("text"), body.get("blocks")), mark=False)
        else:
            self._post(interaction, body)

    def _begin(
        self, user: str, channel: str | None, source: Message | None = None, from_view: str | None = None
    ) -> Interaction:
        interaction = self._slack.capabilities.begin(user, channel, source, from_view)
        interaction.since = self._slack.timestamps.next()
        return interaction

    def _answer(self, interaction: Interaction, ack: Ack, error: str | None) -> Answer:
        self._gather(interaction)
        return Answer(interaction, ack.status, error, ack.elapsed)

    def _gather(self, interaction: Interaction) -> None:
        """What the bot posted for this person alone meanwhile is an answer too, by whatever method."""
        for channel in self._slack.directory.of(interaction.user):
            for message in self._slack.posts.visible(channel.id, interaction.user):
                new = message.only_for and message.ts > interaction.since
                if new and message not in interaction.posted:
                    interaction.posted.append(message)
        interaction.posted.sort(key=lambda message: message.ts)

    def _reply(self, interaction: Interaction, ack: Ack) -> str | None:
        # A body that is no JSON is a text to show.
        try:
            self._post(interaction, ack.json() or {"text": ack.text})
        except SlackRefusal as refusal:
            return refusal.error
        return None

    def _post(self, interaction: Interaction, body: Json) -> None:
        slack = self._slack
        channel = (
            slack.directory.channel(interaction.channel)
            if interaction.channel
            else slack.directory.dm(interaction.user)
        )
        draft = checked(body.get("text"), body.get("blocks"), thread_ts=body.get("thread_ts"))
        only_for = None if body.get("response_type") == "in_channel" else interaction.user
        posted = slack.posts.post(channel, slack.workspace.bot_user_id, draft, only_for=only_for)
        interaction.posted.append(posted)

    async def _react(self, view: View, body: Json) -> tuple[dict[str, str], str | None]:
        """Does what the bot's answer to a submission says; returns the form's errors, or Slack's."""
        views = self._slack.views
        if view not in views.stack(view.user):
            return {}, None
        try:
            match body.get("response_action"):
                case None:
                    views.close(view)
                case "clear":
                    views.close(view, whole_stack=True)
                case "update":
                    views.update(view, checked_view(body.get("view"), "modal"))
                case "push":
                    views.pushed(view.user, checked_view(body.get("view"), "modal"))
                case "errors":
                    return _form_errors(view, body.get("errors"))
                case _:
                    return {}, VIEW_TROUBLE
        except SlackRefusal as refusal:
            return {}, refusal.error
        return {}, None


def _form_errors(view: View, errors: Any) -> tuple[dict[str, str], str | None]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    texts = isinstance(errors, dict) and all(isinstance(text, str) and text for text in errors.values())
    # Slack takes errors for inputs only, and shows "trouble connecting" for any other block.
    if not texts or not errors or not set(errors) <= inputs:
        return {}, VIEW_TROUBLE
    return dict(errors), None
