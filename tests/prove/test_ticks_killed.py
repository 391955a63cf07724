"""SIGKILL at every point of a tick and of setting goals: each reminder and digest exactly once."""

from pathlib import Path

import pytest

from tests.conftest import Server
from tests.prove.campaign import REST
from tests.prove.fleet import Fleet
from tests.prove.month import Points, killing_through_a_month, points_of_a_month


@pytest.fixture(scope="session")
async def points(server: Server, template: str, folder: Path, fleet: Fleet) -> Points:
    return await points_of_a_month(server, template, folder, fleet)


@pytest.mark.prove
@pytest.mark.parametrize("copies", [1, 3])
async def test_a_copy_is_killed_at_each_point_of_a_month(
    copies: int, points: Points, server: Server, template: str, folder: Path, fleet: Fleet
) -> None:
    tallies = await killing_through_a_month(points, copies, server, template, folder, fleet)
    assert [tally for tally in tallies if tally.lost or tally.twice] == []
    assert {tally.point for tally in tallies if tally.kills != 1} == {REST}


async def test_a_copy_is_killed_at_every_commit_of_a_month(
    points: Points, server: Server, template: str, folder: Path, fleet: Fleet
) -> None:
    commits = [(step, point) for step, point in points if point.endswith("commit, before")]
    tallies = await killing_through_a_month(commits, 1, server, template, folder, fleet)
    assert len(commits) >= 3
    assert [tally for tally in tallies if tally.lost or tally.twice] == []
    assert {tally.point for tally in tallies if tally.kills != 1} == {REST}


async def test_the_points_are_those_of_the_jobs(points: Points) -> None:
    """Each statement and commit of a tick, and of setting goals, from both sides."""
    jobs = (
        "take_all",
        "turn",
        "open_months",
        "open_years",
        "take_along",
        "plan",
        "send_due",
        "wake",
        "say_digests",
        "commit",
    )
    whats = {
        "ticker._take: claim",
        "ticker._take: commit",
        *(f"ticker._tick: {job}" for job in jobs),
        *(f"work._sets: {job}" for job in ("set_month", "record", "say", "take_own", "turn", "commit")),
    }
    found = {point for _, point in points}
    assert found >= {f"{what}, {when}" for what in whats for when in ("before", "after")}
