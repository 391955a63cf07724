"""Alembic's entry: migrates over the connection it is given, or over DATABASE_URL for the `alembic` tool."""

import os
from importlib import import_module
from pkgutil import walk_packages

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

import domain
from bot.postgres import normalise_url
from domain.db import Base

for _module in walk_packages(domain.__path__, "domain."):
    # Alembic has to know of every module that maps a table.
    import_module(_module.name)


def migrate(connection: Connection) -> None:
    """Run what was asked for, in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Migrate over the connection of the configuration, else over one of our own."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    if context.is_offline_mode() or "DATABASE_URL" not in os.environ:
        raise SystemExit("Set DATABASE_URL to use alembic itself; `goalkeeper migrate` needs nothing.")
    engine = create_engine(normalise_url(os.environ["DATABASE_URL"]), poolclass=NullPool)
    with engine.begin() as own:
        migrate(own)
    engine.dispose()


main()
