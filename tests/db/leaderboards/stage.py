"""A sales floor in short words: a test says who makes what, and reads the boards."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.leaderboards import queries, standings
from domain.leaderboards.standings import ATTAINMENT, OwnPlace, Ranking
from domain.people.model import RepId, TeamId
from domain.periods import Period
from tests.builders import a_month, a_rep, a_team, insert


@dataclass
class Stage:
    """Teams and reps by name; months of 2026."""

    session: AsyncSession
    now: datetime
    reps: dict[str, RepId] = field(default_factory=dict)
    teams: dict[str, TeamId] = field(default_factory=dict)

    async def team(self, name: str, channel: str | None = None) -> TeamId:
        """Make a team, or return it."""
        if name not in self.teams:
            self.teams[name] = await a_team(self.session, name=name, channel=channel)
        return self.teams[name]

    async def rep(self, name: str, team: str | None = "North", **columns: Any) -> RepId:
        """Make a rep in UTC."""
        team_id = None if team is None else await self.team(team)
        self.reps[name] = await a_rep(self.session, name=name, time_zone="UTC", team_id=team_id, **columns)
        return self.reps[name]

    async def made(
        self,
        name: str,
        signups: int = 0,
        goal: int = 20,
        *,
        month: int = 11,
        team: str = "North",
        **more: Any,
    ) -> None:
        """Have a rep's month be set and made so far, with goals `goal` and `revenue_goal`."""
        if name not in self.reps:
            await self.rep(name, team, **{k: more.pop(k) for k in _OF_REPS & more.keys()})
        revenue = more.pop("revenue", 0)
        await a_month(self.session, self.reps[name], month=month, signup_goal=goal, **more)
        await self.log(name, signups, month=month)
        await self.log(name, revenue, "revenue", month=month)

    async def log(
        self, name: str, amount: int, metric: str = "signups", *, month: int = 11, day: int = 2
    ) -> None:
        """Write an entry for the rep's team of that day."""
        if not amount:
            return
        await insert(
            self.session,
            "activity",
            sales_rep_id=self.reps[name],
            metric=metric,
            amount=Decimal(amount),
            occurred_on=date(2026, month, day),
        )

    async def moves(self, name: str, team: str, on: date) -> None:
        """Move a rep to another team."""
        await self.sql(
            "UPDATE team_memberships SET ended_on = :on WHERE sales_rep_id = :rep AND ended_on IS NULL",
            on=on,
            rep=self.reps[name],
        )
        await insert(
            self.session,
            "team_memberships",
            sales_rep_id=self.reps[name],
            team_id=await self.team(team),
            started_on=on,
        )

    async def sql(self, statement: str, **values: Any) -> None:
        """Run a statement."""
        await self.session.execute(text(statement), values)

    async def ranking(self, code: str) -> Ranking:
        """Return what ranks by this code."""
        return ATTAINMENT if code == "attainment" else await queries.recorded_ranking(self.session, code)

    async def board(
        self, team: str | None = "North", by: str = "attainment", period: str = "2026-11"
    ) -> list[tuple[int, str, str]]:
        """Return a board: places, names and values."""
        team_id = None if team is None else await self.team(team)
        found = await standings.standing(
            self.session, self.now, await self.ranking(by), Period.parse(period), team_id
        )
        names = {rep_id: name for name, rep_id in self.reps.items()}
        return sorted(
            (line.place, names[line.sales_rep_id], f"{line.value.normalize():f}") for line in found.lines
        )

    async def place(
        self, name: str, team: str | None = "North", by: str = "attainment", period: str = "2026-11"
    ) -> OwnPlace | None:
        """Return where a rep stands."""
        team_id = None if team is None else await self.team(team)
        return await standings.own_place(
            self.session, await self.ranking(by), Period.parse(period), team_id, self.reps[name]
        )


_OF_REPS = frozenset({"monthly_signup_goal", "ramp", "joined_on", "on_public_boards"})
