"""Settings, tiers and admins: changed by admins, written down, and never over one another unseen."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Row, text

from domain.db import Database, Transaction
from domain.errors import InvalidInput, Mistakes, NotAllowed
from domain.goals.figures import Tier
from domain.goals.jobs import open_current_months
from domain.goals.opening import open_months
from domain.outbox import lanes
from domain.people import queries as people
from domain.people.changes import ChangedMeanwhile
from domain.people.rules import Person
from domain.periods import Period
from domain.setup import queries, service
from domain.setup.rules import WorkspaceSettings
from tests.builders import NULL, a_month, a_rep, a_team, a_user, a_workspace, moved_to
from tests.db.goals.desk import counted

USUAL = WorkspaceSettings("UTC", "USD", "en_US", 6, time(12), None)


class Office:
    """Dana is an admin that Slack knows, Ed one named here; Sam is a rep."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.session = tx.session

    async def staff(self) -> None:
        await a_user(self.session, slack_id="U0DANA", name="Dana", slack_admin=True)
        await a_user(self.session, slack_id="U0ED", name="Ed", named_admin=True)
        await a_user(self.session, slack_id="U0SAM", name="Sam")

    async def person(self, slack_id: str = "U0DANA") -> Person:
        return (await people.by_slack_id(self.session, [slack_id]))[slack_id]

    async def change(
        self, by: str = "U0DANA", opened_with: WorkspaceSettings = USUAL, **wanted: Any
    ) -> queries.Current:
        return await service.change_settings(
            self.session, await self.person(by), opened_with, replace(opened_with, **wanted)
        )

    async def name(self, by: str, opened_with: set[str], *wanted: str) -> None:
        named = await people.by_slack_id(self.session, wanted)
        await service.name_admins(self.session, await self.person(by), opened_with, named)

    async def rows(self, statement: str) -> list[Row[Any]]:
        return list(await self.session.execute(text(statement)))

    async def history(self) -> list[tuple[Any, ...]]:
        rows = await self.rows(
            "SELECT u.name, c.subject, c.name, c.from_value, c.to_value"
            " FROM settings_changes c JOIN users u ON u.id = c.changed_by ORDER BY c.id"
        )
        return [tuple(row) for row in rows]


@pytest.fixture
async def office(tx: Transaction) -> Office:
    office = Office(tx)
    await office.staff()
    return office


# --- settings ---------------------------------------------------------------------------------------------


async def test_a_change_of_settings_is_written_and_written_down(office: Office) -> None:
    current = await office.change(
        time_zone="Europe/Berlin",
        currency="EUR",
        locale="de_DE",
        reminder_time=time(9, 30),
        company_channel="C1",
    )
    wanted = WorkspaceSettings("Europe/Berlin", "EUR", "de_DE", 6, time(9, 30), "C1")
    assert current.settings == wanted == (await queries.current(office.session)).settings
    assert await office.history() == [
        ("Dana", "workspace", "time_zone", "UTC", "Europe/Berlin"),
        ("Dana", "workspace", "currency", "USD", "EUR"),
        ("Dana", "workspace", "locale", "en_US", "de_DE"),
        ("Dana", "workspace", "reminder_time", "12:00:00", "09:30:00"),
        ("Dana", "workspace", "company_channel", None, "C1"),
    ]


async def test_saving_what_is_so_already_changes_nothing_but_settles_the_zone(office: Office) -> None:
    await office.change()
    assert await office.history() == []
    assert [tuple(row) for row in await office.rows("SELECT time_zone_chosen FROM workspaces")] == [(True,)]


async def test_a_zone_that_only_python_knows_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput, match="does not know the time zone America/Nowhere") as refused:
        await office.change(time_zone="America/Nowhere")
    assert refused.value.field == "time_zone"


