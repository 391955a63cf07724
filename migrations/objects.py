"""Functions, triggers, views and policies: `migrations/sql` holds their current text, a file each.

Before the first release the revisions execute these files as they are. From then on a revision carries the
new text of what it changes, and the file is brought up to date with it. A test compares the migrated database
with the files.

All of them keep these rules:

- Trigger functions run with the rights of the session that writes, so row-level security holds inside them.
  They also filter by workspace, because the owner of the tables sees all workspaces.
- Views are `security_invoker`, so row-level security holds through them.
- Policies bind `goalkeeper_app`, not the owner. What the product never does (delete, rewrite history) isn't
  granted.
"""

from collections.abc import Iterable
from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def run(kind: str, *names: str) -> None:
    """Execute `migrations/sql/KIND/NAME.sql` for each name, in this order."""
    for name in names:
        execute((FOLDER / kind / f"{name}.sql").read_text(encoding="utf-8"))


def drop(kind: str, names: Iterable[str]) -> None:
    """Drop these functions or views, the last one first; triggers go with their functions."""
    for name in reversed(list(names)):
        execute(f"DROP {kind} {name} CASCADE")


def execute(statements: str) -> None:
    """Execute statements as they are: without parameters, `:name` and `%` in them have no meaning."""
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
