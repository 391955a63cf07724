"""Only active members of the workspace take part: nobody else is listed, reminded or given goals."""

import pytest

from domain.errors import NoSuchRep, Refusal
from domain.flow import coming
from domain.goals.figures import TypedFigures
from domain.goals.service import form, set_goal
from domain.people.model import Door
from domain.periods import Period
from domain.reminders import queries, service
from domain.reminders.errors import NobodyToNudge
from domain.reminders.rules import Snooze
from domain.setup import queries as setup
from tests.db.reminders.office import THREE, Office

OCTOBER = Period.of_month(2026, 10)
LEAVING = [
    "UPDATE users SET standing = 'guest' WHERE name = 'Gus'",
    "UPDATE users SET standing = 'external' WHERE name = 'Gus'",
    "UPDATE users SET is_active = false WHERE name = 'Gus'",
    "UPDATE sales_reps SET is_active = false WHERE name = 'Gus'",
]
pytestmark = pytest.mark.parametrize("leaving", LEAVING)


@pytest.fixture
async def west(office: Office, leaving: str) -> Office:
    """Kim manages Sam and Gus, who no longer takes part on the 3rd; Gus has put a reminder off."""
    await office.user("Kim")
    west = await office.team("West", "Kim")
    for name in ("Gus", "Sam"):
        await office.rep(name, west)
    await office.tick("2026-10-01T00:00Z", "2026-10-03T12:00Z")
    await office.snooze("Gus", THREE, Snooze.TOMORROW)
    await office.do(leaving)
    return office


@pytest.mark.parametrize("view", ["v_current_month_goals", "v_yearly_goals_summary", "v_goals_needing_setup"])
async def test_no_view_lists_them(west: Office, view: str) -> None:
    assert [row.rep_name for row in await west.rows(f"SELECT rep_name FROM {view}")] == ["Sam"]


async def test_nobody_sets_goals_for_them(west: Office) -> None:
    kim, gus = await west.person("Kim"), await west.person("Gus")
    actor, figures = kim.through(Door.FORM), TypedFigures("20", "50000", "3")
    with pytest.raises(NoSuchRep):
        await form(west.session, west.tx.now, actor, gus, OCTOBER)
    with pytest.raises(NoSuchRep):
        await set_goal(west.session, west.tx.now, actor, gus, OCTOBER, figures, "Welcome back")
    assert await west.rows("SELECT FROM goal_changes") == []


async def test_nobody_nudges_them(west: Office) -> None:
    actor = (await west.person("Kim")).through(Door.FORM)
    with pytest.raises(NobodyToNudge, match="Gus has no goals to set"):
        await service.nudge(west.session, actor, [await west.person("Gus")], OCTOBER)
    assert await west.rows("SELECT FROM goal_nudges") == []


async def test_compliance_leaves_them_out(west: Office) -> None:
    compliance = await queries.compliance(west.session, west.tx.now, OCTOBER, None, everybody=True)
    assert [rep.name for rep in compliance.reps] == ["Sam"]


async def test_nothing_is_coming_for_them(west: Office) -> None:
    names = {name for due in await coming(west.session, west.tx.now, 20) for name in due.whom}
    assert names == {"Sam", "Kim"}


async def test_a_team_of_nobody_else_has_no_member_and_needs_no_manager(west: Office) -> None:
    await west.do("UPDATE sales_reps SET is_active = false WHERE name = 'Sam'")
    await west.do("UPDATE teams SET manager_id = NULL")
    assert [team.members for team in await setup.teams(west.session)] == [0]
    assert await queries.teams_without_manager(west.session) == []


async def test_they_can_put_nothing_off(west: Office) -> None:
    with pytest.raises(Refusal):
        await west.snooze("Gus", THREE, Snooze.ONE_HOUR)


async def test_nothing_more_is_said_to_them_and_no_month_opens(west: Office) -> None:
    before = [line for line in await west.said() if line.startswith("Gus")]
    await west.tick("2026-10-04T09:00Z", "2026-10-05T12:00Z", "2026-10-06T12:00Z", "2026-11-01T00:00Z")
    assert [line for line in await west.said() if line.startswith("Gus")] == before
    months = await west.rows(
        "SELECT goal_month FROM rep_monthly_goals WHERE sales_rep_id = :gus", gus=west.reps["Gus"]
    )
    assert [row.goal_month for row in months] == [10]


async def test_a_manager_of_nobody_else_reads_no_digest(west: Office) -> None:
    await west.do("UPDATE sales_reps SET is_active = false WHERE name = 'Sam'")
    await west.tick("2026-10-05T12:00Z", "2026-10-06T12:00Z", "2026-10-07T12:00Z")
    assert [line for line in await west.said() if line.startswith("Kim")] == []
