"""Importing a file of numbers, beside COPY of what it comes to; and the memory that it takes."""

import resource
from collections.abc import Iterator
from datetime import date, timedelta
from tempfile import TemporaryFile

from rich.table import Table

from bench.activity import NOW, Floor, copied
from bench.ground import Ground, Measured, table, timed
from domain import flow
from domain.imports.service import Imported, ImportOptions

_SLACK_IDS = (
    "SELECT u.slack_id FROM users u JOIN sales_reps r ON r.user_id = u.id WHERE u.workspace_id = :home"
)


async def a_file(ground: Ground, rows: int, reps: int) -> Table:
    """A file of deals, imported, and imported again."""
    floor = await Floor.laid(ground, reps, f"F{rows}")
    who = [row.slack_id for row in await ground.sql(_SLACK_IDS, home=floor.home)]
    with TemporaryFile() as file:
        file.writelines(line.encode() for line in _lines(rows, who))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        async def take_in() -> Imported:
            file.seek(0)
            async with ground.db.workspace(floor.home, at=NOW, patience="600s") as tx:
                return await flow.import_activity(tx.session, tx.now, None, file, ImportOptions("crm"))

        seconds = await timed(take_in)
        again = await timed(take_in)
        megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    floor_seconds = await copied(ground, floor.home)
    same = "COPY into a twin with the same keys"
    return table(
        f"A file of {rows:,} rows over {reps:,} reps, with {megabytes:.0f} MB over the start",
        [
            Measured("imported: read, checked, written", seconds, same, floor_seconds),
            Measured("the same file again", again, same, floor_seconds),
        ],
    )


def _lines(rows: int, who: list[str]) -> Iterator[str]:
    first = date(2026, 10, 1)
    yield "rep,metric,amount,day,external_id,note\n"
    for n in range(rows):
        metric = ("signups", "revenue", "calls")[n % 3]
        day = first + timedelta(days=n // len(who) % 28)
        yield f"{who[n % len(who)]},{metric},{n % 7 + 1},{day},deal-{n},Renewal {n}\n"
