"""Messages about joining a team: pure functions, each of which renders a post and all its edits."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, say
from domain.people import joining, team_queries
from domain.people.joining import Decision
from domain.people.model import UserId
from domain.people.team_queries import Request

ADD = "teams.join.add"
DECLINE = "teams.join.decline"


def asked(request: Request) -> Message:
    """Render for the deciders that somebody asks to join, or what was decided."""
    if request.decision is not None:
        return _message(_outcome(request, Decision(request.decision)))
    wish = say("🙋 *{name}* asks to join team *{team}*.", name=request.name, team=request.team)
    if request.may_decide:
        buttons = [
            button("Add", ADD, str(request.id), style="primary"),
            button("Decline", DECLINE, str(request.id)),
        ]
        return _message(wish, actions(*buttons))
    now = say("{manager} manages that team now, and decides.", manager=request.manager)
    return _message(Mrkdwn(f"{wish} {now if request.manager else 'Admins decide on that now.'}"))


def _outcome(request: Request, decision: Decision) -> Mrkdwn:
    words = {"who": request.decided_by, "name": request.name, "team": request.team}
    match decision:
        case Decision.ADDED:
            return say("✅ {who} added *{name}* to team *{team}*.", **words)
        case Decision.DECLINED:
            return say("{who} declined: {name} does not join team {team}.", **words)
        case Decision.LAPSED if not request.takes_part:
            return say("{name} asked to join team {team}, and is not active here any more.", **words)
        case Decision.LAPSED:
            return say("{name} asked to join team {team}, and is on a team by now.", **words)


def decided(request: Request) -> Message:
    """Render the decision for the person who asked."""
    words = {"who": request.decided_by, "team": request.team}
    if request.decision == Decision.ADDED:
        return _message(say("🎉 {who} added you to team *{team}*. `/goals set` sets your goals.", **words))
    return _message(
        say("{who} declined that you join team *{team}*. Talk to them, or ask again with `/goals`.", **words)
    )


def sent(request: Request) -> Message:
    """Render that the request has been sent, for the person who asked."""
    who = request.manager or "the admins"
    return _message(
        say("🙋 I've asked {who} to add you to team *{team}*. I'll tell you.", who=who, team=request.team)
    )


def _message(text: Mrkdwn, *more: Block) -> Message:
    return Message(text, [section(text), *more])


async def _asked(session: AsyncSession, facts: Facts) -> Request | None:
    return await team_queries.request(session, facts["request_id"], UserId(facts["user_id"]))


async def _decided(session: AsyncSession, facts: Facts) -> Request | None:
    request = await team_queries.request(session, facts["request_id"], UserId(0))
    return request if request and request.decision else None


RENDERERS: dict[str, Renderer[Any]] = {
    # The decision on a request is no news to the person who made it; the person who asked gets a message of
    # their own.
    joining.REQUEST: Renderer(_asked, asked, news=False),
    joining.DECIDED: Renderer(_decided, decided),
}
