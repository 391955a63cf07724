"""users.*: people."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.errors import SlackRefusal
from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods, page
from sandbox.model import Json, User
from sandbox.slack import Slack


def info(slack: Slack, arguments: Arguments) -> Json:
    """users.info."""
    user = slack.user(arguments.text("user"))
    return {"user": user_json(slack, user, with_locale=arguments.flag("include_locale"))}


def list_all(slack: Slack, arguments: Arguments) -> Json:
    """users.list, paged; strangers are not in it."""
    ours = [user for user in slack.workspace.users.values() if not user.is_stranger]
    items, cursor = page(ours, arguments, len(ours) or 1, 1000)
    with_locale = arguments.flag("include_locale")
    members = [user_json(slack, user, with_locale=with_locale) for user in items]
    return {
        "members": members,
        "cache_ts": int(slack.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(slack: Slack, arguments: Arguments) -> Json:
    """users.lookupByEmail; deactivated people are not found."""
    email = arguments.text("email").casefold()
    for user in slack.workspace.users.values():
        if user.email and user.email.casefold() == email and not user.deleted and not user.is_stranger:
            return {"user": user_json(slack, user)}
    raise SlackRefusal("users_not_found")


def user_json(slack: Slack, user: User, *, with_locale: bool = False) -> Json:
    """Somebody as Slack describes them to the bot; the email only with the scope for it."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "title": user.title,
        "team": user.team_id or slack.workspace.team_id,
    }
    if user.email and not user.is_bot and "users:read.email" in slack.workspace.scopes:
        profile["email"] = user.email
    body: Json = {
        "id": user.id,
        "team_id": user.team_id or slack.workspace.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "updated": user.updated,
        "profile": profile,
    }
    if user.deleted:
        # Slack leaves out nearly everything else about who is gone.
        return body | {"is_forgotten": False}
    return body | _standing(slack, user) | ({"locale": user.locale} if with_locale else {})


def _standing(slack: Slack, user: User) -> Json:
    body: Json = {
        "real_name": user.real_name,
        "color": user.color,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_primary_owner,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_app_user": False,
        "is_email_confirmed": True,
    }
    if user.is_stranger:
        body["is_stranger"] = True
    if user.tz:
        local = datetime.fromtimestamp(slack.now(), ZoneInfo(user.tz))
        offset = local.utcoffset()
        body |= {
            "tz": user.tz,
            "tz_label": local.tzname() or user.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
        }
    return body


METHODS: Methods = {
    "users.info": Method(info, ("users:read",)),
    "users.list": Method(list_all, ("users:read",)),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",)),
}
