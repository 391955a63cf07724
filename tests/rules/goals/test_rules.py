from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import GoalLocked, InvalidInput, MonthOver, MonthTooFar, NotAllowed
from domain.goals.rules import (
    REASON_MAX,
    Deadlines,
    GoalState,
    check_lock,
    check_open,
    check_reason,
    check_rights,
    goal_name,
    goal_state,
    goals_open,
    who_can_help,
)
from domain.people.model import Door, RepId, Role, Standing, TeamId, UserId
from domain.people.rules import Actor, Person, Rep, TeamOf
from domain.periods import Kind, Period, local_date

SECOND = timedelta(seconds=1)
STARTS = datetime(2026, 2, 1, tzinfo=UTC)
DEADLINE = datetime(2026, 2, 7, tzinfo=UTC)
ENDS = datetime(2026, 3, 1, tzinfo=UTC)

WEST, EAST = TeamId(1), TeamId(2)
SAM, KIM, LEE, DANA = UserId(1), UserId(2), UserId(3), UserId(4)


def a_rep(team: TeamOf | None = None, user_id: UserId = SAM, name: str = "Sam") -> Person:
    return Person(
        user_id=user_id,
        slack_id=f"U{user_id}",
        name=name,
        role=Role.MEMBER,
        standing=Standing.MEMBER,
        is_active=True,
        zone="UTC",
        currency="USD",
        locale="en_US",
        deadline_day=6,
        rep=Rep(RepId(9), is_active=True, joined_on=date(2025, 1, 1), settles_from=date(2025, 1, 1)),
        team=team,
    )


def acting(user_id: UserId, *manages: TeamId, admin: bool = False) -> Actor:
    role = Role.ADMIN if admin else Role.MEMBER
    return Actor(user_id, role, frozenset(manages), Door.FORM)


OF_KIM = TeamOf(WEST, "West", KIM, "Kim")
OF_LEE = TeamOf(EAST, "East", LEE, "Lee")
OF_SAM = TeamOf(WEST, "West", SAM, "Sam")
OF_NOBODY = TeamOf(WEST, "West")
REP = a_rep(OF_KIM)

THE_REP = acting(SAM)
THE_MANAGER = acting(KIM, WEST)
ANOTHER_MANAGER = acting(LEE, EAST)
AN_ADMIN = acting(DANA, admin=True)
ANOTHER_REP = acting(UserId(5))


# --- goal state ----------------------------------------------------------------------------------------

BEFORE, IN_TIME, LATE = STARTS, DEADLINE - SECOND, DEADLINE


@pytest.mark.parametrize(
    ("set_at", "now", "expected"),
    [
        (None, STARTS, GoalState.NOT_SET),
        (None, DEADLINE - SECOND, GoalState.NOT_SET),
        (None, DEADLINE, GoalState.OVERDUE),
        (None, ENDS - SECOND, GoalState.OVERDUE),
        (None, ENDS, GoalState.OVER),
        (IN_TIME, DEADLINE - SECOND, GoalState.SET),
        (IN_TIME, DEADLINE, GoalState.LOCKED),
        (IN_TIME, ENDS - SECOND, GoalState.LOCKED),
        (IN_TIME, ENDS, GoalState.OVER),
        (LATE, DEADLINE, GoalState.LATE),
        (LATE, ENDS - SECOND, GoalState.LATE),
        (LATE, ENDS, GoalState.OVER),
        (STARTS - SECOND, STARTS - SECOND, GoalState.SET),
    ],
)
def test_a_month_stands_against_its_deadline(
    set_at: datetime | None, now: datetime, expected: GoalState
) -> None:
    assert goal_state(Deadlines(set_at, DEADLINE, ENDS), now) is expected


def test_a_deadline_beyond_the_months_end_does_not_keep_it_open() -> None:
    joined_on_the_last_day = Deadlines(None, ENDS + timedelta(days=3), ENDS)
    assert goal_state(joined_on_the_last_day, ENDS - SECOND) is GoalState.NOT_SET
    assert goal_state(joined_on_the_last_day, ENDS) is GoalState.OVER


