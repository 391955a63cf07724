"""Messages about deadlines: pure functions, each of which renders a post and all its edits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reminders import digests
from bot.slack.blocks import Block, Message, actions, button, context, option, plain, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, last_minute, say
from bot.slack.wording import OPEN_GOAL_FORM, figures_line, goal_value, goal_words, time_left
from domain.goals.rules import GoalState, goal_state
from domain.people import queries as people
from domain.people.model import RepId, UserId
from domain.people.rules import Person
from domain.periods import Period
from domain.reminders import lateness, queries, rules, service, sweeps
from domain.reminders.model import ReminderType
from domain.reminders.queries import DueMonth, Explained
from domain.reminders.rules import Snooze

SNOOZE = "reminders.snooze"
GOT_IT = "reminders.got_it"

_MINUTE = timedelta(minutes=1)
_SNOOZES = {
    Snooze.ONE_HOUR: "In 1 hour",
    Snooze.THREE_HOURS: "In 3 hours",
    Snooze.TOMORROW: "Tomorrow at 9:00",
}


@dataclass(frozen=True, slots=True)
class NudgeNotice:
    """A nudge: the month it is about, and the name of its sender."""

    due: DueMonth
    by_name: str


def reminder(due: DueMonth) -> Message:
    """Render a reminder: it asks for the month's goals or, once they are set, says so."""
    return _ended(due) or _asking(due, _what_to_do(due))


def nudge(nudged: NudgeNotice) -> Message:
    """Render a manager's nudge, with the button that opens the goal form."""
    due = nudged.due
    headline = say("👋 {who} asks for your goals.", who=nudged.by_name)
    return _ended(due) or _with_form(due, Mrkdwn(f"{headline} {_what_to_do(due)}"))


def _ended(due: DueMonth) -> Message | None:
    """Render what a reminder ends as when the rep has nothing left to do; None while they do."""
    match goal_state(due.deadlines, due.now):
        case GoalState.NOT_SET | GoalState.OVERDUE:
            return None
        case GoalState.SET | GoalState.LOCKED | GoalState.LATE:
            return _done(due)
        case GoalState.OVER:
            return _over(due) if due.deadlines.goal_set_at is None else _done(due)


def _what_to_do(due: DueMonth) -> Mrkdwn:
    return _still_time(due) if due.now < due.deadlines.deadline else _overdue(due)


def _still_time(due: DueMonth) -> Mrkdwn:
    return say(
        "Please set your *{words} goals* by {until}: {left} left.",
        words=goal_words(due.month, due.locale),
        until=last_minute(due.deadlines.deadline, due.zone, due.locale),
        left=time_left(due.now, due.deadlines.deadline),
    )


def _overdue(due: DueMonth) -> Mrkdwn:
    return say(
        "Your *{words} goals* are not set, and the deadline was {until}. "
        "Set them now: they count as late, but they count.",
        words=goal_words(due.month, due.locale),
        until=last_minute(due.deadlines.deadline, due.zone, due.locale),
    )


def _asking(due: DueMonth, text: Mrkdwn) -> Message:
    headline = Mrkdwn(f"⏰ {text}")
    if due.acknowledged:
        return _with_form(due, headline, say("👍 Got it. `/goals set` whenever you are ready."))
    if due.snoozed_until is not None:
        until = last_minute(due.snoozed_until + _MINUTE, due.zone, due.locale)
        return _with_form(due, headline, say("💤 I'll remind you again: {until}.", until=until))
    return _with_form(due, headline, None, *_answers(due))


def _answers(due: DueMonth) -> list[Block]:
    """Return the menu “Remind me later”, if there is time for it, and the button “Got it”."""
    value = f"{due.month}:{due.stage}:{due.user_id}"
    snoozes = rules.snoozes(due.now, due.deadlines.deadline, due.zone)
    got_it = button("Got it", GOT_IT, value)
    if not snoozes or due.stage is ReminderType.OVERDUE:
        return [got_it]
    later: Block = {
        "type": "static_select",
        "action_id": SNOOZE,
        "placeholder": plain("Remind me later"),
        "options": [option(_SNOOZES[snooze], f"{value}:{snooze}") for snooze in snoozes],
    }
    return [later, got_it]


