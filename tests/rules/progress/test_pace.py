from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period
from domain.progress.rules import (
    Aim,
    Health,
    Indicator,
    NextTier,
    Pace,
    days_of_month,
    days_of_year,
    health,
    next_tier,
    pace,
)
from domain.workdays import DaysCounted, PaceBy, WorkCalendar

NOVEMBER = Period.of_month(2026, 11)
LONG_AGO = date(2020, 1, 1)
USUAL = WorkCalendar()
BY_CALENDAR = WorkCalendar(pace_by=PaceBy.CALENDAR_DAYS)
AHEAD, ON_TRACK, BEHIND, CRITICAL = (
    Indicator.AHEAD,
    Indicator.ON_TRACK,
    Indicator.BEHIND,
    Indicator.CRITICAL,
)


def signups(goal: int, actual: int, until_today: int | None = None) -> Aim:
    return Aim(
        "signups", Decimal(goal), Decimal(actual), Decimal(actual if until_today is None else until_today)
    )


def revenue(goal: str, actual: str) -> Aim:
    return Aim("revenue", Decimal(goal), Decimal(actual), Decimal(actual), is_count=False)


def in_november(day: int, *aims: Aim, joined_on: date = LONG_AGO, calendar: WorkCalendar = USUAL) -> Pace:
    return pace(aims, days_of_month(NOVEMBER, date(2026, 11, day), joined_on, calendar))


def test_november_9_with_5_of_21() -> None:
    paced = in_november(9, signups(21, 5))
    assert paced.days == DaysCounted(5, 21)
    assert (paced.on_pace, paced.indicator) == (True, ON_TRACK)
    (only,) = paced.metrics
    assert (only.expected, only.missing, only.needed_a_day, only.projection) == tuple(
        Decimal(figure) for figure in (5, 16, "1.00", 21)
    )


@pytest.mark.parametrize(
    ("day", "goal", "actual", "verdict"),
    [
        pytest.param(1, 21, 0, None, id="Sunday the 1st"),
        pytest.param(4, 21, 0, None, id="two working days gone"),
        pytest.param(4, 21, 21, None, id="even when it is made"),
        pytest.param(5, 21, 3, ON_TRACK, id="three working days gone"),
        pytest.param(5, 21, 2, BEHIND, id="more than half of 3"),
        pytest.param(5, 21, 1, CRITICAL, id="less than half of 3"),
        pytest.param(5, 21, 4, AHEAD, id="4 of 3"),
        pytest.param(9, 21, 6, AHEAD, id="6 of 5 is 120 %"),
        pytest.param(16, 21, 10, ON_TRACK, id="10 of 10"),
        pytest.param(16, 21, 11, AHEAD, id="11 of 10 is 110 %"),
        pytest.param(16, 21, 9, BEHIND, id="9 of 10"),
        pytest.param(16, 21, 5, BEHIND, id="exactly half of 10"),
        pytest.param(16, 21, 4, CRITICAL, id="less than half of 10"),
        pytest.param(12, 2, 0, ON_TRACK, id="goal 2, 8 of 21 days: 0.76 is 0"),
        pytest.param(12, 2, 1, AHEAD, id="one where none is expected"),
        pytest.param(18, 2, 0, CRITICAL, id="goal 2, 12 of 21 days: 1.14 is 1"),
        pytest.param(30, 21, 20, ON_TRACK, id="on the last day"),
        pytest.param(30, 21, 21, AHEAD, id="made on the last day"),
    ],
)
def test_a_count_compares_with_the_whole_ones_expected(
    day: int, goal: int, actual: int, verdict: Indicator | None
) -> None:
    paced = in_november(day, signups(goal, actual))
    assert paced.indicator is verdict
    assert paced.on_pace is (None if verdict is None else verdict in (ON_TRACK, AHEAD))


