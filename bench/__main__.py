"""`make bench`: the cost of ticks beside the plainest statements that could do the same, in the same run.

Only the ratios mean something: both sides run on the same machine under the same load.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from bench import activity, answers, boards, imports, recognition, snapshots, ticks
from bench.ground import Ground
from bot import postgres

out = Console()


def bench(
    reps: Annotated[int, typer.Option(help="Reps of the one big workspace")] = 100_000,
    workspaces: Annotated[int, typer.Option(help="Small workspaces in which nothing is due")] = 1_000,
    entries: Annotated[int, typer.Option(help="Entries of a batch")] = 200_000,
) -> None:
    """Print times and ratios."""
    # The loop that the bot runs on.
    uvloop.run(_bench(reps, workspaces, entries))


async def _bench(reps: int, workspaces: int, entries: int) -> None:
    async with _ground() as ground:
        out.print(await imports.a_file(ground, entries, max(entries // 100, 1)))
    async with _ground() as ground:
        out.print(await answers.answers(ground))
    async with _ground() as ground:
        out.print(await activity.one_entry(ground))
        out.print(await activity.a_batch(ground, entries, max(entries // 100, 1)))
    async with _ground() as ground:
        out.print(await activity.a_years_figures(ground, 2 * reps))
    async with _ground() as ground:
        out.print(await boards.boards(ground, 2 * reps, max(reps // 50, 1)))
    async with _ground() as ground:
        out.print(await activity.a_batch(ground, entries, entries))
    async with _ground() as ground:
        out.print(await recognition.after_a_batch(ground, entries, max(entries // 10, 1)))
    async with _ground() as ground:
        out.print(await snapshots.a_day(ground, 2 * reps))
    async with _ground() as ground:
        out.print(await ticks.one_big_workspace(ground, reps))
        out.print(await ticks.many_workspaces(ground, workspaces))


@asynccontextmanager
async def _ground() -> AsyncIterator[Ground]:
    folder = Path(tempfile.mkdtemp(prefix="goalkeeper-bench-"))
    url = postgres.start_embedded(folder)
    postgres.migrate(url)
    ground = Ground(url, folder)
    try:
        yield ground
    finally:
        await ground.close()
        postgres.stop_embedded(folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    typer.run(bench)
