"""Routes about activity: recording one entry or many, the entries behind a number, and the metrics."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from bot.activity.rows import ActivityRow, RowRead, read_csv, read_json_lines
from bot.http.api.calls import JSON, Call, Turn, calling
from bot.http.api.paging import Id, ListPage, Paging, paging
from domain import flow
from domain.access.rules import Scope
from domain.activity import queries
from domain.activity.model import EntryId
from domain.activity.queries import EntryRow, MetricRow, Whose
from domain.activity.recording import Entry, Outcome, Recorded
from domain.errors import InvalidInput, NotAllowed, Refusal
from domain.people.model import RepId, TeamId
from domain.periods import Kind, Period, local_date

Reads = Annotated[Call, calling(Scope.ACTIVITY_READ)]
Writes = Annotated[Call, calling(Scope.ACTIVITY_WRITE)]
Asked = Annotated[Paging, Depends(paging)]

BATCH = 5_000
"""Rows of a bulk in one transaction: what was sent before a connection broke is kept."""
BATCH_PATIENCE = "60s"
PROBLEMS_MAX = 1_000
"""Refused rows of a bulk that are named one by one."""

router = APIRouter(tags=["activity"])


class EntryRecorded(BaseModel):
    """What became of an entry."""

    outcome: Outcome
    entry_id: int | None = Field(description="The original entry: the new one, or the one that was known.")


class RowRefused(BaseModel):
    """A row of a bulk that wasn't taken in, and why."""

    line: int
    code: str
    field: str | None
    message: str


class BulkRecorded(BaseModel):
    """What became of the rows of a bulk; rows that were refused don't keep the others out."""

    rows: int = 0
    recorded: int = 0
    unchanged: int = 0
    amended: int = 0
    refused: int = 0
    problems: list[RowRefused] = Field(
        default_factory=list, description=f"The first {PROBLEMS_MAX:,} rows that were refused."
    )


_CSV_EXAMPLE = "rep_id,metric,amount,day,source,external_id\n7,revenue,5000.00,2026-02-03,salesforce,006-17\n"
_ROW = ActivityRow.model_json_schema()
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": _ROW},
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"rep_id": 7, "metric": "calls", "amount": 1, "external_id": "c-1"}\n',
            },
            "text/csv": {"schema": {"type": "string"}, "example": _CSV_EXAMPLE},
        },
    }
}


@router.post(
    "/activity",
    response_model=EntryRecorded | BulkRecorded,
    openapi_extra=_BODY,
    responses={415: {"description": "The body is neither JSON, nor JSON lines, nor CSV."}},
)
async def record_activity(call: Writes, request: Request) -> Response:
    """Record an entry, or many of them as JSON lines or CSV, which are streamed.

    An entry from another system is known by `source` and `external_id`: the same again counts once, and with
    another amount or day it is amended. So a bulk that broke off is sent again from the beginning. Rows of a
    bulk that can't be taken in are listed, and the others go in.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match kind:
        case "application/json":
            return await _one(call, await request.body())
        case "application/x-ndjson" | "application/jsonl":
            return await _many(call, read_json_lines(request.stream()))
        case "text/csv":
            return await _many(call, read_csv(request.stream()))
        case _:
            raise HTTPException(415, f"Send {JSON}, application/x-ndjson or text/csv.")


async def _one(call: Call, body: bytes) -> Response:
    try:
        row = ActivityRow.model_validate_json(body)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(found) from None

    async def work(turn: Turn) -> EntryRecorded:
        person = await turn.rep(row.rep_id)
        entry = row.entry(person.carrying_goals(turn.person.user_id).id)
        [became] = await flow.record_activity(turn.session, turn.now, turn.actor, [entry])
        if became.refusal is not None:
            raise _named(became.refusal)
        return EntryRecorded(outcome=became.outcome, entry_id=became.entry_id)

    return await call.write(EntryRecorded, work)


async def _many(call: Call, rows: AsyncIterator[RowRead]) -> Response:
    done = BulkRecorded()
    batch: list[RowRead] = []
    async for row in rows:
        done.rows += 1
        batch.append(row)
        if len(batch) == BATCH:
            await _record(call, batch, done)
            batch = []
    await _record(call, batch, done)
    return Response(TypeAdapter(BulkRecorded).dump_json(done), media_type=JSON)


async def _record(call: Call, batch: list[RowRead], done: BulkRecorded) -> None:
    """Record a batch in a transaction of its own, and count what became of it."""
    became: list[tuple[int, Recorded]] = []
    refused = [(each.line, each.refusal) for each in batch if each.refusal is not None]
    async with call.turn(BATCH_PATIENCE) as turn:
        own = turn.person.rep.id if turn.person.rep and turn.person.carries_goals else None
        entries: list[tuple[int, Entry]] = []
        for each in batch:
            if each.row is None:
                continue
            try:
                entries.append((each.line, each.row.entry(own)))
            except Refusal as refusal:
                refused.append((each.line, refusal))
        recorded = await flow.record_activity(
            turn.session, turn.now, turn.actor, [entry for _, entry in entries]
        )
        became = list(zip((line for line, _ in entries), recorded, strict=True))
    refused += [(line, each.refusal) for line, each in became if each.refusal is not None]
    _count(done, [each.outcome for _, each in became], sorted(refused, key=lambda each: each[0]))


def _count(done: BulkRecorded, outcomes: list[Outcome], refused: list[tuple[int, Refusal]]) -> None:
    done.recorded += outcomes.count(Outcome.RECORDED)
    done.unchanged += outcomes.count(Outcome.UNCHANGED)
    done.amended += outcomes.count(Outcome.AMENDED)
    done.refused += len(refused)
    for line, refusal in refused[: PROBLEMS_MAX - len(done.problems)]:
        why = _named(refusal)
        done.problems.append(RowRefused(line=line, code=why.code, field=why.field, message=why.message))


def _named(refusal: Refusal) -> Refusal:
    """Return the refusal with this API's name of the input at fault."""
    if refusal.field == "rep":
        refusal.field = "rep_id"
    return refusal


