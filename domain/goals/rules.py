"""When goals may be set, by which actor, and the state of a month against its deadline."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from babel.dates import format_date

from domain.errors import GoalLocked, InvalidInput, MonthOver, MonthTooFar, NotAllowed
from domain.people.model import Role
from domain.people.rules import Actor, Person
from domain.periods import NEXT_MONTH_OPENS_ON, Kind, Period, months_open

REASON = "reason"
"""The name of the input."""
REASON_MAX = 500
"""Characters of a reason."""


class GoalState(StrEnum):
    """The state of a month's goals against its deadline."""

    NOT_SET = "not_set"
    OVERDUE = "overdue"
    SET = "set"
    LOCKED = "locked"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The instants that decide a month's state: its setting, its deadline and its end."""

    goal_set_at: datetime | None
    deadline: datetime
    ends_at: datetime


def goal_state(month: Deadlines, now: datetime) -> GoalState:
    """Return the state: set goals are `LOCKED` from the deadline on, or `LATE` if set after it."""
    if now >= month.ends_at:
        return GoalState.OVER
    if month.goal_set_at is None:
        return GoalState.NOT_SET if now < month.deadline else GoalState.OVERDUE
    if month.goal_set_at >= month.deadline:
        return GoalState.LATE
    return GoalState.SET if now < month.deadline else GoalState.LOCKED


def goals_open(now: datetime, zone: str) -> tuple[Period, ...]:
    """Return the periods whose goals can be set on this day of the rep's.

    The nearest months come first, then their years: next year opens with its January.
    """
    months = months_open(now, zone)
    return (*months, *dict.fromkeys(Period.containing(month.start, Kind.YEAR) for month in months))


def check_open(period: Period, now: datetime, zone: str, locale: str) -> None:
    """Check that the period's goals can be set on this day of the rep's.

    Raises:
        MonthTooFar: next month before the 25th, or a later one; likewise a year.
        MonthOver: a month or year that has ended.
    """
    open_now = goals_open(now, zone)
    if period in open_now:
        return
    name = goal_name(period, locale)
    this = open_now[0]
    if period < this:
        raise MonthOver(f"{name} is over, and its goals with it.")
    first = period.months[0].previous.start.replace(day=NEXT_MONTH_OPENS_ON)
    wanted = "MMMM d" if first.year == this.start.year else "MMMM d, y"
    raise MonthTooFar(f"{name} can be set from {format_date(first, wanted, locale=locale)} on.")


def check_rights(rep: Person, actor: Actor) -> None:
    """Check that `actor` may set goals of `rep` at all, in any month.

    Raises:
        NotAllowed: says which person to ask.
    """
    if actor.user_id != rep.user_id and not actor.leads(rep):
        raise NotAllowed(
            f"Only {rep.name}'s manager or an admin can set goals for {rep.name}. {who_can_help(rep, actor)}"
        )


def check_reason(rep: Person, actor: Actor, reason: str | None) -> None:
    """Check that there is a reason if the goals are somebody else's.

    Raises:
        InvalidInput: there is none, or it is too long (field `reason`).
    """
    if actor.user_id == rep.user_id:
        return
    if not reason:
        raise InvalidInput(f"Say why: {rep.name} reads it.", field=REASON)
    if len(reason) > REASON_MAX:
        raise InvalidInput(f"A reason has at most {REASON_MAX} characters.", field=REASON)


def check_lock(month: Deadlines, rep: Person, actor: Actor, name: str, now: datetime) -> None:
    """Check that `actor` can set or change the month's goals now.

    After the deadline a goal that is set is locked for the rep, even a manager or admin. Their leads
    override the lock, with a reason.

    Raises:
        MonthOver: it has ended.
        GoalLocked: set and past its deadline; says who can change it.
    """
    if now >= month.ends_at:
        raise MonthOver(f"{name} is over, and its goals with it.")
    if month.goal_set_at is None or now < month.deadline or actor.user_id != rep.user_id:
        return
    raise GoalLocked(
        f"Your goals for {name} are set, and locked since the deadline. {who_can_help(rep, actor)}",
        next_month=_next_month_if_open(now, rep.zone, rep.locale),
        year=goals_open(now, rep.zone)[0].start.year,
    )


def _next_month_if_open(now: datetime, zone: str, locale: str) -> str | None:
    """Return the name of next month from the 25th on, when its goals can be set."""
    following = goals_open(now, zone)[1]
    return None if following.kind is Kind.YEAR else goal_name(following, locale)


def who_can_help(rep: Person, actor: Actor) -> str:
    """Whom to ask for a change of the rep's goals: the manager, or an admin."""
    if rep.team and rep.team.manager_id not in (None, actor.user_id):
        return f"Ask {rep.team.manager_name}, who can change them."
    which = "another admin" if actor.role is Role.ADMIN else "an admin"
    return f"Ask {which} of Goalkeeper, who can change them."


def goal_name(period: Period, locale: str) -> str:
    """Return `December 2026`, or `2026`."""
    if period.kind is Kind.YEAR:
        return str(period)
    return format_date(period.start, "MMMM y", locale=locale)
