"""The one door to the Web API: token, scopes, the method, faults and the log."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.errors import SlackRefusal
from sandbox.faults import Fault, rate_limited
from sandbox.methods import apps, chat, conversations, files, team, users, views
from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Methods
from sandbox.model import Json
from sandbox.replies import Reply, failed
from sandbox.slack import Slack
from sandbox.time import elapsed

METHODS: Methods = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
    **team.METHODS,
    **apps.METHODS,
}


async def dispatch(slack: Slack, method: str, token: str | None, values: Mapping[str, Any]) -> Reply:
    """Answers one call of the Web API, or fails at it if a fault was asked for."""
    began = elapsed()
    fault = slack.faults.strike(method) or _too_many(slack, method, values)
    answer: Json = {}
    if fault is None or fault.accepted:
        answer = _perform(slack, method, token, values, fault)
    reply = _as_reply(slack, answer) if fault is None else await failed(slack.faults, fault)
    seen: Any = answer if fault is None else {"fault": fault.kind, "answer": reply.body[:200]}
    status = 0 if reply.dropped else reply.status
    slack.traffic.record("to_slack", method, dict(values), seen, status, elapsed() - began)
    return reply


def _perform(
    slack: Slack, name: str, token: str | None, values: Mapping[str, Any], fault: Fault | None
) -> Json:
    method = METHODS.get(name)
    if method is None:
        return SlackRefusal("unknown_method", req_method=name).answer()
    hidden = slack.now() + (fault.seconds or 0) if fault and fault.kind == "late" else 0.0
    try:
        if method.token != "none":
            _authorize(slack, method.token, token)
        slack.require(*method.scopes)
        answer = method.run(slack, Arguments(values, hidden_until=hidden))
    except SlackRefusal as refusal:
        return refusal.answer()
    return {"ok": True, **answer}


def _too_many(slack: Slack, method: str, values: Mapping[str, Any]) -> Fault | None:
    wait = slack.rates.refuses(method, dict(values))
    return None if wait is None else rate_limited(wait)


def _authorize(slack: Slack, kind: str, token: str | None) -> None:
    if not token:
        raise SlackRefusal("not_authed")
    right = slack.workspace.app_token if kind == "app" else slack.workspace.bot_token
    if token != right:
        tokens = (slack.workspace.app_token, slack.workspace.bot_token)
        raise SlackRefusal("not_allowed_token_type" if token in tokens else "invalid_auth")


def _as_reply(slack: Slack, answer: Json) -> Reply:
    scopes = ",".join(slack.workspace.scopes)
    return Reply(body=json.dumps(answer, ensure_ascii=False), headers={"x-oauth-scopes": scopes})
