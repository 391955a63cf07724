"""Teams: making and changing them, with their manager, channel and reps."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import InvalidInput, NotAllowed, Refusal
from domain.people import joining, memberships, queries, team_queries
from domain.people.changes import Subject, check_as_opened, record
from domain.people.model import Door, Role, Standing, TeamId
from domain.people.rules import Actor, Person, check_takes_part
from domain.people.team_queries import TeamDetails

NAME = "name"
MANAGER = "manager"
CHANNEL = "channel"
ADD = "add"
REMOVE = "remove"
"""The inputs of a team, as refusals name them."""
NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """What a team is besides its roster; people and channel by their Slack ids."""

    name: str = ""
    manager: str | None = None
    """None also when the manager has left."""
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A team as wanted: the settings the form was opened with, those wanted, and people to add and remove.

    People in `from_channel` are added unless they are on another team or manage one. People named in `add`
    are moved here.
    """

    opened: TeamSettings
    settings: TeamSettings
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    from_channel: frozenset[str] = frozenset()

    @property
    def people(self) -> frozenset[str]:
        """Everybody named who may not be on the team yet."""
        manager = self.settings.manager
        return self.add | self.from_channel | ({manager} if manager else frozenset())


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of saving a team; people by name."""

    team_id: TeamId
    name: str
    is_new: bool
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    """Those of `joined` who were on another team until then."""
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """People of the channel who weren't added, by the reason."""


class NoSuchTeam(Refusal):
    """The team is not there."""

    code = "no_such_team"


def settings_of(team: TeamDetails | None) -> TeamSettings:
    """Return the settings of a team; without a team, those of a new one."""
    if team is None:
        return TeamSettings()
    return TeamSettings(team.name, team.managed_by.slack_id if team.managed_by else None, team.channel)


async def get(session: AsyncSession, team_id: TeamId, actor: Actor) -> TeamDetails:
    """Return a team that `actor` may change.

    Raises:
        NoSuchTeam: it is not there.
        NotAllowed: only its manager or an admin may.
    """
    team = await team_queries.find(session, team_id)
    if team is None:
        raise NoSuchTeam("That team is not there any more.")
    manager = team.managed_by
    if actor.role is not Role.ADMIN and (manager is None or manager.user_id != actor.user_id):
        whose = f"{manager.name}, who manages {team.name}," if manager else "An admin"
        raise NotAllowed(f"{whose} can change that team; you can't.")
    return team


