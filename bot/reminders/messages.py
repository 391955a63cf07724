"""What Goalkeeper says about deadlines: pure functions, one each for post and edit alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, context, option, plain, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, last_minute, say
from bot.slack.wording import OPEN_GOAL_FORM, figures_line, goal_value, goal_words, time_left
from domain.goals.rules import Goal, Standing, standing
from domain.people import queries as people
from domain.people.model import RepId, UserId
from domain.people.rules import Person
from domain.reminders import queries, rules, service, sweeps
from domain.reminders.model import ReminderType
from domain.reminders.queries import Compliance, DueMonth, Explained, RepState
from domain.reminders.rules import DigestStage, Snooze

SNOOZE = "reminders.snooze"
GOT_IT = "reminders.got_it"
NUDGE = "reminders.nudge"
NUDGE_ALL = "reminders.nudge_all"
SHOW_ALL = "reminders.show_all"

_MINUTE = timedelta(minutes=1)
_LISTED = 40
"""Reps in an overview without buttons."""
_SNOOZES = {
    Snooze.ONE_HOUR: "In 1 hour",
    Snooze.THREE_HOURS: "In 3 hours",
    Snooze.TOMORROW: "Tomorrow at 9:00",
}


@dataclass(frozen=True, slots=True)
class Nudged:
    """A nudge: about which month, and who gave it."""

    month: DueMonth
    by_name: str


@dataclass(frozen=True, slots=True)
class DigestFor:
    """A digest as its reader gets it; `orphans` are teams that nobody manages, for admins to mend."""

    compliance: Compliance
    stage: DigestStage
    manager_id: UserId | None
    orphans: tuple[str, ...] = ()


def reminder(month: DueMonth) -> Message:
    """Asks for the goals of a month or, once they are set, says so."""
    match standing(month.deadlines, month.now):
        case Standing.NOT_SET:
            return _asking(month, _still_time(month))
        case Standing.OVERDUE:
            return _asking(month, _overdue(month))
        case Standing.SET | Standing.LOCKED | Standing.LATE:
            return _done(month)
        case Standing.OVER:
            return _over(month)


def nudge(nudged: Nudged) -> Message:
    """A manager's push, with the same way to set the goals."""
    month = nudged.month
    match standing(month.deadlines, month.now):
        case Standing.NOT_SET:
            headline = say("👋 {who} asks for your goals.", who=nudged.by_name)
            return _with_form(month, Mrkdwn(f"{headline} {_still_time(month)}"))
        case Standing.OVERDUE:
            headline = say("👋 {who} asks for your goals.", who=nudged.by_name)
            return _with_form(month, Mrkdwn(f"{headline} {_overdue(month)}"))
        case Standing.SET | Standing.LOCKED | Standing.LATE:
            return _done(month)
        case Standing.OVER:
            return _over(month)


def _still_time(month: DueMonth) -> Mrkdwn:
    return say(
        "Please set your *{words} goals* by {until}: {left} left.",
        words=goal_words(month.goal, month.locale),
        until=last_minute(month.deadlines.deadline, month.zone, month.locale),
        left=time_left(month.now, month.deadlines.deadline),
    )


def _overdue(month: DueMonth) -> Mrkdwn:
    return say(
        "Your *{words} goals* are not set, and the deadline was {until}. "
        "Set them now: they count as late, but they count.",
        words=goal_words(month.goal, month.locale),
        until=last_minute(month.deadlines.deadline, month.zone, month.locale),
    )


def _asking(month: DueMonth, text: Mrkdwn) -> Message:
    headline = Mrkdwn(f"⏰ {text}")
    if month.acknowledged:
        return _with_form(month, headline, say("👍 Got it. `/goals set` whenever you are ready."))
    if month.snoozed_until is not None:
        until = last_minute(month.snoozed_until + _MINUTE, month.zone, month.locale)
        return _with_form(month, headline, say("💤 I'll remind you again: {until}.", until=until))
    return _with_form(month, headline, None, *_answers(month))


def _answers(month: DueMonth) -> list[Block]:
    """Remind me later, where there is time for it, and Got it."""
    value = f"{month.goal}:{month.stage}"
    snoozes = rules.snoozes(month.now, month.deadlines.deadline, month.zone)
    got_it = button("Got it", GOT_IT, value)
    if not snoozes or month.stage is ReminderType.OVERDUE:
        return [got_it]
    later: Block = {
        "type": "static_select",
        "action_id": SNOOZE,
        "placeholder": plain("Remind me later"),
        "options": [option(_SNOOZES[snooze], f"{value}:{snooze}") for snooze in snoozes],
    }
    return [later, got_it]


