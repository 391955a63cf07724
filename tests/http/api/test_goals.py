"""Goals over the API, as a client sees them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import httpx
import pytest

from domain.db import Database
from tests.conftest import Sql
from tests.http.api.conftest import NOBODY, NOON, Acme, Clients, refused

GOALS = {"signup_goal": 20, "revenue_goal": "50000", "bonus_tier_goal": 3}


def ids(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [each["sales_rep_id"] for each in answer.json()["items"]]


async def test_a_rep_sets_goals_and_reads_them(client: Clients, acme: Acme) -> None:
    ana = await client("ana")
    answer = await ana.post("goals/monthly/set", GOALS)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "sales_rep_id": acme.ana,
        "period": "2026-02",
        "outcome": "set",
        "signup_goal": 20,
        "revenue_goal": "50000.00",
        "bonus_tier_goal": 3,
        "deadline": "2026-02-07T05:00:00Z",
        "set_by_deadline": True,
    }
    [month] = (await ana.get("goals/monthly/current")).json()["items"]
    assert (month["sales_rep_id"], month["goal_year"], month["goal_month"]) == (acme.ana, 2026, 2)
    assert (month["signup_goal"], month["revenue_goal"], month["bonus_tier_goal"]) == (20, "50000.00", 3)
    assert (month["status"], month["team"], month["signup_progress_percent"]) == ("active", "West", "0.00")


async def test_a_figure_that_is_left_out_stays(client: Clients) -> None:
    ana = await client("ana")
    await ana.post("goals/monthly/set", GOALS)
    changed = (await ana.post("goals/monthly/set", {"signup_goal": 25})).json()
    assert (changed["outcome"], changed["signup_goal"], changed["bonus_tier_goal"]) == ("changed", 25, 3)
    again = (await ana.post("goals/monthly/set", {"signup_goal": 25})).json()
    assert again["outcome"] == "unchanged"


async def test_amounts_mean_the_same_in_every_locale(client: Clients, sql: Sql) -> None:
    await sql("UPDATE workspaces SET locale = 'de_DE'")
    ana = await client("ana")
    saved = (await ana.post("goals/monthly/set", {"revenue_goal": "1234.5"})).json()
    assert float(saved["revenue_goal"]) == 1234.5
    saved = (await ana.post("goals/monthly/set", {"revenue_goal": 50000})).json()
    assert float(saved["revenue_goal"]) == 50000


async def test_next_months_goals_are_set_by_name_and_not_too_early(client: Clients) -> None:
    ana = await client("ana")
    refused(await ana.post("goals/monthly/set", {**GOALS, "year": 2026, "month": 3}), 409, "month_too_far")
    refused(await ana.post("goals/monthly/set", {**GOALS, "year": 2026, "month": 1}), 409, "month_over")


async def test_a_locked_goal_is_a_conflict(
    client: Clients, at: Callable[[datetime], Awaitable[None]]
) -> None:
    ana = await client("ana")
    await ana.post("goals/monthly/set", GOALS)
    await at(NOON + timedelta(days=5))
    refused(await ana.post("goals/monthly/set", {"signup_goal": 1}), 409, "goal_locked")


async def test_a_manager_changes_a_goal_with_a_reason(client: Clients, acme: Acme) -> None:
    mia = await client("mia")
    wanted = {**GOALS, "rep_id": acme.ana}
    problem = refused(await mia.post("goals/monthly/set", wanted), 422, "invalid_input")
    assert problem["field"] == "reason"
    saved = await mia.post("goals/monthly/set", {**wanted, "reason": "Agreed in our meeting"})
    assert saved.json()["outcome"] == "set"


async def test_year(client: Clients, acme: Acme) -> None:
    ana = await client("ana")
    saved = (await ana.post("goals/yearly/set", {"signup_goal": 240, "revenue_goal": 600000})).json()
    assert (saved["period"], saved["signup_goal"], saved["bonus_tier_goal"]) == ("2026", 240, None)
    [year] = (await ana.get("goals/yearly/current")).json()["items"]
    assert (year["yearly_signup_goal"], year["monthly_signup_target"]) == (240, "20.00")


async def test_history_is_newest_first_and_comes_in_pages(client: Clients, acme: Acme, sql: Sql) -> None:
    for month in (11, 12):
        await sql(
            "INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signup_goal) "
            "VALUES (:home, :rep, 2025, :month, 5)",
            home=acme.id, rep=acme.ana, month=month,
        )  # fmt: skip
    ana = await client("ana")
    first = (await ana.get(f"goals/history/{acme.ana}", params={"limit": 2})).json()
    assert [each["goal_month"] for each in first["items"]] == [2, 12]
    rest = (
        await ana.get(f"goals/history/{acme.ana}", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    assert ([each["goal_month"] for each in rest["items"]], rest["next_cursor"]) == ([11], None)


async def test_pending_deadlines_end_with_setting(client: Clients, acme: Acme) -> None:
    mia, ana = await client("mia"), await client("ana")
    assert ids(await mia.get("goals/pending-deadlines")) == [acme.ana, acme.ben]
    await ana.post("goals/monthly/set", GOALS)
    [ben] = (await mia.get("goals/pending-deadlines")).json()["items"]
    assert (ben["sales_rep_id"], ben["deadline_status"], ben["days_until_deadline"]) == (
        acme.ben, "pending", 3,
    )  # fmt: skip


async def test_a_reminder_is_acknowledged_by_its_rep_alone(
    client: Clients, acme: Acme, db: Database, sql: Sql
) -> None:
    reminder_id = await sql.value(
        "INSERT INTO goal_deadline_reminders (workspace_id, sales_rep_id, reminder_type, target_year, "
        "target_month, sent, sent_at) VALUES (:home, :rep, 'goal_deadline_3days', 2026, 2, true, "
        "goalkeeper_now()) RETURNING id",
        home=acme.id, rep=acme.ana,
    )  # fmt: skip
    ana, mia = await client("ana"), await client("mia")
    [pending] = (await ana.get("goals/pending-deadlines")).json()["items"]
    assert pending["reminder_id"] == reminder_id
    path = f"goals/acknowledge-reminder/{reminder_id}"
    refused(await mia.put(path), 403, "not_allowed")
    for _ in range(2):
        answer = await ana.put(path)
        assert answer.status_code == 200, answer.text
        assert answer.json()["acknowledged"] is True
    assert await sql.value("SELECT acknowledged FROM goal_deadline_reminders") is True
    refused(await ana.put("goals/acknowledge-reminder/987654321"), 404, "no_such_reminder")


async def test_each_person_sees_their_own_their_teams_or_all(client: Clients, acme: Acme) -> None:
    seen = {"ana": [acme.ana], "mia": [acme.ana, acme.ben], "ada": [acme.ana, acme.ben, acme.cem]}
    for who, reps in seen.items():
        one = await client(who)
        for path in ("goals/monthly/current", "goals/yearly/current", "goals/pending-deadlines"):
            assert ids(await one.get(path)) == reps, (who, path)
    ana = await client("ana")
    assert ids(await ana.get("goals/monthly/current", params={"rep_id": acme.ben})) == []
    refused(await ana.get(f"goals/history/{acme.ben}"), 403, "not_allowed")
    refused(await ana.get(f"goals/progress/{acme.ben}/2/2026"), 403, "not_allowed")
    refused(await ana.post("goals/monthly/set", {**GOALS, "rep_id": acme.ben}), 403, "not_allowed")
    refused(await (await client("mia")).get(f"goals/history/{acme.cem}"), 403, "not_allowed")


async def test_an_integration_names_the_rep(client: Clients, acme: Acme) -> None:
    ada = await client("ada")
    refused(await ada.post("goals/monthly/set", GOALS), 403, "carries_no_goals")
    refused(await ada.post("goals/monthly/set", {**GOALS, "rep_id": NOBODY}), 404, "no_such_rep")


async def test_lists_come_in_pages(client: Clients, acme: Acme) -> None:
    ada = await client("ada")
    found, cursor = [], None
    for _ in range(3):
        page = (
            await ada.get(
                "goals/monthly/current", params={"limit": 1, **({"cursor": cursor} if cursor else {})}
            )
        ).json()
        found += [each["sales_rep_id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert (found, cursor) == ([acme.ana, acme.ben, acme.cem], None)
    for bad in ("x", "W10=", "WyJ4Il0=", "Wy0xXQ=="):
        problem = refused(
            await ada.get("goals/monthly/current", params={"cursor": bad}), 422, "invalid_input"
        )
        assert problem["field"] == "cursor"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"signup_goal": -1}, "signup_goal"),
        ({"signup_goal": "many"}, "signup_goal"),
        ({"revenue_goal": "1.234"}, "revenue_goal"),
        ({"bonus_tier_goal": 7}, "bonus_tier_goal"),
        ({"signup_goal": 0, "revenue_goal": 0}, "signup_goal"),
        ({"signup_goal": 1, "typo": 1}, "typo"),
        ({"signup_goal": 1, "reason": "a\0b"}, "reason"),
        ({"rep_id": 2**63, "signup_goal": 1}, "rep_id"),
    ],
)
async def test_wrong_input_is_named(client: Clients, body: dict[str, object], field: str) -> None:
    ana = await client("ana")
    answer = await ana.post("goals/monthly/set", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert answer.json()["errors"][0]["field"] == field
