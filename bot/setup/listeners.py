"""`/goals setup`: its window, and the forms that are put on top of it; one use case each.

A saved form closes, and the window below shows the new state. Closing a form without saving changes nothing.
"""

from bot.setup import admins, boards, metrics, overview, settings, tiers
from bot.slack.asking import Asked, Window
from bot.slack.blocks import Block, Message, section
from bot.slack.channels import postable
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler, FormHandler, Redrawn, Uncovered
from bot.slack.text import Mrkdwn, say
from bot.slack.wording import OPEN_SETUP, SETUP_WINDOW
from domain.activity import metrics as catalogue
from domain.activity import queries as activity
from domain.db import Transaction
from domain.errors import InvalidInput, NotAllowed
from domain.people.changes import ChangedMeanwhile
from domain.people.model import Door
from domain.people.rules import Person
from domain.setup import boards as schedule
from domain.setup import queries, rules, service


async def _setup(asked: Asked, _rest: str) -> None:
    async with asked.transaction() as tx:
        view = await _window(asked, tx)
    await asked.open_form(view)


async def _open_setup(asked: Asked, _action: Block, _payload: Block) -> None:
    await _setup(asked, "")


async def _window(asked: Asked, tx: Transaction, notice: Mrkdwn | None = None) -> Block:
    seen = await service.overview(tx.session, await asked.person(tx))
    shown_boards = None if seen.current is None else await schedule.current(tx.session)
    return overview.window(seen, shown_boards, notice)


async def _admin(asked: Asked, tx: Transaction) -> Person:
    person = await asked.person(tx)
    await service.check_admin(tx.session, person)
    return person


