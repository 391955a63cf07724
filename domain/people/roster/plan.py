"""What importing a roster would change, given the people known already. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.csv_files import Problem
from domain.people.model import Standing
from domain.people.roster.rows import Row, contradictions
from domain.people.roster.table import BadRoster
from domain.periods import local_date


@dataclass(frozen=True, slots=True)
class KnownRep:
    """A rep's values that a roster can set."""

    name: str
    email: str | None = None
    title: str | None = None
    monthly_signup_goal: int | None = None
    yearly_signup_goal: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person that Goalkeeper knows or, with `from_slack`, only Slack so far."""

    slack_id: str
    name: str
    email: str | None = None
    time_zone: str | None = None
    named_admin: bool = False
    standing: Standing = Standing.MEMBER
    is_active: bool = True
    rep: KnownRep | None = None
    team: str | None = None
    """Name of the team they are in."""
    from_slack: bool = False


@dataclass(frozen=True, slots=True)
class KnownTeam:
    """A team, its manager's Slack id, and its channel's."""

    name: str
    manager: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the rows of one roster are about, as it is before."""

    time_zone: str
    """The workspace's."""
    people: tuple[KnownPerson, ...] = ()
    teams: Mapping[str, KnownTeam] = field(default_factory=dict)
    """The teams, by the key that `team_keys` has for them."""
    team_keys: Mapping[str, str] = field(default_factory=dict)
    """A team's name as somebody writes it to what the database compares."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """`#name` to Slack's id."""
    slack_was_asked: bool = False
    """True if people who aren't in `people` aren't in Slack either."""
    unknown_zones: frozenset[str] = frozenset()
    """Zones that the database does not take."""


