"""Routes about progress: a month measured, a snapshot on demand, and totals as absolute figures."""

from decimal import Decimal
from typing import Annotated, Self

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.http.api.calls import Call, Turn, calling
from bot.http.api.paging import Id
from domain import flow
from domain.access.rules import Scope
from domain.activity.correcting import Figure
from domain.activity.model import REVENUE, SIGNUPS
from domain.errors import InvalidInput, Refusal
from domain.goals.figures import TIER_MAX
from domain.people.model import RepId
from domain.periods import Kind, Period, local_date
from domain.progress import measuring, service
from domain.progress.measuring import MonthMeasured
from domain.reminders.errors import NoGoalsThatMonth

Reads = Annotated[Call, calling(Scope.GOALS_READ)]
Writes = Annotated[Call, calling(Scope.GOALS_WRITE)]
Feeds = Annotated[Call, calling(Scope.ACTIVITY_WRITE)]
Year = Annotated[int, Field(ge=2024, le=9998)]
Month = Annotated[int, Field(ge=1, le=12)]

SNAPSHOT_REPS_MAX = 1_000

router = APIRouter(tags=["progress"])


class TierIsDerived(InvalidInput):
    """A bonus tier was sent that doesn't follow from the signups."""

    code = "tier_is_derived"


@router.get("/goals/progress/{rep_id}/{month}/{year}", response_model=MonthMeasured)
async def read_progress(
    call: Reads,
    rep_id: Annotated[Id, Path(description="The rep's id (`sales_rep_id`).")],
    month: Annotated[Month, Path()],
    year: Annotated[Year, Path()],
) -> Response:
    """How a rep's month goes: percents, what is expected by now, what is needed a day, and the projection."""

    async def work(turn: Turn) -> MonthMeasured:
        await turn.rep(rep_id)
        return await _measured(turn, RepId(rep_id), Period.of_month(year, month))

    return await call.read(MonthMeasured, work)


async def _measured(turn: Turn, rep_id: RepId, month: Period) -> MonthMeasured:
    found = await measuring.measured(turn.session, rep_id, month)
    if found is None:
        raise NoGoalsThatMonth(f"There are no goals for {month}.")
    return found


class SnapshotWanted(BaseModel):
    """The reps to take a snapshot of."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"rep_ids": [7, 8]}]})

    rep_ids: list[Id] | None = Field(
        default=None,
        min_length=1,
        max_length=SNAPSHOT_REPS_MAX,
        description="The token's own user unless given.",
    )


class SnapshotsTaken(BaseModel):
    """How many snapshots were taken; reps without a current month have none."""

    taken: int


@router.post("/goals/snapshot", response_model=SnapshotsTaken, status_code=201)
async def take_snapshot(call: Writes, wanted: SnapshotWanted) -> Response:
    """Keep how reps stand right now, in place of what was taken on demand earlier that day."""

    async def work(turn: Turn) -> SnapshotsTaken:
        reps = await _reps(turn, wanted.rep_ids)
        return SnapshotsTaken(taken=await service.take_ad_hoc(turn.session, reps))

    return await call.write(SnapshotsTaken, work, 201)


async def _reps(turn: Turn, rep_ids: list[int] | None) -> list[RepId]:
    if rep_ids is None:
        return [turn.person.carrying_goals(turn.person.user_id).id]
    return await turn.reps(rep_ids)


class TotalsSaid(BaseModel):
    """What the totals of a rep's month are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rep_id": 7, "signups_actual": 15, "revenue_actual": "32000.50"}]},
    )

    rep_id: Id | None = Field(default=None, description="The token's own user unless given.")
    year: Year | None = None
    month: Month | None = Field(default=None, description="The current one unless given, as is the year.")
    signups_actual: int | None = Field(default=None, ge=0, le=100_000)
    revenue_actual: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=2)
    bonus_tier_actual: int | None = Field(
        default=None, ge=0, le=TIER_MAX, description="It follows from the signups; another one is refused."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.year is None) != (self.month is None):
            raise ValueError("Name both year and month, or neither")
        if self.signups_actual is None and self.revenue_actual is None:
            raise ValueError("Give signups_actual, revenue_actual or both")
        return self


@router.put("/goals/monthly/progress", response_model=MonthMeasured)
async def set_totals(call: Feeds, said: TotalsSaid) -> Response:
    """Say what a rep's totals of a month are; the difference becomes an entry of the ledger.

    Sending the same totals again changes nothing.
    """

    async def work(turn: Turn) -> MonthMeasured:
        person = await turn.rep(said.rep_id)
        rep_id = person.carrying_goals(turn.person.user_id).id
        month = Period.containing(local_date(turn.now, person.zone), Kind.MONTH)
        if said.year is not None and said.month is not None:
            month = Period.of_month(said.year, said.month)
        await _say(turn, rep_id, month, said, person.currency)
        found = await _measured(turn, rep_id, month)
        if said.bonus_tier_actual not in (None, found.bonus_tier_actual):
            raise TierIsDerived(
                f"The bonus tier follows from the signups: {found.signups_actual} make tier "
                f"{found.bonus_tier_actual}.",
                field="bonus_tier_actual",
            )
        return found

    return await call.write(MonthMeasured, work)


async def _say(turn: Turn, rep_id: RepId, month: Period, said: TotalsSaid, currency: str) -> None:
    totals = ((SIGNUPS, said.signups_actual), (REVENUE, said.revenue_actual))
    figures = [Figure(rep_id, metric, month, Decimal(total)) for metric, total in totals if total is not None]
    written = await flow.set_activity_totals(turn.session, turn.now, turn.actor, figures, currency=currency)
    for figure, recorded in zip(figures, written, strict=True):
        if recorded is not None and recorded.refusal is not None:
            raise _about(recorded.refusal, f"{figure.metric}_actual")


def _about(refusal: Refusal, field: str) -> Refusal:
    """Return the refusal with this API's name of the input at fault."""
    refusal.field = field
    return refusal
