"""Activity over the API: one entry, many as JSON lines or CSV, and reading them."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.access.rules import Scope
from domain.db import Database
from tests.conftest import Sql
from tests.http.api.conftest import NOBODY, NOON, Acme, Client, Clients, a_company, refused

DEAL = {"metric": "revenue", "amount": "5000.00", "source": "crm", "external_id": "006-17"}
JSON_LINES, CSV = "application/x-ndjson", "text/csv"


async def sent(client: Client, kind: str, body: bytes | AsyncIterator[bytes]) -> httpx.Response:
    return await client.http.post("activity", content=body, headers={"Content-Type": kind})


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


async def test_an_entry_is_known_by_source_and_external_id(client: Clients, acme: Acme, sql: Sql) -> None:
    ana = await client("ana")
    first = (await ana.post("activity", DEAL)).json()
    assert first["outcome"] == "recorded"
    again = (await ana.post("activity", DEAL)).json()
    assert again == {"outcome": "unchanged", "entry_id": first["entry_id"]}
    amended = (await ana.post("activity", {**DEAL, "amount": 8000})).json()
    assert amended == {"outcome": "amended", "entry_id": first["entry_id"]}
    assert (
        await sql.value(
            "SELECT revenue_actual FROM rep_monthly_goals WHERE sales_rep_id = :rep", rep=acme.ana
        )
        == 8000
    )
    assert await sql.value("SELECT min(door) FROM activity") == "api"


async def test_a_repeated_request_without_an_external_id_needs_a_key(client: Clients, sql: Sql) -> None:
    ana = await client("ana")
    call = {"metric": "calls", "amount": 1}
    for _ in range(2):
        await ana.post("activity", call, headers={"Idempotency-Key": "c"})
    await ana.post("activity", call)
    assert await sql.value("SELECT sum(amount) FROM activity") == 2


async def test_a_manager_and_an_integration_name_the_rep(client: Clients, acme: Acme) -> None:
    mia, ana = await client("mia"), await client("ana")
    assert (await mia.post("activity", {**DEAL, "rep_id": acme.ben})).json()["outcome"] == "recorded"
    refused(await mia.post("activity", {**DEAL, "rep_id": acme.cem}), 403, "not_allowed")
    refused(await ana.post("activity", {**DEAL, "rep_id": acme.ben}), 403, "not_allowed")
    refused(await mia.post("activity", {**DEAL, "rep_id": NOBODY}), 404, "no_such_rep")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"metric": "weather", "amount": 1}, "metric"),
        ({"metric": "win_rate", "amount": 1}, "metric"),
        ({"metric": "calls", "amount": "0.5"}, "amount"),
        ({"metric": "calls", "amount": 0}, "amount"),
        ({"metric": "calls", "amount": "many"}, "amount"),
        ({"metric": "calls", "amount": 1, "day": "2026-02-04"}, "day"),
        ({"metric": "calls", "amount": 1, "day": "2023-12-31"}, "day"),
        ({"amount": 1}, "metric"),
    ],
)
async def test_a_wrong_entry_names_its_field(client: Clients, row: dict[str, Any], field: str) -> None:
    problem = refused(await (await client("ana")).post("activity", row), 422, "invalid_input")
    assert problem["field"] == field


async def test_json_lines_go_in_and_bad_rows_stay_out(client: Clients, acme: Acme, sql: Sql) -> None:
    ada = await client("ada")
    rows = [{**DEAL, "rep_id": acme.ana, "external_id": f"d-{number}"} for number in range(3)]
    body = lines(
        *rows,
        {**DEAL, "rep_id": NOBODY},
        {"metric": "calls", "amount": 1, "rep_id": acme.ana},
        {**DEAL, "rep_id": acme.ana, "amount": "x"},
        DEAL,
    )
    answer = await sent(ada, JSON_LINES, body + b"\nno json\n[1]")
    assert answer.status_code == 200, answer.text
    done = answer.json()
    problems = [(each["line"], each["code"], each["field"]) for each in done.pop("problems")]
    assert done == {"rows": 9, "recorded": 3, "unchanged": 0, "amended": 0, "refused": 6}
    assert problems == [
        (4, "no_such_rep", "rep_id"),
        (5, "invalid_input", "external_id"),
        (6, "invalid_input", "amount"),
        (7, "no_such_rep", "rep_id"),
        (9, "invalid_input", None),
        (10, "invalid_input", None),
    ]
    assert await sql.value("SELECT sum(amount) FROM activity") == 15000
    again = (await sent(ada, JSON_LINES, lines(*rows))).json()
    assert (again["recorded"], again["unchanged"]) == (0, 3)


async def test_csv_with_several_lines_in_a_note(client: Clients, acme: Acme, sql: Sql) -> None:
    ana = await client("ana")
    body = (
        "\ufeffmetric,amount,external_id,source,note,day\r\n"
        'revenue,"1000.50",a-1,crm,"said ""yes"",\r\nthen signed",2026-02-02\r\n'
        "revenue,2000,a-2,crm,,\r\n"
        "revenue,1,a-3,crm,,,,\r\n"
    )
    done = (await sent(ana, CSV, body.encode())).json()
    assert (done["rows"], done["recorded"], done["refused"]) == (3, 2, 1), done
    assert done["problems"][0]["line"] == 5
    [note] = await sql("SELECT note, amount FROM activity WHERE external_id = 'a-1'")
    assert (note.note, float(note.amount)) == ('said "yes",\nthen signed', 1000.5)


async def test_a_long_csv_is_read_piece_by_piece_and_sent_again_from_the_beginning(
    client: Clients, acme: Acme, sql: Sql
) -> None:
    ana = await client("ana")
    rows = [f"calls,1,c-{number},dialer\n".encode() for number in range(12_000)]
    text = b"metric,amount,external_id,source\n" + b"".join(rows)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(text), 7_919):
            yield text[start : start + 7_919]

    done = (await sent(ana, CSV, pieces())).json()
    assert (done["rows"], done["recorded"], done["refused"]) == (12_000, 12_000, 0)
    again = (await sent(ana, CSV, pieces())).json()
    assert (again["recorded"], again["unchanged"]) == (0, 12_000)
    assert await sql.value("SELECT sum(amount) FROM activity") == 12_000


async def test_whatever_is_in_a_row_the_others_go_in(client: Clients) -> None:
    ana = await client("ana")
    bad = [b"[" * 50_000, b'{"\\ud800": 1}', b'{"amount": ' + b"9" * 5000 + b"}", b"null", b"\0"]
    done = (await sent(ana, JSON_LINES, b"\n".join([*bad, lines(DEAL)]))).json()
    assert (done["rows"], done["recorded"], done["refused"]) == (6, 1, 5), done


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (CSV, b"metric,amount\ncalls,1\n"),
        (CSV, b"metric,amount,external_id,weather\n"),
        (CSV, b"metric,metric,amount,external_id\n"),
        (CSV, b"metric,amount,external_id\ncalls,1,\xff\n"),
        (JSON_LINES, b"x" * 1_000_000),
        (CSV, b"metric,amount,external_id\n" + b"x" * 1_000_000),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(client: Clients, kind: str, body: bytes) -> None:
    refused(await sent(await client("ana"), kind, body), 422, "invalid_input")


async def test_another_kind_of_body_is_refused(client: Clients) -> None:
    refused(await sent(await client("ana"), "text/plain", b"x"), 415, "unsupported_media_type")


async def test_the_entries_behind_a_number(client: Clients, acme: Acme) -> None:
    ana, mia, ada = [await client(who) for who in ("ana", "mia", "ada")]
    for number in range(3):
        day = (NOON - timedelta(days=number % 2)).date().isoformat()
        await ana.post("activity", {**DEAL, "external_id": f"{number}", "day": day})
    asked: dict[str, Any] = {"metric": "revenue", "limit": 2}
    first = (await ana.get("activity", params=asked)).json()
    rest = (await ana.get("activity", params={**asked, "cursor": first["next_cursor"]})).json()
    found = [*first["items"], *rest["items"]]
    assert [each["external_id"] for each in found] == ["2", "0", "1"]
    assert (found[0]["amount"], found[0]["rep_name"], found[0]["source"]) == ("5000.00", "Ana", "crm")
    for one, more in ((mia, {"team_id": acme.west}), (mia, {"rep_id": acme.ana}), (ada, {})):
        page = (await one.get("activity", params={"metric": "revenue", **more})).json()
        assert len(page["items"]) == 3
    one_day = {"metric": "revenue", "from": "2026-02-02", "to": "2026-02-02"}
    assert len((await ana.get("activity", params=one_day)).json()["items"]) == 1
    refused(await ana.get("activity", params={**asked, "rep_id": acme.ben}), 403, "not_allowed")
    refused(await ana.get("activity", params={**asked, "team_id": acme.west}), 403, "not_allowed")
    backwards = {"metric": "revenue", "from": "2026-02-02", "to": "2026-02-01"}
    refused(await ana.get("activity", params=backwards), 422, "invalid_input")


async def test_metrics_teams_and_people_are_read(client: Clients, acme: Acme) -> None:
    ana, mia, ada = [await client(who) for who in ("ana", "mia", "ada")]
    metrics = (await ana.get("metrics")).json()
    assert [each["code"] for each in metrics][:2] == ["signups", "revenue"]
    [west] = (await ana.get("teams")).json()["items"]
    assert (west["name"], west["manager_name"], west["sales_rep_ids"]) == (
        "West",
        "Mia",
        [acme.ana, acme.ben],
    )
    assert len((await ada.get("teams")).json()["items"]) == 2
    counts = [len((await one.get("people")).json()["items"]) for one in (ana, mia, ada)]
    assert counts == [1, 3, 5]
    [person] = (await ana.get("people")).json()["items"]
    assert (person["name"], person["sales_rep_id"], person["team"]) == ("Ana", acme.ana, "West")


async def test_a_months_report_is_for_managers_and_admins(client: Clients, acme: Acme) -> None:
    ana, mia, ada = [await client(who) for who in ("ana", "mia", "ada")]
    await ana.post("goals/monthly/set", {"signup_goal": 1})
    await ana.put("goals/monthly/progress", {"signups_actual": 1})
    refused(await ana.get("reports/monthly/2/2026"), 403, "not_allowed")
    report = (await mia.get("reports/monthly/2/2026")).json()
    assert (report["period"], report["stage"]) == ("2026-02", "running")
    assert [(each["name"], each["ending"]) for each in report["reps"]] == [
        ("Ana", "made"),
        ("Ben", "running"),
    ]
    assert len((await ada.get("reports/monthly/2/2026")).json()["reps"]) == 3


async def test_scopes_and_workspaces_hold_here_too(client: Clients, acme: Acme, db: Database) -> None:
    globex = await a_company(db, "Globex")
    ada, goals = await client("ada"), await client("ada", Scope.GOALS_READ)
    refused(await ada.post("activity", {**DEAL, "rep_id": globex.ana}), 404, "no_such_rep")
    done = (await sent(ada, JSON_LINES, lines({**DEAL, "rep_id": globex.ana}))).json()
    assert (done["refused"], done["problems"][0]["code"]) == (1, "no_such_rep")
    asked = {"metric": "revenue", "rep_id": globex.ana}
    refused(await ada.get("activity", params=asked), 404, "no_such_rep")
    for path in ("metrics", "teams", "people", "reports/monthly/2/2026", "activity?metric=calls"):
        refused(await goals.get(path), 403, "missing_scope")
    refused(await goals.post("activity", DEAL), 403, "missing_scope")