class ChangeKind(StrEnum):
    """What happens to a person or a team."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after, as people write it; None is nothing."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What happens to one person or team."""

    name: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows to write, final values all, and what that changes in words."""

    people: tuple[RosterChange, ...]
    teams: tuple[RosterChange, ...]
    users: tuple[KnownPerson, ...]
    """Those to be written, their `rep` included."""
    reps: tuple[KnownPerson, ...]
    team_rows: tuple[KnownTeam, ...]
    moves: tuple[tuple[KnownPerson, str, str], ...]
    """Each person who moves, the team, and the day on their calendar (ISO)."""
    now: datetime


def plan(rows: Iterable[Row], known: Known, now: datetime, problems: Iterable[Problem] = ()) -> Plan:
    """Work out what `rows` change.

    Raises:
        BadRoster: with `problems` (of reading them) and every row that names somebody or something unknown.
    """
    return _Planning(known, now, problems).of(list(rows))


class _Planning:
    """One run: what is known, and the problems so far."""

    def __init__(self, known: Known, now: datetime, problems: Iterable[Problem]) -> None:
        self.known = known
        self.now = now
        self.problems = list(problems)
        self.by_id = {person.slack_id: person for person in known.people}
        self.names = {person.slack_id: person.name for person in known.people}
        # An old account may have the same address: active people come first.
        by_standing = sorted(known.people, key=lambda person: person.is_active)
        self.by_email = {person.email.lower(): person.slack_id for person in by_standing if person.email}

    def of(self, rows: list[Row]) -> Plan:
        settled = [self._settled(row) for row in rows]
        self.names |= {row.slack_id: row.name for row in settled if row.slack_id and row.name}
        # Ids that only now are known may show a person twice.
        for problem in contradictions(settled):
            self._add(problem)
        in_file = {row.slack_id for row in settled}
        self.by_email |= {row.email: row.slack_id for row in settled if row.email and row.slack_id}
        after = [(row, self._person(row)) for row in settled if row.slack_id]
        teams = self._teams(settled, in_file)
        if self.problems:
            raise BadRoster(self.problems)
        return self._written(after, teams)

    # --- people and teams that a row names

    def _settled(self, row: Row) -> Row:
        """Return the row with its Slack ids; record a problem for each that can't be found."""
        if row.time_zone in self.known.unknown_zones:
            self._problem(
                row, "time_zone", f"{row.time_zone} is not known to the database; choose a city near by"
            )
        row = replace(row, channel=self._channel(row))
        slack_id = row.slack_id or self.by_email.get(row.email or "")
        if slack_id:
            self._check_person(row, slack_id)
            return replace(row, slack_id=slack_id)
        if row.email:
            self._problem(row, "email", f"{row.email} is {self._nobody}; check it, or give their slack_id")
        return row

    def _check_person(self, row: Row, slack_id: str) -> None:
        known = self.by_id.get(slack_id)
        if known is None and self.known.slack_was_asked:
            self._problem(row, "slack_id", f"{slack_id} is nobody in this Slack workspace")
        elif known is None and not row.name:
            self._problem(row, "name", f"is needed for {slack_id}, whom Goalkeeper does not know yet")
        elif known and known.standing is not Standing.MEMBER:
            self._problem(
                row, "slack_id", f"{known.name} is not a member of the workspace ({known.standing})"
            )
        elif known and not known.is_active:
            self._problem(row, "slack_id", f"{known.name} is deactivated in Slack; leave them out")
        owner = self.by_id.get(self.by_email.get(row.email or "", ""))
        if row.slack_id and owner and owner.slack_id != slack_id and owner.is_active:
            self._problem(row, "email", f"{row.email} belongs to {owner.name} ({owner.slack_id})")

    def _channel(self, row: Row) -> str | None:
        if row.channel is None or not row.channel.startswith("#"):
            return row.channel
        if channel := self.known.channels.get(row.channel):
            return channel
        if self.known.slack_was_asked:
            self._problem(
                row,
                "channel",
                f"{row.channel} isn't a channel that the bot can see; invite the bot, or write the id",
            )
        else:
            self._problem(
                row, "channel", f"{row.channel} cannot be looked up in Slack from here; write its id"
            )
        return None

    def _manager(self, row: Row, in_file: set[str | None]) -> str | None:
        if row.manager is None:
            return None
        slack_id = self.by_email.get(row.manager) if "@" in row.manager else row.manager
        if slack_id and (slack_id in in_file or slack_id in self.by_id):
            return slack_id
        way_out = "" if self.known.slack_was_asked else "; add them to the file with slack_id and name"
        self._problem(row, "manager", f"{row.manager} is {self._nobody}{way_out}")
        return None

    @property
    def _nobody(self) -> str:
        return "nobody in this Slack workspace" if self.known.slack_was_asked else "nobody Goalkeeper knows"

    def _problem(self, row: Row, column: str, message: str) -> None:
        self._add(Problem(row.line, column, message))

    def _add(self, problem: Problem) -> None:
        """Record one problem for each cell: a cell that can't be read can't be judged either."""
        if (problem.line, problem.column) not in {(each.line, each.column) for each in self.problems}:
            self.problems.append(problem)

    # --- how it will be

    def _person(self, row: Row) -> KnownPerson:
        """Return the person after this row; empty cells and names already known change nothing."""
        assert row.slack_id is not None
        before = self.by_id.get(row.slack_id) or KnownPerson(row.slack_id, row.name or row.slack_id)
        person = replace(
            before,
            email=row.email or before.email,
            time_zone=row.time_zone or before.time_zone,
            named_admin=before.named_admin if row.admin is None else row.admin,
        )
        if before.rep is None and not row.carries_goals:
            return person
        rep = before.rep or KnownRep(person.name)
        rep = replace(
            rep,
            name=row.name or rep.name,
            email=row.email or rep.email or person.email,
            title=row.title or rep.title,
            monthly_signup_goal=_either(row.monthly_signup_goal, rep.monthly_signup_goal),
            yearly_signup_goal=_either(row.yearly_signup_goal, rep.yearly_signup_goal),
            is_active=rep.is_active or row.carries_goals,
        )
        return replace(person, rep=rep, team=self._team_after(row, before))

    def _team_after(self, row: Row, before: KnownPerson) -> str | None:
        """Return the team afterwards: a person put into another team leaves the present one."""
        if row.team is None:
            return before.team
        key = self.known.team_keys[row.team]
        if before.team and self.known.team_keys.get(before.team) == key:
            return before.team
        return self.known.teams[key].name if key in self.known.teams else row.team

    def _teams(self, rows: list[Row], in_file: set[str | None]) -> dict[str, KnownTeam]:
        """Return the teams after these rows, by key."""
        teams: dict[str, KnownTeam] = {}
        for row in rows:
            if row.team is None:
                continue
            key = self.known.team_keys[row.team]
            team = teams.get(key) or self.known.teams.get(key) or KnownTeam(row.team)
            manager = self._manager(row, in_file)
            teams[key] = replace(team, manager=manager or team.manager, channel=row.channel or team.channel)
        return teams

    # --- what is to be written

    def _written(self, after: list[tuple[Row, KnownPerson]], teams: dict[str, KnownTeam]) -> Plan:
        changes = [(person, self._change(person)) for _, person in after]
        team_changes = [(team, self._team_change(key, team)) for key, team in teams.items()]
        changed = [person for person, change in changes if change.kind is not ChangeKind.UNCHANGED]
        return Plan(
            people=tuple(change for _, change in changes),
            teams=tuple(change for _, change in team_changes),
            users=tuple(changed),
            reps=tuple(person for person in changed if person.rep),
            team_rows=tuple(team for team, change in team_changes if change.kind is not ChangeKind.UNCHANGED),
            moves=tuple(
                (
                    person,
                    person.team,
                    local_date(self.now, person.time_zone or self.known.time_zone).isoformat(),
                )
                for person in changed
                if person.team and person.team != self._team_before(person)
            ),
            now=self.now,
        )

    def _team_before(self, person: KnownPerson) -> str | None:
        before = self.by_id.get(person.slack_id)
        return before.team if before else None

    def _change(self, person: KnownPerson) -> RosterChange:
        before = self.by_id.get(person.slack_id)
        if before is None or before.from_slack:
            return RosterChange(person.name, ChangeKind.ADDED, _differences({}, _shown(person)))
        fields = _differences(_shown(before), _shown(person))
        return RosterChange(person.name, ChangeKind.CHANGED if fields else ChangeKind.UNCHANGED, fields)

    def _team_change(self, key: str, team: KnownTeam) -> RosterChange:
        before = self.known.teams.get(key)
        shown = {"manager": self._called(team.manager), "channel": team.channel}
        if before is None:
            return RosterChange(team.name, ChangeKind.ADDED, _differences({}, shown))
        fields = _differences({"manager": self._called(before.manager), "channel": before.channel}, shown)
        return RosterChange(team.name, ChangeKind.CHANGED if fields else ChangeKind.UNCHANGED, fields)

    def _called(self, slack_id: str | None) -> str | None:
        return f"{self.names.get(slack_id, 'somebody')} ({slack_id})" if slack_id else None


def _either(new: int | None, old: int | None) -> int | None:
    return old if new is None else new


def _shown(person: KnownPerson) -> dict[str, str | None]:
    """Return the values of a person that people recognize, in words."""
    rep = person.rep
    shown = {
        "name": person.name,
        "email": person.email,
        "time_zone": person.time_zone,
        "role": "admin" if person.named_admin else "member",
        "team": person.team,
        "carries goals": "yes" if rep and rep.is_active else "no",
    }
    if rep:
        shown |= {
            "name of the rep": rep.name if rep.name != person.name else None,
            "email of the rep": rep.email if rep.email != person.email else None,
            "title": rep.title,
            "monthly_signup_goal": _number(rep.monthly_signup_goal),
            "yearly_signup_goal": _number(rep.yearly_signup_goal),
        }
    return shown


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


def _differences(
    before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )
