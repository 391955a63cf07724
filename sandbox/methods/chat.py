"""chat.*: posting, editing, deleting."""

from sandbox.errors import SlackRefusal
from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods
from sandbox.model import Json, Message
from sandbox.posts import Draft, checked
from sandbox.slack import Slack


def post_message(slack: Slack, arguments: Arguments) -> Json:
    """chat.postMessage."""
    channel = slack.destination(arguments.text("channel"))
    message = slack.posts.post(
        channel, slack.workspace.bot_user_id, _draft(arguments), hidden_until=arguments.hidden_until
    )
    return {"channel": channel.id, "ts": message.ts, "message": slack.posts.json(message)}


def update(slack: Slack, arguments: Arguments) -> Json:
    """chat.update; blocks that are left out stay."""
    message = _own(slack, arguments, "cant_update_message")
    if "blocks" not in arguments and message.blocks:
        draft = checked(arguments.find_text("text") or message.text, None, arguments.json("metadata"))
        draft.blocks = message.blocks
    else:
        draft = _draft(arguments)
    slack.posts.edit(message, draft)
    body = slack.posts.json(message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": body}


def delete(slack: Slack, arguments: Arguments) -> Json:
    """chat.delete."""
    message = _own(slack, arguments, "cant_delete_message")
    slack.posts.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(slack: Slack, arguments: Arguments) -> Json:
    """chat.postEphemeral."""
    channel = slack.destination(arguments.text("channel"))
    user = slack.user(arguments.text("user"), "user_not_in_channel")
    if user.id not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    message = slack.posts.post(channel, slack.workspace.bot_user_id, _draft(arguments), only_for=user.id)
    return {"message_ts": message.ts}


def _draft(arguments: Arguments) -> Draft:
    blocks = arguments.json("blocks", "invalid_blocks_format")
    draft = checked(
        arguments.find_text("text"),
        blocks,
        arguments.json("metadata", "invalid_metadata_format"),
        thread_ts=arguments.find_text("thread_ts"),
    )
    draft.link_names = arguments.flag("link_names") or arguments.find_text("parse") == "full"
    return draft


def _own(slack: Slack, arguments: Arguments, error: str) -> Message:
    channel = slack.channel(arguments.text("channel"))
    message = slack.posts.find(channel.id, arguments.text("ts"))
    if message is None:
        raise SlackRefusal("message_not_found")
    if message.user != slack.workspace.bot_user_id:
        raise SlackRefusal(error)
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    return message


METHODS: Methods = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
}
