"""How somebody stands: who may see it, and the figures of the card, all from goals and totals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.model import REVENUE, SIGNUPS
from domain.errors import CarriesNoGoals, InvalidInput, NoSuchRep, NotAllowed, OnNoTeam
from domain.goals.model import GoalStatus
from domain.people.model import Door
from domain.people.rules import ON_NO_TEAM, Person, Rep
from domain.periods import Kind, Period
from domain.progress import queries
from domain.progress.queries import MonthRow, PastMonth, RepStanding, Total, sums
from domain.progress.rules import (
    Aim,
    NextTier,
    Pace,
    burn_up_days,
    days_of_month,
    days_of_year,
    next_tier,
    pace,
)
from domain.workdays import DaysCounted

_DAY = timedelta(days=1)


class NotYourNumbers(NotAllowed):
    """Somebody asks for the numbers of a rep whom they don't lead."""

    code = "not_your_numbers"


class NoNumbersOfYourOwn(CarriesNoGoals):
    """A manager or admin without goals asks for their own numbers."""

    code = "no_numbers_of_your_own"


class NoNumbers(NoSuchRep):
    """The person asked about has never been on a sales team."""

    code = "no_numbers"


class MonthNotBegun(InvalidInput):
    """The month asked for is still to come."""

    code = "month_not_begun"


def rep_shown_to(actor: Person, person: Person) -> Rep:
    """Return the rep in a person, if the actor may see their numbers; a rep who has left has them still.

    Raises:
        NotYourNumbers: the actor is neither the person, nor their manager, nor an admin.
        NoNumbers: the person has never had goals, in a sentence that suits who asks.
    """
    if person.user_id != actor.user_id and not actor.through(Door.COMMAND).leads(person):
        raise NotYourNumbers(
            f"Only {person.name}, their manager or an admin can see {person.name}'s numbers."
        )
    if person.rep is not None:
        return person.rep
    if person.user_id != actor.user_id:
        raise NoNumbers(f"{person.name} isn't on a sales team, so there are no numbers to see.")
    if actor.is_manager or actor.is_admin:
        raise NoNumbersOfYourOwn("You don't have goals of your own.")
    raise OnNoTeam(ON_NO_TEAM)


class State(StrEnum):
    """What can be said of a month."""

    NOT_OPEN = "not_open"
    NOT_SET = "not_set"
    RUNNING = "running"
    """Set, and not over."""
    OVER = "over"
    """Past, or closed because the rep has left."""


@dataclass(frozen=True, slots=True)
class BurnUp:
    """What was done and what an even pace asks for, summed up at the end of each day; today as it is now."""

    metric: str
    days: tuple[date, ...]
    done: tuple[Decimal, ...]
    expected: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A rep's month with all that the card says of it."""

    standing: RepStanding
    state: State
    pace: Pace | None
    """None unless the month is running."""
    year_pace: Pace | None
    """None without a goal for the year, and for past months."""
    tier: NextTier | None
    burn_ups: tuple[BurnUp, ...]
    before: Mapping[str, Decimal]
    """By metric: last month's sum through the same day; empty if nothing was recorded then."""
    so_far: Mapping[str, Decimal]
    """By metric: this month's sums of what goals are about."""
    others: tuple[Total, ...]
    """This month's sums of the other metrics."""

    @property
    def period(self) -> Period:
        """The month."""
        return self.standing.period


async def progress(session: AsyncSession, rep: Rep, month: Period | None = None) -> Progress:
    """Return how a rep stands in a month, by default the current one; two statements.

    Raises:
        MonthNotBegun: that month is still to come.
    """
    standing = await queries.standing(session, rep.id, month)
    period, today = standing.period, standing.today
    if today < period.start:
        raise MonthNotBegun(f"{period.start:%B %Y} hasn't begun yet, so there are no numbers to see.")
    totals = await queries.by_day(session, rep.id, period.previous.start, period.end)
    return progress_of(standing, totals)


def progress_of(standing: RepStanding, totals: list[Total]) -> Progress:
    """Return the card's figures from a month and the daily totals since the month before it."""
    state, month = _state(standing), standing.month
    running = month is not None and state is State.RUNNING
    days = _days(standing)
    return Progress(
        standing=standing,
        state=state,
        pace=_month_pace(month, standing, totals, days) if running and month else None,
        year_pace=_year_pace(standing, totals),
        tier=next_tier(month.signups, month.tiers) if month and state is not State.OVER else None,
        burn_ups=_burn_ups(month, standing, totals, days) if running and month else (),
        before=_same_days_before(standing, totals) if state is not State.OVER else {},
        so_far={
            metric: sums(totals, metric, standing.period.start, standing.period.last_day)
            for metric in (SIGNUPS, REVENUE)
        },
        others=_others(standing, totals),
    )


