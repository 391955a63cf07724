"""The list of teams, the form of one, and asking to join: one use case each."""

import logging
from collections.abc import Collection

from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, section
from bot.slack.channels import postable
from bot.slack.edge import ActionHandler, FormHandler, Redrawn, Uncovered
from bot.slack.errors import SlackTrouble, narrowed
from bot.slack.refusals import worded
from bot.slack.text import Mrkdwn, say
from bot.slack.wording import ADD_TEAM, ASK_TO_JOIN, EDIT_TEAM, OPEN_TEAMS, SETUP_WINDOW
from bot.teams import messages, views
from bot.teams.views import SubmittedTeam, TeamDraft
from domain import flow
from domain.db import DATABASE_AWAY, Transaction
from domain.errors import InvalidInput, Refusal
from domain.people import joining, queries, team_queries, teams
from domain.people.changes import ChangedMeanwhile
from domain.people.model import Door, TeamId
from domain.people.rules import Actor, Person
from domain.people.team_queries import Listed, TeamDetails
from domain.people.teams import Saved
from domain.setup import queries as setup
from domain.setup.service import whom_to_ask

log = logging.getLogger(__name__)

_MEMBERS = 200
"""Members of a channel that are asked for at once."""
_STRANGERS = 20
"""Up to this many new people are looked up one by one; for more, the whole workspace is read."""
_AWAY = (SlackTrouble, TimeoutError, *DATABASE_AWAY)
_NOT_NOW = "Slack or the database did not answer in time. Nothing was saved; please save again."
_FAILED = "Something went wrong on our side, and nothing was saved. If it stays, tell an admin of Goalkeeper."


# --- the list and the form -----------------------------------------------------------------------------


