"""People, and what they may do."""

from dataclasses import dataclass
from datetime import date

from domain.errors import CarriesNoGoals, NoSuchRep, NotAllowed, NotAMember, OnNoTeam
from domain.people.model import Door, RepId, Role, Standing, TeamId, UserId
from domain.periods import DeadlineDay, Period

ON_NO_TEAM = "You are not on a sales team yet. Ask your manager or an admin to add you."


@dataclass(frozen=True, slots=True)
class TeamOf:
    """A team that a rep is in now, and its manager."""

    id: TeamId
    name: str
    manager_id: UserId | None = None
    manager_name: str | None = None


@dataclass(frozen=True, slots=True)
class Rep:
    """The part of a person that carries goals."""

    id: RepId
    is_active: bool
    joined_on: date
    """First day of the newest stint."""
    settles_from: date
    """Day from which they have three days to set goals: that of joining, or of a return to Slack."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user with all that their rights and their calendar depend on."""

    user_id: UserId
    slack_id: str
    name: str
    role: Role
    standing: Standing
    is_active: bool
    zone: str
    """IANA; their own, else the workspace's."""
    currency: str
    locale: str
    deadline_day: int
    manages: frozenset[TeamId] = frozenset()
    rep: Rep | None = None
    team: TeamOf | None = None
    former_deadline_day: int | None = None
    deadline_day_from: date | None = None

    def deadline_day_in(self, month: Period) -> int:
        """Return the deadline day that counts in this month; a change counts from the next."""
        day = DeadlineDay(self.deadline_day, self.former_deadline_day, self.deadline_day_from)
        return day.counting_in(month)

    @property
    def is_admin(self) -> bool:
        """An admin of Goalkeeper."""
        return self.role is Role.ADMIN

    @property
    def is_manager(self) -> bool:
        """True for a user who manages a team."""
        return bool(self.manages)

    def through(self, door: Door) -> "Actor":
        """Return this person as the actor, with the door they use."""
        return Actor(self.user_id, self.role, self.manages, door)

    @property
    def takes_part(self) -> bool:
        """True for an active member of the workspace: no guest, bot, or person of another workspace."""
        return self.is_active and self.standing is Standing.MEMBER

    @property
    def carries_goals(self) -> bool:
        """True for an active rep who takes part."""
        return self.rep is not None and self.rep.is_active and self.takes_part

    def carrying_goals(self, asked_by: UserId) -> Rep:
        """Return the rep in this person.

        Raises:
            CarriesNoGoals: they have no goals and ask for themselves.
            NoSuchRep: they have none and somebody else asks.
        """
        if self.rep is not None and self.carries_goals:
            return self.rep
        if asked_by == self.user_id and (self.is_manager or self.is_admin):
            raise CarriesNoGoals("You carry no goals yourself.")
        if asked_by == self.user_id:
            raise OnNoTeam(ON_NO_TEAM)
        if self.standing is not Standing.MEMBER:
            raise NotAMember(
                f"{self.name} isn't a member of this workspace, so there are no goals to set.", rep=self.name
            )
        raise NoSuchRep(
            f"{self.name} is not on a sales team, so there are no goals to set. "
            "Their manager or an admin can add them.",
            rep=self.name,
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting, with their rights and the door they use."""

    user_id: UserId
    role: Role
    manages: frozenset[TeamId]
    door: Door

    def leads(self, person: Person) -> bool:
        """Return True if the actor may set this person's goals: as an admin or as their team's manager."""
        return self.role is Role.ADMIN or (person.team is not None and person.team.id in self.manages)


def check_takes_part(person: Person) -> None:
    """Refuse guests, people from other workspaces, bots and deactivated people.

    Raises:
        NotAllowed: says why.
    """
    match person.standing:
        case Standing.MEMBER if person.is_active:
            return
        case Standing.GUEST:
            why = "Goalkeeper is for members of this workspace; your account is a guest's."
        case Standing.EXTERNAL:
            why = "Goalkeeper is for members of this workspace; your account belongs to another one."
        case _:
            why = "Goalkeeper is for active members of this workspace."
    raise NotAllowed(f"{why} Ask an admin if that should change.")
