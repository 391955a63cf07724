"""A call of the API: whose token it carries, its transaction, its reply; what all routes have in common."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from bot.http.api.limits import RateLimit
from bot.http.api.problems import ScopeLacking
from domain.access import replies, tokens
from domain.access.replies import KEY_MAX, Reply
from domain.access.rules import Scope
from domain.access.tokens import TokenFound, TokenNotAccepted
from domain.db import Database
from domain.errors import InvalidInput, NoSuchRep, NotAllowed
from domain.people import queries as people
from domain.people.model import Door, RepId
from domain.people.rules import Actor, Person, check_takes_part

JSON = "application/json"
REP = "rep_id"

_BEARER = HTTPBearer(auto_error=False, description="A token made by `goalkeeper token create`.")


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """What calls need: the database, and the limit of each token."""

    database: Database
    limit: RateLimit


@dataclass(frozen=True, slots=True)
class Turn:
    """The transaction of one call, and the person the token acts for, as read in it."""

    session: AsyncSession
    now: datetime
    person: Person

    @property
    def actor(self) -> Actor:
        """The person at this door."""
        return self.person.through(Door.API)

    async def rep(self, rep_id: int | None) -> Person:
        """Return the rep that is meant, or the token's own user when none is named.

        Raises:
            NoSuchRep: there is no such rep in this workspace.
            NotAllowed: the person may not see that rep's numbers.
        """
        if rep_id is None:
            self.person.carrying_goals(self.person.user_id)
            return self.person
        found = await people.by_rep(self.session, RepId(rep_id))
        if found is None:
            raise NoSuchRep("I don't know this rep.", field=REP)
        self._check_may(found)
        return found

    async def reps(self, rep_ids: Iterable[int]) -> list[RepId]:
        """Return the reps of these ids, as `rep` does, in one statement; all of them or none.

        Raises:
            NoSuchRep: one of them isn't in this workspace.
            NotAllowed: the person may not see the numbers of one of them.
        """
        wanted = {RepId(each) for each in rep_ids}
        found = await people.by_reps(self.session, wanted)
        if len(found) < len(wanted):
            raise NoSuchRep("I don't know one of these reps.", field="rep_ids")
        for person in found:
            self._check_may(person)
        return sorted(wanted)

    def _check_may(self, rep: Person) -> None:
        if rep.user_id != self.person.user_id and not self.actor.leads(rep):
            raise NotAllowed(f"Only {rep.name}, their manager or an admin can do this.", field=REP)


class Call:
    """One request with a valid token."""

    def __init__(self, door: ApiDoor, token: TokenFound, request: Request, key: str | None) -> None:
        self._door = door
        self._token = token
        self._request = request
        self._key = key

    @asynccontextmanager
    async def turn(self, patience: str | None = None) -> AsyncIterator[Turn]:
        """Open the call's transaction; rights are those that the token's user has in it."""
        async with self._door.database.workspace(self._token.workspace_id, patience=patience) as tx:
            await tokens.check_holds(tx.session, self._token.id)
            person = await people.by_user(tx.session, self._token.user_id)
            if person is None:
                raise tokens.not_accepted()
            check_takes_part(person)
            yield Turn(tx.session, tx.now, person)

    async def read(self, kind: Any, work: Callable[[Turn], Awaitable[Any]]) -> Response:
        """Answer with what `work` returns, or with 304 if the client has it already."""
        async with self.turn() as turn:
            found = await work(turn)
        body = _written(kind, found)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
        known = self._request.headers.get("if-none-match", "")
        if known.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in known.split(",")):
            return Response(status_code=304, headers=headers)
        return Response(body, 200, headers, JSON)

    async def write(self, kind: Any, work: Callable[[Turn], Awaitable[Any]], status: int = 200) -> Response:
        """Answer with what `work` returns; with an idempotency key, a call sent again does nothing."""
        fingerprint = await self._fingerprint() if self._key else ""
        async with self.turn() as turn:
            if self._key:
                known = await replies.claim(turn.session, self._token.id, self._key, fingerprint)
                if known is not None:
                    headers = {"Idempotent-Replayed": "true"}
                    return Response(known.body, known.status, headers, JSON)
            body = _written(kind, await work(turn))
            if self._key:
                await replies.keep(turn.session, self._token.id, self._key, Reply(status, body.decode()))
        return Response(body, status, media_type=JSON)

    async def _fingerprint(self) -> str:
        request = self._request
        said = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
        return hashlib.sha256(said + await request.body()).hexdigest()


def _written(kind: Any, found: Any) -> bytes:
    return TypeAdapter(kind).dump_json(found)


def calling(scope: Scope) -> Any:
    """Return the dependency of routes that need this scope."""

    async def call(
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
        idempotency_key: Annotated[
            str | None,
            Header(
                description=f"1 to {KEY_MAX} characters, for requests that change something: the same "
                "request with the same key is done once and answered alike for a day."
            ),
        ] = None,
    ) -> Call:
        door: ApiDoor = request.app.state.door
        if bearer is None:
            raise TokenNotAccepted("Send a token: `Authorization: Bearer gk_…`.")
        async with door.database.everywhere() as tx:
            token = await tokens.find(tx.session, bearer.credentials)
        door.limit.take(token.id)
        if scope not in token.scopes:
            raise ScopeLacking(f"This token wasn't made for {scope}.", scope=scope.value)
        return Call(door, token, request, _checked(idempotency_key))

    return Depends(call)


def _checked(key: str | None) -> str | None:
    if key is not None and not (1 <= len(key) <= KEY_MAX and key.isprintable()):
        raise InvalidInput(f"An idempotency key has 1 to {KEY_MAX} characters.", field=replies.KEY)
    return key