async def _open_list(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        view = await _list(tx, await asked.person(tx))
    await asked.push_form(view)


async def _turn_page(asked: Asked, action: Block, payload: Block) -> None:
    async with asked.transaction() as tx:
        view = await _list(tx, await asked.person(tx), page=int(action["value"]))
    await asked.client.views_update(view_id=payload["view"]["id"], hash=payload["view"]["hash"], view=view)


async def _list(
    tx: Transaction,
    person: Person,
    *,
    page: int = 0,
    around: TeamId | None = None,
    notice: Mrkdwn | None = None,
) -> Block:
    """Return the teams that a person may change (all for an admin), on the page of the team `around`."""
    listed = await _theirs(tx, person)
    page = page if around is None else views.page_of(listed, around)
    return views.team_list(listed, is_admin=person.is_admin, page=page, notice=notice)


async def _theirs(tx: Transaction, person: Person) -> list[Listed]:
    return await team_queries.listed(tx.session, None if person.is_admin else person.user_id)


async def _add_team(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        teams.check_may_add(person.through(Door.FORM))
    await asked.push_form(views.team_form(TeamDraft(None, teams.TeamSettings(), is_admin=True)))


async def _edit_team(asked: Asked, action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        team = await teams.get(tx.session, TeamId(int(action["value"])), person.through(Door.FORM))
    await asked.push_form(views.team_form(TeamDraft(team, teams.settings_of(team), is_admin=person.is_admin)))


async def _save_form(asked: Asked, view: Block) -> Redrawn | Uncovered | None:
    """Save at once; or, where a whole channel is to be read, behind a window that says so."""
    submitted = views.read_form(view)
    if submitted.take_all:
        return await _begin_taking_all(asked, view, submitted)
    await _check_channel(asked, submitted)
    try:
        saved, below = await _save(asked, submitted)
    except ChangedMeanwhile as changed:
        return Redrawn(await _again(asked, submitted, views.whats_changed(changed)))
    if _is_on_root(view):
        asked.behind(asked.refresh(SETUP_WINDOW, view["root_view_id"], views.told(saved)))
        return None
    asked.behind(asked.refresh(SETUP_WINDOW, view["root_view_id"]))
    return Uncovered(view["previous_view_id"], below)


async def _begin_taking_all(asked: Asked, view: Block, submitted: SubmittedTeam) -> Redrawn:
    if submitted.settings.channel is None:
        raise InvalidInput("Choose the channel whose people are to be added.", field=teams.CHANNEL)
    async with asked.transaction() as tx:
        actor = (await asked.person(tx)).through(Door.FORM)
        await _check_rights(tx, actor, submitted)
    name = submitted.settings.name.strip()
    return Redrawn(views.working(name), behind=lambda: _take_all(asked, view, submitted))


async def _take_all(asked: Asked, view: Block, submitted: SubmittedTeam) -> None:
    """Read the channel and save; the window that says “working” then says what came of it."""
    try:
        await _check_channel(asked, submitted, anyhow=True)
        everybody = await _members(asked, submitted.settings.channel or "")
        await _meet(asked, everybody | submitted.newly_named)
        saved, below = await _save(asked, submitted, everybody)
    except ChangedMeanwhile as changed:
        await _say_again(asked, view, submitted, views.whats_changed(changed))
    except Refusal as refusal:
        await _say_again(asked, view, submitted, views.whats_wrong(worded(refusal)))
    except _AWAY as error:
        log.warning("could not take in a channel: %s", type(error).__name__, exc_info=error)
        await _say_again(asked, view, submitted, views.whats_wrong(say(_NOT_NOW)))
    except Exception:
        # The top of this task: without an answer the window would say “working” for ever.
        log.exception("failed to take in a channel")
        await _say_again(asked, view, submitted, views.whats_wrong(say(_FAILED)))
    else:
        said = views.told(saved)
        await _show(asked, view["id"], views.done(section(said)), said)
        if not _is_on_root(view):
            await _show(asked, view["previous_view_id"], below)
        await asked.refresh(SETUP_WINDOW, view["root_view_id"])


async def _say_again(asked: Asked, view: Block, submitted: SubmittedTeam, notice: Block) -> None:
    """Show the form again with the problem; the problem alone without the database or the right."""
    try:
        form = await _again(asked, submitted, notice)
    except (Refusal, *DATABASE_AWAY):
        form = views.done(notice)
    await _show(asked, view["id"], form, Mrkdwn(notice["text"]["text"]))


async def _meet(asked: Asked, slack_ids: Collection[str]) -> None:
    """Know all of these people, by as few questions to Slack as it takes."""
    async with asked.transaction() as tx:
        known = await queries.by_slack_id(tx.session, slack_ids)
    strangers = set(slack_ids) - known.keys()
    with narrowed():
        if len(strangers) > _STRANGERS:
            await asked.installation.directory.meet_everyone()
        elif strangers:
            await asked.installation.directory.meet_by_id(strangers)


def _is_on_root(view: Block) -> bool:
    """Return True if the form was opened without the list in between."""
    return bool(view["previous_view_id"] == view["root_view_id"])


async def _save(
    asked: Asked, submitted: SubmittedTeam, from_channel: Collection[str] = ()
) -> tuple[Saved, Block]:
    """Save, and the list as it is then."""
    async with asked.transaction() as tx:
        person = (await asked.people(tx, *submitted.newly_named))[asked.slack_id]
        wanted = submitted.wanted(from_channel)
        saved = await flow.save_team(tx.session, tx.now, asked.slack_id, submitted.team_id, wanted)
        below = await _list(tx, person, around=saved.team_id, notice=views.told(saved))
    return saved, below


async def _check_channel(asked: Asked, submitted: SubmittedTeam, *, anyhow: bool = False) -> None:
    """Check a changed channel in Slack (with `anyhow` also an unchanged one), outside any transaction."""
    channel = submitted.settings.channel
    if channel is None or (channel == submitted.opened.channel and not anyhow):
        return
    if problem := await postable(asked.client, channel):
        raise InvalidInput(problem, field=teams.CHANNEL)


async def _members(asked: Asked, channel: str) -> set[str]:
    found: set[str] = set()
    with narrowed():
        async for page in await asked.client.conversations_members(channel=channel, limit=_MEMBERS):
            found.update(page["members"])
    return found


async def _check_rights(tx: Transaction, actor: Actor, submitted: SubmittedTeam) -> TeamDetails | None:
    if submitted.team_id is None:
        teams.check_may_add(actor)
        return None
    return await teams.get(tx.session, submitted.team_id, actor)


async def _again(asked: Asked, submitted: SubmittedTeam, notice: Block) -> Block:
    """Return the form again over the team as it is now, with the problem on top."""
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        team = await _check_rights(tx, person.through(Door.FORM), submitted)
    return views.redrawn(submitted, team, is_admin=person.is_admin, notice=notice)


async def _show(asked: Asked, view_id: str, view: Block, otherwise: Mrkdwn | None = None) -> None:
    """Redraw a window or, if it has been closed, say `otherwise` to the person who had it open."""
    if not await asked.redraw(view_id=view_id, view=view) and otherwise is not None:
        await asked.whisper(Message(otherwise, [section(otherwise)]))


# --- asking to join ------------------------------------------------------------------------------------


async def _open_join(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        joining.check_may_ask(person)
        listed = await team_queries.listed(tx.session)
        waited_for = await team_queries.waited_for(tx.session, person.user_id)
        admins = [] if listed else await setup.admins(tx.session)
    whom = whom_to_ask([admin.name for admin in admins])
    await asked.open_form(views.join_form(listed, waited_for) if listed else views.no_team_to_join(whom))


async def _ask(asked: Asked, view: Block) -> Message:
    async with asked.transaction() as tx:
        request = await joining.ask(tx.session, await asked.person(tx), views.read_join(view))
    return messages.sent(request)


def _decide(*, add: bool) -> ActionHandler:
    async def decide(asked: Asked, action: Block, _payload: Block) -> None:
        async with asked.transaction() as tx:
            actor = (await asked.person(tx)).through(Door.FORM)
            await flow.decide_request(tx.session, tx.now, actor, int(action["value"]), add=add)

    return decide


ACTIONS: dict[str, ActionHandler] = {
    OPEN_TEAMS: _open_list,
    views.TURN_PAGE: _turn_page,
    ADD_TEAM: _add_team,
    EDIT_TEAM: _edit_team,
    ASK_TO_JOIN: _open_join,
    messages.ADD: _decide(add=True),
    messages.DECLINE: _decide(add=False),
}
FORMS: dict[str, FormHandler] = {views.SAVE: _save_form, views.ASK: _ask}
