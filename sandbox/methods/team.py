"""api.test, auth.test and team.info: who and where the bot is."""

from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods
from sandbox.model import Json
from sandbox.slack import Slack


def api_test(slack: Slack, arguments: Arguments) -> Json:
    """api.test."""
    return {"args": {}}


def auth_test(slack: Slack, arguments: Arguments) -> Json:
    """auth.test."""
    workspace = slack.workspace
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_name,
        "user": "goalkeeper",
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def team_info(slack: Slack, arguments: Arguments) -> Json:
    """team.info; it has no time zone."""
    workspace = slack.workspace
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.team_name,
            "domain": workspace.team_domain,
            "url": f"https://{workspace.team_domain}.slack.com/",
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


METHODS: Methods = {
    "api.test": Method(api_test, token="none"),
    "auth.test": Method(auth_test),
    "team.info": Method(team_info, ("team:read",)),
}
