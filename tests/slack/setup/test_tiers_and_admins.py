"""Bonus tiers, and who is an admin."""

import pytest

from sandbox import Person, Sandbox, User
from tests.conftest import Sql
from tests.slack.reading import Form
from tests.slack.setup.conftest import History, Shows, opens

TIERS = "SELECT signups_needed, amount::text FROM bonus_tiers ORDER BY tier"


async def test_tiers_are_saved_and_shown_below(adaeze: Person, sql: Sql, shows: Shows) -> None:
    form = await opens(adaeze, "tiers")
    assert form.fields["Tier 1: signups needed"] == "15"
    assert form.fields["Tier 1: bonus (USD)"] == "0"
    assert (
        await adaeze.submits({"tier_5_amount": "$250", "tier_6_signups": 60, "tier_6_amount": "1.5k"})
    ).closed
    await shows(adaeze, "Tier 5: 40 signups, $250")
    await shows(adaeze, "Tier 6: 60 signups, $1,500")
    assert [tuple(row) for row in await sql(TIERS)] == [
        (15, "0.00"),
        (20, "0.00"),
        (25, "0.00"),
        (30, "0.00"),
        (40, "250.00"),
        (60, "1500.00"),
    ]
    again = await opens(adaeze, "tiers")
    assert again.fields["Tier 6: bonus (USD)"] == "1,500"


async def test_a_month_that_is_open_keeps_its_tiers(adaeze: Person, ana: Person, sql: Sql) -> None:
    await ana.types("/goals set 20")
    await opens(adaeze, "tiers")
    assert (await adaeze.submits({"tier_1_signups": 10})).closed
    assert (await sql.value("SELECT tier_signups[1] FROM rep_monthly_goals")) == 15


async def test_thresholds_that_fall_are_refused_beside_the_field(
    adaeze: Person, sql: Sql, history: History
) -> None:
    await opens(adaeze, "tiers")
    answer = await adaeze.submits({"tier_3_signups": 20, "tier_6_amount": "lots"})
    assert answer.errors == {"tier_6_amount:0": "The bonus is an amount, like 50,000 or 50k: “lots” is not."}
    answer = await adaeze.submits({"tier_6_amount": "5"})
    assert answer.errors == {"tier_3_signups:0": "Tier 3 takes more than tier 2, so more than 20."}
    assert Form.of(adaeze).fields["Tier 6: bonus (USD)"] == "5"
    await adaeze.closes(all_views=True)
    assert await history() == []


async def test_of_two_who_save_tiers_at_once_the_second_sees_what_changed(
    adaeze: Person, second: Person, sql: Sql
) -> None:
    for person in (adaeze, second):
        await opens(person, "tiers")
    assert (await adaeze.submits({"tier_6_amount": "100"})).closed
    assert not (await second.submits({"tier_1_signups": 10})).closed
    form = Form.of(second)
    assert form.lines[0].startswith("⚠️ Meanwhile Adaeze Okafor has changed the amount of tier 6 to 100.")
    assert (form.fields["Tier 1: signups needed"], form.fields["Tier 6: bonus (USD)"]) == ("10", "100")
    assert (await second.submits()).closed
    tiers = await sql(TIERS)
    assert (tiers[0].signups_needed, tiers[-1].amount) == (10, "100.00")


async def test_an_admin_names_others_and_takes_them_out(
    adaeze: Person, jonas: Person, sandbox: Sandbox, shows: Shows, history: History
) -> None:
    form = await opens(adaeze, "admins")
    assert form.lines == ["Slack's owners and admins are admins anyway: Adaeze Okafor"]
    assert (await adaeze.submits({"admins": [jonas.id]})).closed
    await shows(adaeze, "Adaeze Okafor, Jonas Lindqvist")
    await opens(jonas, "admins")
    assert (await jonas.submits({"admins": []})).closed
    await sandbox.wait_for(lambda: any("no longer an admin" in message.text for message in jonas.dms()))
    assert "Ask Adaeze Okafor" in (await jonas.types("/goals setup")).text
    assert await history() == [
        ("Adaeze Okafor", "admin", "named_admin", False, True),
        ("Jonas Lindqvist", "admin", "named_admin", True, False),
    ]


async def test_somebody_whom_goalkeeper_has_not_met_can_be_named(
    adaeze: Person, sandbox: Sandbox, shows: Shows
) -> None:
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    await opens(adaeze, "admins")
    assert (await adaeze.submits({"admins": ["U0PETRA0001"]})).closed
    await shows(adaeze, "Adaeze Okafor, Petra Novák")


