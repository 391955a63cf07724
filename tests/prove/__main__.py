"""`make prove`: kills at random points of the courier, at every point of ticks, and a table of them."""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.postgres import migrate
from tests.prove.campaign import Kill, Tally, killing, points_of
from tests.prove.fleet import Fleet, a_fleet
from tests.prove.month import killing_through_a_month, points_of_a_month
from tests.prove.trouble import CALM, REFUSED, UNREADABLE
from tests.server import Server, Shared, close_keyboard, data_folder, guarded

_TEMPLATE = "template_prove"
_LANES = 12
"""Campaigns side by side: each mostly waits for leases to end."""
_SHARES = {CALM.name: (CALM, 0.35), REFUSED.name: (REFUSED, 0.45), UNREADABLE.name: (UNREADABLE, 0.2)}


async def prove(kills: int, server: Server, folder: Path) -> list[tuple[int, Tally]]:
    """What came of so many kills, half of them with one copy at work and half with three.

    And of one at each point of ticks, with as many.
    """
    told: list[tuple[int, Tally]] = []
    async with a_fleet(folder) as fleet:
        of_month = await points_of_a_month(server, _TEMPLATE, folder, fleet)
        for copies in (1, 3):
            for trouble, share in _SHARES.values():
                aims = await _random(round(kills / 2 * share), trouble.name, server, folder, fleet)
                tallies = await killing(aims, trouble, copies, _LANES, server, _TEMPLATE, folder, fleet)
                told += [(copies, tally) for tally in tallies]
            tallies = await killing_through_a_month(of_month, copies, server, _TEMPLATE, folder, fleet)
            told += [(copies, tally) for tally in tallies]
    return told


async def _random(kills: int, trouble: str, server: Server, folder: Path, fleet: Fleet) -> list[Kill]:
    """Any point, and any time that a copy comes by it."""
    with server.clone(_TEMPLATE) as url:
        points = await points_of(_SHARES[trouble][0], url, folder, fleet)
    names = sorted(points)
    return [Kill(point, random.randrange(min(points[point], 4))) for point in random.choices(names, k=kills)]


def table(told: list[tuple[int, Tally]]) -> Table:
    """A line for each point."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for copies, tally in told:
        for key in ((copies, tally.point), (copies, "~all")):
            for column, number in enumerate((tally.kills, len(tally.lost), len(tally.twice))):
                sums[key][column] += number
    shown = Table("copies", "point", "kills", "lost", "twice")
    for (copies, point), numbers in sorted(sums.items()):
        end = point == "~all"
        shown.add_row(str(copies), "all" if end else point, *map(str, numbers), end_section=end)
    return shown


def main() -> int:
    """Prints the table; 1 when anything was lost or said twice."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=500)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = arguments.parse_args()
    out = Console(width=100)
    out.print(f"{given.kills} kills, seed {given.seed}")
    random.seed(given.seed)
    data = data_folder()
    with tempfile.TemporaryDirectory(prefix="goalkeeper-prove-") as folder, guarded(data):
        server = Shared(data).server()
        server.copy("template1", _TEMPLATE)
        migrate(server.url(_TEMPLATE))
        told = asyncio.run(prove(given.kills, server, Path(folder)))
        close_keyboard(server)
    out.print(table(told))
    wrong = [tally for _, tally in told if tally.lost or tally.twice]
    for tally in wrong:
        out.print(f"{tally.point}: lost {tally.lost}, twice {tally.twice}")
    kills = sum(tally.kills for _, tally in told)
    lost, twice = (sum(len(getattr(tally, what)) for _, tally in told) for what in ("lost", "twice"))
    out.print(f"make prove: {kills:,} kills, {lost} lost, {twice} twice")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