# --- which goals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "locale", "name"),
    [
        (Period.of_month(2026, 2), "en_US", "February 2026"),
        (Period.of_month(2026, 2), "de_DE", "Februar 2026"),
        (Period.of_year(2026), "en_US", "2026"),
    ],
)
def test_a_goal_has_a_name(period: Period, locale: str, name: str) -> None:
    assert goal_name(period, locale) == name


@pytest.mark.parametrize(
    ("now", "zone", "open_goals"),
    [
        ("2026-02-03T12:00Z", "UTC", "2026-02 2026"),
        ("2026-02-24T23:59Z", "UTC", "2026-02 2026"),
        ("2026-02-25T00:00Z", "UTC", "2026-02 2026-03 2026"),
        ("2026-02-25T00:00Z", "America/New_York", "2026-02 2026"),
        ("2026-02-24T15:00Z", "Asia/Tokyo", "2026-02 2026-03 2026"),
        ("2026-12-24T12:00Z", "UTC", "2026-12 2026"),
        ("2026-12-25T00:00Z", "UTC", "2026-12 2027-01 2026 2027"),
        ("2027-01-01T00:00Z", "UTC", "2027-01 2027"),
        ("2027-01-01T00:00Z", "America/New_York", "2026-12 2027-01 2026 2027"),
    ],
)
def test_next_year_opens_with_its_january(now: str, zone: str, open_goals: str) -> None:
    assert [str(period) for period in goals_open(datetime.fromisoformat(now), zone)] == open_goals.split()


@given(now=st.datetimes(datetime(2024, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_this_month_and_this_year_are_always_open(now: datetime) -> None:
    today = local_date(now, "Pacific/Auckland")
    for kind in (Kind.MONTH, Kind.YEAR):
        check_open(Period.containing(today, kind), now, "Pacific/Auckland", "en_US")


NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "refusal", "told"),
    [
        (Period.of_month(2026, 1), MonthOver, "January 2026 is over, and its goals with it."),
        (Period.of_month(2025, 12), MonthOver, "December 2025 is over, and its goals with it."),
        (Period.of_year(2025), MonthOver, "2025 is over, and its goals with it."),
        (Period.of_month(2026, 3), MonthTooFar, "March 2026 can be set from February 25 on."),
        (Period.of_month(2026, 12), MonthTooFar, "December 2026 can be set from November 25 on."),
        (Period.of_month(2027, 1), MonthTooFar, "January 2027 can be set from December 25 on."),
        (Period.of_month(2027, 2), MonthTooFar, "February 2027 can be set from January 25, 2027 on."),
        (Period.of_year(2027), MonthTooFar, "2027 can be set from December 25 on."),
        (Period.of_year(2028), MonthTooFar, "2028 can be set from December 25, 2027 on."),
    ],
)
def test_what_is_not_open_says_when_it_is(
    period: Period, refusal: type[MonthOver | MonthTooFar], told: str
) -> None:
    with pytest.raises(refusal) as refused:
        check_open(period, NOW, "UTC", "en_US")
    assert refused.value.message.startswith(told)


# --- rights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [THE_REP, THE_MANAGER, AN_ADMIN], ids=["rep", "manager", "admin"])
def test_the_rep_their_manager_and_admins_may_set_a_goal(actor: Actor) -> None:
    check_rights(REP, actor)


@pytest.mark.parametrize("actor", [ANOTHER_MANAGER, ANOTHER_REP], ids=["another manager", "another rep"])
def test_nobody_else_may_and_is_told_whom_to_ask(actor: Actor) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_rights(REP, actor)
    assert refused.value.message == (
        "Only Sam's manager or an admin can set goals for Sam. Ask Kim, who can change them."
    )


@pytest.mark.parametrize(
    "actor",
    [THE_REP, acting(SAM, WEST), acting(SAM, admin=True)],
    ids=["rep", "manager who is the rep", "admin who is the rep"],
)
def test_nobody_gives_a_reason_for_their_own_goals(actor: Actor) -> None:
    check_reason(REP, actor, None)


@pytest.mark.parametrize("actor", [THE_MANAGER, AN_ADMIN], ids=["manager", "admin"])
@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (None, "Say why: Sam reads it."),
        ("", "Say why: Sam reads it."),
        ("x" * (REASON_MAX + 1), "A reason has at most 500 characters."),
    ],
    ids=["none", "empty", "too long"],
)
def test_somebody_elses_goals_are_set_with_a_reason(actor: Actor, reason: str | None, told: str) -> None:
    check_reason(REP, actor, "x" * REASON_MAX)
    with pytest.raises(InvalidInput) as refused:
        check_reason(REP, actor, reason)
    assert (refused.value.message, refused.value.field) == (told, "reason")


