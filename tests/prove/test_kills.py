"""SIGKILL at every point of the courier: nothing is lost, and nothing is said twice (issue 3)."""

from pathlib import Path

import pytest

from tests.conftest import Server
from tests.prove.campaign import REST, Kill, killing, points_of
from tests.prove.fleet import Fleet
from tests.prove.trouble import CALM, REFUSED, UNREADABLE, Trouble

LANES = 3
"""Campaigns side by side: much of each is waiting for leases to end."""


@pytest.fixture(scope="session")
async def calm(server: Server, template: str, folder: Path, fleet: Fleet) -> frozenset[str]:
    """The points that a copy comes by while all is well."""
    with server.clone(template) as url:
        return frozenset(await points_of(CALM, url, folder, fleet))


@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize("trouble", [CALM, REFUSED, UNREADABLE], ids=lambda trouble: trouble.name)
async def test_a_copy_is_killed_at_each_point(
    trouble: Trouble,
    copies: int,
    calm: frozenset[str],
    server: Server,
    template: str,
    folder: Path,
    fleet: Fleet,
) -> None:
    points = calm
    if trouble is not CALM:
        with server.clone(template) as url:
            points = frozenset(await points_of(trouble, url, folder, fleet)) - calm
    kills = [Kill(point) for point in sorted(points)]
    tallies = await killing(kills, trouble, copies, LANES, server, template, folder, fleet)
    assert [tally for tally in tallies if tally.lost or tally.twice] == []
    assert {tally.point for tally in tallies if tally.kills == 0} == {REST}


def test_the_points_are_those_of_the_courier(calm: frozenset[str]) -> None:
    """Each statement, commit and call on the way of a message, from both sides."""
    whats = {point.partition(", ")[0] for point in calm}
    assert {
        "app.running: auth.test",
        "courier._round: return_expired",
        "courier._round: claim",
        "courier._round: commit",
        "messages._confirmation: last_change",
        "sending._addressed: select users",
        "posting.open_dm: conversations.open",
        "sending._open_dm: update users",
        "sending._open_dm: commit",
        "posting.post: chat.postMessage",
        "posting.edit: chat.update",
        "sending._record: sent",
        "sending._record: commit",
    } <= whats
    assert calm >= {f"{what}, {when}" for what in whats for when in ("before", "after")}
