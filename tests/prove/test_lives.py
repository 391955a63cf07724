"""Some of the lives that `python -m tests.prove.lives` lives through."""

import random

from domain.db import Database, WorkspaceId
from tests.lives import any_life, any_times, lived


async def test_forty_lives_side_by_side(_shared_db: Database) -> None:  # noqa: PT019
    choose = random.Random(7)
    times = any_times(choose, 24)
    lives = [any_life(choose, len(times.minutes)) for _ in range(40)]
    world = await lived(_shared_db, WorkspaceId(1), lives, times)
    assert world.happened > 40
    assert world.called_late > 0
