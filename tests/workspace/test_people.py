"""People who join, move, are renamed and leave: known at once, and counted once."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import Bot
from domain.db import Database
from domain.goals.service import CONFIRMATION
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_user
from sandbox import Person, Sandbox
from sandbox.methods.users import user_json
from sandbox.model import User
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.test_database_away import Away

NEW = User("U0NEW000001", "wanjiru", "Wanjirũ Kamau", email="wanjiru@northwind.example", tz="Africa/Nairobi")


async def known(sql: Sql, slack_id: str) -> Any:
    """What is known of somebody; None: nothing."""
    rows = await sql(
        "SELECT name, time_zone, is_active, standing FROM users WHERE slack_id = :slack_id", slack_id=slack_id
    )
    return tuple(rows[0]) if rows else None


async def test_who_joins_is_known(bot: Bot, sandbox: Sandbox, sql: Sql) -> None:
    assert await known(sql, NEW.id) is None
    assert (await sandbox.events.joined(NEW)).status == 200
    assert await known(sql, NEW.id) == ("Wanjirũ Kamau", "Africa/Nairobi", True, "member")


async def test_who_comes_through_slack_connect_is_told_by_their_team(
    marisol: Person, sandbox: Sandbox, sql: Sql
) -> None:
    # Slack says `is_stranger: false` of people of another company who are in a channel with us.
    guest = User("U0KIT000001", "kit", "Kit Moreau", is_stranger=False, team_id="T0BLUEFIN01")
    assert (await sandbox.events.joined(guest)).status == 200
    [_, _, _, standing] = await known(sql, guest.id)
    assert standing == "external"
    await marisol.types("/goals set @kit 20")
    assert await sql.value("SELECT count(*) FROM goal_changes") == 0


async def test_a_new_time_zone_counts_from_now_on(ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    await sandbox.move(ana, "Asia/Tokyo")
    assert await known(sql, ana.id) == ("Ana Souza", "Asia/Tokyo", True, "member")


@pytest.mark.parametrize("zone", [None, "Mars/Olympus"])
async def test_no_time_zone_is_no_news(zone: str | None, ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    moved = {"type": "user_change", "user": user_json(sandbox.slack, ana.user) | {"tz": zone}}
    assert (await sandbox.events.send(moved)).status == 200
    assert await known(sql, ana.id) == ("Ana Souza", "America/New_York", True, "member")


async def test_a_new_name_is_what_people_see(ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    await sandbox.events.changed(ana.user, real_name="Ana de Souza")
    assert (await known(sql, ana.id))[0] == "Ana de Souza"


async def test_who_is_deactivated_hears_nothing_more(
    ana: Person, bot: Bot, sandbox: Sandbox, sql: Sql, told: Told, db: Database
) -> None:
    await ana.types("/goals set 20")
    assert len(await told(ana)) == 1
    await sandbox.deactivate(ana)
    assert (await known(sql, ana.id))[2] is False
    user_id = await sql.value("SELECT id FROM users WHERE slack_id = :ana", ana=ana.id)
    facts = await sql.value("SELECT facts FROM outbox")
    async with db.workspace(bot.workspace_id) as tx:
        await outbox.post(tx.session, Saying(CONFIRMATION, to_user(user_id), Topic("reminder"), facts))
    assert len(await told(ana)) == 1
    reason = await sql.value("SELECT reason FROM outbox WHERE topic = 'reminder'")
    assert reason == "the person is deactivated"
    # Back again.
    await sandbox.events.changed(ana.user, deleted=False)
    assert (await known(sql, ana.id))[2] is True


async def test_the_same_event_counts_once(ana: Person, sandbox: Sandbox, sql: Sql) -> None:
    moved = {"type": "user_change", "user": user_json(sandbox.slack, ana.user) | {"tz": "Asia/Tokyo"}}
    await sandbox.events.send(moved, event_id="Ev1")
    await sandbox.move(ana, "Europe/Berlin")
    # Slack has not heard our answer to the first; what it says has become old since.
    assert (await sandbox.events.send(moved, event_id="Ev1")).status == 200
    assert (await known(sql, ana.id))[1] == "Europe/Berlin"
    assert await sql.value("SELECT count(*) FROM job_runs WHERE job = 'slack_event'") == 2


async def test_what_came_while_the_database_was_away_comes_again(
    ana: Person, sandbox: Sandbox, sql: Sql, away: Away
) -> None:
    moved = {"type": "user_change", "user": user_json(sandbox.slack, ana.user) | {"tz": "Asia/Tokyo"}}
    away.gone()
    refused = await sandbox.events.send(moved, event_id="Ev1")
    assert refused.error is not None
    away.back()
    assert (await sandbox.events.send(moved, event_id="Ev1")).error is None
    assert (await known(sql, ana.id))[1] == "Asia/Tokyo"


async def test_a_rep_who_was_deactivated_for_eight_days_joins_anew(
    ana: Person, bot: Bot, sandbox: Sandbox, sql: Sql, clock: Clock
) -> None:
    await clock.at(2026, 2, 2, 12)
    await sandbox.deactivate(ana)
    await clock.at(2026, 2, 10, 13)
    await sandbox.events.changed(ana.user, deleted=False)
    [row] = await sql(
        "SELECT r.is_active, r.joined_on, m.deadline FROM sales_reps r JOIN users u ON u.id = r.user_id"
        " LEFT JOIN rep_monthly_goals m ON m.sales_rep_id = r.id AND m.goal_year = 2026 AND m.goal_month = 2"
        " WHERE u.slack_id = :ana",
        ana=ana.id,
    )
    new_york = ZoneInfo("America/New_York")
    assert tuple(row) == (True, date(2026, 2, 10), datetime(2026, 2, 14, tzinfo=new_york))
