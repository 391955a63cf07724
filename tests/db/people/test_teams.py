"""Making and changing teams: who may, what is recorded, and what happens to reps."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from domain.errors import NotAllowed, Refusal
from domain.people import memberships
from domain.people.changes import ChangedMeanwhile
from domain.people.teams import NoSuchTeam
from tests.db.goals.desk import counted
from tests.db.people.office import Office


async def test_an_admin_makes_a_team_with_manager_channel_and_reps(office: Office) -> None:
    saved = await office.create("  North \n Pole ", manager="U0LEE", channel="C0NORTH", add=("U0JO", "U0FLO"))
    assert (saved.name, saved.is_new, saved.joined) == ("North Pole", True, ("Flo", "Jo"))
    assert await office.members("North Pole") == ["Flo", "Jo"]
    [team] = await office.rows(
        "SELECT t.channel, u.name AS manager FROM teams t JOIN users u ON u.id = t.manager_id"
        " WHERE t.name = 'North Pole'"
    )
    assert (team.channel, team.manager) == ("C0NORTH", "Lee")


async def test_a_team_may_have_nobody_at_all(office: Office) -> None:
    saved = await office.create("North")
    assert (saved.joined, await office.members("North")) == ((), [])


async def test_who_joins_carries_goals_from_their_own_today_on(office: Office) -> None:
    await office.hire("Kiri", time_zone="Pacific/Kiritimati")
    await office.rows_changed("UPDATE workspaces SET tick_at = 'infinity'")
    await office.change("West", add=("U0KIRI", "U0JO"))
    reps = await office.rows(
        "SELECT name, joined_on FROM sales_reps WHERE name IN ('Kiri', 'Jo') ORDER BY name"
    )
    assert [tuple(rep) for rep in reps] == [("Jo", date(2026, 2, 3)), ("Kiri", date(2026, 2, 4))]
    starts = await office.rows("SELECT started_on FROM team_memberships ORDER BY id DESC LIMIT 2")
    assert {row.started_on for row in starts} == {date(2026, 2, 3), date(2026, 2, 4)}
    [[soon]] = await office.rows("SELECT tick_at = '-infinity' FROM workspaces")
    assert soon


async def test_who_moves_leaves_the_other_team_on_the_same_day(office: Office) -> None:
    saved = await office.change("West", add=("U0RON",))
    assert saved.moved == ("Ron (from East)",)
    days = await office.rows(
        "SELECT t.name, tm.started_on, tm.ended_on FROM team_memberships tm"
        " JOIN teams t ON t.id = tm.team_id JOIN sales_reps r ON r.id = tm.sales_rep_id"
        " WHERE r.name = 'Ron' ORDER BY tm.id"
    )
    today = date(2026, 2, 3)
    assert [tuple(day) for day in days] == [("East", date(2024, 1, 1), today), ("West", today, None)]


async def test_who_is_taken_out_carries_no_goals_until_taken_in_again(office: Office) -> None:
    saved = await office.change("West", remove=("U0SAM", "U0JO"))
    assert saved.left == ("Sam",)
    [[active]] = await office.rows("SELECT is_active FROM sales_reps WHERE name = 'Sam'")
    assert not active
    await office.change("West", add=("U0SAM",))
    assert await office.members("West") == ["Sam"]
    assert len(await office.rows("SELECT FROM sales_reps WHERE name = 'Sam'")) == 1


async def test_taking_somebody_out_of_a_team_they_are_not_in_changes_nothing(office: Office) -> None:
    await memberships.take_out(office.tx.session, office.tx.now, office.teams["West"], ["U0RON"])
    [[active]] = await office.rows("SELECT is_active FROM sales_reps WHERE name = 'Ron'")
    assert active
    assert await office.members("East") == ["Ron"]


async def test_the_database_keeps_a_rep_in_one_team_on_any_day(office: Office) -> None:
    join = (
        "INSERT INTO team_memberships (sales_rep_id, team_id, started_on, ended_on)"
        " SELECT r.id, t.id, CAST(:since AS date), CAST(:until AS date)"
        " FROM sales_reps r, teams t WHERE r.name = 'Sam' AND t.name = 'East'"
    )
    for since, until in (("2026-02-03", None), ("2023-12-01", "2024-01-02"), ("2026-03-01", "2026-04-01")):
        with pytest.raises(IntegrityError, match=r"A rep is in one team on any day|uq_team_memberships_open"):
            async with office.tx.session.begin_nested():
                await office.rows_changed(join, since=since, until=until)
    await office.rows_changed(join, since="2023-12-01", until="2024-01-01")
    with pytest.raises(IntegrityError, match="A rep is in one team on any day"):
        async with office.tx.session.begin_nested():
            await office.rows_changed(
                "UPDATE team_memberships SET ended_on = '2024-02-01' WHERE ended_on IS NOT NULL"
            )


async def test_who_joined_today_and_goes_west_can_be_moved(office: Office) -> None:
    await office.hire("Kiri", time_zone="Pacific/Kiritimati")
    await office.change("West", add=("U0KIRI",))
    await office.rows_changed("UPDATE users SET time_zone = 'America/New_York' WHERE name = 'Kiri'")
    await office.change("East", add=("U0KIRI",))
    await office.change("West", add=("U0KIRI",))
    assert await office.members("West") == ["Kiri", "Sam"]
    await office.rows_changed("UPDATE users SET time_zone = 'Pacific/Kiritimati' WHERE name = 'Kiri'")
    await office.change("East", add=("U0KIRI",))
    await office.rows_changed("UPDATE users SET time_zone = 'America/New_York' WHERE name = 'Kiri'")
    await office.change("East", remove=("U0KIRI",))
    await office.change("West", add=("U0KIRI",))
    assert await office.members("West") == ["Kiri", "Sam"]


async def test_who_is_on_the_team_already_stays_as_they_are(office: Office) -> None:
    saved = await office.change("West", add=("U0SAM",), channel_members=("U0SAM",))
    assert (saved.joined, saved.moved) == ((), ())
    assert len(await office.rows("SELECT FROM team_memberships")) == 2


async def test_five_hundred_at_once_take_as_many_statements_as_two(office: Office) -> None:
    counts = []
    for many in (await office.many(1, 2), await office.many(3, 502)):
        with counted(office.tx.session) as statements:
            await office.change("West", channel_members=many)
        # From a hundred people on the planner is told, so that it joins them by hash.
        counts.append(len([one for one in statements if "goalkeeper_count_people" not in one]))
    assert counts[0] == counts[1] <= 20
    assert len(await office.members("West")) == 503


async def test_everybody_of_a_channel_is_taken_in_where_that_asks_nobody(office: Office) -> None:
    await office.hire("Gus", standing="guest")
    await office.hire("Bot", standing="bot")
    await office.hire("Ext", standing="external")
    await office.hire("Gone", is_active=False)
    everybody = ("U0GUS", "U0BOT", "U0EXT", "U0GONE", "U0KIM", "U0LEE", "U0RON", "U0SAM", "U0JO", "U0NO")
    saved = await office.change("West", channel_members=everybody)
    assert saved.joined == ("Jo",)
    assert dict(saved.left_out) == {
        "a bot": ("Bot",),
        "of another company": ("Ext",),
        "deactivated in Slack": ("Gone",),
        "a guest": ("Gus",),
        "manages the team": ("Kim",),
        "manages another team": ("Lee",),
        "on another team": ("Ron",),
    }


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"standing": "guest"}, "Pat (a guest)"),
        ({"standing": "bot"}, "Pat (a bot)"),
        ({"standing": "external"}, "Pat (of another company)"),
        ({"is_active": False}, "Pat (deactivated in Slack)"),
    ],
)
async def test_who_takes_no_part_is_refused_by_name(
    office: Office, columns: dict[str, object], why: str
) -> None:
    await office.hire("Pat", **columns)
    with pytest.raises(Refusal) as refused:
        await office.change("West", add=("U0PAT", "U0JO"))
    assert (refused.value.field, refused.value.message) == ("add", f"Take these off the list: {why}.")
    with pytest.raises(Refusal) as refused:
        await office.change("West", manager="U0PAT")
    assert refused.value.field == "manager"
    assert refused.value.message.startswith("Pat can't manage a team")


@pytest.mark.parametrize(
    ("name", "words"),
    [(" \n ", "needs a name"), ("x" * 61, "at most 60"), ("eAST", "There is a team called eAST already")],
)
async def test_a_name_must_be_one(office: Office, name: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        await office.change("West", name=name)
    assert refused.value.field == "name"


async def test_a_long_name_that_a_roster_brought_is_in_nobody_s_way(office: Office) -> None:
    long = "West  and all that lies beyond " * 4
    await office.rows_changed("UPDATE teams SET name = :name WHERE name = 'West'", name=long)
    await office.change("West", by="U0KIM", add=("U0JO",))
    assert (await office.settings("West")).name == long


# --- rights --------------------------------------------------------------------------------------------


async def test_a_manager_changes_the_own_team_s_roster_and_channel(office: Office) -> None:
    saved = await office.change("West", by="U0KIM", add=("U0JO",), remove=("U0SAM",), channel="C0NEW")
    assert (saved.joined, saved.left) == (("Jo",), ("Sam",))
    assert (await office.settings("West")).channel == "C0NEW"


async def test_a_manager_changes_neither_name_nor_manager_nor_another_team(office: Office) -> None:
    for wanted in ({"name": "Best"}, {"manager": "U0LEE"}, {"manager": None}):
        with pytest.raises(NotAllowed, match="Only an admin"):
            await office.change("West", by="U0KIM", **wanted)
    with pytest.raises(NotAllowed, match="Lee, who manages East, can change that team"):
        await office.change("East", by="U0KIM", channel="C0NEW")
    with pytest.raises(NotAllowed, match="Only an admin can add teams"):
        await office.create("Mine", by="U0KIM")


async def test_a_manager_takes_nobody_from_another_team(office: Office) -> None:
    with pytest.raises(Refusal, match=r"On another team already: Ron \(East\)\. An admin can move people\."):
        await office.change("West", by="U0KIM", add=("U0RON", "U0JO"))
    assert await office.members("West") == ["Sam"]


async def test_who_managed_a_team_until_a_moment_ago_may_no_longer(office: Office) -> None:
    opened = await office.settings("West")
    await office.change("West", manager="U0LEE")
    with pytest.raises(NotAllowed, match="Lee, who manages West"):
        await office.change("West", by="U0KIM", opened=opened, add=("U0JO",))


@pytest.mark.parametrize("who", ["U0DANA", "U0KIM"])
@pytest.mark.parametrize("no_longer", ["standing = 'guest'", "standing = 'external'", "is_active = false"])
async def test_who_takes_no_part_any_more_changes_no_team(office: Office, who: str, no_longer: str) -> None:
    opened = await office.settings("West")
    await office.rows_changed(f"UPDATE users SET {no_longer} WHERE slack_id = :who", who=who)
    with pytest.raises(NotAllowed, match="Goalkeeper is for"):
        await office.change("West", by=who, opened=opened, add=("U0JO",))
    assert await office.members("West") == ["Sam"]


async def test_a_team_that_is_not_there(office: Office) -> None:
    opened = await office.settings("West")
    office.teams["Nowhere"] = type(office.teams["West"])(0)
    with pytest.raises(NoSuchTeam):
        await office.change("Nowhere", opened=opened)


# --- two at once ---------------------------------------------------------------------------------------


async def test_the_second_to_save_sees_what_changed_and_overwrites_nothing(office: Office) -> None:
    opened = await office.settings("West")
    await office.change("West", name="Westies", channel="C0DANA")
    await office.hire("Ada", named_admin=True)
    with pytest.raises(ChangedMeanwhile) as refused:
        await office.change("West", by="U0ADA", opened=opened, name="Wild West")
    assert refused.value.changes == {"name": "Dana", "channel": "Dana"}
    assert refused.value.now.name == "Westies"
    assert (await office.settings("West")).name == "Westies"


async def test_what_others_did_by_other_doors_was_done_by_nobody_known(office: Office) -> None:
    opened = await office.settings("West")
    await office.change("West", channel="C0DANA")
    await office.rows_changed("UPDATE teams SET channel = 'C0ROSTER' WHERE name = 'West'")
    with pytest.raises(ChangedMeanwhile) as refused:
        await office.change("West", opened=opened, channel="C0KIM", by="U0KIM", add=("U0JO",))
    assert refused.value.changes == {"channel": None}
    assert await office.members("West") == ["Sam"]


async def test_the_same_form_twice_changes_nothing_the_second_time(office: Office) -> None:
    opened = await office.settings("West")
    for _ in range(2):
        await office.change("West", opened=opened, name="Westies", add=("U0JO",))
    assert len(await office.rows("SELECT FROM settings_changes")) == 2


# --- what is recorded, and managers who leave --------------------------------------------------------------


async def test_each_change_is_recorded(office: Office) -> None:
    await office.change("West", name="Westies", manager="U0LEE", add=("U0JO",), remove=("U0SAM",))
    rows = await office.rows(
        "SELECT c.subject, c.name, c.from_value, c.to_value, u.name AS who FROM settings_changes c"
        " JOIN users u ON u.id = c.changed_by ORDER BY c.name"
    )
    assert [tuple(row) for row in rows] == [
        ("team", "manager", "U0KIM", "U0LEE", "Dana"),
        ("team", "members", ["U0SAM"], ["U0JO"], "Dana"),
        ("team", "name", "West", "Westies", "Dana"),
    ]


async def test_a_team_whose_manager_has_left_is_without_one(office: Office) -> None:
    await office.leaves("U0KIM")
    assert (await office.settings("West")).manager is None
    await office.change("West", channel="C0NEW")
    [[kept]] = await office.rows("SELECT manager_id IS NOT NULL FROM teams WHERE name = 'West'")
    assert kept
    await office.change("West", manager="U0LEE")
    assert (await office.settings("West")).manager == "U0LEE"