def _with_form(month: DueMonth, text: Mrkdwn, footnote: Mrkdwn | None = None, *answers: Block) -> Message:
    form = button("Set goals", OPEN_GOAL_FORM, goal_value(month.goal), style="primary")
    small = [context(footnote)] if footnote else []
    said = Mrkdwn(f"{text}\n{footnote}") if footnote else text
    return Message(said, [section(text), *small, actions(form, *answers)])


def _done(month: DueMonth) -> Message:
    text = say(
        "✅ {words} goals set: {figures}",
        words=goal_words(month.goal, month.locale),
        figures=figures_line(month.figures, month.currency, month.locale),
    )
    return Message(text, [section(text)])


def _over(month: DueMonth) -> Message:
    text = say("{words} is over; its goals were not set.", words=goal_words(month.goal, month.locale))
    return Message(text, [section(text)])


def digest(about: DigestFor) -> Message:
    """How a manager's reps stand: the most urgent with buttons, the rest behind one."""
    compliance = about.compliance
    headline, lines = digest_headline(about), [rep_line(rep, compliance) for rep in compliance.unset]
    shown = compliance.unset[: rules.URGENT_SHOWN]
    blocks = [section(headline)]
    for rep, line in zip(shown, lines, strict=False):
        blocks += [section(line), _rep_buttons(rep, compliance.goal)]
    if footer := _digest_actions(about, hidden=len(lines) - len(shown)):
        blocks.append(footer)
    orphans = _orphans(about)
    if orphans:
        blocks.append(context(orphans))
    text = Mrkdwn("\n".join([headline, *lines[: rules.URGENT_SHOWN], *([orphans] if orphans else [])]))
    return Message(text, blocks)


def digest_headline(about: DigestFor) -> Mrkdwn:
    """How many have set their goals, and where the deadline is."""
    compliance = about.compliance
    total, missing = len(compliance.reps), len(compliance.unset)
    words = goal_words(compliance.goal, compliance.locale)
    if not missing:
        return say("🎉 *{words} goals:* all {total} are set.", words=words, total=total)
    when = {
        DigestStage.DAY_BEFORE: "The deadline is tomorrow night.",
        DigestStage.LAST_DAY: "The deadline is tonight.",
        DigestStage.OVERDUE: "The deadline has passed.",
    }[about.stage]
    return say(
        "📋 *{words} goals:* {done} of {total} set. {when}",
        words=words,
        done=total - missing,
        total=total,
        when=when,
    )


def rep_line(rep: RepState, compliance: Compliance) -> Mrkdwn:
    """One rep's own state: set, not set, late, how long is left."""
    match rep.standing:
        case Standing.NOT_SET:
            state = f"not set, {time_left(compliance.now, rep.deadline)} left"
        case Standing.OVERDUE:
            state = f"not set, was due {last_minute(rep.deadline, rep.zone, compliance.locale)}"
        case Standing.SET | Standing.LOCKED:
            state = f"set: {figures_line(rep.figures, compliance.currency, compliance.locale)}"
        case Standing.LATE:
            state = f"set late: {figures_line(rep.figures, compliance.currency, compliance.locale)}"
        case Standing.OVER:
            state = "the month is over"
        case _:
            assert_never(rep.standing)
    team = f" ({rep.team})" if rep.team else ""
    return say("*{name}*{team}: {state}", name=rep.name, team=team, state=state)


def _rep_buttons(rep: RepState, goal: Goal) -> Block:
    value = goal_value(goal, rep.slack_id)
    return actions(button("Nudge", NUDGE, value), button("Set for them", OPEN_GOAL_FORM, value))


def _digest_actions(about: DigestFor, *, hidden: int) -> Block | None:
    value = f"{about.compliance.goal}:{about.manager_id or ''}:{about.stage}"
    buttons = []
    if len(about.compliance.unset) > 1:
        buttons.append(button("Nudge all", NUDGE_ALL, value))
    label = f"Show all ({hidden} more)" if hidden else "Show everybody"
    buttons.append(button(label, SHOW_ALL, value))
    return actions(*buttons) if about.compliance.reps else None