def check_may_add(actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` may add teams."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed("Only an admin can add teams, or change a team's name or manager.")


async def save(
    session: AsyncSession, now: datetime, by: str, team_id: TeamId | None, wanted: Wanted
) -> Saved:
    """Make a team (`team_id` None) or change one; a fixed number of statements, however many people.

    `by` is the actor's Slack id; their rights are checked under the lock on teams. Each change is
    recorded.

    Raises:
        ChangedMeanwhile: the settings are no longer what the form was opened with.
        Refusal: naming the input at fault.
    """
    await memberships.one_at_a_time(session)
    people = await queries.by_slack_id(session, wanted.people | {by})
    check_takes_part(people[by])
    actor = people[by].through(Door.FORM)
    team = None if team_id is None else await get(session, team_id, actor)
    if team is None or _needs_admin(wanted):
        check_may_add(actor)
    before = settings_of(team)
    if team is not None and wanted.settings != before:
        opened, stands = asdict(wanted.opened), asdict(before)
        await check_as_opened(session, Subject.TEAM, opened, stands, team, subject_id=team.id)
    settings = _checked_name(wanted.settings, before)
    await _check_free(session, settings.name, team_id)
    _check_manager(settings, before, people)
    roster = _Roster(actor, team, settings, people)
    roster.take(wanted)
    team_id = await _write(session, team, settings, people)
    await memberships.take_in(session, now, team_id, roster.joining)
    await memberships.take_out(session, now, team_id, roster.leaving)
    await _record(session, actor, team_id, before, settings, roster)
    await joining.settle_joined(session, now, actor.user_id, team_id, roster.joining)
    if team is not None and settings.manager != before.manager:
        await joining.pass_on(session, [team_id])
    return roster.saved(team_id, settings.name)


def _needs_admin(wanted: Wanted) -> bool:
    opened, settings = wanted.opened, wanted.settings
    return (settings.name, settings.manager) != (opened.name, opened.manager)


# --- settings ------------------------------------------------------------------------------------------


def _checked_name(settings: TeamSettings, before: TeamSettings) -> TeamSettings:
    """Return the settings with a valid name; an invalid one, as from a roster, may stay unchanged."""
    if settings.name and settings.name == before.name:
        return settings
    name = " ".join(settings.name.split())
    if not name:
        raise InvalidInput("A team needs a name.", field=NAME)
    if len(name) > NAME_MAX:
        raise InvalidInput(
            f"A team's name has at most {NAME_MAX} letters; this one has {len(name)}.", field=NAME
        )
    return replace(settings, name=name)


async def _check_free(session: AsyncSession, name: str, team_id: TeamId | None) -> None:
    taken = await team_queries.named(session, name)
    if taken is not None and taken != team_id:
        raise InvalidInput(f"There is a team called {name} already. Choose another name.", field=NAME)


def _check_manager(settings: TeamSettings, before: TeamSettings, people: Mapping[str, Person]) -> None:
    if settings.manager is None or settings.manager == before.manager:
        return
    manager = people.get(settings.manager)
    if manager is None:
        raise InvalidInput("I can't find that person in this workspace.", field=MANAGER)
    if why := _why_not(manager):
        raise InvalidInput(f"{manager.name} can't manage a team: {why}.", field=MANAGER)


_CREATE = text(
    "INSERT INTO teams (name, manager_id, channel) VALUES (:name, :manager_id, :channel) RETURNING id"
)
# A manager who has left stays written down until somebody names another.
_UPDATE = text("""
UPDATE teams
   SET name = :name, channel = :channel,
       manager_id = CASE WHEN :new_manager THEN CAST(:manager_id AS bigint) ELSE manager_id END
 WHERE id = :team_id
""")


async def _write(
    session: AsyncSession, team: TeamDetails | None, settings: TeamSettings, people: Mapping[str, Person]
) -> TeamId:
    manager = people.get(settings.manager or "")
    values = {"name": settings.name, "channel": settings.channel}
    manager_id = manager.user_id if manager else None
    if team is None:
        created = await session.execute(_CREATE, {**values, "manager_id": manager_id})
        return TeamId(created.scalar_one())
    before = settings_of(team)
    if settings != before:
        new_manager = settings.manager != before.manager
        ids = {"team_id": team.id, "manager_id": manager_id, "new_manager": new_manager}
        await session.execute(_UPDATE, {**values, **ids})
    return team.id


async def _record(
    session: AsyncSession,
    actor: Actor,
    team_id: TeamId,
    before: TeamSettings,
    after: TeamSettings,
    roster: "_Roster",
) -> None:
    """Record settings before and after, and who left and joined the roster (Slack ids)."""
    changes: dict[str, tuple[Any, Any]] = {
        name: (value or None, asdict(after)[name]) for name, value in asdict(before).items()
    }
    changes["members"] = (sorted(roster.leaving) or None, sorted(roster.joining) or None)
    await record(session, actor.user_id, Subject.TEAM, changes, subject_ids=[team_id])


# --- roster --------------------------------------------------------------------------------------------


class _Roster:
    """The people who join a team and who leave it."""

    def __init__(
        self, actor: Actor, team: TeamDetails | None, settings: TeamSettings, people: Mapping[str, Person]
    ) -> None:
        self.joining: dict[str, str] = {}
        """Slack id to name."""
        self.leaving: dict[str, str] = {}
        self._moved: list[str] = []
        self._left_out: dict[str, list[str]] = {}
        self._actor = actor
        self._team = team
        self._settings = settings
        self._people = people
        self._here = frozenset() if team is None else frozenset({team.id})
        self._members = {member.slack_id: member.name for member in team.members} if team else {}

    def take(self, wanted: Wanted) -> None:
        """Work out who joins and leaves; raise `Refusal` for people who can't."""
        if both := wanted.add & wanted.remove:
            names = _listing(self._members.get(each, "Somebody") for each in both)
            raise InvalidInput(f"{names} cannot both come and go.", field=REMOVE)
        self.leaving = {who: name for who, name in self._members.items() if who in wanted.remove}
        self._take_named(wanted.add)
        self._take_from_channel(wanted.from_channel - wanted.add - wanted.remove)

    def _take_named(self, slack_ids: Collection[str]) -> None:
        people = [self._people[who] for who in sorted(slack_ids) if who in self._people]
        if refused := [f"{person.name} ({why})" for person in people if (why := _why_not(person))]:
            raise InvalidInput(f"Take these off the list: {_listing(refused)}.", field=ADD)
        people = [person for person in people if person.slack_id not in self._members]
        others = [person for person in people if self._elsewhere(person)]
        self._check_may_move(others)
        self._moved = [f"{person.name} (from {person.team.name})" for person in others if person.team]
        self._join(people)

    def _check_may_move(self, people: Iterable[Person]) -> None:
        """Refuse a manager's taking people from another manager's team."""
        if self._actor.role is Role.ADMIN:
            return
        names = [
            f"{person.name} ({person.team.name})"
            for person in people
            if person.team and person.team.id not in self._actor.manages
        ]
        if names:
            raise InvalidInput(
                f"On another team already: {_listing(names)}. An admin can move people.", field=ADD
            )

    def _take_from_channel(self, slack_ids: Collection[str]) -> None:
        people = [self._people[who] for who in slack_ids if who in self._people and who not in self._members]
        for person in sorted(people, key=lambda person: person.name.casefold()):
            why = _why_not(person)
            if person.slack_id == self._settings.manager:
                why = "manages the team"
            elif why is None and self._elsewhere(person):
                why = "on another team"
            elif why is None and person.manages - self._here:
                why = "manages another team"
            if why:
                self._left_out.setdefault(why, []).append(person.name)
            else:
                self._join([person])

    def _elsewhere(self, person: Person) -> bool:
        return person.team is not None and person.team.id not in self._here

    def _join(self, people: Iterable[Person]) -> None:
        self.joining |= {person.slack_id: person.name for person in people}

    def saved(self, team_id: TeamId, name: str) -> Saved:
        """Return what saving has changed."""
        return Saved(
            team_id=team_id,
            name=name,
            is_new=self._team is None,
            joined=tuple(self.joining.values()),
            left=tuple(self.leaving.values()),
            moved=tuple(self._moved),
            left_out={why: tuple(names) for why, names in self._left_out.items()},
        )


def _why_not(person: Person) -> str | None:
    """Return why a person can't be on a team, in a few words; None if they can."""
    match person.standing:
        case Standing.BOT:
            return "a bot"
        case Standing.GUEST:
            return "a guest"
        case Standing.EXTERNAL:
            return "of another company"
        case Standing.MEMBER:
            return None if person.is_active else "deactivated in Slack"


_NAMED_AT_MOST = 10


def _listing(items: Iterable[str]) -> str:
    """Return `Ana, Bo and Cy`; of many, the first ten and the number of the others."""
    names = list(items)
    if len(names) > _NAMED_AT_MOST:
        names = [*names[:_NAMED_AT_MOST], f"{len(names) - _NAMED_AT_MOST} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
