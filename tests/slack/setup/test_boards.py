"""The schedule of leaderboards: saved, shown in the window, and never over one another unseen."""

from sandbox import Person
from tests.conftest import Sql
from tests.slack.reading import Form
from tests.slack.setup.conftest import History, Shows, opens

STORED = """
SELECT board_weekday, board_time::text, board_metric, boards_are_posted FROM workspaces
"""


async def test_the_form_holds_what_is_so(adaeze: Person) -> None:
    form = await opens(adaeze, "boards")
    assert form.fields == {
        "Post leaderboards": "Every week and when a month is over",
        "On": "Monday",
        "At": "09:00",
        "Rank by": "Attainment",
    }
    assert form.choices("Rank by")[:3] == ["Attainment", "Signups", "Revenue"]


async def test_what_is_saved_shows_in_the_window_and_counts_from_then_on(
    adaeze: Person, sql: Sql, shows: Shows, history: History
) -> None:
    await opens(adaeze, "boards")
    answer = await adaeze.submits({"board_weekday": "5", "board_time": "16:30", "board_metric": "calls"})
    assert answer.closed
    await shows(adaeze, "Fridays at 4:30 PM, and when a month is over · by calls")
    [row] = await sql(STORED)
    assert tuple(row) == (5, "16:30:00", "calls", True)
    assert await sql.value("SELECT boards_since < goalkeeper_now() + interval '1 minute' FROM workspaces")
    assert [change[2:] for change in await history()] == [
        ("board_weekday", 1, 5),
        ("board_time", "09:00:00", "16:30:00"),
        ("board_metric", "attainment", "calls"),
    ]


async def test_boards_can_be_switched_off(adaeze: Person, shows: Shows) -> None:
    await opens(adaeze, "boards")
    assert (await adaeze.submits({"boards_are_posted": "no"})).closed
    await shows(adaeze, "Not posted; /goals leaderboard shows them")


async def test_a_metric_that_was_switched_off_meanwhile_is_refused(adaeze: Person, sql: Sql) -> None:
    await opens(adaeze, "boards")
    await sql("UPDATE metrics SET is_on = false WHERE code = 'calls'")
    answer = await adaeze.submits({"board_metric": "calls"})
    assert answer.errors == {"board_metric:0": "That metric is switched off. Choose another one."}


async def test_an_admin_whose_form_is_out_of_date_sees_the_others_change(
    adaeze: Person, second: Person, sql: Sql
) -> None:
    await opens(second, "boards")
    await opens(adaeze, "boards")
    assert (await adaeze.submits({"board_weekday": "3"})).closed
    await second.submits({"board_time": "10:00"})
    form = Form.of(second)
    assert form.lines[0].startswith("⚠️ Meanwhile Adaeze Okafor has changed the day of boards.")
    assert (form.fields["On"], form.fields["At"]) == ("Wednesday", "10:00")
    assert (await second.submits({})).closed
    assert (await sql.value("SELECT board_time::text FROM workspaces")) == "10:00:00"
