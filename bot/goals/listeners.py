"""Listeners of `/goals set`, its form and its buttons; each calls one use case."""

from bot.goals import messages, views
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler, FormHandler
from bot.slack.refusals import check_mentions
from bot.slack.text import MENTION, as_typed
from bot.slack.wording import OPEN_GOAL_FORM
from domain.db import Transaction
from domain.errors import InvalidInput
from domain.goals import service
from domain.goals.figures import TypedFigures
from domain.goals.line import read_line
from domain.goals.service import GoalSet, SetOutcome
from domain.people.model import Door
from domain.people.rules import Person
from domain.periods import Period, local_month


class OneAtATime(InvalidInput):
    """More than one person was named."""

    code = "one_at_a_time"


async def _set(asked: Asked, rest: str) -> Message | None:
    """Set the goals if the line has figures and they are the asking person's own; else open the form."""
    return await _set_or_open(asked, rest, at_once=True)


async def _open_filled_in(asked: Asked, rest: str) -> None:
    """Open the form, filled in with the figures of a line."""
    await _set_or_open(asked, rest, at_once=False)


async def _set_or_open(asked: Asked, rest: str, *, at_once: bool) -> Message | None:
    mentioned = list(dict.fromkeys(MENTION.findall(rest)))
    if len(mentioned) > 1:
        raise OneAtATime("Goals are set for one person at a time.")
    whose = mentioned[0] if mentioned else asked.slack_id
    words = as_typed(MENTION.sub(" ", rest))
    check_mentions(words)
    async with asked.transaction() as tx:
        known = await asked.people(tx, whose)
        actor, person = known[asked.slack_id], known[whose]
        line = read_line(words, local_month(tx.now, person.zone))
        if at_once and line.figures is not None and person is actor:
            goal_set = await _set_at_once(tx, actor, line.period, line.figures)
            # In a direct conversation the message that confirms a first setting is the answer.
            is_confirmed = asked.heard is not None and goal_set.outcome is SetOutcome.SET
            return None if is_confirmed else messages.saved(goal_set, person)
        form = await service.form_or_next(
            tx.session, tx.now, actor.through(Door.FORM), person, line.period, line.figures
        )
    await asked.open_form(views.set_form(form, for_other=person is not actor))
    return None


async def _set_at_once(tx: Transaction, person: Person, period: Period, typed: TypedFigures) -> GoalSet:
    actor = person.through(Door.COMMAND)
    return await service.set_goal(tx.session, tx.now, actor, person, period, typed)


async def _form(tx: Transaction, actor: Person, person: Person, period: Period) -> Block:
    form = await service.form(tx.session, tx.now, actor.through(Door.FORM), person, period)
    return views.set_form(form, for_other=person is not actor)


async def _open(asked: Asked, action: Block, _payload: Block) -> None:
    """Open the form for the goal that a message is about, however old the message, if it can still be set."""
    period, _, slack_id = action["value"].partition(":")
    whose = slack_id or asked.slack_id
    async with asked.transaction() as tx:
        known = await asked.people(tx, whose)
        view = await _form(tx, known[asked.slack_id], known[whose], Period.parse(period))
    await asked.open_form(view)


async def _choose(asked: Asked, action: Block, payload: Block) -> None:
    """Redraw the form for the period chosen in its menu, with that period's figures."""
    view = payload["view"]
    slack_id, drawn_for = views.read_memo(view)
    chosen = Period.parse(action["selected_option"]["value"])
    if chosen == drawn_for:
        return
    async with asked.transaction() as tx:
        known = await asked.people(tx, slack_id)
        form = await _form(tx, known[asked.slack_id], known[slack_id], chosen)
    await asked.client.views_update(view_id=view["id"], hash=view["hash"], view=form)


async def _submit(asked: Asked, view: Block) -> Message | None:
    """Save the form; answer only if the person who saved it gets no other message about it."""
    submitted = views.read_form(view)
    async with asked.transaction() as tx:
        known = await asked.people(tx, submitted.slack_id)
        actor, person = known[asked.slack_id], known[submitted.slack_id]
        goal_set = await service.set_goal(
            tx.session,
            tx.now,
            actor.through(Door.FORM),
            person,
            submitted.period,
            submitted.typed,
            submitted.reason,
        )
    if person is not actor:
        return messages.saved_for(goal_set, person)
    return messages.saved(goal_set, person) if goal_set.outcome is SetOutcome.UNCHANGED else None


COMMAND = Command(
    "set",
    _set,
    (
        Usage("/goals set", "opens the form for your goals", For.REPS),
        Usage("/goals set 20 50k 3", "sets 20 signups, 50k in revenue and bonus tier 3 at once", For.REPS),
        Usage("/goals set next", "next month's goals, from the 25th on", For.REPS),
        Usage("/goals set yearly", "this year's goals; or at once: `/goals set yearly 240 600k`", For.REPS),
        Usage("/goals set @rep", "sets or changes goals for somebody you lead, with a reason", For.LEADS),
    ),
    label="Set goals",
    form=_open_filled_in,
    example="set 20 50k 3",
)
ACTIONS: dict[str, ActionHandler] = {views.CHOOSE: _choose, OPEN_GOAL_FORM: _open}
FORMS: dict[str, FormHandler] = {views.SUBMIT: _submit}
