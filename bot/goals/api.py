"""Routes about goals: the current month and year, history, pending deadlines, and setting goals."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from babel.numbers import format_decimal
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.http.api.calls import Call, Turn, calling
from bot.http.api.paging import Id, ListPage, Paging, Words, paging
from domain.access.rules import Scope
from domain.goals import lists, service
from domain.goals.figures import MONTHLY_SIGNUPS_MAX, TIER_MAX, YEARLY_SIGNUPS_MAX, TypedFigures
from domain.goals.lists import ALL_MONTHS, CurrentMonth, CurrentYear, MonthOfHistory, PendingDeadline
from domain.goals.service import GoalSet, SetOutcome
from domain.people.model import RepId
from domain.people.rules import Person
from domain.periods import Kind, Period, local_date

Reads = Annotated[Call, calling(Scope.GOALS_READ)]
Writes = Annotated[Call, calling(Scope.GOALS_WRITE)]
Asked = Annotated[Paging, Depends(paging)]
OneRep = Annotated[Id | None, Query(description="This rep alone; everybody the token may see otherwise.")]
RepInPath = Annotated[Id, Path(description="The rep's id (`sales_rep_id`).")]
Year = Annotated[int, Field(ge=2024, le=9998)]
Month = Annotated[int, Field(ge=1, le=12)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]

router = APIRouter(tags=["goals"])


@router.get("/goals/monthly/current", response_model=ListPage[CurrentMonth])
async def read_current_months(call: Reads, asked: Asked, rep_id: OneRep = None) -> Response:
    """Every rep's current month, by the rep's own calendar: goals, actuals, percents, tier, health."""

    async def work(turn: Turn) -> ListPage[CurrentMonth]:
        [after] = asked.after(0)
        found = await lists.current_months(turn.session, turn.person, after, asked.asked, rep_id)
        return asked.page(found, lambda each: [each.sales_rep_id])

    return await call.read(ListPage[CurrentMonth], work)


@router.get("/goals/yearly/current", response_model=ListPage[CurrentYear])
async def read_current_years(call: Reads, asked: Asked, rep_id: OneRep = None) -> Response:
    """Every rep's current year: goals, actuals, percents, and the targets a month."""

    async def work(turn: Turn) -> ListPage[CurrentYear]:
        [after] = asked.after(0)
        found = await lists.current_years(turn.session, turn.person, after, asked.asked, rep_id)
        return asked.page(found, lambda each: [each.sales_rep_id])

    return await call.read(ListPage[CurrentYear], work)


@router.get("/goals/pending-deadlines", response_model=ListPage[PendingDeadline])
async def read_pending_deadlines(call: Reads, asked: Asked, rep_id: OneRep = None) -> Response:
    """Reps who still have to set the current month's goals, and reminders that wait for an answer."""

    async def work(turn: Turn) -> ListPage[PendingDeadline]:
        [after] = asked.after(0)
        found = await lists.pending(turn.session, turn.person, after, asked.asked, rep_id)
        return asked.page(found, lambda each: [each.sales_rep_id])

    return await call.read(ListPage[PendingDeadline], work)


@router.get("/goals/history/{rep_id}", response_model=ListPage[MonthOfHistory])
async def read_history(call: Reads, asked: Asked, rep_id: RepInPath) -> Response:
    """A rep's months, the newest first."""

    async def work(turn: Turn) -> ListPage[MonthOfHistory]:
        await turn.rep(rep_id)
        [before] = asked.after(ALL_MONTHS)
        found = await lists.history(turn.session, RepId(rep_id), asked.asked, before)
        return asked.page(found, lambda each: [each.goal_year * 12 + each.goal_month - 1])

    return await call.read(ListPage[MonthOfHistory], work)


class GoalsWanted(BaseModel):
    """What setting a month's and a year's goals has in common."""

    model_config = ConfigDict(extra="forbid")

    rep_id: Id | None = Field(default=None, description="The token's own user unless given.")
    year: Year | None = Field(default=None, description="The current one unless given.")
    revenue_goal: Money | None = Field(default=None, description="Kept as it is unless given; 0 for none.")
    reason: Words | None = Field(default=None, description="Needed to change somebody else's goals.")


