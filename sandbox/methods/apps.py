"""apps.connections.open: the way into Socket Mode."""

from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods
from sandbox.model import Json
from sandbox.slack import Slack


def open_connection(slack: Slack, arguments: Arguments) -> Json:
    """apps.connections.open, with the app's token."""
    return {"url": slack.sockets.url(slack.base_url, slack.workspace.app_id)}


METHODS: Methods = {"apps.connections.open": Method(open_connection, token="app")}
