"""Setting and changing a month's goals."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.db import Transaction
from domain.errors import (
    CarriesNoGoals,
    GoalLocked,
    InvalidInput,
    MonthOver,
    MonthTooFar,
    NoSuchRep,
    NotAllowed,
    Refusal,
)
from domain.goals.figures import Figures, InvalidFigures
from domain.goals.rules import GoalState
from domain.goals.service import SetOutcome
from domain.people.model import Door
from domain.periods import Period
from tests.builders import NULL, a_month
from tests.db.goals.desk import Desk, counted, figures_of

DEADLINE = datetime(2026, 2, 7, tzinfo=UTC)
USUAL = Figures(20, Decimal(50_000), 3)


# --- the first setting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [
        ("2026-02-03T12:00Z", True),
        ("2026-02-06T23:59:59.999999Z", True),
        ("2026-02-07T00:00Z", False),
        ("2026-02-28T23:59:59Z", False),
    ],
)
async def test_a_first_setting_is_judged_by_the_deadline(desk: Desk, moment: str, in_time: bool) -> None:
    await desk.at(moment)
    done = await desk.set("20 $50k 3")

    assert (done.outcome, done.period, done.figures) == (SetOutcome.SET, Period.of_month(2026, 2), USUAL)
    assert (done.deadline, done.in_time) == (DEADLINE, in_time)
    month = await desk.month()
    assert figures_of(month) == (20, Decimal(50_000), 3)
    assert (month.goal_set_at, month.set_by) == (datetime.fromisoformat(moment), "U0SAM")
    assert (month.set_by_deadline, month.status) == (in_time, "active")


async def test_the_last_instant_in_time_is_the_reps_own(tx: Transaction) -> None:
    desk = Desk(tx)
    await desk.staff(zone="Asia/Tokyo")
    await desk.at("2026-02-06T14:59:59Z")
    assert (await desk.set()).in_time is True
    assert (await desk.month()).deadline == datetime(2026, 2, 6, 15, tzinfo=UTC)


async def test_a_first_setting_has_no_from_in_the_history(desk: Desk) -> None:
    await desk.set("20 50000 3", door=Door.COMMAND)
    [change] = await desk.changes()
    assert (change.goal_year, change.goal_month, change.by, change.door) == (2026, 2, "U0SAM", "command")
    assert (change.changed_at, change.reason) == (desk.tx.now, None)
    assert (change.from_signup_goal, change.from_revenue_goal, change.from_bonus_tier_goal) == (
        None,
        None,
        None,
    )
    assert (change.to_signup_goal, change.to_revenue_goal, change.to_bonus_tier_goal) == (20, 50_000, 3)


async def test_confirming_what_was_prefilled_sets_it(tx: Transaction) -> None:
    desk = Desk(tx)
    await desk.staff(monthly_signup_goal=25)
    done = await desk.set("_ _ _")
    assert (done.outcome, done.figures.signups) == (SetOutcome.SET, 25)
    assert (await desk.month()).goal_set_at == tx.now
    assert await desk.story() == [(None, 25)]


# --- changing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["20 50000 3", "20 $50k tier3", "_ 50,000.00 _", "_ _ _"])
async def test_the_same_figures_again_are_no_change(desk: Desk, again: str) -> None:
    await desk.set("20 50000 3")
    before = await desk.month()
    await desk.at("2026-02-04T12:00Z")
    done = await desk.set(again)

    assert (done.outcome, done.figures, done.deadline, done.in_time) == (
        SetOutcome.UNCHANGED,
        USUAL,
        DEADLINE,
        True,
    )
    assert tuple(await desk.month()) == tuple(before)
    assert await desk.story() == [(None, 20)]
    assert await desk.intents() == [("goals.confirmation", "post")]


async def test_a_change_keeps_the_first_setting_and_writes_from_and_to(desk: Desk) -> None:
    await desk.set("20 50000 3")
    await desk.at("2026-02-05T12:00Z")
    done = await desk.set("25 60000.50 4")

    assert (done.outcome, done.in_time) == (SetOutcome.CHANGED, True)
    month = await desk.month()
    assert figures_of(month) == (25, Decimal("60000.50"), 4)
    assert (month.goal_set_at, month.set_by) == (datetime(2026, 2, 3, 12, tzinfo=UTC), "U0SAM")
    _, change = await desk.changes()
    assert (change.from_signup_goal, change.from_revenue_goal, change.from_bonus_tier_goal) == (20, 50_000, 3)
    assert (change.to_signup_goal, change.to_revenue_goal, change.to_bonus_tier_goal) == (
        25,
        Decimal("60000.50"),
        4,
    )
    assert change.changed_at == desk.tx.now


@pytest.mark.parametrize(
    ("typed", "figures"),
    [
        ("25 _ _", (25, 50_000, 3)),
        ("_ 60k _", (20, 60_000, 3)),
        ("_ _ 0", (20, 50_000, 0)),
        ("0 _ _", (0, 50_000, 3)),
    ],
)
async def test_what_is_not_typed_stays_as_it_was(
    desk: Desk, typed: str, figures: tuple[int, int, int]
) -> None:
    await desk.set("20 50000 3")
    await desk.set(typed)
    assert figures_of(await desk.month()) == figures


@pytest.mark.parametrize(
    ("default", "typed", "figures"),
    [
        pytest.param(25, "_ 60k _", (25, 60_000, 2), id="the rep's default, and last month's rest"),
        pytest.param(None, "_ 60k _", (18, 60_000, 2), id="last month's"),
        pytest.param(25, "30 _ _", (30, 45_000, 2), id="typed before both"),
    ],
)
async def test_a_first_setting_keeps_what_was_prefilled(
    tx: Transaction, default: int | None, typed: str, figures: tuple[int, int, int]
) -> None:
    desk = Desk(tx)
    await desk.staff(monthly_signup_goal=default)
    rep = (await desk.person("U0SAM")).rep
    assert rep is not None
    await a_month(tx.session, rep.id, month=1, signup_goal=18, revenue_goal=45_000, bonus_tier_goal=2)

    form = await desk.form()
    assert (form.figures.revenue, form.figures.tier, form.is_set) == (Decimal(45_000), 2, False)
    await desk.set(typed)
    assert figures_of(await desk.month()) == figures


# --- the deadline --------------------------------------------------------------------------------------


async def test_a_set_goal_is_locked_for_the_rep_after_the_deadline(desk: Desk) -> None:
    await desk.set("20 50000 3")
    await desk.at("2026-02-07T00:00Z")
    with pytest.raises(GoalLocked, match=r"Your goals for February 2026 are set, .* Ask Kim, who can"):
        await desk.set("25 50000 3")
    with pytest.raises(GoalLocked):
        await desk.form()
    assert await desk.story() == [(None, 20)]


async def test_a_goal_set_late_is_locked_at_once(desk: Desk) -> None:
    await desk.at("2026-02-20T12:00Z")
    await desk.set("20 50000 3")
    with pytest.raises(GoalLocked):
        await desk.set("25 50000 3")


@pytest.mark.parametrize("leader", ["U0KIM", "U0DANA"])
async def test_who_leads_the_rep_overrides_the_lock_with_a_reason(desk: Desk, leader: str) -> None:
    await desk.set("20 50000 3")
    await desk.at("2026-02-20T12:00Z")
    done = await desk.set("25 _ _", by=leader, reason="  A new territory. ")

    assert (done.outcome, done.in_time) == (SetOutcome.CHANGED, True)
    month = await desk.month()
    assert (month.signup_goal, month.set_by, month.set_by_deadline) == (25, "U0SAM", True)
    _, change = await desk.changes()
    assert (change.by, change.reason) == (leader, "A new territory.")


async def test_a_late_goal_stays_late_whoever_changes_it(desk: Desk) -> None:
    await desk.at("2026-02-20T12:00Z")
    assert (await desk.set("20 _ _", by="U0KIM", reason="Forgotten.")).in_time is False
    assert (await desk.set("25 _ _", by="U0DANA", reason="More.")).in_time is False
    assert (await desk.set("25 _ _", by="U0DANA", reason="More.")).in_time is False
    assert (await desk.month()).set_by == "U0KIM"


@pytest.mark.parametrize("by", ["U0SAM", "U0KIM", "U0DANA"])
async def test_nobody_sets_a_month_that_is_over(desk: Desk, by: str) -> None:
    await desk.set("20 50000 3")
    await desk.at("2026-03-01T00:00Z")
    with pytest.raises(MonthOver, match="February 2026 is over"):
        await desk.set("25 50000 3", by=by, reason="Too late.")


# --- next month ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "closed", "opened"),
    [
        ("UTC", "2026-02-24T23:59:59Z", "2026-02-25T00:00Z"),
        ("America/New_York", "2026-02-25T04:59:59Z", "2026-02-25T05:00Z"),
        ("Pacific/Kiritimati", "2026-02-24T09:59:59Z", "2026-02-24T10:00Z"),
    ],
)
async def test_next_month_can_be_set_from_the_25th_on_where_the_rep_is(
    tx: Transaction, zone: str, closed: str, opened: str
) -> None:
    desk = Desk(tx)
    await desk.staff(zone=zone)
    await desk.at(closed)
    with pytest.raises(MonthTooFar, match="March 2026 can be set from February 25 on"):
        await desk.set(goal="2026-03")
    await desk.at(opened)
    done = await desk.set(goal="2026-03")
    assert (done.outcome, done.in_time) == (SetOutcome.SET, True)
    assert (await desk.month(3)).goal_set_at < (await desk.month(3)).starts_at


@pytest.mark.parametrize(
    ("goal", "refusal"),
    [("2026-01", MonthOver), ("2025", MonthOver), ("2026-04", MonthTooFar), ("2027", MonthTooFar)],
)
async def test_what_is_not_open_is_refused_and_not_opened(
    desk: Desk, goal: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await desk.set(goal=goal)
    with pytest.raises(refusal):
        await desk.form(goal=goal)
    assert await desk.rows("SELECT FROM rep_monthly_goals") == []
    assert await desk.rows("SELECT FROM rep_yearly_goals") == []


# --- who -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["U0KIM", "U0DANA"])
async def test_managers_and_admins_set_a_first_goal_for_a_rep(desk: Desk, by: str) -> None:
    done = await desk.set("20 _ _", by=by, reason="On leave.")
    assert done.outcome is SetOutcome.SET
    [change] = await desk.changes()
    assert (change.by, change.reason, (await desk.month()).set_by) == (by, "On leave.", by)


@pytest.mark.parametrize("by", ["U0LEE", "U0RON"])
async def test_another_teams_manager_and_other_reps_are_refused(desk: Desk, by: str) -> None:
    with pytest.raises(NotAllowed, match=r"Only Sam's manager or an admin .* Ask Kim, who can change them"):
        await desk.set("20 _ _", by=by, reason="Just because.")
    with pytest.raises(NotAllowed):
        await desk.form(by=by)
    assert await desk.rows("SELECT FROM rep_monthly_goals") == []


async def test_who_managed_the_rep_before_no_longer_may(desk: Desk) -> None:
    await desk.session.execute(
        text(
            "UPDATE team_memberships SET ended_on = '2026-02-02'"
            " WHERE team_id = (SELECT id FROM teams WHERE name = 'West')"
        )
    )
    with pytest.raises(NotAllowed, match="Ask an admin of Goalkeeper"):
        await desk.set("20 _ _", by="U0KIM", reason="Mine.")


async def test_a_manager_sets_their_own_goals_as_a_rep_does(desk: Desk) -> None:
    await desk.session.execute(
        text("UPDATE teams SET manager_id = (SELECT id FROM users WHERE slack_id = 'U0SAM')")
    )
    assert (await desk.set("20 _ _")).outcome is SetOutcome.SET
    await desk.at("2026-02-20T12:00Z")
    with pytest.raises(GoalLocked, match="Ask an admin of Goalkeeper"):
        await desk.set("25 _ _", reason="I am the manager.")


@pytest.mark.parametrize("reason", [None, "", "  \n "])
async def test_somebody_elses_goals_need_a_reason(desk: Desk, reason: str | None) -> None:
    with pytest.raises(InvalidInput, match="Say why: Sam reads it") as refused:
        await desk.set("20 _ _", by="U0KIM", reason=reason)
    assert refused.value.field == "reason"
    assert await desk.rows("SELECT FROM rep_monthly_goals") == []


async def test_a_new_reason_for_the_same_figures_is_refused_and_the_old_one_again_is_no_change(
    desk: Desk,
) -> None:
    await desk.set("20 _ _", by="U0KIM", reason="A first try.")
    with pytest.raises(InvalidInput, match="are these already"):
        await desk.set("20 _ _", by="U0KIM", reason="Another reason.")
    again = await desk.set("20 _ _", by="U0KIM", reason="A first try.")
    assert again.outcome is SetOutcome.UNCHANGED
    assert await desk.story() == [(None, 20)]


async def test_a_reason_has_its_limit(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="at most 500 characters") as refused:
        await desk.set("20 _ _", by="U0KIM", reason="x" * 501)
    assert refused.value.field == "reason"
    await desk.set("20 _ _", by="U0KIM", reason=f" {'x' * 500} ")


@pytest.mark.parametrize(
    "deactivate",
    [
        "UPDATE sales_reps SET is_active = false WHERE name = 'Sam'",
        "UPDATE users SET is_active = false WHERE name = 'Sam'",
    ],
)
async def test_who_carries_no_goals_any_more_has_none_to_set(desk: Desk, deactivate: str) -> None:
    await desk.session.execute(text(deactivate))
    with pytest.raises(CarriesNoGoals):
        await desk.set("20 _ _")
    with pytest.raises(NoSuchRep, match="Sam is not on a sales team"):
        await desk.set("20 _ _", by="U0KIM", reason="Gone?")


async def test_a_manager_who_is_no_rep_has_no_goals(desk: Desk) -> None:
    with pytest.raises(CarriesNoGoals):
        await desk.set("20 _ _", by="U0KIM", rep="U0KIM")


async def test_wrong_figures_are_all_named_and_nothing_is_written(desk: Desk) -> None:
    await desk.set("20 50000 3")
    with pytest.raises(InvalidFigures) as refused:
        await desk.set("20.5 lots 7")
    assert list(refused.value.problems) == ["signup_goal", "revenue_goal", "bonus_tier_goal"]
    assert await desk.story() == [(None, 20)]
    assert figures_of(await desk.month()) == (20, 50_000, 3)


# --- years ---------------------------------------------------------------------------------------------


async def test_a_year_that_comes_from_a_default_is_set_already(tx: Transaction) -> None:
    desk = Desk(tx)
    await desk.staff(yearly_signup_goal=200)
    assert (await desk.form(goal="2026")).figures == Figures(signups=200)
    assert (await desk.set("240 _", goal="2026")).outcome is SetOutcome.CHANGED
    assert (await desk.year()).goal_set_at == tx.now
    assert await desk.story() == [(200, 240)]


async def test_a_year_is_set_and_changed_all_year(tx: Transaction) -> None:
    desk = Desk(tx)
    await desk.staff()
    first = await desk.set("240 600k", goal="2026")
    assert (first.outcome, first.deadline, first.in_time) == (SetOutcome.SET, None, None)
    await desk.at("2026-12-31T23:59:59Z")
    assert (await desk.set("240 _", goal="2026")).outcome is SetOutcome.UNCHANGED
    assert (await desk.set("_ 720k", goal="2026")).outcome is SetOutcome.CHANGED

    year = await desk.year()
    assert (year.yearly_signup_goal, year.yearly_revenue_goal) == (240, 720_000)
    assert (str(year.monthly_signup_target), str(year.monthly_revenue_target)) == ("20.00", "60000.00")
    assert (year.goal_set_at, year.set_by) == (tx.now, "U0SAM")
    changes = await desk.changes()
    assert [(change.goal_year, change.goal_month) for change in changes] == [(2026, None), (2026, None)]
    assert await desk.story() == [(None, 240), (240, 240)]


async def test_a_year_takes_up_to_twelve_months_worth(desk: Desk) -> None:
    assert (await desk.set("1,200,000", goal="2026")).figures.signups == 1_200_000
    with pytest.raises(InvalidFigures, match="from 0 to 1,200,000"):
        await desk.set("1200001", goal="2026")
    with pytest.raises(InvalidFigures, match="from 0 to 100,000"):
        await desk.set("100001")


async def test_setting_a_month_opens_its_year_unset(desk: Desk) -> None:
    await desk.set("20 _ _")
    year = await desk.year()
    assert (year.yearly_signup_goal, year.goal_set_at) == (0, None)


# --- the form ------------------------------------------------------------------------------------------


async def test_the_form_opens_nothing_by_looking(desk: Desk) -> None:
    form = await desk.form()
    assert (form.deadline, form.state, form.is_set) == (DEADLINE, GoalState.NOT_SET, False)
    assert form.choices == (Period.of_month(2026, 2), Period.of_year(2026))
    assert [tier.signups_needed for tier in form.tiers] == [15, 20, 25, 30, 40, 50]
    assert await desk.rows("SELECT FROM rep_monthly_goals") == []


@pytest.mark.parametrize(
    ("set_at", "moment", "by", "expected"),
    [
        (None, "2026-02-06T23:59Z", "U0SAM", GoalState.NOT_SET),
        (None, "2026-02-07T00:00Z", "U0SAM", GoalState.OVERDUE),
        ("2026-02-03T12:00Z", "2026-02-06T12:00Z", "U0SAM", GoalState.SET),
        ("2026-02-03T12:00Z", "2026-02-10T12:00Z", "U0KIM", GoalState.LOCKED),
        ("2026-02-08T12:00Z", "2026-02-10T12:00Z", "U0KIM", GoalState.LATE),
    ],
)
async def test_the_form_says_how_the_month_stands(
    desk: Desk, set_at: str | None, moment: str, by: str, expected: GoalState
) -> None:
    if set_at is not None:
        await desk.at(set_at)
        await desk.set("20 50000 3")
    await desk.at(moment)
    form = await desk.form(by=by)
    assert (form.state, form.is_set) == (expected, set_at is not None)
    assert form.figures == (USUAL if set_at else Figures())


async def test_the_form_of_an_open_month_keeps_the_deadline_and_tiers_it_was_opened_with(
    desk: Desk,
) -> None:
    rep = (await desk.person("U0SAM")).rep
    assert rep is not None
    await a_month(desk.session, rep.id, signup_goal=9, goal_set_at=NULL)
    await desk.session.execute(text("UPDATE workspaces SET deadline_day = 20"))
    await desk.session.execute(text("UPDATE bonus_tiers SET signups_needed = tier"))

    form = await desk.form()
    assert (form.deadline, form.figures.signups, form.is_set) == (DEADLINE, 9, False)
    assert form.tiers[0].signups_needed == 15


async def test_the_form_says_of_a_late_joiner_what_setting_would(tx: Transaction) -> None:
    desk = Desk(tx)
    await desk.staff(zone="America/Havana", joined_on=date(2026, 2, 3))
    await desk.session.execute(text("UPDATE workspaces SET deadline_day = 4"))
    form = await desk.form()
    assert form.deadline == (await desk.set()).deadline == datetime(2026, 2, 7, 5, tzinfo=UTC)


# --- cost ----------------------------------------------------------------------------------------------


async def test_the_form_is_one_statement(desk: Desk) -> None:
    for goal in ("2026-02", "2026"):
        with counted(desk.session) as statements:
            await desk.form(goal=goal)
        assert len(statements) == 2 + 1  # The desk looks up both people.


@pytest.mark.parametrize(
    ("figures", "by", "goal", "expected"),
    [
        pytest.param("20 _ _", "U0SAM", "2026-02", 3, id="the same again"),
        pytest.param("25 _ _", "U0SAM", "2026-02", 7, id="a change"),
        pytest.param("25 _ _", "U0KIM", "2026-02", 8, id="a change by the manager"),
        pytest.param("20 _", "U0SAM", "2026", 5, id="a year"),
    ],
)
async def test_setting_is_a_fixed_number_of_statements(
    desk: Desk, figures: str, by: str, goal: str, expected: int
) -> None:
    await desk.set("20 _ _")
    with counted(desk.session) as statements:
        await desk.set(figures, by=by, goal=goal, reason="Why not.")
    assert len(statements) == 2 + expected
