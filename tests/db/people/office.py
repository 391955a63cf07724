"""Where teams are changed: Dana is an admin, Kim manages West with Sam in it, Lee manages East with Ron."""

from typing import Any

from sqlalchemy import Row, text

from domain.db import Transaction
from domain.people import joining, queries, teams
from domain.people.model import Door, TeamId
from domain.people.rules import Actor, Person
from domain.people.teams import Saved, TeamSettings, Wanted
from tests.builders import a_rep, a_team, a_user


class Office:
    """The people, the teams, and what is stored of them."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.teams: dict[str, TeamId] = {}

    async def staff(self) -> None:
        session = self.tx.session
        await a_user(session, slack_id="U0DANA", name="Dana", named_admin=True)
        for boss, name, rep in (("Kim", "West", "Sam"), ("Lee", "East", "Ron")):
            manager = await a_user(session, slack_id=f"U0{boss.upper()}", name=boss)
            team = self.teams[name] = await a_team(
                session, name=name, manager_id=manager, channel=f"C0{name.upper()}"
            )
            user = await a_user(session, slack_id=f"U0{rep.upper()}", name=rep)
            await a_rep(session, user_id=user, name=rep, team_id=team)
        await self.hire("Jo", "Flo")

    async def hire(self, *names: str, **columns: Any) -> None:
        """Members of the workspace who are on no team."""
        for name in names:
            await a_user(self.tx.session, slack_id=f"U0{name.upper()}", name=name, **columns)

    async def person(self, slack_id: str) -> Person:
        return (await queries.by_slack_id(self.tx.session, [slack_id]))[slack_id]

    async def actor(self, slack_id: str) -> Actor:
        return (await self.person(slack_id)).through(Door.FORM)

    async def settings(self, team: str) -> TeamSettings:
        return teams.settings_of(
            await teams.get(self.tx.session, self.teams[team], await self.actor("U0DANA"))
        )

    async def change(
        self,
        team: str,
        *,
        by: str = "U0DANA",
        opened: TeamSettings | None = None,
        add: tuple[str, ...] = (),
        remove: tuple[str, ...] = (),
        channel_members: tuple[str, ...] = (),
        **wanted: Any,
    ) -> Saved:
        """Change a team as its form does; `wanted` are the settings that are typed over."""
        opened = opened or await self.settings(team)
        values = {"name": opened.name, "manager": opened.manager, "channel": opened.channel, **wanted}
        rosters = (frozenset(add), frozenset(remove), frozenset(channel_members))
        return await teams.save(
            self.tx.session,
            self.tx.now,
            by,
            self.teams[team],
            Wanted(opened, TeamSettings(**values), *rosters),
        )

    async def create(
        self, name: str, *, by: str = "U0DANA", add: tuple[str, ...] = (), **values: Any
    ) -> Saved:
        wanted = Wanted(TeamSettings(), TeamSettings(name, **values), frozenset(add))
        return await teams.save(self.tx.session, self.tx.now, by, None, wanted)

    async def ask(self, who: str, team: str) -> int:
        return (await joining.ask(self.tx.session, await self.person(who), self.teams[team])).id

    async def decide(self, by: str, request: int, *, add: bool = True) -> None:
        await joining.decide(self.tx.session, self.tx.now, await self.actor(by), request, add=add)

    async def rows(self, statement: str, **values: Any) -> list[Row[Any]]:
        return list(await self.tx.session.execute(text(statement), values))

    async def members(self, team: str) -> list[str]:
        """Who is on a team now, by name."""
        rows = await self.rows(
            "SELECT r.name FROM team_memberships tm JOIN sales_reps r ON r.id = tm.sales_rep_id"
            " JOIN teams t ON t.id = tm.team_id"
            " WHERE t.name = :team AND tm.ended_on IS NULL AND r.is_active ORDER BY r.name",
            team=team,
        )
        return [row.name for row in rows]

    async def said(self) -> list[tuple[str, str, str]]:
        """What waits in the outbox: to whom, which kind, and whether it is new or an edit."""
        rows = await self.rows(
            "SELECT u.name, o.kind, o.mode FROM outbox o"
            " JOIN users u ON o.audience = 'user:' || u.id ORDER BY o.id"
        )
        return [(row.name, row.kind.removeprefix("teams."), row.mode) for row in rows]

    async def leaves(self, slack_id: str) -> None:
        """Somebody is deactivated in Slack."""
        await self.rows_changed("UPDATE users SET is_active = false WHERE slack_id = :who", who=slack_id)

    async def rows_changed(self, statement: str, **values: Any) -> None:
        await self.tx.session.execute(text(statement), values)

    async def many(self, first: int, last: int) -> tuple[str, ...]:
        """So many members of the workspace on no team, numbered; their Slack ids."""
        rows = await self.rows(
            "INSERT INTO users (slack_id, name, time_zone) SELECT 'U0MANY' || n, 'Many ' || n,"
            " (ARRAY['America/New_York', 'Asia/Kolkata', 'Europe/Berlin'])[1 + n % 3]"
            " FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n RETURNING slack_id",
            first=first,
            last=last,
        )
        return tuple(row.slack_id for row in rows)
