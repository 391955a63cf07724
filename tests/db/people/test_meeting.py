"""Getting to know people as Slack describes them."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Transaction
from domain.people.model import Standing
from domain.people.roster import rows
from domain.people.roster.service import import_roster
from domain.people.service import Profile, meet, remember_dm
from tests.builders import a_user, moved_to
from tests.db.goals.desk import counted

ANN = Profile(
    slack_id="U0ANN",
    name="Ann",
    email="ann@x.com",
    time_zone="Europe/Berlin",
    standing=Standing.MEMBER,
    slack_admin=False,
    is_active=True,
)


async def the_users(session: AsyncSession) -> list[Row[Any]]:
    return list(await session.execute(text("SELECT * FROM users ORDER BY slack_id")))


async def ann_in(session: AsyncSession) -> Row[Any]:
    [ann] = await the_users(session)
    return ann


async def the_zone(session: AsyncSession) -> str:
    return str((await session.execute(text("SELECT time_zone FROM workspaces"))).scalar_one())


async def test_somebody_new_is_known_as_slack_says(session: AsyncSession) -> None:
    await meet(session, [ANN])
    ann = await ann_in(session)
    assert (ann.slack_id, ann.name, ann.email, ann.time_zone) == (
        "U0ANN",
        "Ann",
        "ann@x.com",
        "Europe/Berlin",
    )
    assert (ann.standing, ann.role, ann.is_active, ann.dm_channel) == ("member", "member", True, None)


async def test_a_workspace_is_met_in_one_statement(session: AsyncSession) -> None:
    page = [replace(ANN, slack_id=f"U{n:04}", name=f"Nr. {n}") for n in range(200)]
    with counted(session) as statements:
        await meet(session, page)
    assert len(statements) == 1
    assert [user.slack_id for user in await the_users(session)] == [profile.slack_id for profile in page]


@pytest.mark.parametrize(("by_roster", "then"), [(None, "Ann Kim"), ("Annie", "Annie")])
async def test_a_rep_is_called_as_in_slack_unless_a_roster_says_otherwise(
    by_roster: str | None, then: str, session: AsyncSession, tx: Transaction
) -> None:
    await meet(session, [ANN])
    await import_roster(session, tx.now, [rows.Row(slack_id=ANN.slack_id, name=by_roster, team="West")])
    await meet(session, [replace(ANN, name="Ann Kim")])
    called = text("SELECT u.name, r.name FROM users u JOIN sales_reps r ON r.user_id = u.id")
    names = await session.execute(called)
    assert [tuple(row) for row in names] == [("Ann Kim", then)]


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"name": "Ann <!channel> Müller 🎯 \u202e"}, "name", "Ann <!channel> Müller 🎯 \u202e"),
        ({"email": "new@x.com"}, "email", "new@x.com"),
        ({"time_zone": "Asia/Tokyo"}, "time_zone", "Asia/Tokyo"),
        ({"standing": Standing.GUEST}, "standing", "guest"),
        ({"slack_admin": True}, "role", "admin"),
        ({"is_active": False}, "is_active", False),
    ],
    ids=lambda change: next(iter(change)) if isinstance(change, dict) else None,
)
async def test_what_slack_says_now_replaces_what_it_said(
    tx: Transaction, change: dict[str, Any], column: str, value: object
) -> None:
    await meet(tx.session, [ANN])
    met = await ann_in(tx.session)
    await meet(tx.session, [replace(ANN, **change)])
    now = await ann_in(tx.session)
    assert now.id == met.id
    assert getattr(now, column) == value


async def test_the_same_profile_again_writes_nothing(tx: Transaction) -> None:
    await meet(tx.session, [ANN])
    met = await ann_in(tx.session)
    await moved_to(tx, tx.now.replace(hour=20))
    await meet(tx.session, [ANN, replace(ANN, slack_id="U0BO")])
    again, _ = await the_users(tx.session)
    assert tuple(again) == tuple(met)


@pytest.mark.parametrize("column", ["email", "time_zone"])
async def test_what_slack_leaves_out_stays_known(session: AsyncSession, column: str) -> None:
    await meet(session, [ANN])
    left_out: dict[str, Any] = {column: None, "name": "Anna"}
    await meet(session, [replace(ANN, **left_out)])
    ann = await ann_in(session)
    assert (ann.name, getattr(ann, column)) == ("Anna", getattr(ANN, column))


async def test_who_was_named_admin_here_stays_one(session: AsyncSession) -> None:
    user = await a_user(session, slack_id="U0ANN", named_admin=True)
    await remember_dm(session, user, "D0ANN")
    await meet(session, [ANN])
    ann = await ann_in(session)
    assert (ann.name, ann.role, ann.dm_channel) == ("Ann", "admin", "D0ANN")


async def test_who_is_no_longer_slacks_admin_is_none_here(session: AsyncSession) -> None:
    await meet(session, [replace(ANN, slack_admin=True)])
    await meet(session, [ANN])
    assert (await ann_in(session)).role == "member"


async def test_a_zone_that_the_database_reads_otherwise_keeps_nobody_out(session: AsyncSession) -> None:
    await meet(session, [replace(ANN, time_zone="CET"), replace(ANN, slack_id="U0BO")], owner_zone="CET")
    ann, bo = await the_users(session)
    assert (ann.time_zone, bo.time_zone) == (None, "Europe/Berlin")
    assert await the_zone(session) == "UTC"


async def test_nobody_to_meet_is_no_statement(session: AsyncSession) -> None:
    with counted(session) as statements:
        await meet(session, [])
    assert statements == []


# --- the workspace's zone ------------------------------------------------------------------------------


async def test_the_owners_zone_is_the_workspaces_until_one_is_chosen(session: AsyncSession) -> None:
    await meet(session, [ANN], owner_zone="Europe/Berlin")
    assert await the_zone(session) == "Europe/Berlin"
    await meet(session, [ANN], owner_zone="Asia/Tokyo")
    assert await the_zone(session) == "Asia/Tokyo"

    await session.execute(text("UPDATE workspaces SET time_zone = 'UTC', time_zone_chosen = true"))
    await meet(session, [ANN], owner_zone="Asia/Tokyo")
    assert await the_zone(session) == "UTC"


async def test_without_word_of_the_owner_the_workspaces_zone_stays(session: AsyncSession) -> None:
    await meet(session, [ANN], owner_zone="Asia/Tokyo")
    await meet(session, [ANN])
    assert await the_zone(session) == "Asia/Tokyo"