@pytest.mark.parametrize("column", ["revenue_goal", "revenue_actual"])
async def test_the_currency_is_fixed_once_there_are_amounts_in_it(office: Office, column: str) -> None:
    sam = await office.person("U0SAM")
    rep = await a_rep(office.session, user_id=sam.user_id)
    await a_month(office.session, rep, signup_goal=20)
    assert (await office.change(currency="EUR")).currency_fixed is False
    await office.rows(f"UPDATE rep_monthly_goals SET {column} = 100 RETURNING id")
    opened = replace(USUAL, currency="EUR")
    with pytest.raises(InvalidInput, match="The currency stays EUR") as refused:
        await office.change(opened_with=opened, currency="USD")
    assert refused.value.field == "currency"
    assert (await office.change(opened_with=opened, locale="de_DE")).currency_fixed


A_MONTH = """INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, {columns})
             SELECT id, 2026, 2, {values} FROM sales_reps"""
A_YEAR = """INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, {columns})
            SELECT id, 2026, {values} FROM sales_reps"""
A_CHANGE = """INSERT INTO goal_changes
                     (sales_rep_id, goal_year, goal_month, door, to_signup_goal, to_revenue_goal)
              SELECT id, 2026, 2, 'form', 20, {values} FROM sales_reps"""


@pytest.mark.parametrize(
    "an_amount",
    [
        A_MONTH.format(columns="revenue_goal", values="100"),
        A_MONTH.format(columns="revenue_actual", values="100"),
        A_MONTH.format(columns="revenue_actual", values="-100"),
        A_MONTH.format(columns="tier_amounts", values="ARRAY[0, 0, 0, 0, 0, 100]"),
        A_YEAR.format(columns="yearly_revenue_goal", values="100"),
        A_CHANGE.format(values="100"),
        "UPDATE bonus_tiers SET amount = 100 WHERE tier = 6",
    ],
    ids=["goal", "actual", "loss", "bonus of a month", "yearly goal", "former goal", "bonus tier"],
)
async def test_any_amount_fixes_the_currency(office: Office, an_amount: str) -> None:
    await a_rep(office.session, user_id=(await office.person("U0SAM")).user_id)
    assert not (await queries.current(office.session)).currency_fixed
    await office.session.execute(text(an_amount))
    with pytest.raises(InvalidInput, match="The currency stays USD") as refused:
        await office.change(currency="EUR")
    assert refused.value.field == "currency"
    assert (await queries.current(office.session)).currency_fixed


async def test_figures_without_an_amount_leave_the_currency_open(office: Office) -> None:
    rep = await a_rep(office.session, user_id=(await office.person("U0SAM")).user_id)
    await a_month(office.session, rep, signup_goal=20)
    await office.session.execute(text(A_YEAR.format(columns="yearly_signup_goal", values="240")))
    await office.session.execute(text(A_CHANGE.format(values="0")))
    assert (await office.change(currency="EUR")).settings.currency == "EUR"


@pytest.mark.parametrize("who", ["U0SAM", "U0ED"])
async def test_only_who_is_an_admin_now_may_change_anything(office: Office, who: str) -> None:
    actor = await office.person(who)
    await office.rows("UPDATE users SET named_admin = false WHERE name = 'Ed' RETURNING id")
    tiers = await queries.tiers(office.session)
    for attempt in (
        service.change_settings(office.session, actor, USUAL, USUAL),
        service.change_tiers(office.session, actor, tiers, tiers),
        service.name_admins(office.session, actor, {"U0ED"}, {}),
    ):
        with pytest.raises(NotAllowed, match=r"^Only admins set Goalkeeper up\. Ask Dana\.$"):
            await attempt


async def test_who_comes_second_sees_what_changed_and_overwrites_nothing(office: Office) -> None:
    await office.change("U0DANA", currency="EUR")
    with pytest.raises(ChangedMeanwhile) as refused:
        await office.change("U0ED", deadline_day=10)
    assert refused.value.changes == {"currency": "Dana"}
    now = refused.value.now
    assert now.settings == replace(USUAL, currency="EUR")
    assert (await office.change("U0ED", now.settings, deadline_day=10)).settings == replace(
        USUAL, currency="EUR", deadline_day=10
    )


