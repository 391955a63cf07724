"""What the page in the browser asks for and does, as JSON under `/page`."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from sandbox.forms import KINDS, Values, elements
from sandbox.interactions import Answer
from sandbox.model import Channel, Json, Message, User
from sandbox.origin import from_our_page
from sandbox.sandbox import Sandbox
from sandbox.slack import Slack

As = Annotated[str, Query(alias="as")]


class _Doing(BaseModel):
    who: str = Field(alias="as")


class Say(_Doing):
    """Somebody types a message or a command."""

    channel: str
    text: str


class Act(_Doing):
    """Somebody uses an element."""

    container: Json
    action: Json
    values: Values = {}


class Change(_Doing):
    """Somebody changes a message of theirs; without a text, deletes it."""

    channel: str
    ts: str
    text: str = ""


class Shortcut(_Doing):
    """Somebody uses a shortcut: on a message, or a global one without."""

    callback_id: str
    channel: str | None = None
    ts: str | None = None


class Tab(_Doing):
    """Somebody goes to a tab of the app's conversation."""

    tab: Literal["home", "messages"]


class Form(_Doing):
    """Somebody sends off a form, or closes it."""

    view_id: str
    values: Values = {}


def page_router(sandbox: Sandbox) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/page")
    _reading(router, sandbox)
    _doing(router, sandbox)
    return router


def _reading(router: APIRouter, sandbox: Sandbox) -> None:
    @router.get("/state")
    async def state(who: Annotated[str | None, Query(alias="as")] = None) -> Json:
        return page_state(sandbox, _known(sandbox, who or _anybody(sandbox)))

    @router.get("/messages")
    async def messages(who: As, channel: str) -> Json:
        room = _room(sandbox, _known(sandbox, who), channel)
        seen = sandbox.slack.posts.visible(room.id, who)
        if seen:
            room.read[who] = seen[-1].ts
        return {"messages": [sandbox.slack.posts.json(message) for message in seen]}

    @router.get("/events")
    async def events(who: As, cursor: int) -> StreamingResponse:
        _known(sandbox, who)
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        stream = _stream(sandbox, cursor, who)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    @router.get("/traffic")
    async def traffic() -> Json:
        return {"entries": [asdict(entry) for entry in sandbox.traffic]}


def _doing(router: APIRouter, sandbox: Sandbox) -> None:
    guard = [Depends(from_our_page)]

    @router.post("/say", dependencies=guard)
    async def say(body: Say) -> Json:
        room = _room(sandbox, _known(sandbox, body.who), body.channel)
        return await _say(sandbox, body.who, room, body.text.strip())

    @router.post("/action", dependencies=guard)
    async def action(body: Act) -> Json:
        _known(sandbox, body.who)
        answer = await _act(sandbox, body)
        return _outcome(answer) if answer else _refused("not_found")

    @router.post("/change", dependencies=guard)
    async def change(body: Change) -> Json:
        message = _message(sandbox, body.who, body.channel, body.ts)
        if message is None or message.user != body.who:
            return _refused("message_not_found")
        person = sandbox.person(body.who)
        if body.text.strip():
            person.changes(message, body.text.strip())
        else:
            person.removes(message)
        return {"ok": True}

    @router.post("/shortcut", dependencies=guard)
    async def shortcut(body: Shortcut) -> Json:
        message = _message(sandbox, body.who, body.channel, body.ts) if body.channel and body.ts else None
        try:
            return _outcome(await sandbox.person(body.who).uses_shortcut(body.callback_id, message))
        except LookupError as refused:
            return _refused(str(refused))

    @router.post("/tab", dependencies=guard)
    async def tab(body: Tab) -> Json:
        user = _known(sandbox, body.who)
        # The tab is there at once, whatever the bot does about it.
        sandbox.events.later(sandbox.events.home_opened(user, body.tab))
        return {"ok": True}

    @router.post("/submit", dependencies=guard)
    async def submit(body: Form) -> Json:
        view = sandbox.slack.views.find(body.view_id)
        if view is None or view.user != body.who:
            return _refused("view_not_found")
        done = await sandbox.interactions.submit(view, body.values)
        if done.errors:
            return {"ok": False, "errors": done.errors}
        return _refused(done.error) if done.error else {"ok": True}

    @router.post("/close", dependencies=guard)
    async def close(body: Form) -> Json:
        view = sandbox.slack.views.find(body.view_id)
        if view is not None and view.user == body.who:
            await sandbox.interactions.close(view)
        return {"ok": True}

    @router.post("/reset", dependencies=guard)
    async def reset() -> Json:
        sandbox.reset()
        if sandbox.on_reset is not None:
            done = sandbox.on_reset()
            if done is not None:
                await done
        return {"ok": True}


def page_state(sandbox: Sandbox, user: User) -> Json:
    """Everything that the page shows around the messages."""
    slack, workspace = sandbox.slack, sandbox.slack.workspace
    dm = slack.directory.dm(user.id)
    rooms = [room for room in slack.directory.of(user.id) if room is not dm]
    others = [room for room in workspace.channels.values() if room not in rooms and not room.is_im]
    return {
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "me": user.id,
        "bot": {"id": workspace.bot_user_id, "name": slack.directory.name_of(workspace.bot_user_id)},
        "people": [_person(one) for one in workspace.users.values()],
        "channels": [_channel(slack, room, user.id) for room in [*rooms, dm]],
        "elsewhere": {room.id: room.name for room in others if not room.is_private},
        "commands": [asdict(command) for command in sandbox.commands],
        "app": _app(sandbox),
        "home": workspace.homes.get(user.id),
        "team_acts": sandbox.team_acts,
        "views": [slack.views.json(view) for view in slack.views.stack(user.id)],
        "cursor": slack.changes.cursor,
    }


