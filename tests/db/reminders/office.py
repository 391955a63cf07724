"""Where deadlines pass: a workspace of reps and managers, ticked at times of the test's own."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain import flow
from domain.db import Transaction
from domain.flow import Ticked
from domain.goals import service as goals
from domain.goals.figures import TypedFigures
from domain.people import queries as people
from domain.people.model import Door, RepId, TeamId, UserId
from domain.people.rules import Person
from domain.periods import Period
from domain.reminders import queries, service
from domain.reminders.model import ReminderType
from domain.reminders.rules import Snooze
from tests.builders import a_rep, a_team, a_user, moved_to

LONG_AGO = date(2024, 1, 1)
HIRED = datetime(2024, 1, 1, tzinfo=UTC)
"""When the rows of those who joined long ago were made."""

THREE, ONE, DAY, OVERDUE = ReminderType


class Office:
    """Reps and managers; `said` and `became` tell what the ticks have made of them."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.reps: dict[str, RepId] = {}
        self.users: dict[str, UserId] = {}

    @property
    def session(self) -> AsyncSession:
        return self.tx.session

    # --- who is there --------------------------------------------------------------------------------------

    async def user(self, name: str, *, zone: str = "UTC", **columns: Any) -> UserId:
        self.users[name] = await a_user(
            self.session, slack_id=f"U0{name.upper()}", name=name, time_zone=zone, **columns
        )
        return self.users[name]

    async def team(self, name: str, manager: str | None = None) -> TeamId:
        return await a_team(self.session, name=name, manager_id=self.users[manager] if manager else None)

    async def rep(
        self,
        name: str,
        team: TeamId | None = None,
        *,
        zone: str = "UTC",
        joined_on: date = LONG_AGO,
        created_at: datetime = HIRED,
        **columns: Any,
    ) -> RepId:
        user_id = self.users.get(name) or await self.user(name, zone=zone)
        sales_rep_id = await a_rep(
            self.session,
            user_id=user_id,
            name=name,
            joined_on=joined_on,
            created_at=created_at,
            team_id=team,
            **columns,
        )
        self.reps[name] = sales_rep_id
        return sales_rep_id

    # --- time ----------------------------------------------------------------------------------------------

    async def at(self, moment: str | datetime) -> None:
        """What follows happens at this time."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        self.tx = await moved_to(self.tx, moment)

    async def tick(self, *moments: str | datetime) -> Ticked:
        """Tick at each of these times; returns what the last one did."""
        done = None
        for moment in moments:
            await self.at(moment)
            done = await flow.tick(self.session, self.tx.now)
        assert done is not None
        return done

    # --- what people do ------------------------------------------------------------------------------------

    async def person(self, name: str) -> Person:
        slack_id = f"U0{name.upper()}"
        return (await people.by_slack_id(self.session, [slack_id]))[slack_id]

    async def set(self, name: str, goal: str = "2026-10") -> None:
        person = await self.person(name)
        figures = TypedFigures("20", "50000", "3")
        actor = person.through(Door.FORM)
        await goals.set_goal(self.session, self.tx.now, actor, person, Period.parse(goal), figures)
        await flow.settle(self.session, self.tx.now)

    async def snooze(self, name: str, stage: ReminderType, choice: Snooze, goal: str = "2026-10") -> datetime:
        return await service.snooze(
            self.session, self.tx.now, self.reps[name], Period.parse(goal), stage, choice
        )

    async def by_sql(self, statement: str, **parameters: Any) -> None:
        """Somebody writes with a SQL client, and a tick comes by."""
        await self.do(statement, **parameters)
        await self.tick(self.tx.now)

    async def do(self, statement: str, **parameters: Any) -> None:
        await self.session.execute(text(statement), parameters)

    async def rows(self, statement: str, **parameters: Any) -> list[Row[Any]]:
        return list(await self.session.execute(text(statement), parameters))

    # --- what has come of it -------------------------------------------------------------------------------

    async def said(self) -> list[str]:
        """Posts, in order: `Sam 10-06 12:00 reminder goal_deadline_day`, times in UTC."""
        rows = await self.rows(
            """
            SELECT u.name || to_char(o.created_at AT TIME ZONE 'UTC', ' MM-DD HH24:MI ')
                   || split_part(o.kind, '.', 2) || ' ' || (o.facts ->> 'stage')
              FROM outbox o JOIN users u ON 'user:' || u.id = o.audience
             WHERE o.mode = 'post' AND o.kind LIKE 'reminders.%' AND o.status <> 'cancelled'
             ORDER BY o.created_at, u.name, o.kind
            """
        )
        return [row[0] for row in rows]

    async def became(self, name: str, goal: str = "2026-10") -> dict[str, str]:
        """What became of each of a month's reminders, by stage: when it was sent (UTC), or why not."""
        explained = await queries.explain(self.session, self.reps[name], Period.parse(goal))
        return {
            one.stage.value: one.skip_reason
            or (f"{one.sent_at.astimezone(UTC):%m-%d %H:%M}" if one.sent_at else "to come")
            for one in explained
        }

    async def sent(self) -> None:
        """The courier has sent all that waits."""
        await self.do(
            "UPDATE outbox SET status = 'sent', channel = 'D1', ts = id::text, sent_at = goalkeeper_now()"
            " WHERE status = 'pending'"
        )

    async def edits(self) -> list[str]:
        """The topics whose messages are to be edited."""
        rows = await self.rows(
            "SELECT topic FROM outbox WHERE mode = 'edit' AND status = 'pending' ORDER BY 1"
        )
        return [row.topic for row in rows]
