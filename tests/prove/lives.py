"""Many lives of reps (`tests.lives`): `python -m tests.prove.lives --lives 20000`."""

import argparse
import asyncio
import random
import sys
from dataclasses import dataclass

from rich.console import Console
from sqlalchemy import text

from bot.clock import elapsed
from bot.postgres import create_engine, create_owner_engine, migrate
from domain import flow
from domain.db import Database, WorkspaceId
from tests.conftest import running_server
from tests.lives import CalledLate, Life, Times, any_life, any_times, lived

_TEMPLATE = "template_lives"
_TOGETHER = 250
"""Lives that are lived side by side: their instants are the same, and a statement is for all of them."""


@dataclass
class Lived:
    """How many lives there were, how many events in them, and how often somebody stood as late."""

    lives: int = 0
    events: int = 0
    late: int = 0
    broken: str | None = None


async def live_many(db: Database, workspace_id: WorkspaceId, count: int, seed: int) -> Lived:
    """Live so many random lives; stops at the first one in which the rules are broken."""
    choose, told = random.Random(seed), Lived()
    while told.lives < count and told.broken is None:
        times = any_times(choose)
        together = min(_TOGETHER, count - told.lives)
        lives = [any_life(choose, len(times.minutes)) for _ in range(together)]
        try:
            world = await lived(db, workspace_id, lives, times)
        except CalledLate as broken:
            told.broken = f"{broken}\n{story(lives[broken.number], times)}"
        else:
            told.events += world.happened
            told.late += world.called_late
        told.lives += together
    return told


def story(life: Life, times: Times) -> str:
    """What happened to somebody, and the ticks between."""
    lines = [f"{life!r}", f"{times!r}"]
    for number in range(len(times.minutes)):
        happened = [life.events[number].value] if number in life.events else []
        happened += ["tick"] if number in times.ticks else []
        if happened:
            lines.append(f"  {times.at(number):%m-%d %H:%M}Z {', '.join(happened)}")
    return "\n".join(lines)


async def _prove(url: str, count: int, seed: int) -> Lived:
    engine = create_engine(url)
    db = Database(engine, settle=flow.settle)
    await _let_the_planner_know(db, url)
    told = await live_many(db, await _enter(db, "T0001"), count, seed)
    await engine.dispose()
    return told


async def _enter(db: Database, team: str) -> WorkspaceId:
    async with db.everywhere() as tx:
        entered = text("SELECT goalkeeper_enter_workspace(:team, 'Acme', 'U0BOT')")
        return WorkspaceId((await tx.session.execute(entered, {"team": team})).scalar_one())


async def _let_the_planner_know(db: Database, url: str) -> None:
    """Leave some lives in another workspace, and statistics of them: no other life is ever committed."""
    choose = random.Random(0)
    times = any_times(choose)
    lives = [any_life(choose, len(times.minutes)) for _ in range(_TOGETHER // 4)]
    await lived(db, await _enter(db, "T0000"), lives, times, keep=True)
    owner = create_owner_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    async with owner.connect() as connection:
        await connection.execute(text("ANALYZE"))
    await owner.dispose()


def main() -> int:
    """Print what came of it; 1 when somebody was called late too early."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lives", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = arguments.parse_args()
    begun, out = elapsed(), Console(width=110)
    with running_server(_TEMPLATE) as server:
        migrate(server.url(_TEMPLATE))
        told = asyncio.run(_prove(server.url(_TEMPLATE), given.lives, given.seed))
    out.print(
        f"{told.lives:,} lives (seed {given.seed}), {told.events:,} events in them, {told.late:,} times seen "
        f"as late: {'broken' if told.broken else 'nobody too early'}, {elapsed() - begun:.0f} s"
    )
    if told.broken:
        out.print(told.broken)
    return 1 if told.broken else 0


if __name__ == "__main__":
    sys.exit(main())
