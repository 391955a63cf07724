"""The sample workspace: a sales company of thirteen people in five time zones."""

import csv
import io
from dataclasses import dataclass
from enum import StrEnum

from sandbox.model import Channel, User, Workspace

BOT = "U0GOALKEEPR"
COMPANY_CHANNEL = "C0NORTHALL1"


class Habit(StrEnum):
    """When somebody of the sample sets goals, once the team acts by itself."""

    AT_ONCE = "at once"
    LAST_DAY = "on the last day"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True)
class Work:
    """How a month goes for somebody of the sample, once the team acts by itself."""

    pace: float
    """The part of their goals that they reach by the end of the month, about."""
    deal: int
    """The size of a usual deal, in dollars."""


@dataclass(frozen=True)
class SampleTeam:
    """A team and its channel."""

    name: str
    manager: str
    """Slack id."""
    channel: str
    """Channel id."""
    channel_name: str


@dataclass(frozen=True)
class SampleMember:
    """Somebody of the sample roster, in the terms of an import."""

    slack_id: str
    name: str
    title: str
    time_zone: str
    role: str
    """`rep`, `manager` or `admin`."""
    team: str | None = None
    manager: str | None = None
    """Slack id of the team's manager."""
    channel: str | None = None
    """Id of the team's channel."""
    monthly_signup_goal: int | None = None
    yearly_signup_goal: int | None = None
    habit: Habit = Habit.NEVER
    goals: str = ""
    """What they type after `/goals set`."""
    work: Work | None = None
    """None: they leave their numbers to others."""

    @property
    def handle(self) -> str:
        """The user name, from the Slack id's readable part."""
        return self.slack_id[2:].rstrip("0123456789").lower()

    @property
    def email(self) -> str:
        """The address, made of the handle."""
        return f"{self.handle}@northwind.example"


WEST = SampleTeam("West", "U0MARISOL01", "C0TEAMWEST1", "team-west")
EAST = SampleTeam("East", "U0TOMASZ001", "C0TEAMEAST1", "team-east")
SAMPLE_TEAMS = (WEST, EAST)


def _rep(
    slack_id: str,
    name: str,
    time_zone: str,
    team: SampleTeam,
    month: int,
    title: str,
    habit: Habit = Habit.NEVER,
    rest: str = "",
    work: Work | None = None,
) -> SampleMember:
    return SampleMember(
        slack_id,
        name,
        title,
        time_zone,
        "rep",
        team.name,
        team.manager,
        team.channel,
        month,
        month * 12,
        habit,
        f"{month} {rest}".strip(),
        work,
    )


_AE, _SENIOR, _SDR = "Account Executive", "Senior Account Executive", "Sales Development Rep"
_NY, _LA = "America/New_York", "America/Los_Angeles"
_LONDON, _BERLIN, _KOLKATA = "Europe/London", "Europe/Berlin", "Asia/Kolkata"

SAMPLE_ROSTER = (
    SampleMember("U0ADAEZE001", "Adaeze Okafor", "Head of Revenue", _NY, "admin"),
    SampleMember(WEST.manager, "Marisol Peña", "Sales Manager, West", _LA, "manager"),
    SampleMember(EAST.manager, "Tomasz Wójcik", "Sales Manager, East", _LONDON, "manager"),
    _rep("U0ANA000001", "Ana Souza", _NY, WEST, 20, _SENIOR),
    _rep("U0DESHAWN01", "DeShawn Carter", _LA, WEST, 18, _AE, Habit.LAST_DAY, "45k 1", Work(0.9, 4_500)),
    _rep("U0MEILIN001", "Mei-Lin Zhào", _LA, WEST, 25, _SENIOR, Habit.AT_ONCE, "80k 3", Work(1.05, 8_000)),
    _rep("U0NOAH00001", "Noah Bergström", _NY, WEST, 15, _SDR, Habit.LATE, "30k", Work(0.4, 2_500)),
    _rep("U0LEILANI01", "Leilani Kealoha", _LA, WEST, 20, _AE, work=Work(0.75, 4_000)),
    _rep(
        "U0PRIYA0001",
        "Priya Raghunathan",
        _KOLKATA,
        EAST,
        30,
        _SENIOR,
        Habit.AT_ONCE,
        "90k 4",
        Work(1.15, 9_000),
    ),
    _rep("U0ZOE000001", "Zoë Müller", _BERLIN, EAST, 20, _AE, Habit.LAST_DAY, "55k 2", Work(1.0, 5_500)),
    _rep("U0OISIN0001", "Oisín Ó Briain", _LONDON, EAST, 16, _SDR, Habit.LATE, "35k", Work(0.8, 3_500)),
    _rep("U0FATMA0001", "Fatma Yıldız", _BERLIN, EAST, 22, _AE, Habit.AT_ONCE, "60k 2", Work(1.1, 6_000)),
)
"""One admin, two managers and nine reps. Who has a team carries goals; managers are in their reps' rows.

Ana, as whom a page begins, leaves her goals and numbers to whoever is her. Priya is the star, Noah struggles.
"""

