"""Progress, totals and snapshots over the API."""

from datetime import timedelta

from tests.conftest import Sql
from tests.http.api.conftest import NOBODY, NOON, Acme, Clients, refused
from tests.http.api.test_goals import GOALS


async def test_totals_are_absolute_and_the_difference_is_an_entry(
    client: Clients, acme: Acme, sql: Sql
) -> None:
    ana = await client("ana")
    await ana.post("goals/monthly/set", GOALS)
    for _ in range(2):
        answer = await ana.put("goals/monthly/progress", {"signups_actual": 15, "revenue_actual": "32000.50"})
        assert answer.status_code == 200, answer.text
        month = answer.json()
        assert (month["signups_actual"], month["revenue_actual"]) == (15, "32000.50")
        assert (month["signup_progress_percent"], month["bonus_tier_actual"]) == ("75.00", 1)
    entries = await sql("SELECT metric, amount, door FROM activity ORDER BY metric DESC")
    assert [(each.metric, each.amount, each.door) for each in entries] == [
        ("signups", 15, "api"),
        ("revenue", 32000.5, "api"),
    ]


async def test_another_tier_than_the_derived_one_is_refused_and_nothing_is_written(
    client: Clients, sql: Sql
) -> None:
    ana = await client("ana")
    said = {"signups_actual": 15, "bonus_tier_actual": 2}
    problem = refused(await ana.put("goals/monthly/progress", said), 422, "tier_is_derived")
    assert problem["field"] == "bonus_tier_actual"
    assert await sql.value("SELECT count(*) FROM activity") == 0
    right = await ana.put("goals/monthly/progress", {**said, "bonus_tier_actual": 1})
    assert right.json()["bonus_tier_actual"] == 1


async def test_totals_of_a_metric_that_a_source_feeds_are_refused(client: Clients, sql: Sql) -> None:
    await sql("UPDATE metrics SET feeder = 'crm' WHERE code = 'revenue'")
    ana = await client("ana")
    problem = refused(await ana.put("goals/monthly/progress", {"revenue_actual": 1}), 422, "invalid_input")
    assert problem["field"] == "revenue_actual"
    refused(await ana.put("goals/monthly/progress", {"bonus_tier_actual": 1}), 422, "invalid_input")


async def test_progress_says_where_the_month_leads(client: Clients, acme: Acme, at: object) -> None:
    ana = await client("ana")
    await ana.post("goals/monthly/set", GOALS)
    await ana.put("goals/monthly/progress", {"signups_actual": 5})
    await at(NOON + timedelta(days=6))  # type: ignore[operator]
    answer = await ana.get(f"goals/progress/{acme.ana}/2/2026")
    assert answer.status_code == 200, answer.text
    month = answer.json()
    assert (month["days_completed"], month["days_total"]) == (5, 20)
    assert (month["on_pace"], month["pace_indicator"]) == (False, "critical")
    signups = month["pace"][0]
    assert (signups["metric"], signups["expected"], signups["projection"]) == ("signups", "5", "20")
    assert signups["needed_a_day"] == "1.00"
    refused(await ana.get(f"goals/progress/{acme.ana}/3/2027"), 404, "no_goals_that_month")
    refused(await ana.get(f"goals/progress/{acme.ana}/13/2026"), 422, "invalid_input")


async def test_a_snapshot_replaces_that_of_the_same_day(client: Clients, acme: Acme, sql: Sql) -> None:
    ana, mia = await client("ana"), await client("mia")
    for _ in range(2):
        answer = await ana.post("goals/snapshot", {})
        assert (answer.status_code, answer.json()) == (201, {"taken": 1})
    assert await sql.value("SELECT count(*) FROM goal_progress_snapshots") == 1
    both = {"rep_ids": [acme.ana, acme.ben]}
    assert (await mia.post("goals/snapshot", both)).json() == {"taken": 2}
    refused(await ana.post("goals/snapshot", both), 403, "not_allowed")
    refused(await mia.post("goals/snapshot", {"rep_ids": [NOBODY]}), 404, "no_such_rep")
