"""Setting a workspace up: the use cases of admins. They take a session and never commit.

Each takes the lock of the workspace's set-up first, so that two admins who save at once do so one after the
other; the second, whose form was opened before, is shown what has changed and overwrites nothing unseen.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries as activity
from domain.activity.queries import MetricRow
from domain.errors import InvalidInput, NotAllowed
from domain.goals.figures import Tier
from domain.people import currency
from domain.people import queries as people
from domain.people.changes import Subject, check_as_opened, record
from domain.people.model import UserId
from domain.people.rules import Person, check_takes_part
from domain.periods import Kind, Period
from domain.setup import queries
from domain.setup.queries import Admin, Current, TeamState
from domain.setup.rules import (
    CURRENCY,
    TIME_ZONE,
    WorkspaceSettings,
    amount_field,
    check_rising,
    signups_field,
)

ADMINS = "admins"
"""Name of the input for admins."""

_NAMED = "named_admin"
"""What the history calls it."""


async def check_admin(session: AsyncSession, actor: Person) -> None:
    """Refuse people who aren't admins now, even if they were when the form was opened.

    Raises:
        NotAllowed: says which admin to ask.
    """
    if await queries.is_admin(session, actor.user_id):
        return
    names = [admin.name for admin in await queries.admins(session)]
    raise NotAllowed(f"Only admins set Goalkeeper up. {whom_to_ask(names)}")


def whom_to_ask(names: Sequence[str]) -> str:
    """`Ask Ann, Ben or Cem.`: three of them at the most."""
    if not names:
        return "Ask an owner of this Slack workspace."
    *others, last = names[:3]
    return f"Ask {', '.join(others)} or {last}." if others else f"Ask {last}."


async def change_settings(
    session: AsyncSession, actor: Person, opened_with: WorkspaceSettings, wanted: WorkspaceSettings
) -> Current:
    """Change the settings to what is wanted; returns how they stand then.

    A change of the deadline day counts from next month: months that are open keep theirs.

    Raises:
        NotAllowed: the actor isn't an admin.
        InvalidInput: the database does not know the zone, or the currency is fixed.
        ChangedMeanwhile: they are no longer what the form was opened with.
    """
    await queries.lock(session)
    await check_admin(session, actor)
    if wanted.currency != actor.currency:
        await currency.lock(session)
    now = await queries.current(session)
    before, after = now.settings.as_json(), wanted.as_json()
    if before != after:
        await check_as_opened(session, Subject.WORKSPACE, opened_with.as_json(), before, now)
        await _check_possible(session, now, wanted)
    await _write_settings(session, now, wanted)
    await record(session, actor.user_id, Subject.WORKSPACE, _pairs(before, after))
    return await queries.current(session)


async def _check_possible(session: AsyncSession, now: Current, wanted: WorkspaceSettings) -> None:
    if wanted.time_zone != now.settings.time_zone and not await queries.is_zone(session, wanted.time_zone):
        raise InvalidInput(
            f"The database does not know the time zone {wanted.time_zone} yet. Choose another one of its "
            "region.",
            field=TIME_ZONE,
        )
    if wanted.currency != now.settings.currency and now.currency_fixed:
        raise InvalidInput(
            f"The currency stays {now.settings.currency}, because goals or bonuses already use it.",
            field=CURRENCY,
        )


_CHANGE_SETTINGS = text("""
UPDATE workspaces
   SET time_zone = :time_zone, time_zone_chosen = true, currency = :currency, locale = :locale,
       deadline_day = :deadline_day, former_deadline_day = :former_deadline_day,
       deadline_day_from = :deadline_day_from, reminder_time = :reminder_time,
       company_channel = :company_channel, money_is_public = :money_is_public
 WHERE id = goalkeeper_workspace()
""")


async def _write_settings(session: AsyncSession, now: Current, wanted: WorkspaceSettings) -> None:
    """Write the settings; saving also confirms a zone that came from the primary owner."""
    deadline = now.deadline
    if wanted.deadline_day != deadline.day:
        deadline = deadline.changed_to(wanted.deadline_day, Period.containing(now.today, Kind.MONTH))
    values = {
        "time_zone": wanted.time_zone,
        "currency": wanted.currency,
        "locale": wanted.locale,
        "deadline_day": deadline.day,
        "former_deadline_day": deadline.former,
        "deadline_day_from": deadline.counts_from,
        "reminder_time": wanted.reminder_time,
        "company_channel": wanted.company_channel,
        "money_is_public": wanted.money_is_public,
    }
    await session.execute(_CHANGE_SETTINGS, values)


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (before[name], after[name]) for name in before}


_CHANGE_TIERS = text("""
UPDATE bonus_tiers t
   SET signups_needed = w.signups_needed, amount = w.amount
  FROM jsonb_to_recordset(CAST(:tiers AS jsonb)) AS w(tier smallint, signups_needed integer, amount numeric)
 WHERE t.team_id IS NULL AND t.tier = w.tier
   AND (t.signups_needed, t.amount) IS DISTINCT FROM (w.signups_needed, w.amount)
