"""Setting goals: the use cases. They take a session and `now` and never commit."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import GoalLocked, InvalidInput
from domain.goals import queries, rules
from domain.goals.figures import MONTHLY_SIGNUPS_MAX, SIGNUPS, YEARLY_SIGNUPS_MAX, Figures, Tier, TypedFigures
from domain.goals.opening import open_goal
from domain.goals.queries import GoalRow
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic
from domain.people import currency
from domain.people.rules import Actor, Person, Rep
from domain.periods import Kind, Period, month_bounds

CONFIRMATION = "goals.confirmation"
"""Kind of the message with a period's goals; facts: sales_rep_id, goal."""
CHANGED_BY_OTHER = "goals.changed_by_other"
"""Tells a rep that somebody else has changed goals already confirmed: an edit alone notifies nobody.

Facts: change_id.
"""


class SetOutcome(StrEnum):
    """The result of setting a goal."""

    SET = "set"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class GoalSet:
    """A goal as it stands after setting it; `deadline` and `in_time` are None for a year."""

    period: Period
    outcome: SetOutcome
    figures: Figures
    deadline: datetime | None = None
    in_time: bool | None = None


@dataclass(frozen=True, slots=True)
class GoalForm:
    """All that the form for setting a goal shows; a year has no `deadline` and no `state`."""

    person: Person
    period: Period
    choices: tuple[Period, ...]
    """The periods whose goals can be set today."""
    figures: Figures
    is_set: bool
    deadline: datetime | None
    state: rules.GoalState | None
    tiers: tuple[Tier, ...]
    is_optional: bool = False
    """True if the month is optional, because the rep joined too late to set its goals."""
    instead_of: Period | None = None
    """The locked month that was asked for, if this is the form for the next one."""


async def form_or_next(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    person: Person,
    period: Period,
    typed: TypedFigures | None = None,
) -> GoalForm:
    """Return the form with what was typed in it; for a locked month, that of the next one if it is open.

    Raises:
        Refusal: setting this goal would be refused, for anything but its reason.
    """
    try:
        asked_for = await form(session, now, actor, person, period)
    except GoalLocked:
        if period.next not in rules.goals_open(now, person.zone):
            raise
        return replace(await form(session, now, actor, person, period.next), instead_of=period)
    if typed is None:
        return asked_for
    return replace(asked_for, figures=_typed_over(asked_for.figures, typed, person, period))


async def form(
    session: AsyncSession, now: datetime, actor: Actor, person: Person, period: Period
) -> GoalForm:
    """Return what the form opens with; one statement, and nothing is opened by looking.

    Raises:
        Refusal: setting this goal would be refused, for anything but its figures and its reason.
    """
    rep = _may_set(now, actor, person, period)
    row = await queries.goal(session, rep.id, period)
    if row.deadline is None:
        row = _as_opened(row, period, person, rep)
    state = _unlocked(row, period, person, actor, now)
    choices = rules.goals_open(now, person.zone)
    is_set = row.goal_set_at is not None
    is_optional = row.deadline is not None and row.ends_at is not None and row.deadline > row.ends_at
    return GoalForm(person, period, choices, row.figures, is_set, row.deadline, state, row.tiers, is_optional)


async def set_goal(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    person: Person,
    period: Period,
    typed: TypedFigures,
    reason: str | None = None,
) -> GoalSet:
    """Set or change a goal, write its history, and tell the rep; at most nine statements.

    `person` must have been read in this transaction: rights are judged by it. Setting the same figures
    again changes nothing, so a form that arrives twice is harmless; somebody else's new reason for them is
    refused.

    Raises:
        Refusal: of any kind, with the field at fault if there is one.
    """
    rep = _may_set(now, actor, person, period)
    reason = (reason or "").strip() or None
    rules.check_reason(person, actor, reason)
    if typed.revenue:
        await currency.hold(session, person.currency)
    await open_goal(session, person, rep, period)
    row = await queries.goal_for_update(session, rep.id, period)
    figures = _typed_over(row.figures, typed, person, period)
    if row.goal_set_at is not None and figures == row.figures:
        # Checked before the lock: a form that is sent again after the deadline has been saved already.
        await _check_told(session, person, rep, period, actor, reason)
        was_in_time = None if row.deadline is None else row.goal_set_at < row.deadline
        return GoalSet(period, SetOutcome.UNCHANGED, figures, row.deadline, was_in_time)
    _unlocked(row, period, person, actor, now)
    in_time = await _write(session, rep, period, figures, actor)
    change_id = await _record(session, rep, period, row, figures, actor, reason)
    await _announce(session, person, rep, period, row, actor, change_id)
    outcome = SetOutcome.SET if row.goal_set_at is None else SetOutcome.CHANGED
    return GoalSet(period, outcome, figures, row.deadline, in_time)


def _typed_over(current: Figures, typed: TypedFigures, person: Person, period: Period) -> Figures:
    most = YEARLY_SIGNUPS_MAX if period.kind is Kind.YEAR else MONTHLY_SIGNUPS_MAX
    return typed.over(current, signups_max=most, locale=person.locale, currency=person.currency)


