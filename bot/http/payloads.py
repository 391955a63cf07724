"""The shapes in which Slack's requests come: what has another is refused before anything reads it."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


class Malformed(ValueError):
    """A body that is not of any shape that Slack sends."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _User(_Shape):
    id: str


class _Team(_Shape):
    id: str


class _Action(_Shape):
    action_id: str
    block_id: str
    type: str


class _State(_Shape):
    values: dict[str, dict[str, dict[str, Any]]]


class _Block(_Shape):
    type: str
    block_id: str


class _View(_Shape):
    id: str
    hash: str
    callback_id: str
    private_metadata: str
    blocks: list[_Block]
    state: _State


class _Command(_Shape):
    command: str
    text: str = ""
    team_id: str
    user_id: str
    trigger_id: str


class _Actions(_Shape):
    type: Literal["block_actions"]
    user: _User
    team: _Team
    trigger_id: str
    actions: list[_Action] = Field(min_length=1)
    view: _View | None = None


class _Submission(_Shape):
    type: Literal["view_submission"]
    user: _User
    team: _Team
    view: _View


class _Closed(_Shape):
    type: Literal["view_closed"]
    user: _User
    team: _Team


class _Suggestion(_Shape):
    type: Literal["block_suggestion"]
    user: _User
    team: _Team
    action_id: str


_Interaction = TypeAdapter[Any](
    Annotated[_Actions | _Submission | _Closed | _Suggestion, Field(discriminator="type")]
)


class _Event(_Shape):
    type: str


class _EventCallback(_Shape):
    type: Literal["event_callback"]
    team_id: str
    event: _Event


class _UrlVerification(_Shape):
    type: Literal["url_verification"]
    challenge: str


_Delivery = TypeAdapter[Any](Annotated[_EventCallback | _UrlVerification, Field(discriminator="type")])


def check(body: bytes, content_type: str) -> str:
    """The body as text, if it is a request of Slack's.

    Raises:
        Malformed: wrong encoding, no JSON where JSON should be, or JSON of the wrong shape.
    """
    try:
        text = body.decode("utf-8")
        if content_type.partition(";")[0].strip().lower() == "application/json":
            _Delivery.validate_python(_json(text))
            return text
        fields = {
            name: values[-1] for name, values in parse_qs(text, errors="strict", max_num_fields=100).items()
        }
        if "payload" in fields:
            _Interaction.validate_python(_json(fields["payload"]))
        elif fields.get("ssl_check") != "1":
            _Command.model_validate(fields)
    except (ValidationError, ValueError, RecursionError) as error:
        raise Malformed(f"not a request of Slack's: {type(error).__name__}") from None
    return text


def _json(text: str) -> Any:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("JSON, but no object")
    # Postgres takes no NUL, and what Slack sends has none.
    if "\\u0000" in text:
        raise ValueError("a NUL in the text")
    return value
