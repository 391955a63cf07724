"""A ledger in short words: a test says who logs what, and reads what counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CursorResult, Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain import flow
from domain.activity.correcting import Figure
from domain.activity.model import EntryId
from domain.activity.recording import Entry, Outcome, Recorded
from domain.people import queries as people
from domain.people.model import Door, RepId, TeamId
from domain.people.rules import Actor
from domain.periods import Period
from tests.builders import a_rep, a_team, a_user

RECORDED, UNCHANGED, AMENDED, REFUSED = Outcome


def on(day: str) -> date:
    """`11-12` → November 12, 2026."""
    return date.fromisoformat(f"2026-{day}")


@dataclass
class Book:
    """Kim manages North with Ana and Ben; Lee manages South with Cem; Ada is the admin."""

    session: AsyncSession
    now: datetime
    reps: dict[str, RepId] = field(default_factory=dict)
    teams: dict[str, TeamId] = field(default_factory=dict)

    async def open(self) -> "Book":
        """Make the people."""
        await a_user(self.session, slack_id="UADA", name="Ada", slack_admin=True)
        for team, manager, members in (("North", "Kim", ("Ana", "Ben")), ("South", "Lee", ("Cem",))):
            lead = await a_user(self.session, slack_id=f"U{manager.upper()}", name=manager)
            self.teams[team] = await a_team(self.session, name=team, manager_id=lead)
            for name in members:
                user = await a_user(self.session, slack_id=f"U{name.upper()}", name=name, time_zone="UTC")
                self.reps[name] = await a_rep(self.session, user_id=user, name=name, team_id=self.teams[team])
        return self

    async def actor(self, name: str) -> Actor:
        """Return a person as the one who acts by a command."""
        found = await people.by_slack_id(self.session, [f"U{name.upper()}"])
        return found[f"U{name.upper()}"].through(Door.COMMAND)

    def entry(
        self, rep: str, amount: str, metric: str = "signups", day: str | None = None, **more: Any
    ) -> Entry:
        """Return an entry; `day` as `11-12`."""
        rep_id = self.reps.get(rep, RepId(0))
        return Entry(rep_id, metric, Decimal(amount), on(day) if day else None, **more)

    async def record(self, *entries: Entry, by: str = "Ada") -> list[Recorded]:
        """Take in a batch."""
        return await flow.record_activity(self.session, self.now, await self.actor(by), entries)

    async def log(
        self, rep: str, amount: str, metric: str = "signups", day: str | None = None, **more: Any
    ) -> Recorded:
        """Log one entry, by the rep unless `by` says somebody else."""
        by = more.pop("by", rep)
        [became] = await self.record(self.entry(rep, amount, metric, day, **more), by=by)
        return became

    async def send(self, amount: str, day: str, external_id: str = "D1", rep: str = "Ana") -> Outcome:
        """Have the CRM send a deal."""
        entry = self.entry(rep, amount, "revenue", day, source="crm", external_id=external_id)
        [became] = await self.record(entry)
        return became.outcome

    async def correct(
        self, entry_id: EntryId | None, to: str, by: str = "Kim", **more: Any
    ) -> EntryId | None:
        """Correct an entry, with a reason."""
        assert entry_id is not None
        actor = await self.actor(by)
        return await flow.correct_activity(
            self.session, self.now, actor, entry_id, Decimal(to), more.pop("reason", "Refund."), **more
        )

    async def undo(self, *entry_ids: EntryId | None, by: str) -> list[EntryId]:
        """Take entries back."""
        ids = [entry_id for entry_id in entry_ids if entry_id is not None]
        return await flow.undo_activity(self.session, self.now, await self.actor(by), ids)

    async def say(
        self, rep: str, total: str, period: str, metric: str = "signups", by: str = "Ada"
    ) -> Recorded | None:
        """Say what a total is."""
        figure = Figure(self.reps[rep], metric, Period.parse(period), Decimal(total))
        actor = await self.actor(by)
        [became] = await flow.set_activity_totals(self.session, self.now, actor, [figure])
        return became

    async def sql(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        """Run a statement and return its rows, if it gives any."""
        done = await self.session.execute(text(statement), values)
        return list(done) if isinstance(done, CursorResult) and done.returns_rows else []

    async def month(self, rep: str, month: int) -> Row[Any]:
        """Return a rep's month of 2026."""
        [row] = await self.sql(
            "SELECT * FROM rep_monthly_goals WHERE sales_rep_id = :rep AND goal_month = :month",
            rep=self.reps[rep],
            month=month,
        )
        return row

    async def ledger(self, rep: str = "Ana") -> list[tuple[str, str, int]]:
        """Return a rep's entries: kind, day and whole amount."""
        rows = await self.sql(
            "SELECT kind, occurred_on, amount FROM activity WHERE sales_rep_id = :rep ORDER BY id",
            rep=self.reps[rep],
        )
        return [(row.kind, f"{row.occurred_on:%m-%d}", int(row.amount)) for row in rows]