def _may_set(now: datetime, actor: Actor, person: Person, period: Period) -> Rep:
    rep = person.carrying_goals(actor.user_id)
    rules.check_rights(person, actor)
    rules.check_open(period, now, person.zone, person.locale)
    return rep


def _as_opened(row: GoalRow, period: Period, person: Person, rep: Rep) -> GoalRow:
    if period.kind is Kind.YEAR:
        return row
    bounds = month_bounds(period, person.zone, person.deadline_day_in(period), rep.settles_from)
    return replace(row, deadline=bounds.deadline, ends_at=bounds.ends_at)


def _unlocked(
    row: GoalRow, period: Period, person: Person, actor: Actor, now: datetime
) -> rules.GoalState | None:
    if row.deadline is None or row.ends_at is None:
        return None
    month = rules.Deadlines(row.goal_set_at, row.deadline, row.ends_at)
    rules.check_lock(month, person, actor, rules.goal_name(period, person.locale), now)
    return rules.goal_state(month, now)


async def _check_told(
    session: AsyncSession, person: Person, rep: Rep, period: Period, actor: Actor, reason: str | None
) -> None:
    """Refuse a reason that nobody would read, because nothing changes.

    The form of the last change may come again: its reason has already been told.
    """
    if actor.user_id == person.user_id:
        return
    last = await queries.last_change(session, rep.id, period)
    if last is None or (last.by, last.reason) != (actor.user_id, reason):
        name = rules.goal_name(period, person.locale)
        raise InvalidInput(f"{person.name}'s goals for {name} are these already.", field=SIGNUPS)


_SET_MONTH = text("""
UPDATE rep_monthly_goals
   SET signup_goal = :signups, revenue_goal = :revenue, bonus_tier_goal = :tier,
       goal_set_at = coalesce(goal_set_at, goalkeeper_now()), goal_set_by = coalesce(goal_set_by, :actor)
 WHERE sales_rep_id = :sales_rep_id AND goal_year = :year AND goal_month = :month
RETURNING set_by_deadline
""")
_SET_YEAR = text("""
UPDATE rep_yearly_goals
   SET yearly_signup_goal = :signups, yearly_revenue_goal = :revenue,
       goal_set_at = coalesce(goal_set_at, goalkeeper_now()), goal_set_by = coalesce(goal_set_by, :actor)
 WHERE sales_rep_id = :sales_rep_id AND goal_year = :year
RETURNING CAST(NULL AS boolean)
""")


async def _write(
    session: AsyncSession, rep: Rep, period: Period, figures: Figures, actor: Actor
) -> bool | None:
    statement = _SET_YEAR if period.kind is Kind.YEAR else _SET_MONTH
    keys = {"sales_rep_id": rep.id, **period.columns, "actor": actor.user_id}
    written = await session.execute(statement, {**keys, **_bind(figures)})
    in_time: bool | None = written.scalar_one()
    return in_time


_RECORD = text("""
INSERT INTO goal_changes
       (sales_rep_id, goal_year, goal_month, changed_by, door, reason,
        from_signup_goal, from_revenue_goal, from_bonus_tier_goal,
        to_signup_goal, to_revenue_goal, to_bonus_tier_goal)
VALUES (:sales_rep_id, :year, :month, :actor, :door, :reason,
        :from_signups, :from_revenue, :from_tier, :signups, :revenue, :tier)
RETURNING id
""")


async def _record(
    session: AsyncSession,
    rep: Rep,
    period: Period,
    before: GoalRow,
    figures: Figures,
    actor: Actor,
    reason: str | None,
) -> int:
    was = before.figures if before.goal_set_at is not None else None
    recorded = await session.execute(
        _RECORD,
        {
            "sales_rep_id": rep.id,
            **period.columns,
            "actor": actor.user_id,
            "door": actor.door.value,
            "reason": reason,
            "from_signups": was and was.signups,
            "from_revenue": was and was.revenue,
            "from_tier": was and was.tier,
            **_bind(figures),
        },
    )
    change_id: int = recorded.scalar_one()
    return change_id


async def _announce(
    session: AsyncSession,
    person: Person,
    rep: Rep,
    period: Period,
    before: GoalRow,
    actor: Actor,
    change_id: int,
) -> None:
    audience = outbox.to_user(person.user_id)
    facts = {"sales_rep_id": rep.id, "goal": str(period)}
    await outbox.tell(session, Saying(CONFIRMATION, audience, Topic("goal", rep.id, str(period)), facts))
    if actor.user_id != person.user_id and before.goal_set_at is not None:
        topic = Topic("goal_change", part=str(change_id))
        await outbox.post(session, Saying(CHANGED_BY_OTHER, audience, topic, {"change_id": change_id}))


def _bind(figures: Figures) -> dict[str, Any]:
    return {"signups": figures.signups, "revenue": figures.revenue, "tier": figures.tier}
