"""conversations.*: channels and direct messages."""

from sandbox.errors import SlackRefusal
from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods, page
from sandbox.model import Channel, Json, Message
from sandbox.slack import Slack, refuse_unreachable


def open_dm(slack: Slack, arguments: Arguments) -> Json:
    """conversations.open, with one person (`users`) or a DM that is there (`channel`)."""
    if channel_id := arguments.find_text("channel"):
        channel = slack.channel(channel_id)
        return {"channel": {"id": channel.id}}
    users = (arguments.find_text("users") or "").split(",")
    if users == [""]:
        raise SlackRefusal("users_list_not_supplied")
    if len(users) > 1:
        raise SlackRefusal("method_not_supported_for_channel_type")
    user = slack.user(users[0])
    refuse_unreachable(user, "user_disabled")
    known = len(slack.workspace.channels)
    channel = slack.directory.dm(user.id)
    was_there = len(slack.workspace.channels) == known
    if not was_there:
        slack.changed(user.id)
    body = _json(slack, channel) if arguments.flag("return_im") else {"id": channel.id}
    already = {"no_op": True, "already_open": True} if was_there else {}
    return {**already, "channel": body}


def info(slack: Slack, arguments: Arguments) -> Json:
    """conversations.info."""
    channel = slack.channel(arguments.text("channel"))
    body = _json(slack, channel)
    if arguments.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def list_all(slack: Slack, arguments: Arguments) -> Json:
    """conversations.list, paged."""
    types = (arguments.find_text("types") or "public_channel").split(",")
    found = [one for one in slack.workspace.channels.values() if _type(one) in types and _seen(slack, one)]
    if arguments.flag("exclude_archived"):
        found = [one for one in found if not one.is_archived]
    items, cursor = page(found, arguments, 100, 999)
    channels = [_json(slack, one) for one in items]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def history(slack: Slack, arguments: Arguments) -> Json:
    """conversations.history, the newest first within a page.

    The first page is the newest one, and the cursor leads back in time. With `oldest` and no `latest` it is
    the other way round: the first page is the one closest to `oldest`, and the cursor leads on from there.
    """
    channel = slack.channel(arguments.text("channel"))
    slack.require(_history_scope(channel))
    if slack.workspace.bot_user_id not in channel.members:
        raise SlackRefusal("not_in_channel")
    found = [one for one in slack.posts.visible(channel.id, None) if _between(one, arguments)]
    found = [one for one in found if one.hidden_until <= slack.now()]
    forward = arguments.find_text("oldest") is not None and arguments.find_text("latest") is None
    items, cursor = page(found if forward else found[::-1], arguments, 100, 999)
    items = items[::-1] if forward else items
    with_metadata = arguments.flag("include_all_metadata")
    messages = [_listed(slack, one, with_metadata) for one in items]
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": messages, "has_more": bool(cursor), "pin_count": 0, **more}


def members(slack: Slack, arguments: Arguments) -> Json:
    """conversations.members, paged."""
    items, cursor = page(slack.channel(arguments.text("channel")).members, arguments, 100, 999)
    return {"members": items, "response_metadata": {"next_cursor": cursor}}


def _listed(slack: Slack, message: Message, with_metadata: bool) -> Json:
    body = slack.posts.json(message)
    if not with_metadata:
        body.pop("metadata", None)
    return body


def _between(message: Message, arguments: Arguments) -> bool:
    # Timestamps compare as numbers; as floats they would lose the last digits.
    ts, inclusive = _micros(message.ts), arguments.flag("inclusive")
    oldest, latest = arguments.find_text("oldest"), arguments.find_text("latest")
    after = oldest is None or ts > _micros(oldest) or (inclusive and ts == _micros(oldest))
    before = latest is None or ts < _micros(latest) or (inclusive and ts == _micros(latest))
    return after and before


def _micros(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    try:
        return int(seconds) * 1_000_000 + int(fraction.ljust(6, "0")[:6])
    except ValueError:
        raise SlackRefusal("invalid_ts_oldest") from None


def _history_scope(channel: Channel) -> str:
    if channel.is_im:
        return "im:history"
    return "groups:history" if channel.is_private else "channels:history"


def _type(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _seen(slack: Slack, channel: Channel) -> bool:
    return _type(channel) == "public_channel" or slack.workspace.bot_user_id in channel.members


def _json(slack: Slack, channel: Channel) -> Json:
    body: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.is_archived}
    if channel.is_im:
        return body | {"is_im": True, "is_org_shared": False, "user": channel.with_user}
    return body | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_member": slack.workspace.bot_user_id in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "context_team_id": slack.workspace.team_id,
    }


_READ = ("channels:read", "groups:read", "im:read")

METHODS: Methods = {
    "conversations.open": Method(open_dm, ("im:write",)),
    "conversations.info": Method(info, _READ),
    "conversations.list": Method(list_all, _READ),
    "conversations.history": Method(history, ("channels:history", "groups:history", "im:history")),
    "conversations.members": Method(members, _READ),
}
