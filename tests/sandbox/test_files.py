"""Files in both directions: what the bot uploads, and what people drop on it."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from sandbox import faults
from tests.sandbox.conftest import Install, Installed
from tests.sandbox.manifests import manifest

CSV = b"rep,signups\nana@northwind.example,2\n"


async def installed(install: Install, *scopes: str) -> Installed:
    app = await install(manifest())
    app.sandbox.grant(*scopes)
    return app


async def fetch(url: str, token: str | None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as got:
        return got.status, got.content_type, await got.read()


async def test_the_sdk_uploads_a_file_that_people_can_save(install: Install) -> None:
    app = await installed(install)
    ana, bob = app.sandbox.person("Ana Souza"), app.sandbox.person("DeShawn Carter")
    dm = app.sandbox.slack.directory.dm(ana.id).id
    answer = await app.slack.files_upload_v2(
        channel=dm, filename="Report März.csv", content=CSV, title="The report", initial_comment="Here it is"
    )
    (message,) = ana.dms()
    assert message.plain == "Here it is\nReport März.csv"
    shown = (await app.page.get("messages", **{"as": ana.id, "channel": dm}))["messages"][0]
    (file,) = shown["files"]
    assert (file["id"], file["title"], file["size"]) == (answer["file"]["id"], "The report", len(CSV))
    assert (file["mimetype"], file["filetype"], shown["bot_id"]) == ("text/csv", "csv", "B0GOALKEEPR")
    url = f"{app.sandbox.base_url}/page/file/{file['id']}"
    assert await fetch(f"{url}?as={ana.id}", None) == (200, "text/csv", CSV)
    assert (await fetch(f"{url}?as={bob.id}", None))[0] == 404


async def test_files_can_be_several_and_shared_with_nobody(install: Install) -> None:
    app = await installed(install)
    ana = app.sandbox.person("Ana Souza")
    both = [{"filename": name, "content": CSV} for name in ("a.csv", "b.xlsx")]
    await app.slack.files_upload_v2(channel="C0TEAMWEST1", file_uploads=both)
    (message,) = ana.messages("#team-west")
    assert message.plain == "a.csv\nb.xlsx"
    await app.slack.files_upload_v2(filename="private.csv", content=CSV)
    assert len(ana.messages("#team-west")) == 1
    assert ana.dms() == []


async def test_slack_refuses_uploads_in_its_own_words(install: Install) -> None:
    app = await installed(install)
    slack, workspace = app.slack, app.sandbox.slack.workspace
    announced = await slack.files_getUploadURLExternal(filename="a.csv", length=3)
    complete: Any = slack.files_completeUploadExternal
    files = [{"id": announced["file_id"]}]
    assert await refusal(complete(files=files)) == "file_not_found"
    async with aiohttp.ClientSession() as http:
        async with http.post(announced["upload_url"], data=b"four") as got:
            assert got.status == 400
        async with http.post(announced["upload_url"], data=b"abc") as got:
            assert (got.status, await got.text()) == (200, "OK - 3")
    assert await refusal(complete(files=files, channel_id="C404")) == "channel_not_found"
    workspace.channels["C0TEAMWEST1"].members.remove(workspace.bot_user_id)
    assert await refusal(complete(files=files, channel_id="C0TEAMWEST1")) == "not_in_channel"
    assert await refusal(slack.files_getUploadURLExternal(filename="a", length=0)) == "invalid_arguments"
    assert await refusal(slack.files_info(file="F1")) == "missing_scope"
    app.sandbox.revoke("files:write")
    assert await refusal(complete(files=files)) == "missing_scope"


async def test_a_dropped_file_reaches_the_bot_which_reads_it_with_its_token(install: Install) -> None:
    app = await installed(install, "files:read")
    ana = app.sandbox.person("Ana Souza")
    said = await ana.drops("Actuals 2026.csv", CSV, "November")
    (event,) = app.events()
    assert (event["subtype"], event["text"], event["user"]) == ("file_share", "November", ana.id)
    (file,) = event["files"]
    assert (file["name"], file["size"], file["user"]) == ("Actuals 2026.csv", len(CSV), ana.id)
    url = file["url_private_download"]
    assert await fetch(url, app.sandbox.bot_token) == (200, "text/csv", CSV)
    for token in (None, "xoxb-wrong", app.sandbox.app_token):
        status, kind, page = await fetch(url, token)
        assert (status, kind, b"<html" in page) == (200, "text/html", True)
    assert (await app.slack.files_info(file=file["id"]))["file"]["name"] == "Actuals 2026.csv"

    await ana.deletes(said.written)
    assert (await fetch(url, app.sandbox.bot_token))[0] == 404
    assert await refusal(app.slack.files_info(file=file["id"])) == "file_deleted"


async def test_without_the_scope_the_file_is_a_login_page(install: Install) -> None:
    app = await installed(install)
    await app.sandbox.person("Ana Souza").drops("actuals.csv", CSV)
    url = app.events()[0]["files"][0]["url_private_download"]
    status, kind, _ = await fetch(url, app.sandbox.bot_token)
    assert (status, kind) == (200, "text/html")
    entry = app.sandbox.traffic[-1]
    assert (entry.label, entry.response) == ("file download", "login page: files:read is missing")


async def test_transfers_fail_when_they_are_asked_to(install: Install) -> None:
    app = await installed(install, "files:read")
    await app.sandbox.person("Ana Souza").drops("actuals.csv", CSV)
    url = app.events()[0]["files"][0]["url_private_download"]
    app.sandbox.faults.next("file download", faults.http_error(503))
    assert (await fetch(url, app.sandbox.bot_token))[0] == 503
    # The client tries a second time by itself.
    app.sandbox.faults.always("file download", faults.dropped(accepted=False))
    with pytest.raises(aiohttp.ClientError):
        await fetch(url, app.sandbox.bot_token)
    app.sandbox.faults.clear()
    assert (await fetch(url, app.sandbox.bot_token))[2] == CSV
    app.sandbox.faults.next("file upload", faults.http_error(500))
    with pytest.raises(SlackRequestError):
        await app.slack.files_upload_v2(filename="a.csv", content=CSV)


async def test_the_bot_deletes_only_its_own_files(install: Install) -> None:
    app = await installed(install)
    ana = app.sandbox.person("Ana Souza")
    await ana.drops("actuals.csv", CSV)
    theirs = app.events()[0]["files"][0]["id"]
    assert await refusal(app.slack.files_delete(file=theirs)) == "cant_delete_file"
    ours = (await app.slack.files_upload_v2(channel=ana.dms()[0].channel, filename="a.csv", content=CSV))[
        "file"
    ]
    await app.slack.files_delete(file=ours["id"])
    shown = (await app.page.get("messages", **{"as": ana.id, "channel": ana.dms()[0].channel}))["messages"]
    assert shown[-1]["files"] == [{"id": ours["id"], "mode": "tombstone"}]


async def test_the_page_shares_files_and_other_sites_cannot(install: Install) -> None:
    app = await installed(install)
    ana = app.sandbox.person("Ana Souza")
    dm = app.sandbox.slack.directory.dm(ana.id).id
    url = f"{app.sandbox.base_url}/page/drop"
    query = {"as": ana.id, "channel": dm, "name": "actuals.csv", "text": "November"}
    kind = {"Content-Type": "application/octet-stream"}
    async with aiohttp.ClientSession() as http:
        async with http.post(url, params=query, data=CSV, headers=kind) as got:
            assert await got.json() == {"ok": True}
        async with http.post(url, params=query, data=b"", headers=kind) as got:
            assert await got.json() == {"ok": False, "error": "This file is empty."}
        async with http.post(url, params=query, data=b"x", headers={"Content-Type": "text/plain"}) as got:
            assert got.status == 415
        theirs = kind | {"Origin": "https://elsewhere.example"}
        async with http.post(url, params=query, data=CSV, headers=theirs) as got:
            assert got.status == 403
    (message,) = ana.dms()
    assert message.plain == "November\nactuals.csv"


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])
