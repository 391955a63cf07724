"""The ledger of activity, the catalogue of metrics that it counts, and the totals of both."""

import sqlalchemy as sa
from alembic import op

from migrations import objects
from migrations.columns import INSTANT, MONEY, NOW, belongs_to, created_and_updated, keys, tenant

revision = "s07"
down_revision = "s06"

_TABLES = ("metrics", "activity", "activity_totals")
_FUNCTIONS = (
    "goalkeeper_keep_metric",
    "goalkeeper_team_on",
    "goalkeeper_fill_entry",
    "goalkeeper_month_lock",
    "goalkeeper_month_total",
    "goalkeeper_last_allowed_day",
    "goalkeeper_take_totals",
    "goalkeeper_move_totals",
)
_TRIGGERS = ("metrics", "activity")


def upgrade() -> None:
    """Make the tables, what keeps them true, and who may use them."""
    _create_metrics()
    _create_activity()
    _create_activity_totals()
    objects.run("functions", *_FUNCTIONS)
    objects.run("triggers", *_TRIGGERS)
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Drop them, and all that was in them."""
    objects.drop("FUNCTION", _FUNCTIONS)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_metrics() -> None:
    op.create_table(
        "metrics",
        *tenant(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), server_default="sum", nullable=False),
        sa.Column("numerator", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("denominator", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("is_on", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("feeder", sa.Text(), server_default="people", nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default=sa.text("100"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        *created_and_updated(),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,39}$'", name=op.f("ck_metrics_code")),
        sa.CheckConstraint("length(label) BETWEEN 1 AND 40", name=op.f("ck_metrics_label")),
        sa.CheckConstraint("unit IN ('count', 'money', 'percent')", name=op.f("ck_metrics_unit")),
        sa.CheckConstraint("kind IN ('sum', 'quotient')", name=op.f("ck_metrics_kind")),
        sa.CheckConstraint(
            "CASE kind WHEN 'sum' THEN unit <> 'percent' AND num_nonnulls(numerator, denominator) = 0 "
            "ELSE unit <> 'count' AND num_nulls(numerator, denominator) = 0 "
            "AND cardinality(numerator) > 0 AND cardinality(denominator) > 0 END",
            name=op.f("ck_metrics_quotient"),
        ),
        sa.CheckConstraint("length(feeder) BETWEEN 1 AND 40", name=op.f("ck_metrics_feeder")),
        sa.CheckConstraint("is_on OR code NOT IN ('signups', 'revenue')", name=op.f("ck_metrics_always_on")),
        belongs_to("metrics", "created_by", "users"),
        *keys("metrics"),
        sa.UniqueConstraint("workspace_id", "code", name=op.f("uq_metrics_workspace_id_code")),
    )


def _create_activity() -> None:
    op.create_table(
        "activity",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), server_default="sql", nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(16), server_default="entry", nullable=False),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("door", sa.String(16), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_activity_amount")),
        sa.CheckConstraint("currency IS NOT NULL OR amount = trunc(amount)", name=op.f("ck_activity_whole")),
        sa.CheckConstraint(
            "kind IN ('entry', 'absolute', 'amendment', 'correction', 'undo')", name=op.f("ck_activity_kind")
        ),
        sa.CheckConstraint(
            "(corrects_id IS NOT NULL) = (kind IN ('amendment', 'correction', 'undo'))",
            name=op.f("ck_activity_corrects"),
        ),
        sa.CheckConstraint("occurred_on >= '2024-01-01'", name=op.f("ck_activity_occurred_on")),
        sa.CheckConstraint("door IN ('form', 'command', 'api', 'import')", name=op.f("ck_activity_door")),
        belongs_to("activity", "sales_rep_id", "sales_reps"),
        belongs_to("activity", "team_id", "teams"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "metric"],
            ["metrics.workspace_id", "metrics.code"],
            name="fk_activity_workspace_id_metric",
        ),
        belongs_to("activity", "entered_by", "users"),
        *keys("activity"),
        belongs_to("activity", "corrects_id", "activity"),
    )
    op.create_index(
        "ix_activity_rep", "activity", ["workspace_id", "sales_rep_id", "metric", "occurred_on", "id"]
    )
    op.create_index(
        "ix_activity_team", "activity", ["workspace_id", "team_id", "metric", "occurred_on", "id"]
    )
    op.create_index(
        "ix_activity_corrects_id",
        "activity",
        ["workspace_id", "corrects_id"],
        postgresql_where=sa.text("corrects_id IS NOT NULL"),
    )
    op.create_index(
        "uq_activity_original",
        "activity",
        ["workspace_id", "source", "external_id", "sales_rep_id", "metric"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL AND corrects_id IS NULL"),
    )


def _create_activity_totals() -> None:
    # Without keys to reps and teams: a trigger adds up entries, which have them. Checking each total again
    # would cost a batch a quarter of its time.
    op.create_table(
        "activity_totals",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("grain", sa.String(16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.CheckConstraint("grain IN ('day', 'month')", name=op.f("ck_activity_totals_grain")),
        *keys("activity_totals"),
        sa.UniqueConstraint(
            "workspace_id",
            "sales_rep_id",
            "metric",
            "grain",
            "starts_on",
            "team_id",
            name="uq_activity_totals_figure",
            postgresql_nulls_not_distinct=True,
        ),
    )
    # Only figures over all reps say lower(metric). Without statistics the planner would else take this index
    # for each rep of a batch, and read everybody's month every time.
    op.create_index(
        "ix_activity_totals_company",
        "activity_totals",
        ["workspace_id", sa.text("lower(metric)"), "grain", "starts_on"],
    )
    op.create_index(
        "ix_activity_totals_team",
        "activity_totals",
        ["workspace_id", "team_id", "metric", "grain", "starts_on"],
    )
