"""Asking to join a team: who decides, once, and what becomes of requests that time overtakes."""

import pytest

from domain.errors import NotAllowed, Refusal
from domain.people import team_queries
from domain.people.roster.rows import Row
from domain.people.roster.service import import_roster
from tests.db.people.office import Office

ASKED = ("Kim", "join_request", "post")


async def decision(office: Office, request: int) -> tuple[str | None, str | None]:
    """What was decided, and by whom."""
    [row] = await office.rows(
        "SELECT j.decision, u.name FROM join_requests j LEFT JOIN users u ON u.id = j.decided_by"
        " WHERE j.id = :request",
        request=request,
    )
    return row.decision, row.name


async def test_the_manager_is_asked_and_adds(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    assert await office.said() == [ASKED]
    await office.decide("U0KIM", request)
    assert await office.members("West") == ["Jo", "Sam"]
    assert await decision(office, request) == ("added", "Kim")
    assert sorted(await office.said()) == [
        ("Jo", "join_decided", "post"),
        ("Kim", "join_request", "edit"),
        ASKED,
    ]
    changes = await office.rows("SELECT name, to_value FROM settings_changes")
    assert [tuple(change) for change in changes] == [("members", ["U0JO"])]


async def test_the_manager_declines_and_one_may_ask_again(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await office.decide("U0KIM", request, add=False)
    assert await office.members("West") == ["Sam"]
    assert await decision(office, request) == ("declined", "Kim")
    assert ("Jo", "join_decided", "post") in await office.said()
    assert await office.ask("U0JO", "West") != request


async def test_without_a_manager_the_admins_are_asked(office: Office) -> None:
    await office.hire("Ada", named_admin=True)
    await office.hire("Gone", named_admin=True, is_active=False)
    await office.leaves("U0KIM")
    request = await office.ask("U0JO", "West")
    assert await office.said() == [("Dana", "join_request", "post"), ("Ada", "join_request", "post")]
    await office.decide("U0ADA", request)
    assert set((await office.said())[2:]) == {
        ("Jo", "join_decided", "post"),
        ("Dana", "join_request", "edit"),
        ("Ada", "join_request", "edit"),
    }


async def test_one_request_of_a_person_and_team_is_open(office: Office) -> None:
    await office.ask("U0JO", "West")
    with pytest.raises(Refusal, match="You have asked to join that team already"):
        await office.ask("U0JO", "West")
    await office.ask("U0JO", "East")
    assert [name for name, *_ in await office.said()] == ["Kim", "Lee"]


async def test_who_is_on_a_team_need_not_ask(office: Office) -> None:
    with pytest.raises(Refusal, match="You are on West already"):
        await office.ask("U0SAM", "East")


async def test_pressed_twice_it_happens_once(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await office.decide("U0KIM", request)
    before = await office.said()
    for add in (True, False):
        with pytest.raises(Refusal, match="Kim added Jo to West already"):
            await office.decide("U0KIM", request, add=add)
    assert await office.members("West") == ["Jo", "Sam"]
    assert await office.said() == before


async def test_after_a_decline_it_is_declined(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await office.decide("U0DANA", request, add=False)
    with pytest.raises(Refusal, match="Dana declined that already"):
        await office.decide("U0KIM", request)


async def test_nobody_else_decides(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    for somebody in ("U0LEE", "U0JO", "U0SAM"):
        with pytest.raises(NotAllowed, match="Kim manages West now, so this is not yours to decide"):
            await office.decide(somebody, request)
    assert await decision(office, request) == (None, None)


async def test_a_new_manager_is_asked_in_the_old_one_s_place(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await office.change("West", manager="U0LEE")
    assert await office.said() == [
        ASKED,
        ("Kim", "join_request", "edit"),
        ("Lee", "join_request", "post"),
    ]
    with pytest.raises(NotAllowed, match="Lee manages West now"):
        await office.decide("U0KIM", request)
    await office.decide("U0LEE", request)
    assert await decision(office, request) == ("added", "Lee")


async def test_a_manager_who_comes_by_a_roster_is_asked_too(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    rows = [Row(slack_id="U0SAM", name="Sam", team="West", manager="U0LEE")]
    await import_roster(office.tx.session, office.tx.now, rows)
    assert await office.said() == [
        ASKED,
        ("Kim", "join_request", "edit"),
        ("Lee", "join_request", "post"),
    ]
    await office.decide("U0LEE", request)
    assert await decision(office, request) == ("added", "Lee")


async def test_who_came_to_the_team_by_a_roster_is_not_declined(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await import_roster(office.tx.session, office.tx.now, [Row(slack_id="U0JO", name="Jo", team="West")])
    await office.decide("U0KIM", request, add=False)
    assert await decision(office, request) == ("lapsed", "Kim")
    assert "Jo" in await office.members("West")


async def test_who_was_added_by_the_form_meanwhile_is_not_added_again(office: Office) -> None:
    west, east = await office.ask("U0JO", "West"), await office.ask("U0JO", "East")
    await office.change("West", add=("U0JO",))
    assert await decision(office, west) == ("added", "Dana")
    assert await decision(office, east) == ("lapsed", "Dana")
    assert [name for name, kind, _ in await office.said() if kind == "join_decided"] == ["Jo"]
    with pytest.raises(Refusal, match="Dana added Jo to West already"):
        await office.decide("U0KIM", west)
    with pytest.raises(Refusal, match="is over"):
        await office.decide("U0LEE", east)


async def test_who_has_left_meanwhile_is_not_added(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await office.leaves("U0JO")
    await office.decide("U0KIM", request)
    assert await decision(office, request) == ("lapsed", "Kim")
    assert await office.members("West") == ["Sam"]
    assert await office.said() == [ASKED, ("Kim", "join_request", "edit")]


async def test_who_came_to_another_team_by_other_doors_is_left_there(office: Office) -> None:
    request = await office.ask("U0JO", "West")
    await office.rows_changed(
        "INSERT INTO sales_reps (user_id, name) SELECT id, name FROM users WHERE slack_id = 'U0JO'"
    )
    await office.rows_changed(
        "INSERT INTO team_memberships (sales_rep_id, team_id)"
        " SELECT r.id, t.id FROM sales_reps r, teams t WHERE r.name = 'Jo' AND t.name = 'East'"
    )
    await office.decide("U0KIM", request)
    assert await decision(office, request) == ("lapsed", "Kim")
    assert await office.members("East") == ["Jo", "Ron"]


async def test_a_request_as_its_reader_sees_it(office: Office) -> None:
    request_id = await office.ask("U0JO", "West")
    readers = {"U0KIM": True, "U0DANA": True, "U0LEE": False, "U0JO": False}
    for slack_id, may_decide in readers.items():
        reader = (await office.person(slack_id)).user_id
        request = await team_queries.request(office.tx.session, request_id, reader)
        assert request is not None
        assert (request.name, request.team, request.manager) == ("Jo", "West", "Kim")
        assert request.may_decide is may_decide


@pytest.mark.parametrize("who", ["U0DANA", "U0KIM"])
@pytest.mark.parametrize("no_longer", ["standing = 'guest'", "standing = 'external'", "is_active = false"])
async def test_who_takes_no_part_any_more_decides_nothing(office: Office, who: str, no_longer: str) -> None:
    request = await office.ask("U0JO", "West")
    await office.rows_changed(f"UPDATE users SET {no_longer} WHERE slack_id = :who", who=who)
    with pytest.raises(NotAllowed):
        await office.decide(who, request)
    assert await office.members("West") == ["Sam"]


@pytest.mark.parametrize("no_longer", ["standing = 'guest'", "standing = 'external'", "is_active = false"])
async def test_whoever_takes_no_part_any_more_is_not_added(office: Office, no_longer: str) -> None:
    request = await office.ask("U0JO", "West")
    await office.rows_changed(f"UPDATE users SET {no_longer} WHERE slack_id = 'U0JO'")
    await office.decide("U0KIM", request)
    assert await office.members("West") == ["Sam"]
    assert [row.decision for row in await office.rows("SELECT decision FROM join_requests")] == ["lapsed"]


@pytest.mark.parametrize("no_longer", ["standing = 'guest'", "standing = 'external'", "is_active = false"])
async def test_a_manager_who_takes_no_part_any_more_is_not_asked(office: Office, no_longer: str) -> None:
    await office.rows_changed(f"UPDATE users SET {no_longer} WHERE slack_id = 'U0KIM'")
    await office.ask("U0JO", "West")
    assert await office.said() == [("Dana", "join_request", "post")]
