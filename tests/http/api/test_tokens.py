"""Who is let in: tokens, scopes, roles, limits, and workspaces apart."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.http.api.problems import STATUS, status_of
from domain import flow
from domain.access.rules import Scope
from domain.db import Database
from domain.errors import Refusal
from tests.conftest import Sql
from tests.db.models import import_all
from tests.http.api.conftest import Acme, Clients, Seconds, a_company, refused
from tests.http.api.test_goals import GOALS, ids
from tests.slack.test_database_away import Away
from tests.slack.test_database_away import away as away

CURRENT = "goals/monthly/current"


async def test_without_a_valid_token_nobody_is_let_in(url: str, acme: Acme) -> None:
    async with httpx.AsyncClient(base_url=url) as nobody:
        for headers in ({}, {"Authorization": "Bearer gk_x"}, {"Authorization": "Basic eDp5"}):
            answer = await nobody.get(CURRENT, headers=headers)
            refused(answer, 401, "token_not_accepted")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_ends_when_it_expires_is_revoked_or_its_user_leaves(client: Clients, sql: Sql) -> None:
    expired = await client("ana", expires_in=timedelta(seconds=-1))
    refused(await expired.get(CURRENT), 401, "token_not_accepted")
    revoked, left = await client("ana"), await client("ben")
    for one in (revoked, left):
        assert (await one.get(CURRENT)).status_code == 200
    await sql("UPDATE api_tokens SET revoked_at = now() WHERE id = :id", id=revoked.token_id)
    await sql("UPDATE users SET is_active = false WHERE name = 'Ben'")
    for one in (revoked, left):
        refused(await one.get(CURRENT), 401, "token_not_accepted")
    await sql("UPDATE users SET is_active = true WHERE name = 'Ben'")
    refused(await left.get(CURRENT), 401, "token_not_accepted")


async def test_only_the_hash_is_stored_and_the_last_use(client: Clients, sql: Sql) -> None:
    ana = await client("ana")
    assert await sql.value("SELECT last_used_at FROM api_tokens") is None
    await ana.get(CURRENT)
    [row] = await sql("SELECT api_tokens::text AS everything, last_used_at FROM api_tokens")
    assert row.last_used_at is not None
    assert ana.secret not in row.everything


async def test_a_token_has_the_present_role_of_its_user(client: Clients, acme: Acme, sql: Sql) -> None:
    ada = await client("ada")
    assert len(ids(await ada.get(CURRENT))) == 3
    await sql("UPDATE users SET named_admin = false WHERE name = 'Ada'")
    assert ids(await ada.get(CURRENT)) == []


async def test_a_token_does_what_its_scopes_say(client: Clients, acme: Acme) -> None:
    reader = await client("ana", Scope.GOALS_READ)
    assert (await reader.get(CURRENT)).status_code == 200
    refused(await reader.post("goals/monthly/set", GOALS), 403, "missing_scope")
    refused(await reader.put("goals/monthly/progress", {"signups_actual": 1}), 403, "missing_scope")
    writer = await client("ana", Scope.GOALS_WRITE)
    refused(await writer.get(CURRENT), 403, "missing_scope")


async def test_nothing_crosses_between_workspaces(client: Clients, acme: Acme, db: Database) -> None:
    globex = await a_company(db, "Globex")
    ours, theirs = await client("ada"), await client("ada", home=globex)
    assert ids(await theirs.get(CURRENT)) == [globex.ana, globex.ben, globex.cem]
    assert ids(await ours.get(CURRENT, params={"rep_id": globex.ana})) == []
    for path in (f"goals/history/{globex.ana}", f"goals/progress/{globex.ana}/2/2026"):
        refused(await ours.get(path), 404, "no_such_rep")
    wanted = {**GOALS, "rep_id": globex.ana, "reason": "theirs"}
    refused(await ours.post("goals/monthly/set", wanted), 404, "no_such_rep")
    said = {"rep_id": globex.ana, "signups_actual": 1}
    refused(await ours.put("goals/monthly/progress", said), 404, "no_such_rep")
    refused(await ours.post("goals/snapshot", {"rep_ids": [globex.ana]}), 404, "no_such_rep")


async def test_a_token_that_asks_too_often_waits(client: Clients, seconds: Seconds) -> None:
    ana, ben = await client("ana"), await client("ben")
    for _ in range(10):
        assert (await ana.get(CURRENT)).status_code == 200
    answer = await ana.get(CURRENT)
    refused(answer, 429, "rate_limited")
    assert answer.headers["retry-after"] == "1"
    assert (await ben.get(CURRENT)).status_code == 200
    seconds.now += 1
    assert (await ana.get(CURRENT)).status_code == 200
    refused(await ana.get(CURRENT), 429, "rate_limited")


async def test_a_request_sent_again_with_its_key_is_done_once(client: Clients, sql: Sql) -> None:
    ana, ben = await client("ana"), await client("ben")
    key = {"Idempotency-Key": "8e03978e"}
    first = await ana.post("goals/monthly/set", GOALS, headers=key)
    again = await ana.post("goals/monthly/set", GOALS, headers=key)
    assert (first.json()["outcome"], again.content) == ("set", first.content)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = await ana.post("goals/monthly/set", {"signup_goal": 1}, headers=key)
    refused(other, 422, "idempotency_key_reused")
    assert (await ben.post("goals/monthly/set", GOALS, headers=key)).json()["outcome"] == "set"
    assert await sql.value("SELECT count(*) FROM goal_changes") == 2


async def test_two_requests_at_once_with_one_key_are_done_once(client: Clients, sql: Sql) -> None:
    ana = await client("ana")
    key = {"Idempotency-Key": "at once"}
    both = await asyncio.gather(*(ana.post("goals/monthly/set", GOALS, headers=key) for _ in range(2)))
    assert both[0].content == both[1].content
    assert sorted("idempotent-replayed" in each.headers for each in both) == [False, True]
    assert await sql.value("SELECT count(*) FROM goal_changes") == 1


async def test_what_was_refused_can_be_tried_again_with_its_key(client: Clients, acme: Acme) -> None:
    mia = await client("mia")
    key = {"Idempotency-Key": "k"}
    wanted = {**GOALS, "rep_id": acme.ana}
    refused(await mia.post("goals/monthly/set", wanted, headers=key), 422, "invalid_input")
    saved = await mia.post("goals/monthly/set", {**wanted, "reason": "Agreed"}, headers=key)
    assert saved.json()["outcome"] == "set"
    refused(
        await mia.post("goals/monthly/set", wanted, headers={"Idempotency-Key": "x" * 201}),
        422,
        "invalid_input",
    )


async def test_a_reply_is_forgotten_after_a_day(client: Clients, acme: Acme, db: Database, sql: Sql) -> None:
    ana = await client("ana")
    for key in ("old", "new"):
        await ana.post("goals/monthly/set", GOALS, headers={"Idempotency-Key": key})
    await sql("UPDATE api_replies SET created_at = now() - interval '25 hours' WHERE key = 'old'")
    async with db.workspace(acme.id) as tx:
        await flow.tick(tx.session, tx.now)
    assert await sql.value("SELECT string_agg(key, ',') FROM api_replies") == "new"


async def test_polling_gets_304_until_something_changes(client: Clients) -> None:
    ana = await client("ana")
    etag = (await ana.get(CURRENT)).headers["etag"]
    same = await ana.get(CURRENT, headers={"If-None-Match": etag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    await ana.post("goals/monthly/set", GOALS)
    changed = await ana.get(CURRENT, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["etag"] == etag) == (200, False)


async def test_while_the_database_is_away_clients_are_told_when_to_come_back(
    client: Clients, away: Away
) -> None:
    ana = await client("ana")
    away.gone()
    answer = await ana.get(CURRENT)
    refused(answer, 503, "database_away")
    assert answer.headers["retry-after"] == "5"
    away.back()
    assert (await ana.get(CURRENT)).status_code == 200


async def test_other_errors_are_problems_too(client: Clients) -> None:
    ana = await client("ana")
    refused(await ana.get("nothing/here"), 404, "not_found")
    refused(await ana.put(CURRENT), 405, "method_not_allowed")
    refused(
        await ana.http.post("goals/monthly/set", content=b"{", headers={"Content-Type": "application/json"}),
        422,
        "invalid_input",
    )
    big = {"reason": "x" * 1_000_001}
    refused(await ana.post("goals/monthly/set", big), 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b'{"\\ud800": 1}',
        b'{"reason": "\\ud800", "signup_goal": 1}',
        b'{"signup_goal": 1e400}',
        b'{"signup_goal": NaN}',
        b'{"signup_goal": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"\xff\xfe",
        b"null",
        b'"text"',
    ],
    ids=lambda body: body[:20],
)
@pytest.mark.parametrize("path", ["goals/monthly/set", "activity"])
async def test_whatever_is_sent_is_a_mistake_of_the_client(client: Clients, path: str, body: bytes) -> None:
    ana = await client("ana")
    answer = await ana.http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_document_names_every_route_its_errors_and_an_example(app: FastAPI) -> None:
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            assert set(route["responses"]) >= {"401", "403", "404", "409", "422", "429", "503"}, path
            assert route["security"], path
            for body in route.get("requestBody", {}).get("content", {}).values():
                schema = body["schema"]
                if "$ref" in schema:
                    schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                assert schema.get("examples") or body.get("example"), (method, path)


def test_refusals_by_code_have_the_status_of_their_kind() -> None:
    import_all()
    kinds = [Refusal]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        made = kind.__new__(kind)
        assert status_of(made) == STATUS.get(kind.code, status_of(made))
        assert status_of(made) in (401, 403, 404, 409, 422, 429), kind.code


@pytest.mark.parametrize("path", ["goals/monthly/set", "goals/yearly/set", "goals/snapshot"])
async def test_a_body_is_needed(client: Clients, path: str) -> None:
    refused(await (await client("ana")).post(path), 422, "invalid_input")