def _state(standing: RepStanding) -> State:
    if standing.month is None:
        return State.NOT_OPEN
    if standing.today >= standing.period.end or standing.month.status is GoalStatus.ARCHIVED:
        return State.OVER
    return State.RUNNING if standing.month.is_set else State.NOT_SET


def _days(standing: RepStanding) -> DaysCounted:
    return days_of_month(standing.period, standing.today, standing.joined_on, standing.calendar)


def _month_pace(month: MonthRow, standing: RepStanding, totals: list[Total], days: DaysCounted) -> Pace:
    def until_today(metric: str, actual: Decimal) -> Decimal:
        return actual - sums(totals, metric, standing.today, standing.today)

    return pace(
        [
            Aim(SIGNUPS, Decimal(month.signup_goal), Decimal(month.signups),
                until_today(SIGNUPS, Decimal(month.signups))),
            Aim(REVENUE, month.revenue_goal, month.revenue,
                until_today(REVENUE, month.revenue), is_count=False),
        ],
        days,
    )  # fmt: skip


def _year_pace(standing: RepStanding, totals: list[Total]) -> Pace | None:
    goal, today = standing.year, standing.today
    if goal is None or goal.goal_set_at is None or today not in standing.period:
        return None
    year = Period.containing(today, Kind.YEAR)
    days = days_of_year(year, today, standing.joined_on, goal.months_carried, standing.calendar)
    signups, revenue = Decimal(goal.signups), goal.revenue
    of_today = [sums(totals, metric, today, today) for metric in (SIGNUPS, REVENUE)]
    return pace(
        [
            Aim(SIGNUPS, Decimal(goal.signup_goal), signups, signups - of_today[0]),
            Aim(REVENUE, goal.revenue_goal, revenue, revenue - of_today[1], is_count=False),
        ],
        days,
    )


def _burn_ups(
    month: MonthRow, standing: RepStanding, totals: list[Total], days: DaysCounted
) -> tuple[BurnUp, ...]:
    first = max(standing.period.start, standing.joined_on)
    shown = burn_up_days(first, standing.today)
    if len(shown) < 2 or not days.total:
        return ()
    goals = ((SIGNUPS, Decimal(month.signup_goal), True), (REVENUE, month.revenue_goal, False))
    return tuple(
        BurnUp(
            metric,
            tuple(shown),
            tuple(sums(totals, metric, standing.period.start, day) for day in shown),
            tuple(_even(goal, day, first, standing, is_count=is_count) for day in shown),
        )
        for metric, goal, is_count in goals
        if goal > 0
    )


def _even(goal: Decimal, day: date, first: date, standing: RepStanding, *, is_count: bool) -> Decimal:
    """What is expected at the end of a day; of today, what is expected now."""
    until = day if day == standing.today else day + _DAY
    counted = standing.calendar.counted(first, standing.period.end, until)
    exact = goal * counted.completed / counted.total
    return exact // 1 if is_count else exact.quantize(Decimal("0.01"))


def _same_days_before(standing: RepStanding, totals: list[Total]) -> Mapping[str, Decimal]:
    """Last month's sums through the same day of the month, or its last day where it is shorter."""
    last_month = standing.period.previous
    until = min(last_month.start + (standing.today - standing.period.start), last_month.last_day)
    found = {metric: sums(totals, metric, last_month.start, until) for metric in (SIGNUPS, REVENUE)}
    recorded = any(each.starts_on in last_month and each.metric in found for each in totals)
    return found if recorded else {}


def _others(standing: RepStanding, totals: list[Total]) -> tuple[Total, ...]:
    period = standing.period
    last = {
        each.metric: each
        for each in totals
        if each.metric not in (SIGNUPS, REVENUE) and each.starts_on in period
    }
    found = (
        Total(code, each.label, each.unit, period.start, sums(totals, code, period.start, period.last_day))
        for code, each in last.items()
    )
    return tuple(total for total in found if total.amount)


@dataclass(frozen=True, slots=True)
class History:
    """A page of a rep's past months, newest first, with the sums of the metrics that goals aren't about."""

    months: tuple[PastMonth, ...]
    others: tuple[Total, ...]
    older: Period | None
    """The month before which the next page begins; None on the last one."""


async def history(session: AsyncSession, rep: Rep, before: Period) -> History:
    """Return the rep's months before this one, a page of them; two statements."""
    most = queries.MONTHS_ON_A_PAGE
    found = await queries.months_before(session, rep.id, before, most + 1)
    months = tuple(found[:most])
    totals = await queries.by_month(session, rep.id, months[-1].period.start, before.start) if months else []
    others = tuple(each for each in totals if each.metric not in (SIGNUPS, REVENUE) and each.amount)
    return History(months, others, months[-1].period if len(found) > most else None)
