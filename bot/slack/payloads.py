"""The shapes of Slack's requests; a request of any other shape is refused before anything reads it."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator


class Malformed(ValueError):
    """A request that has none of the shapes that Slack sends."""


Id = Annotated[str, Field(min_length=1, max_length=255)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _User(_Shape):
    id: Id


class _Team(_Shape):
    id: Id


class _Channel(_Shape):
    id: Id


class _Action(_Shape):
    action_id: Id
    block_id: Id
    type: str


class _State(_Shape):
    values: dict[str, dict[str, dict[str, Any]]]


class _Block(_Shape):
    type: str
    block_id: Id


class _View(_Shape):
    id: Id
    type: str
    hash: str
    callback_id: str
    private_metadata: str
    blocks: list[_Block]
    state: _State


class _CommandFields(_Shape):
    command: str
    text: str = ""
    team_id: Id
    user_id: Id
    trigger_id: str


_Command = TypeAdapter(_CommandFields)


class _Interaction(_Shape):
    """What all interactions have; `team` is null where the app is installed for a whole organization."""

    user: _User
    team: _Team | None


class _Actions(_Interaction):
    type: Literal["block_actions"]
    trigger_id: str
    actions: list[_Action] = Field(min_length=1)
    view: _View | None = None


class _Submission(_Interaction):
    type: Literal["view_submission"]
    view: _View


class _Closed(_Interaction):
    type: Literal["view_closed"]


class _Suggestion(_Interaction):
    type: Literal["block_suggestion"]
    action_id: Id


class _Shortcut(_Interaction):
    type: Literal["shortcut"]
    callback_id: Id
    trigger_id: str


class _MessageAction(_Interaction):
    type: Literal["message_action"]
    callback_id: Id
    trigger_id: str
    response_url: str
    channel: _Channel
    message: dict[str, Any]


_Interactive = TypeAdapter[Any](
    Annotated[
        _Actions | _Submission | _Closed | _Suggestion | _Shortcut | _MessageAction,
        Field(discriminator="type"),
    ]
)


class _Event(_Shape):
    type: str


class _Member(_Shape):
    id: Id
    profile: dict[str, Any] | None = None


class _PersonEvent(_Event):
    user: _Member


class _ChannelEvent(_Event):
    channel: Id


class _MembershipEvent(_Event):
    channel: Id
    user: Id


class _MessageEvent(_Event):
    """A message; one that was changed or deleted has neither user nor text of its own."""

    channel: Id
    channel_type: str | None = None
    subtype: str | None = None
    user: Id | None = None
    bot_id: str | None = None
    text: str | None = None


class _Tokens(_Shape):
    bot: list[str] = []
    oauth: list[str] = []


class _RevokedEvent(_Event):
    tokens: _Tokens


_EVENTS: dict[str, type[_Event]] = {
    **dict.fromkeys(("team_join", "user_change"), _PersonEvent),
    **{
        f"{kind}_{what}": _ChannelEvent
        for kind in ("channel", "group")
        for what in ("archive", "unarchive", "deleted")
    },
    **dict.fromkeys(("member_joined_channel", "member_left_channel"), _MembershipEvent),
    "tokens_revoked": _RevokedEvent,
    "message": _MessageEvent,
}


class _EventCallback(_Shape):
    type: Literal["event_callback"]
    team_id: Id
    event_id: Id
    event: _Event

    @field_validator("event")
    @classmethod
    def _as_its_type_is(cls, event: _Event) -> _Event:
        return _EVENTS.get(event.type, _Event).model_validate(dict(event))


class _UrlVerification(_Shape):
    type: Literal["url_verification"]
    challenge: str


class _RateLimited(_Shape):
    type: Literal["app_rate_limited"]
    team_id: Id


_Delivery = TypeAdapter[Any](
    Annotated[_EventCallback | _UrlVerification | _RateLimited, Field(discriminator="type")]
)


def read(body: bytes, content_type: str) -> dict[str, Any]:
    """Return what Slack sent, if it is a request of Slack's.

    Bolt's own parser isn't used: it takes a command in which somebody typed `payload` for a broken one.

    Raises:
        Malformed: wrong encoding, no JSON where JSON should be, or JSON of the wrong shape.
    """
    try:
        text = body.decode("utf-8")
        if content_type.partition(";")[0].strip().lower() == "application/json":
            return _checked(_Delivery, _json(text))
        fields = {
            name: values[-1]
            for name, values in parse_qs(
                text, keep_blank_values=True, errors="strict", max_num_fields=100
            ).items()
        }
        if "payload" in fields:
            return _checked(_Interactive, _json(fields["payload"]))
        return fields if fields.get("ssl_check") == "1" else _checked(_Command, fields)
    except (ValidationError, ValueError, RecursionError) as error:
        raise Malformed(f"not a request of Slack's: {type(error).__name__}") from None


def is_rate_limit(payload: dict[str, Any]) -> bool:
    """Return True for Slack's notice that it holds events back for a minute, which asks for no answer."""
    return payload.get("type") == "app_rate_limited"


_SHAPES = {"slash_commands": _Command, "interactive": _Interactive, "events_api": _Delivery}


def checked(kind: str, payload: object) -> dict[str, Any]:
    """Return what came over Socket Mode, if it is a request of Slack's."""
    try:
        if not isinstance(payload, dict):
            raise ValueError("no object")
        return _checked(_SHAPES[kind], payload)
    except (ValidationError, ValueError, KeyError, RecursionError) as error:
        raise Malformed(f"not a request of Slack's: {type(error).__name__}") from None


def _json(text: str) -> Any:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("JSON, but no object")
    return value


def _checked(shape: TypeAdapter[Any], value: dict[str, Any]) -> dict[str, Any]:
    shape.validate_python(value)
    for text in _texts(value):
        # Neither can be stored, and what Slack sends has neither.
        if "\0" in text or not _is_unicode(text):
            raise ValueError("a NUL or half a character in the text")
    return value


def _texts(value: Any) -> Iterator[str]:
    """Yield every text within, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
