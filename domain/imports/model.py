"""The sources that files come from, each with its mapping of columns."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant

DEFAULT_SOURCE = "csv"
"""The source of a file that names none."""


class ImportSource(Tenant, Base):
    """A system whose exports are imported, such as a CRM or a sheet."""

    __tablename__ = "import_sources"
    __keys__ = (
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint("name ~ '^[a-z][a-z0-9_-]{0,39}$' AND name NOT IN ('people', 'sql')", name="name"),
        CheckConstraint("jsonb_typeof(mapping) = 'object'", name="mapping"),
    )

    name: Mapped[str]
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Columns of its files, and the field or metric that each of them is."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