@router.get("/activity", response_model=ListPage[EntryRow])
async def read_activity(
    call: Reads,
    asked: Asked,
    metric: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["revenue"])],
    rep_id: Annotated[
        Id | None, Query(description="This rep's entries; the token's own unless given.")
    ] = None,
    team_id: Annotated[Id | None, Query(description="The entries made in this team.")] = None,
    since: Annotated[date | None, Query(alias="from", description="First day; this month's first.")] = None,
    until: Annotated[date | None, Query(alias="to", description="Last day; this month's last.")] = None,
) -> Response:
    """The entries behind a number, the newest day first; an admin who is no rep gets everybody's."""

    async def work(turn: Turn) -> ListPage[EntryRow]:
        whose = await _whose(turn, rep_id, team_id)
        days = _days(turn, since, until)
        day, entry_id = asked.after(date.max.isoformat(), 0)
        before = (_day(day), EntryId(entry_id)) if asked.cursor else None
        found = await queries.entries(turn.session, metric, days, whose, before=before, most=asked.asked)
        return asked.page(found, lambda each: [each.occurred_on.isoformat(), each.id])

    return await call.read(ListPage[EntryRow], work)


async def _whose(turn: Turn, rep_id: int | None, team_id: int | None) -> Whose:
    if rep_id is not None and team_id is not None:
        raise InvalidInput("Name a rep or a team, not both.", field="team_id")
    if team_id is not None:
        if not turn.person.is_admin and TeamId(team_id) not in turn.person.manages:
            raise NotAllowed("Only the team's manager or an admin can see its entries.", field="team_id")
        return Whose(team_id=TeamId(team_id))
    if rep_id is None and turn.person.is_admin and not turn.person.carries_goals:
        return Whose()
    person = await turn.rep(rep_id)
    assert person.rep is not None
    return Whose(sales_rep_id=RepId(person.rep.id))


def _days(turn: Turn, since: date | None, until: date | None) -> Period:
    month = Period.containing(local_date(turn.now, turn.person.zone), Kind.MONTH)
    first, last = since or month.start, until or month.last_day
    if last < first or last >= date.max:
        raise InvalidInput("The last day comes before the first, or never comes.", field="to")
    return Period.between(first, last)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InvalidInput("This cursor isn't one of this list.", field="cursor") from None


@router.get("/metrics", response_model=list[MetricRow])
async def read_metrics(call: Reads) -> Response:
    """The workspace's metrics, in the order in which they are shown."""

    async def work(turn: Turn) -> list[MetricRow]:
        return await queries.catalogue(turn.session)

    return await call.read(list[MetricRow], work)