async def test_the_same_form_twice_is_one_change(office: Office) -> None:
    for _ in range(2):
        await office.change(currency="EUR")
    assert len(await office.history()) == 1


async def test_what_was_changed_by_sql_was_changed_by_nobody_known(office: Office) -> None:
    await office.rows("UPDATE workspaces SET locale = 'fr_FR' RETURNING id")
    with pytest.raises(ChangedMeanwhile) as refused:
        await office.change(deadline_day=10)
    assert refused.value.changes == {"locale": None}


async def test_settings_change_with_a_fixed_number_of_statements(office: Office) -> None:
    actor = await office.person()
    with counted(office.session) as statements:
        await service.change_settings(
            office.session, actor, USUAL, replace(USUAL, time_zone="Asia/Tokyo", deadline_day=9)
        )
    assert len(statements) == 7


async def test_another_workspace_s_settings_are_its_own(db: Database) -> None:
    async with db.everywhere() as tx:
        ours, theirs = [await a_workspace(tx.session) for _ in range(2)]
    async with db.workspace(ours) as tx:
        office = Office(tx)
        await office.staff()
        await office.change(currency="EUR")
    async with db.workspace(theirs) as tx:
        assert (await queries.current(tx.session)).settings.currency == "USD"


# --- the deadline day -------------------------------------------------------------------------------------


async def _deadlines(office: Office) -> list[str]:
    rows = await office.rows(
        "SELECT r.name, m.goal_month, extract(day FROM m.deadline - interval '1 second')::int AS day"
        " FROM rep_monthly_goals m JOIN sales_reps r ON r.id = m.sales_rep_id ORDER BY m.id"
    )
    return [f"{row.name} {row.goal_month}: {row.day}" for row in rows]


async def test_a_deadline_day_changed_twice_in_a_month_leaves_that_month_its_own(office: Office) -> None:
    await office.change(deadline_day=20)
    twice = await office.change(opened_with=replace(USUAL, deadline_day=20), deadline_day=10)
    assert [
        twice.deadline.counting_in(month) for month in (Period.of_month(2026, 2), Period.of_month(2026, 3))
    ] == [6, 10]
    ann = await a_rep(office.session, name="Ann", time_zone="UTC")
    for month in (2, 3):
        await a_month(office.session, ann, month=month)
    deadlines = await office.rows(
        "SELECT deadline::date::text AS day FROM rep_monthly_goals ORDER BY goal_month"
    )
    assert [row.day for row in deadlines] == ["2026-02-07", "2026-03-11"]


async def test_a_deadline_day_changed_there_and_back_is_as_before(office: Office) -> None:
    await office.change(deadline_day=20)
    back = await office.change(opened_with=replace(USUAL, deadline_day=20), deadline_day=6)
    assert (back.deadline.day, back.deadline.former, back.deadline.counts_from) == (6, None, None)


async def test_saving_something_else_keeps_the_month_its_deadline_day(office: Office) -> None:
    await office.change(deadline_day=20)
    saved = await office.change(opened_with=replace(USUAL, deadline_day=20), locale="de_DE")
    assert [
        saved.deadline.counting_in(month) for month in (Period.of_month(2026, 2), Period.of_month(2026, 3))
    ] == [6, 20]


NO_LONGER = [
    "UPDATE users SET standing = 'guest' WHERE slack_id = 'U0ED'",
    "UPDATE users SET standing = 'external' WHERE slack_id = 'U0ED'",
    "UPDATE users SET is_active = false WHERE slack_id = 'U0ED'",
    "UPDATE users SET named_admin = false WHERE slack_id = 'U0ED'",
]


