"""views.*: modals and App Home; they need no scope."""

from sandbox.errors import SlackRefusal
from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods
from sandbox.model import Json
from sandbox.slack import Slack
from sandbox.views import checked_view


def open_view(slack: Slack, arguments: Arguments) -> Json:
    """views.open."""
    trigger_id = arguments.text("trigger_id")
    view = slack.views.open(trigger_id, checked_view(arguments.json("view"), "modal"))
    return {"view": slack.views.json(view)}


def push(slack: Slack, arguments: Arguments) -> Json:
    """views.push."""
    trigger_id = arguments.text("trigger_id")
    view = slack.views.push(trigger_id, checked_view(arguments.json("view"), "modal"))
    return {"view": slack.views.json(view)}


def update(slack: Slack, arguments: Arguments) -> Json:
    """views.update, by view_id or external_id, only if the hash (when given) is the latest."""
    payload = checked_view(arguments.json("view"), "modal")
    view_id, external_id = arguments.find_text("view_id"), arguments.find_text("external_id")
    if view_id is None and external_id is None:
        arguments.text("view_id")
    view = slack.views.find(view_id, external_id)
    if view is None:
        raise SlackRefusal("not_found")
    slack.views.update(view, payload, arguments.find_text("hash"))
    return {"view": slack.views.json(view)}


def publish(slack: Slack, arguments: Arguments) -> Json:
    """views.publish."""
    user = slack.user(arguments.text("user_id"))
    if not slack.app.home_tab:
        raise SlackRefusal("not_enabled")
    payload = checked_view(arguments.json("view"), "home")
    return {"view": slack.views.publish(user.id, payload, arguments.find_text("hash"))}


METHODS: Methods = {
    "views.open": Method(open_view),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