@pytest.mark.parametrize(
    ("actual", "verdict", "expected", "needed", "projection"),
    [
        ("11904.77", ON_TRACK, "11904.76", "2380.95", "50000.03"),
        ("11904.76", BEHIND, "11904.76", "2380.95", "49999.99"),
        ("13095.24", AHEAD, "11904.76", "2306.55", "55000.01"),
        ("13095.23", ON_TRACK, "11904.76", "2306.55", "54999.97"),
        ("5952.39", BEHIND, "11904.76", "2752.98", "25000.04"),
        ("5952.38", CRITICAL, "11904.76", "2752.98", "25000.00"),
        ("50000", AHEAD, "11904.76", "0", "210000.00"),
    ],
)
def test_a_goal_with_only_revenue_compares_with_cents(
    actual: str, verdict: Indicator, expected: str, needed: str, projection: str
) -> None:
    paced = in_november(9, signups(0, 7), revenue("50000", actual))
    (only,) = paced.metrics
    assert (only.metric, paced.indicator) == ("revenue", verdict)
    assert (only.expected, only.needed_a_day, only.projection) == (
        Decimal(expected),
        Decimal(needed),
        Decimal(projection),
    )


@pytest.mark.parametrize(
    ("made", "money", "verdict"),
    [
        (5, "12000", ON_TRACK),
        (6, "12000", ON_TRACK),
        (6, "14000", AHEAD),
        (6, "6000", BEHIND),
        (2, "14000", CRITICAL),
        (2, "6000", CRITICAL),
    ],
)
def test_the_worst_metric_gives_the_verdict(made: int, money: str, verdict: Indicator) -> None:
    assert in_november(9, signups(21, made), revenue("50000", money)).indicator is verdict


def test_without_a_goal_there_is_no_verdict() -> None:
    paced = in_november(20, signups(0, 5), revenue("0", "100"))
    assert (paced.metrics, paced.indicator, paced.on_pace) == ((), None, None)


@pytest.mark.parametrize(
    ("today", "joined_on", "completed", "total"),
    [
        pytest.param("2026-11-20", "2026-11-16", 4, 11, id="joined on the 16th"),
        pytest.param("2026-11-18", "2026-11-16", 2, 11, id="joined two working days ago"),
        pytest.param("2026-11-30", "2026-11-28", 0, 1, id="joined on the last weekend"),
        pytest.param("2026-11-24", "2026-11-19", 3, 8, id="left on the 6th, returned on the 19th"),
        pytest.param("2026-11-20", "2026-10-05", 14, 21, id="joined last month"),
    ],
)
def test_days_count_from_joining(today: str, joined_on: str, completed: int, total: int) -> None:
    days = days_of_month(NOVEMBER, date.fromisoformat(today), date.fromisoformat(joined_on), USUAL)
    assert (days.completed, days.total) == (completed, total)


@pytest.mark.parametrize(("day", "verdict"), [(18, None), (19, ON_TRACK), (23, BEHIND), (30, CRITICAL)])
def test_a_rep_who_joined_mid_month_is_judged_after_three_days_of_their_own(
    day: int, verdict: Indicator | None
) -> None:
    assert in_november(day, signups(11, 3), joined_on=date(2026, 11, 16)).indicator is verdict


@pytest.mark.parametrize(
    ("day", "completed", "verdict"),
    [(1, 0, None), (3, 2, None), (4, 3, ON_TRACK), (9, 8, CRITICAL), (30, 29, CRITICAL)],
)
def test_a_workspace_may_count_every_day(day: int, completed: int, verdict: Indicator | None) -> None:
    paced = in_november(day, signups(30, 3), calendar=BY_CALENDAR)
    assert (paced.days.completed, paced.days.total, paced.days.by) == (completed, 30, PaceBy.CALENDAR_DAYS)
    assert paced.indicator is verdict


@pytest.mark.parametrize(
    ("today", "completed", "expected", "needed", "projection"),
    [
        ("2028-02-15", 10, 10, "1.00", 21),
        ("2028-02-29", 20, 20, "11.00", 11),
    ],
)
def test_february_of_a_leap_year_has_a_29th(
    today: str, completed: int, expected: int, needed: str, projection: int
) -> None:
    february = Period.of_month(2028, 2)
    paced = pace([signups(21, 10)], days_of_month(february, date.fromisoformat(today), LONG_AGO, USUAL))
    (only,) = paced.metrics
    assert (paced.days.completed, paced.days.total) == (completed, 21)
    assert (only.expected, only.needed_a_day, only.projection) == tuple(
        Decimal(figure) for figure in (expected, needed, projection)
    )