_COLORS = ("8d4a3a", "3a6e8d", "6a8d3a", "8d3a74", "3a8d7c", "8d763a", "4f3a8d", "8d3a4a", "3a8d4c", "5c6f7a")

_COLUMNS = (
    "slack_id",
    "email",
    "name",
    "team",
    "manager",
    "channel",
    "title",
    "monthly_signup_goal",
    "yearly_signup_goal",
    "time_zone",
    "role",
)


def sample_roster_csv() -> bytes:
    """The roster as a file to import. A manager's role stays empty: their reps' rows name them."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(_COLUMNS)
    for member in SAMPLE_ROSTER:
        cells = [getattr(member, column) for column in _COLUMNS]
        rows.writerow("" if cell in (None, "manager") else cell for cell in cells)
    return file.getvalue().encode()


def sample_workspace() -> Workspace:
    """The sample workspace, new."""
    users = {user.id: user for user in (*_members(), *_others(), _bot())}
    everybody = [member.slack_id for member in SAMPLE_ROSTER]
    channels = [
        Channel(COMPANY_CHANNEL, "northwind", [*everybody, "U0JONAS0001", BOT], topic="All of Northwind")
    ]
    for team in SAMPLE_TEAMS:
        leads = {team.manager, *(one.slack_id for one in SAMPLE_ROSTER if one.role == "admin")}
        members = [one.slack_id for one in SAMPLE_ROSTER if one.team == team.name or one.slack_id in leads]
        guests = ["U0GUEST0001"] if team is EAST else []
        channels.append(
            Channel(team.channel, team.channel_name, [*members, *guests, BOT], topic=f"Team {team.name}")
        )
    return Workspace(
        team_name="Northwind Sales",
        team_domain="northwind-sales",
        users=users,
        channels={channel.id: channel for channel in channels},
    )


def _members() -> list[User]:
    return [
        User(
            member.slack_id,
            member.handle,
            member.name,
            email=member.email,
            title=member.title,
            tz=member.time_zone,
            color=_COLORS[index % len(_COLORS)],
            role_hint=member.role,
            is_admin=member.role == "admin",
            is_owner=member.role == "admin",
            is_primary_owner=member.role == "admin",
        )
        for index, member in enumerate(SAMPLE_ROSTER)
    ]


def _others() -> list[User]:
    return [
        User(
            "U0JONAS0001",
            "jonas",
            "Jonas Lindqvist",
            email="jonas@northwind.example",
            title="Office Coordinator",
            tz=_NY,
            color="7a5c6f",
            role_hint="on no team",
        ),
        User(
            "U0GUEST0001",
            "renske",
            "Renske de Vries",
            email="renske@bluefin.example",
            title="Consultant, Bluefin Partners",
            tz="Europe/Amsterdam",
            color="6f7a5c",
            role_hint="guest",
            is_restricted=True,
        ),
    ]


def _bot() -> User:
    return User(BOT, "goalkeeper", "Goalkeeper", tz=_LA, color="2f7d5b", is_bot=True)
