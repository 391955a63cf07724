"""Requests to join a team, and the decision of its manager or an admin."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to
from domain.errors import NotAllowed
from domain.outbox.model import Mode
from domain.outbox.service import intent
from domain.people import memberships, team_queries
from domain.people.changes import Subject, record
from domain.people.errors import (
    AlreadyAsked,
    AlreadyOnATeam,
    NobodyDecides,
    NoSuchRequest,
    RequestDecided,
)
from domain.people.model import TeamId, UserId
from domain.people.rules import Actor, Person
from domain.people.team_queries import Request

REQUEST = "teams.join_request"
"""Facts: request_id, user_id (the reader)."""
DECIDED = "teams.join_decided"
"""Facts: request_id."""


class Decision(StrEnum):
    """The result of a request to join."""

    ADDED = "added"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """The person has left, or is on another team by now."""


class JoinRequest(Tenant, Base):
    """A request to join a team; at most one for a person and team is open."""

    __tablename__ = "join_requests"
    __keys__ = (
        belongs_to("user_id", "users"),
        belongs_to("team_id", "teams"),
        belongs_to("decided_by", "users"),
        CheckConstraint("decision IN ('added', 'declined', 'lapsed')", name="decision"),
        CheckConstraint("num_nulls(decision, decided_by, decided_at) IN (0, 3)", name="decided"),
        Index(
            "uq_join_requests_open",
            "workspace_id",
            "user_id",
            "team_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_join_requests_user_id", "workspace_id", "user_id"),
        Index("ix_join_requests_team_id", "workspace_id", "team_id"),
    )

    user_id: Mapped[int]
    team_id: Mapped[int]
    asked_of: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """The users who were asked to decide; their messages show the decision."""
    decision: Mapped[Decision | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


def _to_reader(mode: Mode) -> str:
    """SQL: the message to a decider; it is edited when the request has been decided."""
    return intent(
        mode=f"'{mode}'",
        kind=f"'{REQUEST}'",
        audience="'user:' || reader",
        subject="'join'",
        part="q.id || ':' || reader",
        facts="jsonb_build_object('request_id', q.id, 'user_id', reader)",
    )


_ASK = text(f"""
WITH q AS (
    INSERT INTO join_requests (user_id, team_id, asked_of)
    VALUES (:user_id, :team_id, CAST(:readers AS bigint[]))
        ON CONFLICT (workspace_id, user_id, team_id) WHERE decided_at IS NULL DO NOTHING
    RETURNING id, asked_of
), said AS (
    SELECT goalkeeper_say(array_agg({_to_reader(Mode.POST)})) AS count FROM q, unnest(q.asked_of) AS reader
)
SELECT q.id FROM q, said
""")


async def ask(session: AsyncSession, person: Person, team_id: TeamId) -> Request:
    """Ask whoever decides to take this person into a team; returns what was asked.

    Raises:
        AlreadyOnATeam: they belong to a team.
        AlreadyAsked: their request for this team is still open.
        NobodyDecides: there is no such team, or nobody who could decide.
    """
    check_may_ask(person)
    await memberships.one_at_a_time(session)
    readers = await team_queries.deciders(session, team_id)
    if not readers:
        raise NobodyDecides("Nobody can decide on that team now. Ask an admin of this workspace.")
    values = {"user_id": person.user_id, "team_id": team_id, "readers": list(readers)}
    request_id = (await session.execute(_ASK, values)).scalar_one_or_none()
    if request_id is None:
        raise AlreadyAsked(
            "You have asked to join that team already, and it is not decided yet.", field="team"
        )
    return await _request(session, request_id, person.user_id)


def check_may_ask(person: Person) -> None:
    """Raise `AlreadyOnATeam` if this person is on a team."""
    if person.rep is not None and person.rep.is_active and person.team:
        team = person.team.name
        raise AlreadyOnATeam(f"You are on {team} already. An admin can move you.", team=team)


async def _request(session: AsyncSession, request_id: int, reader: UserId) -> Request:
    request = await team_queries.request(session, request_id, reader)
    if request is None:
        raise NoSuchRequest("That request is not there any more.")
    return request


_TO_ASKER = intent(
    mode="'post'",
    kind=f"'{DECIDED}'",
    audience="'user:' || q.user_id",
    subject="'join'",
    part="format('%s:%s', q.id, 'asker')",
    facts="jsonb_build_object('request_id', q.id)",
)
_SETTLE = f"""
WITH q AS (
    {{update}}
    RETURNING j.id, j.user_id, j.asked_of, j.decision
)
SELECT goalkeeper_say(array_agg(said))
  FROM (SELECT {_TO_ASKER} AS said FROM q WHERE q.decision <> 'lapsed'
        UNION ALL
        SELECT {_to_reader(Mode.EDIT)} FROM q, unnest(q.asked_of) AS reader) AS intents
