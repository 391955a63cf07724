"""The table of boards that were posted."""

from datetime import date, datetime
from typing import Any, NewType

from sqlalchemy import CheckConstraint, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to
from domain.leaderboards.schedule import BoardKind

SnapshotId = NewType("SnapshotId", int)


class LeaderboardSnapshot(Tenant, Base):
    """A board that was posted: whose, by which metric, of which month, and the rows that it showed.

    Written in the transaction that queues the post, so that every copy and every try sends the same board,
    and the rows that movement is told from are those that people saw.
    """

    __tablename__ = "leaderboard_snapshots"
    __keys__ = (
        belongs_to("team_id", "teams"),
        UniqueConstraint(
            "workspace_id",
            "team_id",
            "year",
            "month",
            "kind",
            "posted_on",
            name="uq_leaderboard_snapshots_post",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("year BETWEEN 2024 AND 9999", name="year"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("kind IN ('weekly', 'final')", name="kind"),
        CheckConstraint("jsonb_typeof(rows) = 'array'", name="rows"),
        CheckConstraint("listed >= jsonb_array_length(rows)", name="listed"),
    )

    team_id: Mapped[int | None]
    """Null: the company's board."""
    metric: Mapped[str]
    """`attainment`, or the code of a metric."""
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[BoardKind]
    posted_on: Mapped[date]
    """The day on which it was due, on the workspace's calendar."""
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Best first; each with sales_rep_id, place, value, and for the rep's set months signups, signup_goal,
    revenue, revenue_goal and pace. Amounts are text."""
    listed: Mapped[int] = mapped_column(Integer)
    """Reps on the board; more than rows if very many share a place."""
    settled_at: Mapped[datetime | None]
    """Final boards: when the month was frozen and the board brought up to date for good."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
