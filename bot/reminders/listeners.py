"""The buttons of reminders and digests, and `/goals compliance`: one use case each."""

import csv
import io
import re

from bot.reminders import messages, views
from bot.reminders.messages import DigestFor
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, section
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import Edge
from bot.slack.text import Mrkdwn, say
from domain.db import Transaction
from domain.errors import NotAllowed, Refusal
from domain.goals.rules import Goal
from domain.people.model import Door, UserId
from domain.people.rules import Person
from domain.periods import Month, local_date
from domain.reminders import queries, service
from domain.reminders.model import ReminderType
from domain.reminders.queries import Compliance
from domain.reminders.rules import DigestStage, Snooze

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def command() -> Command:
    """`/goals compliance`."""
    return Command(
        "compliance",
        _compliance,
        (
            Usage("/goals compliance", "who has set this month's goals, and who has not", For.LEADS),
            Usage("/goals compliance csv", "the same as text for a spreadsheet", For.ADMINS),
            Usage("/goals compliance @rep", "what became of each reminder", For.ADMINS),
        ),
    )


def register(edge: Edge) -> None:
    """The buttons."""
    edge.action(messages.GOT_IT, _got_it)
    edge.action(messages.SNOOZE, _snooze)
    edge.action(messages.NUDGE, _nudge)
    edge.action(messages.NUDGE_ALL, _nudge_all)
    edge.action(messages.SHOW_ALL, _show_all)


async def _got_it(asked: Asked, action: Block, _payload: Block) -> None:
    goal, stage = action["value"].split(":")
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        rep = person.carrying_goals(person.user_id)
        await service.acknowledge(tx.session, rep.id, Goal.parse(goal), ReminderType(stage))


async def _snooze(asked: Asked, action: Block, _payload: Block) -> None:
    goal, stage, choice = action["selected_option"]["value"].split(":")
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        rep = person.carrying_goals(person.user_id)
        await service.snooze(
            tx.session, tx.now, rep.id, Goal.parse(goal), ReminderType(stage), Snooze(choice)
        )


async def _nudge(asked: Asked, action: Block, _payload: Block) -> Message:
    goal, slack_id = action["value"].split(":")
    async with asked.transaction() as tx:
        known = await asked.people(tx, slack_id)
        actor = known[asked.slack_id].through(Door.FORM)
        await service.nudge(tx.session, actor, [known[slack_id]], Goal.parse(goal))
    text = say("Nudged {name}.", name=known[slack_id].name)
    return Message(text, [section(text)])


async def _nudge_all(asked: Asked, action: Block, _payload: Block) -> Message:
    async with asked.transaction() as tx:
        about = await _digest(asked, tx, action["value"])
        known = await asked.people(tx, *(rep.slack_id for rep in about.compliance.unset))
        others = [person for slack_id, person in known.items() if slack_id != asked.slack_id]
        actor = known[asked.slack_id].through(Door.FORM)
        count = await service.nudge(tx.session, actor, others, about.compliance.goal)
    text = say("Nudged {count}.", count="1 person" if count == 1 else f"{count} people")
    return Message(text, [section(text)])


async def _show_all(asked: Asked, action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        about = await _digest(asked, tx, action["value"])
    await asked.open_form(views.everybody(about))


async def _digest(asked: Asked, tx: Transaction, value: str) -> DigestFor:
    """What a digest's button is about, for who may see it."""
    goal, manager, stage = value.split(":")
    manager_id = UserId(int(manager)) if manager else None
    person = await asked.person(tx)
    if not person.is_admin and person.user_id != manager_id:
        raise NotAllowed("Only the manager of these teams or an admin can see that.")
    compliance = await queries.compliance(tx.session, tx.now, Goal.parse(goal), manager_id)
    return DigestFor(compliance, DigestStage(stage), manager_id)


async def _compliance(asked: Asked, rest: str) -> Message:
    async with asked.transaction() as tx:
        if mention := _MENTION.search(rest):
            return await _explained(asked, tx, mention[1])
        person = await asked.person(tx)
        compliance = await _of(tx, person)
        if rest.strip().lower() == "csv":
            return _as_csv(compliance)
        return messages.overview(compliance)


async def _of(tx: Transaction, person: Person) -> Compliance:
    """This month's compliance: all teams for an admin, one's own for a manager."""
    if not person.is_admin and not person.is_manager:
        raise NotAllowed("Managers and admins can see who has set goals. `/goals set` sets yours.")
    goal = Goal.of(Month.of(local_date(tx.now, person.zone)))
    return await queries.compliance(tx.session, tx.now, goal, person.user_id, everybody=person.is_admin)


async def _explained(asked: Asked, tx: Transaction, slack_id: str) -> Message:
    known = await asked.people(tx, slack_id)
    if not known[asked.slack_id].is_admin:
        raise NotAllowed("Only an admin can see what became of somebody's reminders.")
    person = known[slack_id]
    rep = person.carrying_goals(known[asked.slack_id].user_id)
    goal = Goal.of(Month.of(local_date(tx.now, person.zone)))
    return messages.explained(person, goal, await queries.explain(tx.session, rep.id, goal))


def _as_csv(compliance: Compliance) -> Message:
    """A snippet to copy: what a message holds, some hundred reps."""
    if len(compliance.reps) > 150:
        raise Refusal(
            "That is more than a message holds. `v_goals_needing_setup` has it for your SQL client."
        )
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["name", "team", "month", "state", "signups", "revenue", "tier", "deadline"])
    for rep in compliance.reps:
        figures = rep.figures
        rows.writerow(
            [rep.name, rep.team, compliance.goal, rep.standing, figures.signups, figures.revenue,
             figures.tier, rep.deadline.isoformat()]
        )  # fmt: skip
    text = Mrkdwn(
        "```"
        + written.getvalue().replace("`", "'").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        + "```"
    )
    return Message(text, [section(text)])