@pytest.mark.parametrize("no_longer", NO_LONGER)
async def test_an_admin_who_takes_no_part_any_more_sets_nothing_up(office: Office, no_longer: str) -> None:
    ed = await office.person("U0ED")
    await office.session.execute(text(no_longer))
    now = await queries.tiers(office.session)
    for refused in (
        service.check_admin(office.session, ed),
        service.change_settings(office.session, ed, USUAL, replace(USUAL, locale="de_DE")),
        service.change_tiers(office.session, ed, now, [*now[:-1], replace(now[-1], amount=Decimal(1))]),
        service.name_admins(office.session, ed, {"U0ED"}, {"U0SAM": await office.person("U0SAM")}),
    ):
        with pytest.raises(NotAllowed, match=r"Only admins set Goalkeeper up\. Ask Dana"):
            await refused
    assert [admin.name for admin in await queries.admins(office.session)] == ["Dana"]
    assert await office.history() == []


async def test_a_changed_deadline_day_counts_from_next_month_by_whatever_door(office: Office) -> None:
    await office.change(deadline_day=20)
    ann = await a_rep(office.session, name="Ann")
    ben = await a_rep(office.session, name="Ben")
    # By SQL, which leaves the deadline out, and as the bot opens months.
    await a_month(office.session, ann, month=2, goal_set_at=NULL)
    await a_month(office.session, ann, month=3, goal_set_at=NULL)
    person = await office.person("U0DANA")
    for month in (Period.of_month(2026, 2), Period.of_month(2026, 3)):
        calendars = [("UTC", date(2024, 1, 1))]
        await open_months(office.session, month, [ben], calendars, person.deadline_day_in(month))
    assert await _deadlines(office) == ["Ann 2: 6", "Ann 3: 20", "Ben 2: 6", "Ben 3: 20"]
    [view] = await office.rows("SELECT deadline_day FROM reps_today WHERE rep_name = 'Ann'")
    assert view.deadline_day == 6


async def test_who_joins_in_the_month_of_the_change_has_its_old_deadline(office: Office) -> None:
    await office.change(deadline_day=20)
    await a_rep(office.session, name="Cem", joined_on=date(2026, 2, 2))
    await open_current_months(office.session, office.tx.now)
    assert await _deadlines(office) == ["Cem 2: 6"]
    tx = await moved_to(office.tx, office.tx.now.replace(month=3))
    await open_current_months(tx.session, tx.now)
    assert await _deadlines(office) == ["Cem 2: 6", "Cem 3: 20"]


# --- tiers ------------------------------------------------------------------------------------------------


async def test_tiers_change_for_months_that_have_not_begun(office: Office) -> None:
    rep = await a_rep(office.session)
    for month in (2, 4):
        await a_month(office.session, rep, month=month, signup_goal=20)
    opened = await queries.tiers(office.session)
    wanted = tuple(Tier(n, 10 * n, Decimal(100 * n)) for n in range(1, 7))
    await service.change_tiers(office.session, await office.person(), opened, wanted)
    assert await queries.tiers(office.session) == wanted
    await a_month(office.session, rep, month=3, signup_goal=20)
    months = await office.rows("SELECT tier_signups FROM rep_monthly_goals ORDER BY goal_month")
    assert [row[0] for row in months] == [[15, 20, 25, 30, 40, 50], *[[10, 20, 30, 40, 50, 60]] * 2]
    history = await office.history()
    assert history[:2] == [
        ("Dana", "tiers", "tier_1_signups", 15, 10),
        ("Dana", "tiers", "tier_1_amount", "0.00", "100.00"),
    ]
    assert len(history) == 11  # Tier 2 takes 20 signups as before.


async def test_tiers_that_fall_are_refused_whoever_asks(office: Office) -> None:
    opened = await queries.tiers(office.session)
    falling = (opened[0], replace(opened[1], signups_needed=15), *opened[2:])
    with pytest.raises(Mistakes, match="Tier 2 takes more than tier 1"):
        await service.change_tiers(office.session, await office.person(), opened, falling)
    falling = (replace(opened[0], amount=Decimal(1)), *opened[1:])
    with pytest.raises(Mistakes, match="Tier 2 gives at least as much as tier 1"):
        await service.change_tiers(office.session, await office.person(), opened, falling)


