"""The meaning of a roster's rows, cell by cell; all mistakes are found at once. Pure."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from domain.csv_files import Problem
from domain.people.roster.table import Record, records
from domain.periods import zones

_Value = TypeVar("_Value")

TEXT_MAX = 200
MONTHLY_SIGNUP_GOAL_MAX = 100_000
YEARLY_SIGNUP_GOAL_MAX = 1_200_000


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a roster. None leaves what is known as it is."""

    slack_id: str | None = None
    email: str | None = None
    name: str | None = None
    team: str | None = None
    manager: str | None = None
    """The manager of `team`: a Slack id, or an email in lower case."""
    channel: str | None = None
    """Where `team` meets: a Slack id, or a name after `#`."""
    title: str | None = None
    monthly_signup_goal: int | None = None
    yearly_signup_goal: int | None = None
    time_zone: str | None = None
    admin: bool | None = None
    rep: bool = False
    """The row names the role rep."""
    line: int = 0
    """The line in the file; 0 without one."""

    @property
    def carries_goals(self) -> bool:
        """True if the row makes the person a sales rep; rows of managers and admins may not."""
        goals = self.monthly_signup_goal is not None or self.yearly_signup_goal is not None
        return self.rep or goals or self.team is not None


def read(data: bytes) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a roster's file, and its mistakes: bad cells (then empty) and contradictions.

    The rows are given in any case, so that what only the database can tell is found in the same go.

    Raises:
        BadRoster: the file or its header cannot be read at all.
    """
    problems: list[Problem] = []
    rows = [_row(record, problems) for record in records(data)]
    return rows, problems + contradictions(rows)


def contradictions(rows: Iterable[Row]) -> list[Problem]:
    """Find people who appear twice, and teams with two managers or channels."""
    problems: list[Problem] = []
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        for column, key in (("slack_id", row.slack_id), ("email", row.email)):
            if key is None:
                continue
            if (column, key) in seen:
                problems.append(Problem(row.line, column, f"{key} is already on line {seen[column, key][0]}"))
            seen.setdefault((column, key), (row.line, key))
        for column, value in (("manager", row.manager), ("channel", row.channel)):
            if row.team is None or value is None:
                continue
            line, said = seen.setdefault((column, row.team.casefold()), (row.line, value))
            if said != value:
                message = f"the {column} of {row.team} is {value} here but {said} on line {line}"
                problems.append(Problem(row.line, column, message))
    return problems


def _row(record: Record, problems: list[Problem]) -> Row:
    def cell(column: str, understand: Callable[[str], _Value]) -> _Value | None:
        typed = record.cells.get(column)
        if typed is None:
            return None
        try:
            return understand(typed)
        except ValueError as error:
            shown = typed if len(typed) <= 40 else typed[:39] + "…"
            problems.append(Problem(record.line, column, f"“{shown}” {error}"))
            return None

    role = cell("role", _role)
    for column in ("manager", "channel"):
        if column in record.cells and "team" not in record.cells:
            problems.append(Problem(record.line, column, "belongs to a team, but the row names none"))
    if not {"slack_id", "email"} & set(record.cells):
        problems.append(
            Problem(record.line, "slack_id", "is missing, and so is email: one of them says who this is")
        )
    return Row(
        slack_id=cell("slack_id", _slack_id),
        email=cell("email", _email),
        name=cell("name", _text),
        team=cell("team", _text),
        manager=cell("manager", _person),
        channel=cell("channel", _channel),
        title=cell("title", _text),
        monthly_signup_goal=cell("monthly_signup_goal", _whole_number_to(MONTHLY_SIGNUP_GOAL_MAX)),
        yearly_signup_goal=cell("yearly_signup_goal", _whole_number_to(YEARLY_SIGNUP_GOAL_MAX)),
        time_zone=cell("time_zone", _zone),
        admin=None if role is None else role == "admin",
        rep=role == "rep",
        line=record.line,
    )


def _text(typed: str) -> str:
    text = " ".join(typed.split())
    if len(text) > TEXT_MAX:
        raise ValueError(f"has {len(text)} characters; at most {TEXT_MAX} will do")
    return text


def _slack_id(typed: str) -> str:
    if re.fullmatch(r"[UW][A-Z0-9]{2,}", typed.upper()):
        return typed.upper()
    raise ValueError("is not a Slack id; they look like U07QX2M4T1A (profile, ⋮, Copy member ID)")


def _email(typed: str) -> str:
    if re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", typed):
        return typed.lower()
    raise ValueError("is not an email address")


def _person(typed: str) -> str:
    try:
        return _email(typed) if "@" in typed else _slack_id(typed)
    except ValueError:
        raise ValueError("is neither an email address nor a Slack id such as U07QX2M4T1A") from None


def _channel(typed: str) -> str:
    if re.fullmatch(r"[CG][A-Z0-9]{6,}", typed):
        return typed
    name = typed.removeprefix("#").lower()
    if re.fullmatch(r"[^\s#@.,:<>\"']{1,80}", name):
        return f"#{name}"
    raise ValueError("is not a channel; write its name as in #sales-west, or its id as in C07QX2M4T1A")


def _whole_number_to(most: int) -> Callable[[str], int]:
    def understand(typed: str) -> int:
        digits = re.sub(r"(?<=\d)[,'’\s](?=\d{3}(?!\d))", "", typed)
        if not re.fullmatch(r"\d+(\.0{1,2})?", digits):  # 20.000 may be twenty or twenty thousand
            raise ValueError("is not a whole number, such as 20")
        number = int(digits.partition(".")[0])
        if number > most:
            raise ValueError(f"is too many; at most {most:,} will do")
        return number

    return understand


def _role(typed: str) -> str:
    match typed.casefold():
        case "member" | "admin" | "rep" as role:
            return role
        case "manager":
            raise ValueError("is not a role: who manages a team is named in the column manager of its rows")
        case _:
            raise ValueError("is not a role; write member, rep or admin, or leave it empty")


@cache
def _zones() -> dict[str, str]:
    """Return IANA names by the names that people may type, in lower case."""
    return {zone.lower(): zone for zone in zones()}


def _zone(typed: str) -> str:
    wanted = typed.lower().replace(" ", "_")
    if wanted in _zones():
        return _zones()[wanted]
    cities = {zone.rpartition("/")[2]: zone for zone in _zones()}
    near = [cities[wanted]] if wanted in cities else difflib.get_close_matches(wanted, _zones(), 2)
    near = near or [cities[city] for city in difflib.get_close_matches(wanted, cities, 1)]
    like = " or ".join(_zones()[zone] for zone in near)
    if like:
        raise ValueError(f"is not a time zone; did you mean {like}?")
    raise ValueError("is not a time zone; write one as in America/New_York")
