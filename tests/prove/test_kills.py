"""SIGKILL at every point of the courier: nothing is lost, and nothing is said twice (issue 3)."""

from pathlib import Path

import pytest

from tests.conftest import Server
from tests.prove.campaign import REST, Kill, killing, points_of
from tests.prove.fleet import Fleet
from tests.prove.trouble import CALM, REFUSED, UNREADABLE, Trouble

TROUBLES = [CALM, REFUSED, UNREADABLE]
LANES = 3
"""Campaigns side by side: much of each is waiting for leases to end."""


class Points:
    """The points of each trouble that no lesser one comes by; looked for once."""

    def __init__(self, server: Server, template: str, folder: Path, fleet: Fleet) -> None:
        self._server, self._template, self._folder, self._fleet = server, template, folder, fleet
        self._found: dict[str, frozenset[str]] = {}

    async def of(self, trouble: Trouble) -> frozenset[str]:
        before: frozenset[str] = frozenset()
        for lesser in TROUBLES[: TROUBLES.index(trouble)]:
            before |= await self._all(lesser)
        return await self._all(trouble) - before

    async def _all(self, trouble: Trouble) -> frozenset[str]:
        if trouble.name not in self._found:
            with self._server.clone(self._template) as url:
                points = await points_of(trouble, url, self._folder, self._fleet)
            self._found[trouble.name] = frozenset(points)
        return self._found[trouble.name]


@pytest.fixture(scope="session")
def points(server: Server, template: str, folder: Path, fleet: Fleet) -> Points:
    return Points(server, template, folder, fleet)


@pytest.mark.prove
@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
async def test_a_copy_is_killed_at_each_point(
    trouble: Trouble,
    copies: int,
    points: Points,
    server: Server,
    template: str,
    folder: Path,
    fleet: Fleet,
) -> None:
    kills = [Kill(point) for point in sorted(await points.of(trouble))]
    tallies = await killing(kills, trouble, copies, LANES, server, template, folder, fleet)
    assert [tally for tally in tallies if tally.lost or tally.twice] == []
    assert {tally.point for tally in tallies if tally.kills == 0} == {REST}


TASTE = [
    "courier._round: commit, after",
    "posting.post: chat.postMessage, on its way",
    "posting.post: chat.postMessage, after",
    "posting.edit: chat.update, after",
    "sending._record: commit, before",
]
"""Claimed, being sent, sent, edited, and about to be recorded."""


async def test_a_copy_is_killed_at_the_turning_points(
    server: Server, template: str, folder: Path, fleet: Fleet
) -> None:
    kills = [Kill(point) for point in TASTE]
    tallies = await killing(kills, CALM, 1, LANES, server, template, folder, fleet)
    assert [tally for tally in tallies if tally.lost or tally.twice] == []
    assert {tally.point for tally in tallies if tally.kills == 0} == {REST}


async def test_the_points_are_those_of_the_courier(points: Points) -> None:
    """Each statement, commit and call on the way of a message, from both sides."""
    calm = await points.of(CALM)
    whats = {point.partition(", ")[0] for point in calm}
    assert {
        "environment._whose: auth.test",
        "courier._round: return_expired",
        "courier._round: claim",
        "courier._round: commit",
        "messages._confirmation: last_change",
        "sending._addressed: address",
        "posting.open_dm: conversations.open",
        "sending._open_dm: update users",
        "sending._open_dm: commit",
        "posting.post: chat.postMessage",
        "posting.edit: chat.update",
        "sending._record: sent",
        "sending._record: commit",
    } <= whats
    assert calm >= {f"{what}, {when}" for what in whats for when in ("before", "after")}