async def test_two_admins_who_change_tiers_at_once(office: Office) -> None:
    opened = await queries.tiers(office.session)
    first = (*opened[:5], replace(opened[5], amount=Decimal("50.00")))
    second = (replace(opened[0], signups_needed=10), *opened[1:])
    await service.change_tiers(office.session, await office.person("U0DANA"), opened, first)
    with pytest.raises(ChangedMeanwhile) as refused:
        await service.change_tiers(office.session, await office.person("U0ED"), opened, second)
    assert (refused.value.now, refused.value.changes) == (first, {"tier_6_amount": "Dana"})


# --- admins -----------------------------------------------------------------------------------------------


async def _admins(office: Office) -> list[str]:
    return [admin.name for admin in await queries.admins(office.session)]


async def test_admins_are_named_and_un_named(office: Office) -> None:
    await office.name("U0DANA", {"U0ED"}, "U0ED", "U0SAM")
    assert await _admins(office) == ["Dana", "Ed", "Sam"]
    await office.name("U0SAM", {"U0ED", "U0SAM"}, "U0SAM")
    assert await _admins(office) == ["Dana", "Sam"]
    assert await office.history() == [
        ("Dana", "admin", "named_admin", False, True),
        ("Sam", "admin", "named_admin", True, False),
    ]


async def test_slack_s_own_admins_stay_admins(office: Office) -> None:
    await office.name("U0ED", {"U0ED"}, "U0ED", "U0DANA")
    await office.name("U0ED", {"U0ED", "U0DANA"})
    assert await _admins(office) == ["Dana"]


async def test_nobody_takes_the_last_admin_away(office: Office) -> None:
    await office.rows("UPDATE users SET slack_admin = false RETURNING id")
    with pytest.raises(InvalidInput, match="name at least one") as refused:
        await office.name("U0ED", {"U0ED"})
    assert refused.value.field == "admins"


@pytest.mark.parametrize("columns", [{"standing": "guest"}, {"standing": "bot"}, {"is_active": False}])
async def test_only_who_takes_part_can_be_an_admin(office: Office, columns: dict[str, Any]) -> None:
    await a_user(office.session, slack_id="U0GUS", name="Gus", **columns)
    with pytest.raises(InvalidInput, match="Gus is a guest"):
        await office.name("U0DANA", {"U0ED"}, "U0ED", "U0GUS")
    assert await _admins(office) == ["Dana", "Ed"]


async def test_two_admins_who_name_others_at_once(office: Office) -> None:
    await office.name("U0ED", {"U0ED"}, "U0ED", "U0SAM")
    with pytest.raises(ChangedMeanwhile) as refused:
        await office.name("U0DANA", {"U0ED"})
    assert refused.value.now.named == {"U0ED", "U0SAM"}
    assert refused.value.changes == {"named_admin": "Ed"}


# --- what is missing --------------------------------------------------------------------------------------


async def test_teams_say_what_they_lack(office: Office) -> None:
    lee = await a_user(office.session, name="Lee", is_active=False)
    west = await a_team(office.session, name="west", manager_id=(await office.person()).user_id, channel="C1")
    await a_team(office.session, name="East", manager_id=lee)
    await a_rep(office.session, team_id=west)
    await a_rep(office.session, team_id=west, is_active=False)
    states = await queries.teams(office.session)
    assert [(s.name, s.manager, s.channel, s.members, s.is_complete) for s in states] == [
        ("East", None, None, 0, False),
        ("west", "Dana", "C1", 1, True),
    ]
    await lanes.park(office.session, "channel:C1", "is_archived", timedelta())
    assert [s.is_complete for s in await queries.teams(office.session)] == [False, False]
    dana = (await office.person()).user_id
    assert [s.name for s in await queries.teams(office.session, dana)] == ["west"]