def _with_form(due: DueMonth, text: Mrkdwn, footnote: Mrkdwn | None = None, *answers: Block) -> Message:
    form = button("Set goals", OPEN_GOAL_FORM, goal_value(due.month), style="primary")
    small = [context(footnote)] if footnote else []
    said = Mrkdwn(f"{text}\n{footnote}") if footnote else text
    return Message(said, [section(text), *small, actions(form, *answers)])


def _done(due: DueMonth) -> Message:
    text = say(
        "✅ {words} goals set: {figures}",
        words=goal_words(due.month, due.locale),
        figures=figures_line(due.figures, due.currency, due.locale),
    )
    return Message(text, [section(text)])


def _over(due: DueMonth) -> Message:
    text = say(
        "{words} is over, and its goals were not set. Use `/goals set` for this month's goals.",
        words=goal_words(due.month, due.locale),
    )
    return Message(text, [section(text)])


_STAGES = {
    ReminderType.THREE_DAYS: "3 days before",
    ReminderType.ONE_DAY: "1 day before",
    ReminderType.LAST_DAY: "On the day",
    ReminderType.OVERDUE: "Overdue",
}


def explained(person: Person, due: DueMonth | None, reminders: list[Explained], month: Period) -> Message:
    """Render what happened to a month's reminders, in the rep's time zone; no `due` if it isn't open yet."""
    words = goal_words(month, person.locale)
    if due is None or not reminders:
        text = say("No reminders of {name}'s {words} goals are planned yet.", name=person.name, words=words)
        return Message(text, [section(text)])
    is_set = due.deadlines.goal_set_at is not None
    headline = say(
        "*{name}*, {words} goals: {state}. Times are {name}'s own ({zone}).",
        name=person.name,
        words=words,
        state=f"set on {_at(due.deadlines.goal_set_at, due)}" if is_set else "not set",
        zone=due.zone,
    )
    lines = [
        say("• {stage}: {state}", stage=_STAGES[one.stage], state=_became(one, due)) for one in reminders
    ]
    text = Mrkdwn("\n".join([headline, *lines]))
    return Message(text, [section(text)])


def _became(one: Explained, due: DueMonth) -> str:
    if one.skip_reason is not None:
        return f"skipped: {one.skip_reason}"
    if one.sent_at is None:
        if due.deadlines.goal_set_at is not None:
            return "not needed: the goals are set"
        return f"comes {_at(one.due_at, due)}"
    state = f"sent {_at(one.sent_at, due)}"
    if one.acknowledged_at is not None:
        state += f", answered with Got it {_at(one.acknowledged_at, due)}"
    if one.snoozed_until is not None:
        state += f", comes again {_at(one.snoozed_until, due)}"
    return state


def _at(moment: datetime | None, due: DueMonth) -> str:
    return last_minute((moment or due.now) + _MINUTE, due.zone, due.locale)


async def _reminder(session: AsyncSession, facts: Facts) -> DueMonth | None:
    stage = ReminderType(facts["stage"])
    return await queries.due_month(session, RepId(facts["sales_rep_id"]), Period.parse(facts["goal"]), stage)


async def _nudge(session: AsyncSession, facts: Facts) -> NudgeNotice | None:
    due = await queries.due_month(session, RepId(facts["sales_rep_id"]), Period.parse(facts["goal"]))
    by_name = await people.name(session, UserId(facts["by"]))
    return None if due is None else NudgeNotice(due, by_name or "Your manager")


RENDERERS: dict[str, Renderer[Any]] = {
    sweeps.REMINDER: Renderer(_reminder, reminder, lateness.of_reminder, lateness.skip, news=False),
    sweeps.DIGEST: Renderer(digests.load, digests.digest, lateness.of_digest, news=False),
    service.NUDGE: Renderer(_nudge, nudge, news=False),
}