""")


async def change_tiers(
    session: AsyncSession, actor: Person, opened_with: Sequence[Tier], wanted: Sequence[Tier]
) -> None:
    """Change what the six tiers take and give in months that have not begun.

    The amounts are in the currency that `actor` was read with.

    Raises:
        NotAllowed: the actor isn't an admin.
        Refusal: the currency has changed meanwhile.
        Mistakes: a tier does not take more than the one below it.
        ChangedMeanwhile: they are no longer what the form was opened with.
    """
    check_rising(wanted)
    await queries.lock(session)
    await check_admin(session, actor)
    now = await queries.tiers(session)
    before, after = tiers_by_name(now), tiers_by_name(wanted)
    if before == after:
        return
    await check_as_opened(session, Subject.TIERS, tiers_by_name(opened_with), before, now)
    await currency.hold(session, actor.currency)
    rows = [
        {"tier": tier.number, "signups_needed": tier.signups_needed, "amount": str(tier.amount)}
        for tier in wanted
    ]
    await session.execute(_CHANGE_TIERS, {"tiers": json.dumps(rows)})
    await record(session, actor.user_id, Subject.TIERS, _pairs(before, after))


def tiers_by_name(tiers: Sequence[Tier]) -> dict[str, int | str]:
    """Return what each tier needs and pays, by the names of the form's inputs, as JSON takes them."""
    values: dict[str, int | str] = {}
    for tier in tiers:
        values[signups_field(tier.number)] = tier.signups_needed
        values[amount_field(tier.number)] = f"{tier.amount:.2f}"
    return values


@dataclass(frozen=True, slots=True)
class Named:
    """The admins: those of Slack, and those named here."""

    named: frozenset[str]
    """Slack ids, without the people that Slack makes admins."""
    by_slack: tuple[Admin, ...]


async def named_admins(session: AsyncSession) -> Named:
    """Return the present admins."""
    admins = await queries.admins(session)
    return Named(
        frozenset(admin.slack_id for admin in admins if not admin.by_slack),
        tuple(admin for admin in admins if admin.by_slack),
    )


_NAME_ADMIN = text("UPDATE users SET named_admin = :named WHERE id = ANY(:user_ids)")


async def name_admins(
    session: AsyncSession, actor: Person, opened_with: Collection[str], wanted: Mapping[str, Person]
) -> None:
    """Make these people, by Slack id, the named admins; Slack's own owners and admins are ones anyway.

    Raises:
        NotAllowed: the actor isn't an admin.
        InvalidInput: one of them may take no part, or nobody would be left.
        ChangedMeanwhile: they are no longer those that the form was opened with.
    """
    await queries.lock(session)
    await check_admin(session, actor)
    now = await named_admins(session)
    by_slack = {admin.slack_id for admin in now.by_slack}
    meant = {slack_id: person for slack_id, person in wanted.items() if slack_id not in by_slack}
    if now.named == meant.keys():
        return
    for slack_id in sorted(now.named ^ (set(opened_with) - by_slack)):
        await _refuse_unseen(session, now, slack_id)
    for person in meant.values():
        _check_may_be_admin(person)
    if not meant and not by_slack:
        raise InvalidInput("Somebody has to be an admin: name at least one.", field=ADMINS)
    admins = {admin.slack_id: admin.user_id for admin in await queries.admins(session)}
    added = [person.user_id for slack_id, person in meant.items() if slack_id not in now.named]
    removed = [admins[slack_id] for slack_id in now.named if slack_id not in meant]
    for named, user_ids in ((True, added), (False, removed)):
        await _name(session, actor.user_id, user_ids, named=named)


async def _refuse_unseen(session: AsyncSession, now: Named, slack_id: str) -> None:
    """Refuse if a person's being an admin has changed since the form was opened."""
    person = (await people.by_slack_id(session, [slack_id])).get(slack_id)
    stands = slack_id in now.named
    opened, unseen = {_NAMED: not stands}, {_NAMED: stands}
    subject_id = person.user_id if person else None
    await check_as_opened(session, Subject.ADMIN, opened, unseen, now, subject_id=subject_id)


def _check_may_be_admin(person: Person) -> None:
    try:
        check_takes_part(person)
    except NotAllowed:
        raise InvalidInput(
            f"{person.name} is a guest, a bot, deactivated or of another workspace, and cannot be an admin.",
            field=ADMINS,
        ) from None


async def _name(session: AsyncSession, actor: UserId, user_ids: Sequence[UserId], *, named: bool) -> None:
    if not user_ids:
        return
    await session.execute(_NAME_ADMIN, {"user_ids": list(user_ids), "named": named})
    await record(session, actor, Subject.ADMIN, {_NAMED: (not named, named)}, subject_ids=user_ids)


@dataclass(frozen=True, slots=True)
class Overview:
    """What is set up, as the reader may see it: a manager their own teams, an admin everything."""

    person: Person
    teams: tuple[TeamState, ...]
    current: Current | None = None
    tiers: tuple[Tier, ...] = ()
    admins: tuple[Admin, ...] = ()
    metrics: tuple[MetricRow, ...] = ()


async def overview(session: AsyncSession, person: Person) -> Overview:
    """Return how far Goalkeeper is set up, as far as this person may set it up.

    Raises:
        NotAllowed: it isn't; says which admin to ask.
    """
    if person.is_admin:
        return Overview(
            person,
            await queries.teams(session),
            await queries.current(session),
            await queries.tiers(session),
            await queries.admins(session),
            tuple(await activity.catalogue(session)),
        )
    if person.is_manager:
        return Overview(person, await queries.teams(session, person.user_id))
    names = [admin.name for admin in await queries.admins(session)]
    raise NotAllowed(f"Admins set Goalkeeper up, and managers their teams. {whom_to_ask(names)}")
