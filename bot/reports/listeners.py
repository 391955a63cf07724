"""`/goals report` with its files, and reopening a month."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.reports import files, messages, reading, views
from bot.reports.messages import Shown
from bot.reports.reading import UnknownReport, WantedReport
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, context, section
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler, FormHandler
from bot.slack.spreadsheets import preformatted
from bot.slack.text import Mrkdwn, as_typed, say
from bot.slack.wording import goal_words
from domain import flow
from domain.db import Transaction
from domain.errors import InvalidInput, NotAllowed, quoted
from domain.goals.rules import goal_name
from domain.people import team_queries
from domain.people.model import Door, TeamId
from domain.people.rules import Person
from domain.periods import Period, local_date
from domain.progress import reports

log = logging.getLogger(__name__)

WRITE_FILES = "files:write"
"""The scope that sending files takes; optional."""


_PASTED_MAX = 4_000
"""Characters of CSV that fit below the report; a message holds 10,000 in all."""


class NoReports(NotAllowed):
    """The person leads nobody, so there is no report for them."""

    code = "no_reports"


async def _report(asked: Asked, rest: str) -> Message:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        if not person.is_admin and not person.is_manager:
            raise NoReports("Managers and admins can see monthly reports.")
        wanted = reading.read(as_typed(rest), local_date(tx.now, person.zone))
        shown = await _shown(tx, person, wanted)
    if not shown.report.reps:
        return messages.nothing(wanted.month, shown.whose, person.locale)
    if wanted.csv_part is not None:
        return _as_text(shown, wanted.csv_part)
    answer = messages.monthly(shown)
    if WRITE_FILES not in asked.installation.grant.scopes:
        return _with_text(answer, shown)
    asked.behind(_send_files(asked, shown))
    return _with_note(answer, say("The files are on their way to our direct messages."))


async def _shown(tx: Transaction, person: Person, wanted: WantedReport) -> Shown:
    """Read the report: of all reps for an admin, of their own reps for a manager, or of one team."""
    team_id, name = await _team(tx, person, wanted.team)
    found = await reports.report(
        tx.session,
        wanted.month,
        None if person.is_admin else person.user_id,
        everybody=person.is_admin,
        team_id=team_id,
    )
    return Shown(found, name, may_reopen=person.is_admin and not wanted.team)


async def _team(tx: Transaction, person: Person, name: str) -> tuple[TeamId | None, str]:
    """Return the team of that name, as it is written; none if no team was named."""
    if not name:
        return None, ""
    for team in await team_queries.listed(tx.session, None if person.is_admin else person.user_id):
        if team.name.lower() == name.lower():
            return team.id, team.name
    raise UnknownReport(f"I don't know a month or a team of yours called {quoted(name)}.")


def _with_note(answer: Message, note: Mrkdwn) -> Message:
    return Message(Mrkdwn(f"{answer.text}\n{note}"), [*answer.blocks, context(note)])


def _with_text(answer: Message, shown: Shown) -> Message:
    """Add the report as CSV to copy, or how to get it if it is long, and how to get files instead."""
    grant = say("To get files instead, an admin can grant Goalkeeper the optional scope `files:write`.")
    first, *others = files.as_csv_parts(shown.report)
    if others or len(first) > _PASTED_MAX:
        how = say(
            "`/goals report {month}{team} csv` shows it as CSV to copy. ",
            month=shown.report.month,
            team=f" {shown.whose}" if shown.whose else "",
        )
        return _with_note(answer, Mrkdwn(how + grant))
    noted = _with_note(answer, Mrkdwn(say("Here it is as CSV, to copy into a spreadsheet. ") + grant))
    return Message(noted.text, [*noted.blocks, preformatted(first)])


def _as_text(shown: Shown, part: int) -> Message:
    """Return one part of the CSV as text to copy."""
    report = shown.report
    parts = files.as_csv_parts(report)
    if not 1 <= part <= len(parts):
        how_many = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
        raise InvalidInput(f"There is no part {part}: this report's CSV has {how_many}.")
    words = goal_words(report.month, report.locale)
    said = say("{words} report as CSV: copy it into a spreadsheet.", words=words)
    if len(parts) > 1:
        said = say("{words} report as CSV, part {part} of {of}.", words=words, part=part, of=len(parts))
    if part < len(parts):
        team = f" {shown.whose}" if shown.whose else ""
        more = say(
            " The next: `/goals report {month}{team} csv {following}`.",
            month=report.month,
            team=team,
            following=part + 1,
        )
        said = Mrkdwn(said + more)
    return Message(said, [section(said), preformatted(parts[part - 1])])


async def _send_files(asked: Asked, shown: Shown) -> None:
    """Upload the report to the direct messages of the person asking; if Slack refuses, say what to do."""
    try:
        await _upload(asked, shown)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("could not send a report's files: %s", type(error).__name__, exc_info=error)
        text = say(
            "I couldn't send the files. `/goals report {month} csv` shows the same as CSV to copy.",
            month=shown.report.month,
        )
        await asked.whisper(Message(text, [section(text)]))


async def _upload(asked: Asked, shown: Shown) -> None:
    client = asked.installation.asking
    report = shown.report
    opened = await client.conversations_open(users=asked.slack_id)
    name = f"goals-{report.month}"
    comment = say("{month} report{whose}", month=goal_name(report.month, report.locale), whose=_for(shown))
    await client.files_upload_v2(
        channel=opened["channel"]["id"],
        initial_comment=comment,
        file_uploads=[
            # The mark at the beginning tells spreadsheet programs that it is UTF-8.
            {"content": files.as_csv(report).encode("utf-8-sig"), "filename": f"{name}.csv"},
            {"content": files.as_workbook(report), "filename": f"{name}.xlsx"},
        ],
    )


def _for(shown: Shown) -> str:
    return f" for {shown.whose}" if shown.whose else ""


async def _open_reopening(asked: Asked, action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
    if not person.is_admin:
        raise NotAllowed("Only an admin can reopen a month.")
    await asked.open_form(views.reopening(Period.parse(action["value"]), person.locale))


async def _reopen(asked: Asked, view: Block) -> Message:
    month, reason = views.read_reopening(view)
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        reopened = await flow.reopen_month(tx.session, tx.now, person.through(Door.FORM), month, reason)
    return views.reopened(reopened, person)


COMMAND = Command(
    "report",
    _report,
    (
        Usage("/goals report", "how last month ended, with a file", For.LEADS),
        Usage("/goals report 2026-10 West", "the same for another month or one team", For.LEADS),
    ),
    label="Last month's report",
    example="report",
)
ACTIONS: dict[str, ActionHandler] = {messages.REOPEN: _open_reopening}
FORMS: dict[str, FormHandler] = {views.SUBMIT: _reopen}
