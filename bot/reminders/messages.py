"""What Goalkeeper says about deadlines: pure functions, one each for post and edit alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reminders import digests
from bot.slack.blocks import Block, Message, actions, button, context, option, plain, section
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, last_minute, say
from bot.slack.wording import OPEN_GOAL_FORM, figures_line, goal_value, goal_words, time_left
from domain.goals.rules import Goal, GoalState, goal_state
from domain.people import queries as people
from domain.people.model import RepId, UserId
from domain.people.rules import Person
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
    """A nudge: about which month, and who gave it."""

    month: DueMonth
    by_name: str


def reminder(month: DueMonth) -> Message:
    """Asks for the goals of a month or, once they are set, says so."""
    return _ended(month) or _asking(month, _what_to_do(month))


def nudge(nudged: NudgeNotice) -> Message:
    """A manager's push, with the same way to set the goals."""
    month = nudged.month
    headline = say("👋 {who} asks for your goals.", who=nudged.by_name)
    return _ended(month) or _with_form(month, Mrkdwn(f"{headline} {_what_to_do(month)}"))


def _ended(month: DueMonth) -> Message | None:
    """What is left to say when there is nothing left to do."""
    match goal_state(month.deadlines, month.now):
        case GoalState.NOT_SET | GoalState.OVERDUE:
            return None
        case GoalState.SET | GoalState.LOCKED | GoalState.LATE:
            return _done(month)
        case GoalState.OVER:
            return _over(month) if month.deadlines.goal_set_at is None else _done(month)


def _what_to_do(month: DueMonth) -> Mrkdwn:
    return _still_time(month) if month.now < month.deadlines.deadline else _overdue(month)


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
    value = f"{month.goal}:{month.stage}:{month.user_id}"
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
    text = say(
        "{words} is over, and its goals were not set. `/goals set` is about this month.",
        words=goal_words(month.goal, month.locale),
    )
    return Message(text, [section(text)])


_STAGES = {
    ReminderType.THREE_DAYS: "3 days before",
    ReminderType.ONE_DAY: "1 day before",
    ReminderType.LAST_DAY: "On the day",
    ReminderType.OVERDUE: "Overdue",
}


def explained(person: Person, month: DueMonth | None, reminders: list[Explained], goal: Goal) -> Message:
    """What became of each reminder of somebody's month, in the rep's own time; `month` None: not open yet."""
    words = goal_words(goal, person.locale)
    if month is None or not reminders:
        text = say("No reminders of {name}'s {words} goals are planned yet.", name=person.name, words=words)
        return Message(text, [section(text)])
    is_set = month.deadlines.goal_set_at is not None
    headline = say(
        "*{name}*, {words} goals: {state}. Times are {name}'s own ({zone}).",
        name=person.name,
        words=words,
        state=f"set on {_at(month.deadlines.goal_set_at, month)}" if is_set else "not set",
        zone=month.zone,
    )
    lines = [
        say("• {stage}: {state}", stage=_STAGES[one.stage], state=_became(one, month)) for one in reminders
    ]
    text = Mrkdwn("\n".join([headline, *lines]))
    return Message(text, [section(text)])


def _became(one: Explained, month: DueMonth) -> str:
    if one.skip_reason is not None:
        return f"skipped: {one.skip_reason}"
    if one.sent_at is None:
        if month.deadlines.goal_set_at is not None:
            return "not needed: the goals are set"
        return f"comes {_at(one.due_at, month)}"
    state = f"sent {_at(one.sent_at, month)}"
    if one.acknowledged_at is not None:
        state += f", answered with Got it {_at(one.acknowledged_at, month)}"
    if one.snoozed_until is not None:
        state += f", comes again {_at(one.snoozed_until, month)}"
    return state


def _at(moment: datetime | None, month: DueMonth) -> str:
    return last_minute((moment or month.now) + _MINUTE, month.zone, month.locale)


async def _reminder(session: AsyncSession, facts: Facts) -> DueMonth | None:
    stage = ReminderType(facts["stage"])
    return await queries.due_month(session, RepId(facts["sales_rep_id"]), Goal.parse(facts["goal"]), stage)


async def _nudge(session: AsyncSession, facts: Facts) -> NudgeNotice | None:
    month = await queries.due_month(session, RepId(facts["sales_rep_id"]), Goal.parse(facts["goal"]))
    by_name = await people.name(session, UserId(facts["by"]))
    return None if month is None else NudgeNotice(month, by_name or "Your manager")


RENDERERS: dict[str, Renderer[Any]] = {
    sweeps.REMINDER: Renderer(_reminder, reminder, lateness.of_reminder, lateness.skip, news=False),
    sweeps.DIGEST: Renderer(digests.load, digests.digest, lateness.of_digest, news=False),
    service.NUDGE: Renderer(_nudge, nudge, news=False),
}