def _orphans(about: DigestFor) -> Mrkdwn | None:
    if not about.orphans:
        return None
    return say(
        "You get this because nobody manages {teams}. Name a manager with `goalkeeper import roster`.",
        teams=", ".join(about.orphans),
    )


def overview(compliance: Compliance) -> Message:
    """The answer to `/goals compliance`: who has not set goals, with buttons, then who has."""
    if not compliance.reps:
        text = say("Nobody you lead carries goals this month.")
        return Message(text, [section(text)])
    total, missing = len(compliance.reps), len(compliance.unset)
    headline = say(
        "📋 *{words} goals:* {done} of {total} set.",
        words=goal_words(compliance.goal, compliance.locale),
        done=total - missing,
        total=total,
    )
    blocks, lines = [section(headline)], [rep_line(rep, compliance) for rep in compliance.reps]
    shown = compliance.unset[: rules.URGENT_SHOWN]
    for rep, line in zip(shown, lines, strict=False):
        blocks += [section(line), _rep_buttons(rep, compliance.goal)]
    rest = lines[len(shown) :][:_LISTED]
    if rest:
        blocks += [section(Mrkdwn("\n".join(rest[at : at + 10]))) for at in range(0, len(rest), 10)]
    said = [headline, *lines[: len(shown)], *rest]
    if hidden := total - len(shown) - len(rest):
        more = say("… and {hidden} more.", hidden=hidden)
        blocks.append(context(more))
        said.append(more)
    return Message(Mrkdwn("\n".join(said)), blocks)


_STAGES = {
    ReminderType.THREE_DAYS: "3 days before",
    ReminderType.ONE_DAY: "1 day before",
    ReminderType.LAST_DAY: "On the day",
    ReminderType.OVERDUE: "Overdue",
}


def explained(person: Person, goal: Goal, reminders: list[Explained]) -> Message:
    """What became of each reminder of somebody's month."""
    words = goal_words(goal, person.locale)
    headline = say("*{name}*, {words} goals:", name=person.name, words=words)
    lines = [_became(one, person.locale) for one in reminders]
    if not lines:
        lines = [say("No reminders are planned: the month is not open yet.")]
    text = Mrkdwn("\n".join([headline, *lines]))
    return Message(text, [section(text)])


def _became(one: Explained, locale: str) -> Mrkdwn:
    def at(moment: datetime) -> str:
        return last_minute(moment + _MINUTE, one.zone, locale)

    if one.skip_reason is not None:
        state = f"skipped: {one.skip_reason}"
    elif one.sent_at is None:
        state = f"comes {at(one.due_at)}"
    else:
        state = f"sent {at(one.sent_at)}"
        if one.acknowledged_at is not None:
            state += f", answered with Got it {at(one.acknowledged_at)}"
        if one.snoozed_until is not None:
            state += f", comes again {at(one.snoozed_until)}"
    return say("• {stage}: {state}", stage=_STAGES[one.stage], state=state)


async def _reminder(session: AsyncSession, facts: Facts) -> DueMonth | None:
    stage = ReminderType(facts["stage"])
    return await queries.due_month(session, RepId(facts["rep_id"]), Goal.parse(facts["goal"]), stage)


async def _nudge(session: AsyncSession, facts: Facts) -> Nudged | None:
    month = await queries.due_month(session, RepId(facts["rep_id"]), Goal.parse(facts["goal"]))
    by_name = await people.name(session, UserId(facts["by"]))
    return None if month is None else Nudged(month, by_name or "Your manager")


async def _digest(session: AsyncSession, facts: Facts) -> DigestFor | None:
    manager_id = facts["manager_id"]
    compliance = await queries.compliance(
        session, await queries.now(session), Goal.parse(facts["goal"]), manager_id
    )
    if not compliance.reps:
        return None
    orphans = tuple(await queries.teams_without_manager(session)) if manager_id is None else ()
    return DigestFor(compliance, DigestStage(facts["stage"]), manager_id, orphans)


RENDERERS: dict[str, Renderer[Any]] = {
    sweeps.REMINDER: Renderer(_reminder, reminder),
    sweeps.DIGEST: Renderer(_digest, digest),
    service.NUDGE: Renderer(_nudge, nudge),
}