def _app(sandbox: Sandbox) -> Json:
    app = sandbox.app
    return {
        "home_tab": app.home_tab,
        "messages_tab": app.messages_tab,
        "closed": app.closed,
        "shortcuts": [asdict(one) for one in app.shortcuts],
    }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.real_name,
        "display_name": user.shown,
        "title": user.title,
        "email": user.email,
        "tz": user.tz,
        "role_hint": user.role_hint,
        "is_admin": user.is_admin,
        "is_bot": user.is_bot,
        "is_guest": user.is_guest,
        "deleted": user.deleted,
        "color": user.color,
    }


def _channel(slack: Slack, room: Channel, user: str) -> Json:
    seen = slack.posts.visible(room.id, user)
    read = room.read.get(user, "")
    body = {
        "id": room.id,
        "name": room.name or slack.directory.name_of(slack.workspace.bot_user_id),
        "kind": "im" if room.is_im else "channel",
        "is_private": room.is_private,
        "is_archived": room.is_archived,
        "topic": room.topic,
        "unread": sum(message.ts > read and message.user != user for message in seen),
        "last_ts": seen[-1].ts if seen else None,
    }
    return body | ({"with": slack.workspace.bot_user_id} if room.is_im else {})


async def _stream(sandbox: Sandbox, cursor: int, who: str) -> AsyncIterator[str]:
    # A first line at once, so that the browser knows that the stream is open.
    yield ": open\n\n"
    async for event in sandbox.slack.changes.since(cursor, who):
        yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n" if event else ": quiet\n\n"


async def _say(sandbox: Sandbox, who: str, room: Channel, text: str) -> Json:
    if not text:
        return _refused("no_text")
    if text.startswith("/"):
        name = text.split()[0]
        if name not in {command.command for command in sandbox.commands}:
            return _refused(f"{name} is not a valid command.")
        return _outcome(await sandbox.interactions.command(who, room.id, text))
    if room.is_archived:
        return _refused("is_archived")
    try:
        sandbox.person(who).says(text, room.id)
    except LookupError as refused:
        return _refused(str(refused))
    return {"ok": True}


async def _act(sandbox: Sandbox, body: Act) -> Answer | None:
    slack, action = sandbox.slack, body.action
    if body.container.get("type") == "message":
        channel, ts = str(body.container.get("channel_id")), str(body.container.get("message_ts"))
        message = slack.posts.find(channel, ts, seen_by=body.who)
        element = _element(message.blocks, action) if message else None
        if message is None or element is None:
            return None
        value = _value(element, action)
        return await sandbox.interactions.press(
            body.who, message, action["block_id"], element, value, body.values
        )
    view_id = str(body.container.get("view_id"))
    home = slack.workspace.homes.get(body.who)
    view = home if home and home["id"] == view_id else slack.views.find(view_id)
    element = _element(view["blocks"] if isinstance(view, dict) else view.blocks, action) if view else None
    if view is None or element is None or (not isinstance(view, dict) and view.user != body.who):
        return None
    if isinstance(view, dict):
        slack.views.fill_home(body.who, body.values)
    else:
        slack.views.fill(view, body.values)
    value = _value(element, action)
    return await sandbox.interactions.press_in_view(body.who, view, action["block_id"], element, value)


def _element(blocks: list[Json], action: Json) -> Json | None:
    for block, element in elements(blocks):
        if (block["block_id"], element["action_id"]) == (action.get("block_id"), action.get("action_id")):
            return element
    return None


def _value(element: Json, action: Json) -> Json:
    if element["type"] == "button":
        return {}
    kind = KINDS.get(element["type"])
    name = kind.state if kind else "selected_option"
    return {"type": element["type"], name: action.get(name)}


def _anybody(sandbox: Sandbox) -> str:
    """Whom a page begins as that knows nobody yet: a rep, since the product is theirs."""
    people = [user for user in sandbox.slack.workspace.users.values() if not (user.is_bot or user.deleted)]
    return next((user.id for user in people if user.role_hint == "rep"), people[0].id)


def _known(sandbox: Sandbox, who: str) -> User:
    user = sandbox.slack.workspace.users.get(who)
    if user is None or user.is_bot:
        raise HTTPException(404, "user_not_found")
    return user


def _room(sandbox: Sandbox, user: User, channel: str) -> Channel:
    room = sandbox.slack.workspace.channels.get(channel)
    if room is None or user.id not in room.members:
        raise HTTPException(404, "channel_not_found")
    return room


def _message(sandbox: Sandbox, who: str, channel: str, ts: str) -> Message | None:
    room = _room(sandbox, _known(sandbox, who), channel)
    return sandbox.slack.posts.find(room.id, ts, seen_by=who)


def _outcome(answer: Answer) -> Json:
    return _refused(answer.error) if answer.error else {"ok": True}


def _refused(error: Any) -> Json:
    return {"ok": False, "error": error}
