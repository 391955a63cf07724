"""Runs the SQL files that lie beside the revisions."""

from pathlib import Path

from alembic import op

_VERSIONS = Path(__file__).parent / "versions"


def run(name: str) -> None:
    """Execute `migrations/versions/NAME`, all its statements as they stand."""
    statements = (_VERSIONS / name).read_text(encoding="utf-8")
    # Without parameters neither SQLAlchemy nor psycopg looks into the text for `:name` or `%`.
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