"""
_SETTLE_ONE = text(
    _SETTLE.format(
        update="""
    UPDATE join_requests j SET decision = :decision, decided_by = :by, decided_at = CAST(:now AS timestamptz)
     WHERE j.id = :request_id AND j.decided_at IS NULL"""
    )
)
_SETTLE_JOINED = text(
    _SETTLE.format(
        update="""
    UPDATE join_requests j
       SET decision = CASE WHEN j.team_id = :team_id THEN 'added' ELSE 'lapsed' END,
           decided_by = :by, decided_at = CAST(:now AS timestamptz)
      FROM users u
     WHERE u.workspace_id = j.workspace_id AND u.id = j.user_id AND u.slack_id = ANY(:slack_ids)
       AND j.decided_at IS NULL"""
    )
)


async def decide(session: AsyncSession, now: datetime, actor: Actor, request_id: int, *, add: bool) -> None:
    """Add the person who asked to the team, or decline; tell them, and update the messages to the deciders.

    If they have left meanwhile or are on another team, the request lapses and nothing else happens.

    Raises:
        RequestDecided: it is decided already.
        NotAllowed: it is not (or no longer) `actor`'s to decide.
    """
    await memberships.one_at_a_time(session)
    request = await _request(session, request_id, actor.user_id)
    _check_open(request)
    _check_decides(request)
    decision = _decision(request, add=add)
    if decision is Decision.ADDED and request.team_id != request.on_team:
        await memberships.take_in(session, now, request.team_id, [request.slack_id])
        joined = {"members": (None, [request.slack_id])}
        await record(session, actor.user_id, Subject.TEAM, joined, subject_ids=[request.team_id])
    values = {"request_id": request_id, "decision": decision.value, "by": actor.user_id, "now": now}
    await session.execute(_SETTLE_ONE, values)
    if decision is Decision.ADDED:
        await settle_joined(session, now, actor.user_id, request.team_id, [request.slack_id])


def _check_open(request: Request) -> None:
    if request.decision is None:
        return
    match Decision(request.decision):
        case Decision.ADDED:
            raise RequestDecided(f"{request.decided_by} added {request.name} to {request.team} already.")
        case Decision.DECLINED:
            raise RequestDecided(f"{request.decided_by} declined that already. {request.name} can ask again.")
        case Decision.LAPSED:
            raise RequestDecided(
                f"That request of {request.name}'s is over: there is nobody to add any more."
            )


def _check_decides(request: Request) -> None:
    if not request.may_decide:
        who = (
            f"{request.manager} manages {request.team} now"
            if request.manager
            else "You don't manage that team"
        )
        raise NotAllowed(f"{who}, so this is not yours to decide. An admin can, too.")


def _decision(request: Request, *, add: bool) -> Decision:
    here = request.team_id == request.on_team
    if not request.takes_part or (request.on_team and not (here and add)):
        return Decision.LAPSED
    return Decision.ADDED if add else Decision.DECLINED


async def settle_joined(
    session: AsyncSession, now: datetime, by: UserId, team_id: TeamId, slack_ids: Collection[str]
) -> None:
    """Close what those who have just joined a team had asked for; one statement, however many."""
    if slack_ids:
        values = {"team_id": team_id, "by": by, "now": now, "slack_ids": list(slack_ids)}
        await session.execute(_SETTLE_JOINED, values)


_REFRESH_OPEN = text(f"""
SELECT goalkeeper_say(array_agg({_to_reader(Mode.EDIT)}))
  FROM join_requests q, unnest(q.asked_of) AS reader
 WHERE q.team_id = ANY(:team_ids) AND q.decided_at IS NULL
""")
_PASS_ON = text(f"""
WITH deciders AS (
    SELECT team_id, leader_id AS reader FROM team_leaders WHERE team_id = ANY(:team_ids) ORDER BY leader_id
), q AS (
    UPDATE join_requests j
       SET asked_of = j.asked_of || ARRAY(SELECT d.reader FROM deciders d
                                           WHERE d.team_id = j.team_id AND d.reader <> ALL (j.asked_of))
     WHERE j.team_id = ANY(:team_ids) AND j.decided_at IS NULL
    RETURNING j.id, j.team_id
)
SELECT goalkeeper_say(array_agg({_to_reader(Mode.POST)})) FROM q JOIN deciders AS d USING (team_id)
""")


async def pass_on(session: AsyncSession, team_ids: Collection[TeamId]) -> None:
    """Send the open requests for these teams to their present deciders, and tell the former ones."""
    if team_ids:
        await session.execute(_REFRESH_OPEN, {"team_ids": list(team_ids)})
        await session.execute(_PASS_ON, {"team_ids": list(team_ids)})


async def pass_on_from(session: AsyncSession, slack_id: str) -> None:
    """Pass requests to a manager who has left on to the admins; do nothing if the manager is still here."""
    if left_behind := await team_queries.left_behind(session, slack_id):
        await memberships.one_at_a_time(session)
        await pass_on(session, left_behind)
