"""Problem details (RFC 9457): each refusal of the domain, and every other error, as one kind of document."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from domain.db import DATABASE_AWAY
from domain.errors import InvalidInput, Mistakes, NotAllowed, Refusal

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
AWAY_FOR = 5
"""Seconds after which a client may try again when the database is away."""

STATUS: Mapping[str, int] = {
    "token_not_accepted": 401,
    "not_allowed": 403,
    "carries_no_goals": 403,
    "on_no_team": 403,
    "missing_scope": 403,
    "no_such_rep": 404,
    "not_a_member": 404,
    "no_such_request": 404,
    "no_such_team": 404,
    "no_such_token": 404,
    "no_such_reminder": 404,
    "no_goals_that_month": 404,
    "reminder_gone": 404,
    "already_asked": 409,
    "already_on_a_team": 409,
    "changed_meanwhile": 409,
    "corrected_meanwhile": 409,
    "currency_changed": 409,
    "deadline_passed": 409,
    "after_the_deadline": 409,
    "goal_locked": 409,
    "month_not_frozen": 409,
    "month_over": 409,
    "month_too_far": 409,
    "nobody_decides": 409,
    "nobody_to_nudge": 409,
    "nothing_to_remind_of": 409,
    "reminder_answered": 409,
    "reminder_replaced": 409,
    "request_decided": 409,
    "too_late_to_undo": 409,
    "rate_limited": 429,
}
"""The status of each refusal, by its code; input that is wrong isn't listed: it is 422."""


class ScopeLacking(NotAllowed):
    """The token wasn't made for this; `scope` is the one that it lacks."""

    code = "missing_scope"


class TooManyRequests(Refusal):
    """The token has sent too many requests; `retry_after` is in seconds."""

    code = "rate_limited"


class FieldProblem(BaseModel):
    """One input at fault."""

    field: str = Field(examples=["signup_goal"])
    message: str = Field(examples=["Signups go from 0 to 100,000."])


class ProblemDetails(BaseModel):
    """An error, as RFC 9457 describes it."""

    type: str = Field(description="A link to this kind of problem.", examples=["/docs#goal_locked"])
    title: str = Field(description="The kind of problem in words.", examples=["Goal locked"])
    status: int = Field(examples=[409])
    detail: str = Field(
        description="A sentence for people.", examples=["These goals can't be changed any more."]
    )
    code: str = Field(
        description="The kind of problem; it stays the same for good.", examples=["goal_locked"]
    )
    field: str | None = Field(default=None, description="The input at fault, if there is one.")
    errors: list[FieldProblem] | None = Field(default=None, description="Every input at fault.")


_MEANINGS = {
    400: "The body isn't JSON that can be read.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The token's scopes or its user's role don't allow this.",
    404: "There is no such thing in this workspace.",
    409: "It can't be done as things stand.",
    413: "The body is too large.",
    422: "An input is wrong; `field` or `errors` names it.",
    429: "Too many requests with this token; `Retry-After` says when to go on.",
    503: "The database is away for the moment; `Retry-After` says when to try again.",
}
_SCHEMA = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": meaning, "content": {MEDIA_TYPE: _SCHEMA}}
    for status, meaning in _MEANINGS.items()
}
"""What every route may answer besides its success, for the OpenAPI document."""


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    if refusal.code in STATUS:
        return STATUS[refusal.code]
    if isinstance(refusal, InvalidInput):
        return 422
    return 403 if isinstance(refusal, NotAllowed) else 409


def problem_of(refusal: Refusal) -> ProblemDetails:
    """Return the document of a refusal."""
    errors = None
    if isinstance(refusal, Mistakes):
        errors = [FieldProblem(field=name, message=why) for name, why in refusal.problems.items()]
    return problem(refusal.code, status_of(refusal), refusal.message, refusal.field, errors)


def problem(
    code: str,
    status: int,
    detail: str,
    field: str | None = None,
    errors: list[FieldProblem] | None = None,
) -> ProblemDetails:
    """Return the document of an error with this code."""
    title = code.replace("_", " ").capitalize()
    return ProblemDetails(
        type=f"/docs#{code}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        field=field,
        errors=errors,
    )


def answered(found: ProblemDetails, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the document as a response."""
    body = found.model_dump(exclude_none=True)
    return JSONResponse(body, found.status, dict(headers or {}), media_type=MEDIA_TYPE)


def add_problems(app: FastAPI) -> None:
    """Have the app answer every error with problem details."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _failed)
    for away in DATABASE_AWAY:
        app.add_exception_handler(away, _away)


def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    headers = {}
    if status_of(error) == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.facts["retry_after"])
    return answered(problem_of(error), headers)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [
        FieldProblem(field=_place(each["loc"]), message=str(each["msg"]).removeprefix("Value error, "))
        for each in error.errors()
    ]
    detail = " ".join(f"{each.field}: {each.message}." for each in found)
    return answered(problem("invalid_input", 422, detail, found[0].field, found))


def _place(location: tuple[int | str, ...]) -> str:
    """Return the input's name without where it came in: `("body", "signup_goal")` is `signup_goal`."""
    inside = [str(part) for part in location[1:]]
    # The name may be the client's own, with halves of characters that UTF-8 can't write.
    name = ".".join(inside) or str(location[0])
    return name.encode("utf-8", "replace").decode()[:_NAME_MAX]


_NAME_MAX = 200
_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


def _plain(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "http_error")
    return answered(problem(code, error.status_code, str(error.detail)), error.headers)


def _away(_request: Request, error: Exception) -> JSONResponse:
    log.warning("the API couldn't reach the database (%s)", type(error).__name__)
    why = "Goalkeeper can't reach its database right now. Please try again."
    return answered(problem("database_away", 503, why), {"Retry-After": str(AWAY_FOR)})


def _failed(_request: Request, _error: Exception) -> JSONResponse:
    # Starlette raises the error again behind the answer, so the server's log has it.
    return answered(problem("internal_error", 500, "Something went wrong on our side. It has been logged."))
