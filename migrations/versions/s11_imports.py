"""The sources that files of numbers come from, with their mappings of columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import objects
from migrations.columns import created_and_updated, keys, tenant

revision = "s11"
down_revision = "s10"


def upgrade() -> None:
    """Make the table, and who may use it."""
    op.create_table(
        "import_sources",
        *tenant(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        *created_and_updated(),
        sa.CheckConstraint(
            "name ~ '^[a-z][a-z0-9_-]{0,39}$' AND name NOT IN ('people', 'sql')",
            name=op.f("ck_import_sources_name"),
        ),
        sa.CheckConstraint("jsonb_typeof(mapping) = 'object'", name=op.f("ck_import_sources_mapping")),
        *keys("import_sources"),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_import_sources_workspace_id_name")),
    )
    objects.run("triggers", "import_sources")
    objects.run("policies", "import_sources")


def downgrade() -> None:
    """Drop it, and all that was in it."""
    op.drop_table("import_sources")
