"""Where files go over the wire: the bot's uploads and downloads, and the page's."""

from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from sandbox.errors import SlackRefusal
from sandbox.files import LARGEST, Upload
from sandbox.model import File, Json
from sandbox.origin import bytes_from_our_page
from sandbox.replies import failed
from sandbox.sandbox import Sandbox
from sandbox.time import elapsed

UPLOAD, DOWNLOAD = "file upload", "file download"
"""What the traffic and the faults call them."""

_LOGIN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to Slack</body></html>"


def bot_files_router(sandbox: Sandbox, others: Sequence[Sandbox] = ()) -> APIRouter:
    """Return the addresses that files.getUploadURLExternal and the description of a file name."""
    router = APIRouter()
    everybody = (sandbox, *others)

    @router.post("/upload/v1/{secret}")
    async def upload(secret: str, request: Request) -> Response:
        whose = next((one for one in everybody if secret in one.slack.files.uploads), None)
        if whose is None:
            return PlainTextResponse("upload not found", 404)
        content = await _content(request)
        awaited = whose.slack.files.uploads[secret]
        about = {"file": awaited.file.id, "name": awaited.file.name, "bytes": len(content)}
        return await _transfer(whose, UPLOAD, about, lambda: _received(awaited, content))

    @router.get("/files-pri/{team_and_file}/{rest:path}")
    async def fetch(team_and_file: str, rest: str, request: Request) -> Response:
        team, _, file_id = team_and_file.partition("-")
        whose = next((one for one in everybody if one.slack.workspace.team_id == team), sandbox)
        token = request.headers.get("authorization", "")
        about = {"file": file_id, "name": rest.rpartition("/")[2]}
        return await _transfer(whose, DOWNLOAD, about, lambda: _fetched(whose, file_id, token))

    return router


def page_files_router(sandbox: Sandbox) -> APIRouter:
    """Return what the page does with files: share one, and download one."""
    router = APIRouter(prefix="/page")

    @router.get("/file/{file_id}")
    async def download(file_id: str, who: Annotated[str, Query(alias="as")]) -> Response:
        file = sandbox.slack.workspace.files.get(file_id)
        content = None if file is None else sandbox.slack.files.contents.read(file_id)
        if file is None or content is None or not _sees(sandbox, who, file):
            raise HTTPException(404, "file_not_found")
        return _served(file, content)

    @router.post("/drop")
    async def drop(
        request: Request,
        who: Annotated[str, Query(alias="as")],
        channel: str,
        name: str,
        text: str = "",
    ) -> Json:
        bytes_from_our_page(request)
        try:
            person = sandbox.person(who)
            content = await _content(request)
            if not content:
                return {"ok": False, "error": "This file is empty."}
            person.shares(name, content, text, channel=channel)
        except LookupError as refused:
            return {"ok": False, "error": str(refused)}
        return {"ok": True}

    return router


async def _transfer(
    sandbox: Sandbox, label: str, about: Json, work: Callable[[], tuple[Response, object]]
) -> Response:
    """Do what is asked, or fail at it if a fault was asked for."""
    began = elapsed()
    slack = sandbox.slack
    fault = slack.faults.strike(label)
    response, said = work() if fault is None or fault.accepted else (Response(), "")
    status = response.status_code
    if fault is not None:
        reply = await failed(slack.faults, fault)
        response, said = reply.response(), {"fault": fault.kind, "answer": reply.body[:200]}
        status = 0 if reply.dropped else reply.status
    slack.traffic.record("to_slack", label, about, said, status, elapsed() - began)
    return response


def _received(awaited: Upload, content: bytes) -> tuple[Response, object]:
    if len(content) != awaited.length:
        said = f"expected {awaited.length} bytes, got {len(content)}"
        return PlainTextResponse(said, 400), said
    awaited.content = content
    said = f"OK - {len(content)}"
    return PlainTextResponse(said), said


def _fetched(sandbox: Sandbox, file_id: str, authorization: str) -> tuple[Response, object]:
    slack = sandbox.slack
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token != slack.workspace.bot_token:
        return HTMLResponse(_LOGIN), "login page: no valid token"
    if "files:read" not in slack.workspace.scopes:
        return HTMLResponse(_LOGIN), "login page: files:read is missing"
    try:
        file = slack.files.find(file_id)
    except SlackRefusal as refusal:
        return HTMLResponse("<!DOCTYPE html><title>Not found</title>", 404), {"error": refusal.error}
    content = slack.files.contents.read(file_id)
    if content is None:
        return HTMLResponse("<!DOCTYPE html><title>Not found</title>", 404), {"error": "file_not_found"}
    return _served(file, content), {"bytes": len(content)}


def _served(file: File, content: bytes) -> Response:
    # What people upload is never shown by the browser, which might run it: it is saved.
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return Response(content, 200, headers, file.mimetype)


def _sees(sandbox: Sandbox, who: str, file: File) -> bool:
    slack = sandbox.slack
    theirs = slack.directory.of(who)
    return any(file.id in message.files for one in theirs for message in slack.posts.visible(one.id, who))


async def _content(request: Request) -> bytes:
    """Return what is uploaded: the body, or the file in a form.

    Raises:
        HTTPException: 413, when it is larger than Slack takes.
    """
    if int(request.headers.get("content-length") or 0) > LARGEST:
        raise HTTPException(413, "file_upload_size_restricted")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            for part in form.values():
                if not isinstance(part, str):
                    return await part.read()
        return b""
    return await request.body()
