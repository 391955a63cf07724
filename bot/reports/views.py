"""The form for reopening a month: built and read back, pure functions."""

from bot.slack.blocks import Block, Message, field_input, modal, section
from bot.slack.text import last_minute, say
from domain.goals.closing import Reopened
from domain.goals.rules import REASON, REASON_MAX, goal_name
from domain.people.rules import Person
from domain.periods import Period

SUBMIT = "reports.reopen.submit"


def reopening(month: Period, locale: str) -> Block:
    """Return the form that asks for the reason."""
    text = say(
        "*{month}* will take corrections for three days and then close again by itself. "
        "Its reports will say that it was revised.",
        month=goal_name(month, locale),
    )
    element = {
        "type": "plain_text_input",
        "action_id": REASON,
        "multiline": True,
        "max_length": REASON_MAX,
    }
    reason = field_input(REASON, "Why?", element, hint="The history keeps it.")
    return modal(SUBMIT, "Reopen month", [section(text), reason], submit="Reopen", memo=str(month))


def read_reopening(view: Block) -> tuple[Period, str | None]:
    """Return the month and the reason."""
    return Period.parse(view["private_metadata"]), view["state"]["values"][REASON][REASON]["value"]


def reopened(done: Reopened, person: Person) -> Message:
    """Say until when the month takes corrections."""
    text = say(
        "🔓 {month} takes corrections until {until}.",
        month=goal_name(done.month, person.locale),
        until=last_minute(done.until, person.zone, person.locale),
    )
    return Message(text, [section(text)])
