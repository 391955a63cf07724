"""Cheers under posts, `/goals badge`, the rules of badges, and `/goals public`; one use case each."""

from bot.recognition import views
from bot.recognition.messages import CHEER
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, section
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler, FormHandler, Uncovered
from bot.slack.text import MENTION, as_typed, say
from bot.slack.wording import OPEN_BADGES
from domain.activity import queries as activity
from domain.activity.model import MetricKind
from domain.db import Transaction
from domain.errors import InvalidInput, NotAllowed
from domain.people.model import Door
from domain.people.rules import Person
from domain.recognition import badges, queries, service
from domain.recognition.model import BadgeRuleId


class UnknownPublic(InvalidInput):
    """The rest of the line after `public` is neither `on` nor `off`."""

    code = "unknown_public"


class NobodyNamed(InvalidInput):
    """A badge is for exactly one person, who has to be named."""

    code = "nobody_named"


async def _cheer(asked: Asked, action: Block, _payload: Block) -> None:
    """Count the cheer, or take it back; the post itself shows the new count."""
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        await service.cheer(tx.session, person.user_id, int(action["value"]))


async def _public(asked: Asked, rest: str) -> Message:
    wanted = rest.lower()
    if wanted not in ("", "on", "off"):
        raise UnknownPublic(f"I don't know “{as_typed(rest)}”.")
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        rep = person.carrying_goals(person.user_id)
        if wanted:
            await service.appear_in_public(tx.session, rep.id, public=wanted == "on")
        public = await queries.is_public(tx.session, rep.id)
    return _how_public(public)


async def _show_public(asked: Asked, _rest: str) -> Message:
    """Say how it is; a button's line changes nothing."""
    return await _public(asked, "")


def _how_public(public: bool) -> Message:
    text = say("👀 Your team's channel sees what you achieve. To keep it to yourself: `/goals public off`")
    if not public:
        text = say(
            "🤫 Your name stays off posts and boards in channels. What you achieve comes to you alone. "
            "To show it again: `/goals public on`"
        )
    return Message(text, [section(text)])


async def _badge(asked: Asked, rest: str) -> None:
    mentioned = list(dict.fromkeys(MENTION.findall(rest)))
    if len(mentioned) != 1:
        raise NobodyNamed("A badge is for one person.")
    async with asked.transaction() as tx:
        known = await asked.people(tx, mentioned[0])
        person = known[mentioned[0]]
        badges.check_may_give(known[asked.slack_id].through(Door.FORM), person)
    await asked.open_form(views.badge_form(person))


async def _give_badge(asked: Asked, view: Block) -> Message:
    slack_id = view["private_metadata"]
    async with asked.transaction() as tx:
        known = await asked.people(tx, slack_id)
        person = known[slack_id]
        actor = known[asked.slack_id].through(Door.FORM)
        await badges.give(tx.session, actor, person, views.read_badge(view))
    text = say("✅ {name} has the badge.", name=person.name)
    return Message(text, [section(text)])


async def _admin(asked: Asked, tx: Transaction) -> Person:
    person = await asked.person(tx)
    if not person.is_admin:
        raise NotAllowed("Only admins make rules for badges. Ask an admin.")
    return person


async def _window(asked: Asked, tx: Transaction) -> Block:
    return views.rules_window(await queries.rules(tx.session), await _admin(asked, tx))


async def _open_badges(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        view = await _window(asked, tx)
    await asked.push_form(view)


async def _open_rule(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
        metrics = await activity.catalogue(tx.session)
    sums = [metric for metric in metrics if metric.is_on and metric.kind is MetricKind.SUM]
    await asked.push_form(views.rule_form(sums))


async def _save_rule(asked: Asked, view: Block) -> Uncovered:
    async with asked.transaction() as tx:
        await badges.add_rule(tx.session, await asked.person(tx), views.read_rule(view))
        return Uncovered(view["previous_view_id"], await _window(asked, tx))


async def _end_rule(asked: Asked, action: Block, payload: Block) -> None:
    async with asked.transaction() as tx:
        await badges.end_rule(tx.session, await asked.person(tx), BadgeRuleId(int(action["value"])))
        view = await _window(asked, tx)
    await asked.redraw(view_id=payload["view"]["id"], view=view)


PUBLIC = Command(
    "public",
    _public,
    (
        Usage(
            "/goals public off", "keeps your name off posts and boards in channels; `on` shows it", For.REPS
        ),
    ),
    label="Who sees my wins",
    form=_show_public,
)
BADGE = Command(
    "badge",
    _badge,
    (Usage("/goals badge @rep", "gives somebody you lead a badge, with a word", For.LEADS),),
    label="Give a badge",
)
ACTIONS: dict[str, ActionHandler] = {
    CHEER: _cheer,
    OPEN_BADGES: _open_badges,
    views.ADD_RULE: _open_rule,
    views.END_RULE: _end_rule,
}
FORMS: dict[str, FormHandler] = {views.GIVE: _give_badge, views.SAVE_RULE: _save_rule}
