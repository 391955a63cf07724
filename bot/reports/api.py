"""The route of monthly reports."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from bot.http.api.calls import Call, Turn, calling
from domain.access.rules import Scope
from domain.errors import NotAllowed
from domain.periods import Period
from domain.progress import reports
from domain.progress.reports import Ending, RepMonth, Report, Stage

Reads = Annotated[Call, calling(Scope.REPORTS_READ)]

router = APIRouter(tags=["reports"])


class RepReported(BaseModel):
    """One rep's line of a report; goals are null if they weren't set."""

    sales_rep_id: int
    name: str
    team: str
    ending: Ending
    signup_goal: int | None
    signups_actual: int
    signup_progress_percent: Decimal | None
    revenue_goal: Decimal | None
    revenue_actual: Decimal
    revenue_progress_percent: Decimal | None
    bonus_tier_actual: int
    bonus_amount: Decimal
    set_by_deadline: bool


class MonthReported(BaseModel):
    """A month of the reps somebody leads: the best endings first, then by name."""

    period: str = Field(examples=["2026-01"])
    stage: Stage
    is_revised: bool
    currency: str
    set_by_deadline: int
    bonus_amount: Decimal
    as_of: datetime
    reps: list[RepReported]


@router.get("/reports/monthly/{month}/{year}", response_model=MonthReported)
async def read_report(
    call: Reads,
    month: Annotated[int, Path(ge=1, le=12)],
    year: Annotated[int, Path(ge=2024, le=9998)],
) -> Response:
    """A month's report: a manager's on their teams, an admin's on everybody."""

    async def work(turn: Turn) -> MonthReported:
        person = turn.person
        if not person.is_admin and not person.is_manager:
            raise NotAllowed("Reports are for managers and admins.")
        found = await reports.report(
            turn.session, Period.of_month(year, month), person.user_id, everybody=person.is_admin
        )
        return _reported(found)

    return await call.read(MonthReported, work)


def _reported(report: Report) -> MonthReported:
    return MonthReported(
        period=str(report.month),
        stage=report.stage,
        is_revised=report.is_revised,
        currency=report.currency,
        set_by_deadline=report.in_time,
        bonus_amount=report.bonus,
        as_of=report.now,
        reps=[_rep(each) for each in report.reps],
    )


def _rep(rep: RepMonth) -> RepReported:
    return RepReported(
        sales_rep_id=rep.sales_rep_id,
        name=rep.name,
        team=rep.team,
        ending=rep.ending,
        signup_goal=rep.signup_goal if rep.is_set else None,
        signups_actual=rep.signups,
        signup_progress_percent=rep.signup_percent if rep.is_set else None,
        revenue_goal=rep.revenue_goal if rep.is_set else None,
        revenue_actual=rep.revenue,
        revenue_progress_percent=rep.revenue_percent if rep.is_set else None,
        bonus_tier_actual=rep.tier,
        bonus_amount=rep.bonus,
        set_by_deadline=rep.in_time,
    )