async def _open_settings(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
        view = settings.form(await queries.current(tx.session))
    await asked.push_form(view)


async def _save_settings(asked: Asked, view: Block) -> Redrawn | Uncovered:
    submitted = settings.read(view)
    wanted = submitted.typed.read(submitted.opened_with.currency)
    if wanted.company_channel not in (None, submitted.opened_with.company_channel):
        await _check_channel(asked, wanted.company_channel)
    try:
        async with asked.transaction() as tx:
            person = await asked.person(tx)
            await service.change_settings(tx.session, person, submitted.opened_with, wanted)
            return Uncovered(view["root_view_id"], await _window(asked, tx))
    except ChangedMeanwhile as changed:
        return Redrawn(settings.form_again(submitted, changed))


async def _check_channel(asked: Asked, channel: str) -> None:
    """Ask Slack about the channel before the transaction begins; this may not take long."""
    problem = await postable(asked.client, channel)
    if problem is not None:
        raise InvalidInput(problem, field=rules.COMPANY_CHANNEL)


async def _open_tiers(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        person = await _admin(asked, tx)
        view = tiers.form(await queries.tiers(tx.session), person.currency, person.locale)
    await asked.push_form(view)


async def _save_tiers(asked: Asked, view: Block) -> Redrawn | Uncovered:
    submitted = tiers.read(view)
    try:
        async with asked.transaction() as tx:
            person = await asked.person(tx)
            wanted = rules.read_tiers(submitted.pairs, person.locale, person.currency)
            await service.change_tiers(tx.session, person, submitted.opened_with, wanted)
            return Uncovered(view["root_view_id"], await _window(asked, tx))
    except ChangedMeanwhile as changed:
        return Redrawn(tiers.form_again(submitted, changed, person.currency, person.locale))


async def _open_boards(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
        view = boards.form(await schedule.current(tx.session))
    await asked.push_form(view)


async def _save_boards(asked: Asked, view: Block) -> Redrawn | Uncovered:
    submitted = boards.read(view)
    try:
        async with asked.transaction() as tx:
            person = await asked.person(tx)
            await schedule.change(tx.session, person, submitted.opened_with, submitted.wanted)
            return Uncovered(view["root_view_id"], await _window(asked, tx))
    except ChangedMeanwhile as changed:
        return Redrawn(boards.form_again(submitted, changed))


async def _open_admins(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
        view = admins.form(await service.named_admins(tx.session))
    await asked.push_form(view)


async def _save_admins(asked: Asked, view: Block) -> Message | Redrawn | Uncovered:
    submitted = admins.read(view)
    try:
        async with asked.transaction() as tx:
            known = await asked.people(tx, *submitted.chosen)
            wanted = {slack_id: known[slack_id] for slack_id in submitted.chosen}
            await service.name_admins(tx.session, known[asked.slack_id], submitted.opened_with, wanted)
            return await _below_admins(asked, tx, view)
    except ChangedMeanwhile as changed:
        return Redrawn(admins.form_again(submitted, changed))


async def _below_admins(asked: Asked, tx: Transaction, view: Block) -> Message | Uncovered:
    """Return the setup window or, for an admin who has just removed themself, a message instead."""
    try:
        return Uncovered(view["root_view_id"], await _window(asked, tx))
    except NotAllowed:
        gone = say("You are no longer an admin of Goalkeeper.")
        return Message(gone, [section(gone)])


# --- metrics ----------------------------------------------------------------------------------------------


async def _open_metrics(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
        view = metrics.window(await activity.catalogue(tx.session))
    await asked.push_form(view)


async def _add_metric(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
    await asked.push_form(metrics.metric_form())


async def _add_quotient(asked: Asked, _action: Block, _payload: Block) -> None:
    async with asked.transaction() as tx:
        await _admin(asked, tx)
        view = metrics.quotient_form(await activity.catalogue(tx.session))
    await asked.push_form(view)


async def _change_metric(asked: Asked, action: Block, payload: Block) -> None:
    """Switch a metric on or off at once, or open the form that says what fills it."""
    change, _, code = action["selected_option"]["value"].partition(":")
    async with asked.transaction() as tx:
        actor = (await _admin(asked, tx)).through(Door.FORM)
        if change == "feed":
            form = metrics.feeder_form(await catalogue.get(tx.session, code))
        else:
            await catalogue.switch(tx.session, actor, code, on=change == "on")
            view = metrics.window(await activity.catalogue(tx.session))
    if change == "feed":
        await asked.push_form(form)
        return
    await asked.redraw(view_id=payload["view"]["id"], view=view)
    asked.behind(asked.refresh(SETUP_WINDOW, payload["view"]["root_view_id"]))


async def _save_metric(asked: Asked, view: Block) -> Uncovered:
    submitted = metrics.read_metric(view)
    async with asked.transaction() as tx:
        actor = (await _admin(asked, tx)).through(Door.FORM)
        await catalogue.add(
            tx.session,
            actor,
            submitted.label,
            submitted.unit,
            numerator=submitted.numerator,
            denominator=submitted.denominator,
        )
        below = metrics.window(await activity.catalogue(tx.session))
    return _on_metrics(asked, view, below)


async def _save_feeder(asked: Asked, view: Block) -> Redrawn | Uncovered:
    submitted = metrics.read_feeder(view)
    try:
        async with asked.transaction() as tx:
            actor = (await _admin(asked, tx)).through(Door.FORM)
            opened = submitted.opened_with
            await catalogue.feed(tx.session, actor, submitted.code, submitted.feeder, opened_with=opened)
            below = metrics.window(await activity.catalogue(tx.session))
    except ChangedMeanwhile as changed:
        return Redrawn(metrics.feeder_form_again(submitted, changed))
    return _on_metrics(asked, view, below)


def _on_metrics(asked: Asked, view: Block, below: Block) -> Uncovered:
    """Return to the list as it is `below`; the window of set-up under it follows."""
    asked.behind(asked.refresh(SETUP_WINDOW, view["root_view_id"]))
    return Uncovered(view["previous_view_id"], below)


COMMAND = Command(
    "setup",
    _setup,
    (
        Usage("/goals setup", "your team: its members and its channel", For.MANAGERS),
        Usage(
            "/goals setup",
            "teams, channels, settings, metrics, bonus tiers, leaderboards and admins",
            For.ADMINS,
        ),
    ),
    label="Set up",
)
ACTIONS: dict[str, ActionHandler] = {
    OPEN_SETUP: _open_setup,
    overview.OPEN_SETTINGS: _open_settings,
    overview.OPEN_TIERS: _open_tiers,
    overview.OPEN_BOARDS: _open_boards,
    overview.OPEN_ADMINS: _open_admins,
    overview.OPEN_METRICS: _open_metrics,
    metrics.ADD: _add_metric,
    metrics.DIVIDE: _add_quotient,
    metrics.CHANGE: _change_metric,
}
FORMS: dict[str, FormHandler] = {
    settings.SAVE: _save_settings,
    tiers.SAVE: _save_tiers,
    boards.SAVE: _save_boards,
    admins.SAVE: _save_admins,
    metrics.SAVE_ADDED: _save_metric,
    metrics.SAVE_FEEDER: _save_feeder,
}
WINDOWS: dict[str, Window] = {SETUP_WINDOW: _window}
