"""The catalogue of metrics, the append-only ledger of activity, and its totals by day and month."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import MONEY, Base, Tenant, belongs_to
from domain.people.model import Door

EntryId = NewType("EntryId", int)

PEOPLE = "people"
"""The source of what people log by hand, and the feeder of a metric that no other system fills."""
SQL = "sql"
"""The source of entries that a trigger wrote for a direct update of a month's actuals."""
SIGNUPS = "signups"
REVENUE = "revenue"


class Unit(StrEnum):
    """What a metric's figures are: whole numbers, money, or percent (quotients only)."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"


class MetricKind(StrEnum):
    """How a metric's figure comes about: by adding entries, or by dividing sums."""

    SUM = "sum"
    QUOTIENT = "quotient"


class EntryKind(StrEnum):
    """Why an entry was written."""

    ENTRY = "entry"
    """Something happened."""
    ABSOLUTE = "absolute"
    """Somebody said what a period's total is; the entry is the difference."""
    AMENDMENT = "amendment"
    """Its source sent an entry again with another amount or day."""
    CORRECTION = "correction"
    """A person corrected an entry, with a reason."""
    UNDO = "undo"
    """A person took an entry back within minutes."""


class Grain(StrEnum):
    """How long the period of a stored total is."""

    DAY = "day"
    MONTH = "month"


class Metric(Tenant, Base):
    """A metric of the workspace's catalogue: a sum of entries, or a quotient of such sums."""

    __tablename__ = "metrics"
    __keys__ = (
        belongs_to("created_by", "users"),
        UniqueConstraint("workspace_id", "code"),
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,39}$'", name="code"),
        CheckConstraint("length(label) BETWEEN 1 AND 40", name="label"),
        CheckConstraint("unit IN ('count', 'money', 'percent')", name="unit"),
        CheckConstraint("kind IN ('sum', 'quotient')", name="kind"),
        CheckConstraint(
            "CASE kind WHEN 'sum' THEN unit <> 'percent' AND num_nonnulls(numerator, denominator) = 0 "
            "ELSE unit <> 'count' AND num_nulls(numerator, denominator) = 0 "
            "AND cardinality(numerator) > 0 AND cardinality(denominator) > 0 END",
            name="quotient",
        ),
        CheckConstraint("length(feeder) BETWEEN 1 AND 40", name="feeder"),
        CheckConstraint("is_on OR code NOT IN ('signups', 'revenue')", name="always_on"),
    )

    code: Mapped[str]
    label: Mapped[str]
    unit: Mapped[Unit]
    kind: Mapped[MetricKind] = mapped_column(server_default="sum")
    numerator: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Codes of the metrics whose sums are added above the line."""
    denominator: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Codes of the metrics whose sums are added below the line."""
    is_on: Mapped[bool] = mapped_column(server_default=text("true"))
    """False: not offered, accepted or ranked; its history stays."""
    feeder: Mapped[str] = mapped_column(server_default="people")
    """`people`, or the one source that fills it."""
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("100"))
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Activity(Tenant, Base):
    """An entry of the ledger. Append-only; whatever changes later is a further entry."""

    __tablename__ = "activity"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("team_id", "teams"),
        belongs_to("entered_by", "users"),
        belongs_to("corrects_id", "activity"),
        ForeignKeyConstraint(["workspace_id", "metric"], ["metrics.workspace_id", "metrics.code"]),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("currency IS NOT NULL OR amount = trunc(amount)", name="whole"),
        CheckConstraint("kind IN ('entry', 'absolute', 'amendment', 'correction', 'undo')", name="kind"),
        CheckConstraint(
            "(corrects_id IS NOT NULL) = (kind IN ('amendment', 'correction', 'undo'))", name="corrects"
        ),
        CheckConstraint("occurred_on >= '2024-01-01'", name="occurred_on"),
        CheckConstraint("door IN ('form', 'command', 'api', 'import')", name="door"),
        Index("ix_activity_rep", "workspace_id", "sales_rep_id", "metric", "occurred_on", "id"),
        Index("ix_activity_team", "workspace_id", "team_id", "metric", "occurred_on", "id"),
        Index(
            "ix_activity_corrects_id",
            "workspace_id",
            "corrects_id",
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
        Index(
            "uq_activity_original",
            "workspace_id",
            "source",
            "external_id",
            "sales_rep_id",
            "metric",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL AND corrects_id IS NULL"),
        ),
    )

    sales_rep_id: Mapped[int]
    team_id: Mapped[int | None]
    """The rep's team on the day, as known when the entry was written."""
    metric: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    currency: Mapped[str | None]
    """ISO code; null for counts."""
    occurred_on: Mapped[date]
    """The rep's local day that it counts on."""
    stated_on: Mapped[date]
    """The day that it is about. Only an amendment of a frozen month counts on another day than this."""
    source: Mapped[str] = mapped_column(server_default="sql")
    """`people`, `sql`, or the name of the system that sent it."""
    external_id: Mapped[str | None]
    """The source's own id for it; with source, rep and metric the identity of an entry from outside."""
    kind: Mapped[EntryKind] = mapped_column(server_default="entry")
    corrects_id: Mapped[int | None]
    """The original entry that an amendment, correction or undo changes."""
    note: Mapped[str | None]
    """What it was about; of a correction, the reason."""
    door: Mapped[Door | None]
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class ActivityTotal(Tenant, Base):
    """The sum of a rep's entries of one metric in one team, by local day or by month.

    It has no keys to reps and teams: only entries make totals, and entries have those keys.
    """

    __tablename__ = "activity_totals"
    __keys__ = (
        CheckConstraint("grain IN ('day', 'month')", name="grain"),
        UniqueConstraint(
            "workspace_id",
            "sales_rep_id",
            "metric",
            "grain",
            "starts_on",
            "team_id",
            name="uq_activity_totals_figure",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_activity_totals_company", "workspace_id", text("lower(metric)"), "grain", "starts_on"),
        Index("ix_activity_totals_team", "workspace_id", "team_id", "metric", "grain", "starts_on"),
    )

    sales_rep_id: Mapped[int]
    team_id: Mapped[int | None]
    metric: Mapped[str]
    grain: Mapped[Grain]
    starts_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(MONEY)