class MonthlyGoalsWanted(GoalsWanted):
    """A month's goals to set."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"rep_id": 7, "signup_goal": 20, "revenue_goal": "50000", "bonus_tier_goal": 3}]
        }
    )

    month: Month | None = Field(default=None, description="The current one unless given, as is the year.")
    signup_goal: int | None = Field(default=None, ge=0, le=MONTHLY_SIGNUPS_MAX)
    bonus_tier_goal: int | None = Field(default=None, ge=0, le=TIER_MAX)

    @model_validator(mode="after")
    def _names_a_whole_month(self) -> Self:
        if (self.year is None) != (self.month is None):
            raise ValueError("Name both year and month, or neither")
        return self


class YearlyGoalsWanted(GoalsWanted):
    """A year's goals to set."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"rep_id": 7, "year": 2026, "signup_goal": 240, "revenue_goal": "600000"}]
        }
    )

    signup_goal: int | None = Field(default=None, ge=0, le=YEARLY_SIGNUPS_MAX)


class GoalsSaved(BaseModel):
    """Goals as they stand after setting them; a year has no deadline."""

    sales_rep_id: int
    period: str = Field(examples=["2026-02"])
    outcome: SetOutcome
    signup_goal: int
    revenue_goal: Decimal
    bonus_tier_goal: int | None
    deadline: datetime | None
    set_by_deadline: bool | None


@router.post("/goals/monthly/set", response_model=GoalsSaved)
async def set_month(call: Writes, wanted: MonthlyGoalsWanted) -> Response:
    """Set or change a rep's goals for a month, by the rules that hold in Slack.

    A rep can until the deadline; managers and admins can later too, with a reason, and the rep is told.
    """

    async def work(turn: Turn) -> GoalsSaved:
        person = await turn.rep(wanted.rep_id)
        period = _current(turn, person, Kind.MONTH)
        if wanted.year is not None and wanted.month is not None:
            period = Period.of_month(wanted.year, wanted.month)
        typed = _typed(wanted, wanted.signup_goal, person, tier=wanted.bonus_tier_goal)
        return await _set(turn, person, period, typed, wanted.reason)

    return await call.write(GoalsSaved, work)


@router.post("/goals/yearly/set", response_model=GoalsSaved)
async def set_year(call: Writes, wanted: YearlyGoalsWanted) -> Response:
    """Set or change a rep's goals for a year."""

    async def work(turn: Turn) -> GoalsSaved:
        person = await turn.rep(wanted.rep_id)
        period = _current(turn, person, Kind.YEAR)
        if wanted.year is not None:
            period = Period.of_year(wanted.year)
        return await _set(turn, person, period, _typed(wanted, wanted.signup_goal, person), wanted.reason)

    return await call.write(GoalsSaved, work)


async def _set(
    turn: Turn, person: Person, period: Period, typed: TypedFigures, reason: str | None
) -> GoalsSaved:
    goal = await service.set_goal(turn.session, turn.now, turn.actor, person, period, typed, reason)
    return _saved(person.carrying_goals(turn.person.user_id).id, goal)


def _saved(sales_rep_id: RepId, goal: GoalSet) -> GoalsSaved:
    return GoalsSaved(
        sales_rep_id=sales_rep_id,
        period=str(goal.period),
        outcome=goal.outcome,
        signup_goal=goal.figures.signups,
        revenue_goal=goal.figures.revenue,
        bonus_tier_goal=goal.figures.tier if goal.period.kind is Kind.MONTH else None,
        deadline=goal.deadline,
        set_by_deadline=goal.in_time,
    )


def _current(turn: Turn, person: Person, kind: Kind) -> Period:
    return Period.containing(local_date(turn.now, person.zone), kind)


def _typed(wanted: GoalsWanted, signups: int | None, person: Person, tier: int | None = None) -> TypedFigures:
    """Return the figures as the person would type them: one rule reads what comes in at every door."""

    def typed(number: Decimal | int | None) -> str | None:
        return None if number is None else format_decimal(number, format="0.##", locale=person.locale)

    return TypedFigures(typed(signups), typed(wanted.revenue_goal), None if tier is None else str(tier))