MANY_ADMINS = """
INSERT INTO users (workspace_id, slack_id, name, named_admin)
SELECT w.id, 'U0ADMIN' || n, 'Admin ' || n, true FROM workspaces w, generate_series(1001, 1000 + :count) n
"""
NAMED = "SELECT count(*) FROM users WHERE named_admin AND slack_id LIKE 'U0ADMIN%'"


def inputs(form: Form) -> list[list[str]]:
    """The people in each input for admins."""
    blocks = [block for block in form.view["blocks"] if block["type"] == "input"]
    return [block["element"].get("initial_users", []) for block in blocks]


@pytest.mark.parametrize("count", [99, 100, 149, 500])
async def test_however_many_the_admins_are_each_can_be_seen_and_taken_out(
    adaeze: Person, jonas: Person, sql: Sql, count: int, history: History
) -> None:
    await sql(MANY_ADMINS, count=count)
    last = inputs(await opens(adaeze, "admins"))[-1]
    assert len(last) == count % 100
    name = f"admins_{count // 100 + 1}" if count >= 100 else "admins"
    assert (await adaeze.submits({name: [*last[1:], jonas.id]})).closed
    assert await sql.value(NAMED) == count - (1 if last else 0)
    assert [line[-1] for line in await history()] == ([True, False] if last else [True])


async def test_among_five_hundred_admins_what_two_change_at_once_is_kept(
    adaeze: Person, second: Person, jonas: Person, sql: Sql
) -> None:
    await sql(MANY_ADMINS, count=500)
    for person in (adaeze, second):
        form = await opens(person, "admins")
    first_hundred = inputs(form)[0]
    assert (await adaeze.submits({"admins": first_hundred[1:]})).closed
    assert not (
        await second.submits({"admins": first_hundred[:-1], "admins_6": [second.id, jonas.id]})
    ).closed
    assert Form.of(second).lines[0].startswith("⚠️ Meanwhile Adaeze Okafor has changed who is an admin.")
    assert (await second.submits()).closed
    assert await sql.value(NAMED) == 498
    assert await sql.value("SELECT named_admin FROM users WHERE name = 'Jonas Lindqvist'")


async def test_of_more_changes_than_a_form_can_keep_none_is_lost_unseen(
    adaeze: Person, second: Person, sql: Sql
) -> None:
    await sql(MANY_ADMINS, count=500)
    for person in (adaeze, second):
        form = await opens(person, "admins")
    assert (await adaeze.submits({"admins": inputs(form)[0][1:]})).closed
    nobody: dict[str, list[str]] = {"admins": [], **{f"admins_{nth}": [] for nth in range(2, 6)}}
    assert not (await second.submits(nobody)).closed
    assert "please make your changes again" in Form.of(second).lines[0]
    assert sum(map(len, inputs(Form.of(second)))) == 500
    assert await sql.value(NAMED) == 499


async def test_guests_and_bots_cannot_be_admins(adaeze: Person, renske: Person, history: History) -> None:
    await opens(adaeze, "admins")
    for who, name in ((renske.id, "Renske de Vries"), ("U0GOALKEEPR", "Goalkeeper")):
        answer = await adaeze.submits({"admins": [who]})
        assert answer.errors["admins:0"].startswith(f"{name} is a guest, a bot")
    assert await history() == []


async def test_nobody_takes_out_the_last_admin(adaeze: Person, second: Person, sql: Sql) -> None:
    await sql("UPDATE users SET slack_admin = false")
    await opens(second, "admins")
    answer = await second.submits({"admins": []})
    assert answer.errors == {"admins:0": "Somebody has to be an admin: name at least one."}


async def test_of_two_who_name_admins_at_once_both_are_heard(
    adaeze: Person, second: Person, jonas: Person, ana: Person, sql: Sql
) -> None:
    for person in (adaeze, second):
        await opens(person, "admins")
    assert (await adaeze.submits({"admins": [second.id, jonas.id]})).closed
    assert not (await second.submits({"admins": [second.id, ana.id]})).closed
    assert Form.of(second).lines[0].startswith("⚠️ Meanwhile Adaeze Okafor has changed who is an admin.")
    assert (await second.submits()).closed
    named = "SELECT array_agg(name ORDER BY name) FROM users WHERE named_admin AND NOT slack_admin"
    assert await sql.value(named) == ["Ana Souza", "Jonas Lindqvist", "Tomasz Wójcik"]
