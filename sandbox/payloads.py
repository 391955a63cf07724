"""The payloads that Slack sends for what people do."""

from sandbox.capabilities import Interaction
from sandbox.forms import Values
from sandbox.model import Channel, Json, Message, User
from sandbox.slack import Slack
from sandbox.views import View


def command(
    slack: Slack, user: User, channel: Channel, typed: str, interaction: Interaction
) -> dict[str, str]:
    """A slash command; its text comes with `should_escape`: `@ana` as `<@U…|ana>`."""
    name, _, text = typed.strip().partition(" ")
    text = slack.directory.as_typed(text.strip(), labels=True)
    private = "privategroup" if channel.is_private else channel.name
    return {
        "token": slack.workspace.verification_token,
        "team_id": user.team_id or slack.workspace.team_id,
        "team_domain": slack.workspace.team_domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else private,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": slack.workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": slack.response_url(interaction.secret),
        "trigger_id": interaction.trigger_id,
    }


def pressed_in_message(
    slack: Slack, user: User, message: Message, action: Json, values: Values, interaction: Interaction
) -> Json:
    """block_actions in a message."""
    channel = slack.directory.channel(message.channel)
    # Slack sends no ephemeral message along, and no metadata.
    body = {key: value for key, value in slack.posts.json(message).items() if key != "metadata"}
    return {
        **_interaction(slack, "block_actions", user, interaction),
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        },
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
        **({} if message.only_for else {"message": body}),
        "state": {"values": values},
        "response_url": slack.response_url(interaction.secret),
        "actions": [action],
    }


def pressed_in_view(slack: Slack, user: User, view: Json, action: Json, interaction: Interaction) -> Json:
    """block_actions in a modal or in App Home."""
    return {
        **_interaction(slack, "block_actions", user, interaction),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
    }


def message_shortcut(
    slack: Slack, user: User, callback_id: str, message: Message, interaction: Interaction
) -> Json:
    """message_action: a shortcut used on a message."""
    channel = slack.directory.channel(message.channel)
    body = {key: value for key, value in slack.posts.json(message).items() if key != "metadata"}
    return {
        **_interaction(slack, "message_action", user, interaction),
        "callback_id": callback_id,
        "action_ts": slack.timestamps.next(),
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
        "message_ts": message.ts,
        "message": body,
        "response_url": slack.response_url(interaction.secret),
    }


def global_shortcut(slack: Slack, user: User, callback_id: str, interaction: Interaction) -> Json:
    """shortcut: one that is used anywhere; it has no conversation to answer in."""
    return {
        **_interaction(slack, "shortcut", user, interaction),
        "callback_id": callback_id,
        "action_ts": slack.timestamps.next(),
    }


def view_submission(slack: Slack, user: User, view: View, interaction: Interaction) -> Json:
    """A form sent off."""
    return {
        **_interaction(slack, "view_submission", user, interaction),
        "view": slack.views.json(view),
        "response_urls": [],
    }


def view_closed(slack: Slack, user: User, view: View, *, is_cleared: bool) -> Json:
    """A form closed; `is_cleared` when all were closed at once."""
    payload = _interaction(slack, "view_closed", user, None)
    return {**payload, "view": slack.views.json(view), "is_cleared": is_cleared}


def action(element: Json, block_id: str, value: Json, action_ts: str) -> Json:
    """One of `actions`: what was pressed or chosen; `value` as `forms.typed` gives it."""
    body: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        "action_ts": action_ts,
    }
    for name in ("text", "value", "style", "placeholder", "confirm") if element["type"] == "button" else ():
        if name in element:
            body[name] = element[name]
    return body | {key: item for key, item in value.items() if key != "type"}


def _interaction(slack: Slack, kind: str, user: User, interaction: Interaction | None) -> Json:
    workspace = slack.workspace
    team = user.team_id or workspace.team_id
    body: Json = {
        "type": kind,
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team},
        "api_app_id": workspace.app_id,
        "token": workspace.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return body | ({"trigger_id": interaction.trigger_id} if interaction else {})