@pytest.mark.parametrize(
    ("joined_on", "months", "today", "completed", "total"),
    [
        pytest.param("2026-10-05", 3, "2026-12-31", 63, 64, id="three months of data"),
        pytest.param("2026-10-01", 3, "2026-11-09", 27, 66, id="from the 1st of October"),
        pytest.param("2020-01-01", 12, "2026-11-09", 222, 261, id="the whole year"),
        pytest.param("2026-10-05", 12, "2026-11-09", 222, 261, id="returned in October to a whole year"),
    ],
)
def test_a_year_is_paced_over_the_months_carried(
    joined_on: str, months: int, today: str, completed: int, total: int
) -> None:
    days = days_of_year(
        Period.of_year(2026), date.fromisoformat(today), date.fromisoformat(joined_on), months, USUAL
    )
    assert (days.completed, days.total) == (completed, total)


def test_a_year_with_three_months_of_data_is_projected_from_them() -> None:
    days = days_of_year(Period.of_year(2026), date(2026, 11, 9), date(2026, 10, 1), 3, USUAL)
    paced = pace([signups(60, 27)], days)
    (only,) = paced.metrics
    assert (only.expected, only.projection) == (Decimal(24), Decimal(66))
    assert paced.indicator is AHEAD


@pytest.mark.parametrize(
    ("day", "actual", "until_today", "projection"),
    [
        pytest.param(9, 9, 5, 21, id="what came today is not spread over the month"),
        pytest.param(9, 40, 5, 40, id="it is never below the actual"),
        pytest.param(2, 3, 0, None, id="no day is over yet"),
        pytest.param(9, 0, 0, 0, id="nothing yet"),
        pytest.param(9, 0, -1, 0, id="a refund"),
    ],
)
def test_the_projection_goes_by_the_days_that_are_over(
    day: int, actual: int, until_today: int, projection: int | None
) -> None:
    assert in_november(day, signups(21, actual, until_today)).metrics[0].projection == projection


@pytest.mark.parametrize(
    ("today", "actual", "needed"),
    [
        ("2026-11-09", 21, "0"),
        ("2026-11-30", 20, "1.00"),
        ("2026-11-28", 0, "21.00"),
        ("2026-11-25", 11, "2.50"),
        ("2026-12-01", 20, None),
    ],
)
def test_what_is_needed_a_day_counts_today_in(today: str, actual: int, needed: str | None) -> None:
    days = days_of_month(NOVEMBER, date.fromisoformat(today), LONG_AGO, USUAL)
    assert pace([signups(21, actual)], days).metrics[0].needed_a_day == (needed and Decimal(needed))


@pytest.mark.parametrize(
    ("day", "made", "completed", "said"),
    [
        (9, 5, True, Health.COMPLETED),
        (9, 6, False, Health.ON_TRACK),
        (9, 5, False, Health.ON_TRACK),
        (2, 0, False, Health.ON_TRACK),
        (9, 4, False, Health.NEEDS_ATTENTION),
        (9, 2, False, Health.CRITICAL),
    ],
)
def test_health_says_it_in_the_words_of_the_view(day: int, made: int, completed: bool, said: Health) -> None:
    assert health(in_november(day, signups(21, made)), completed=completed) is said


TIERS = tuple((needed, Decimal(amount)) for needed, amount in ((15, 100), (20, 250), (25, 500)))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (0, NextTier(1, 15, Decimal(100), Decimal(100))),
        (14, NextTier(1, 1, Decimal(100), Decimal(100))),
        (15, NextTier(2, 5, Decimal(250), Decimal(150))),
        (24, NextTier(3, 1, Decimal(500), Decimal(250))),
        (25, None),
        (99, None),
    ],
)
def test_the_next_tier_is_told_with_its_money(made: int, expected: NextTier | None) -> None:
    assert next_tier(made, TIERS) == expected


@given(
    goal=st.integers(1, 1000),
    actual=st.integers(0, 1000),
    more=st.integers(0, 100),
    completed=st.integers(3, 23),
    left=st.integers(0, 20),
)
def test_more_is_never_worse(goal: int, actual: int, more: int, completed: int, left: int) -> None:
    order = [CRITICAL, BEHIND, ON_TRACK, AHEAD]
    days = DaysCounted(completed, completed + left)
    less, later = (pace([signups(goal, done)], days).indicator for done in (actual, actual + more))
    assert less is not None
    assert later is not None
    assert order.index(less) <= order.index(later)
