"""Where months end: reps whose goals are set and reached by SQL, ticked at times of the test's own."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from domain.goals import closing
from domain.goals.closing import Reopened
from domain.people.model import Door, TeamId
from domain.periods import Period
from tests.db.reminders.office import Office


class Months(Office):
    """An office that looks at what its months have become."""

    west: TeamId

    async def logs(self, name: str, signups: int, day: str) -> None:
        """Write an entry of the ledger."""
        await self.do(
            "INSERT INTO activity (sales_rep_id, metric, amount, occurred_on)"
            " VALUES (:rep, 'signups', :amount, :day)",
            rep=self.reps[name],
            amount=signups,
            day=date.fromisoformat(day),
        )

    async def aims(self, name: str, signups: int, month: str = "2026-10") -> None:
        """Set a month's goals, by SQL."""
        await self.do(
            "UPDATE rep_monthly_goals"
            " SET signup_goal = :goal, revenue_goal = 0, goal_set_at = goalkeeper_now()"
            " WHERE sales_rep_id = :rep AND goal_year = :year AND goal_month = :month",
            goal=signups,
            rep=self.reps[name],
            **Period.parse(month).columns,
        )

    async def leaves(self, name: str, day: str) -> None:
        """End the rep's stint."""
        await self.do(
            "UPDATE rep_stints SET ended_on = :day WHERE sales_rep_id = :rep AND ended_on IS NULL",
            rep=self.reps[name],
            day=date.fromisoformat(day),
        )

    async def as_owner(self, statement: str) -> None:
        """Run a statement with the rights of the tables' owner."""
        await self.do("SET LOCAL ROLE NONE")
        await self.do(statement)

    async def reopens(
        self, by: str = "Dana", month: str = "2026-10", reason: str = "A deal was missing."
    ) -> Reopened:
        actor = (await self.person(by)).through(Door.FORM)
        return await closing.reopen(self.session, self.tx.now, actor, Period.parse(month), reason)

    async def month(self, name: str = "Sam", month: str = "2026-10") -> Row[Any]:
        [row] = await self.rows(
            "SELECT * FROM rep_monthly_goals"
            " WHERE sales_rep_id = :rep AND goal_year = :year AND goal_month = :month",
            rep=self.reps[name],
            **Period.parse(month).columns,
        )
        return row

    async def status(self, name: str = "Sam", month: str = "2026-10") -> str:
        """Its status, and whether it is frozen."""
        row = await self.month(name, month)
        return f"{row.status}{', frozen' if row.frozen_at else ''}{', made' if row.completed_at else ''}"

    async def year(self, name: str = "Sam", year: int = 2026) -> str:
        """The year's status, and whether it is frozen."""
        [row] = await self.rows(
            "SELECT * FROM rep_yearly_goals WHERE sales_rep_id = :rep AND goal_year = :year",
            rep=self.reps[name],
            year=year,
        )
        return f"{row.status}{', frozen' if row.frozen_at else ''}{', made' if row.completed_at else ''}"

    async def snapshots(self, name: str = "Sam", kind: str = "daily") -> list[Row[Any]]:
        return await self.rows(
            "SELECT * FROM goal_progress_snapshots WHERE sales_rep_id = :rep AND snapshot_type = :kind"
            " ORDER BY snapshot_date",
            rep=self.reps[name],
            kind=kind,
        )