# --- the lock ------------------------------------------------------------------------------------------

OWN = [THE_REP, acting(SAM, WEST), acting(SAM, admin=True)]
OWN_IDS = ["rep", "manager who is the rep", "admin who is the rep"]


@pytest.mark.parametrize("actor", OWN, ids=OWN_IDS)
def test_a_set_goal_is_locked_for_its_rep_from_the_deadline_on(actor: Actor) -> None:
    month = Deadlines(IN_TIME, DEADLINE, ENDS)
    check_lock(month, REP, actor, "February 2026", DEADLINE - SECOND)
    with pytest.raises(GoalLocked) as refused:
        check_lock(month, REP, actor, "February 2026", DEADLINE)
    assert refused.value.message == (
        "Your goals for February 2026 are set, and locked since the deadline. Ask Kim, who can change them."
    )
    assert refused.value.facts == {"next_month": None, "year": 2026}


def test_who_is_locked_out_from_the_25th_on_can_set_next_month() -> None:
    month = Deadlines(IN_TIME, DEADLINE, ENDS)
    with pytest.raises(GoalLocked) as refused:
        check_lock(month, REP, THE_REP, "February 2026", ENDS - timedelta(days=2))
    assert refused.value.facts == {"next_month": "March 2026", "year": 2026}


@pytest.mark.parametrize("actor", OWN, ids=OWN_IDS)
def test_a_goal_set_late_is_locked_once_set(actor: Actor) -> None:
    check_lock(Deadlines(None, DEADLINE, ENDS), REP, actor, "February 2026", ENDS - SECOND)
    with pytest.raises(GoalLocked):
        check_lock(Deadlines(LATE, DEADLINE, ENDS), REP, actor, "February 2026", LATE + SECOND)


@pytest.mark.parametrize("actor", [THE_MANAGER, AN_ADMIN], ids=["manager", "admin"])
def test_who_leads_the_rep_overrides_the_lock_until_the_month_ends(actor: Actor) -> None:
    month = Deadlines(IN_TIME, DEADLINE, ENDS)
    check_lock(month, REP, actor, "February 2026", ENDS - SECOND)
    with pytest.raises(MonthOver, match="February 2026 is over"):
        check_lock(month, REP, actor, "February 2026", ENDS)


@pytest.mark.parametrize("set_at", [None, IN_TIME, LATE])
def test_nobody_sets_a_month_that_is_over(set_at: datetime | None) -> None:
    for actor in (THE_REP, THE_MANAGER, AN_ADMIN):
        with pytest.raises(MonthOver):
            check_lock(Deadlines(set_at, DEADLINE, ENDS), REP, actor, "February 2026", ENDS)


@pytest.mark.parametrize(
    ("rep", "actor", "told"),
    [
        pytest.param(a_rep(OF_KIM), THE_REP, "Ask Kim, who", id="the manager"),
        pytest.param(a_rep(), THE_REP, "Ask an admin of Goalkeeper, who", id="no team"),
        pytest.param(a_rep(OF_NOBODY), THE_REP, "Ask an admin of Goalkeeper, who", id="no manager"),
        pytest.param(
            a_rep(OF_SAM), acting(SAM, WEST), "Ask an admin of Goalkeeper, who", id="their own manager"
        ),
        pytest.param(a_rep(), acting(SAM, admin=True), "Ask another admin of Goalkeeper, who", id="an admin"),
        pytest.param(a_rep(OF_KIM), acting(SAM, admin=True), "Ask Kim, who", id="an admin with a manager"),
    ],
)
def test_who_can_help_is_somebody_else(rep: Person, actor: Actor, told: str) -> None:
    assert who_can_help(rep, actor) == f"{told} can change them."
