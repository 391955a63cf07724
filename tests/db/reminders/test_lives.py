"""Whatever happens to reps, in any order: nobody is called late before their deadline.

`tests.prove.lives` lives through many more.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.db import Database, WorkspaceId
from tests.lives import DAYS, ZONES, Event, Life, Times, lived

INSTANTS = 12
MINUTES = st.integers(0, DAYS * 48).map(lambda half_hours: half_hours * 30)
TIMES = st.builds(
    Times,
    st.lists(MINUTES, min_size=INSTANTS, max_size=INSTANTS, unique=True).map(lambda all: tuple(sorted(all))),
    st.frozensets(st.integers(0, INSTANTS - 1)),
)
LIFE = st.builds(
    Life,
    st.integers(0, len(ZONES) - 1),
    st.dictionaries(st.integers(0, INSTANTS - 1), st.sampled_from(Event), min_size=2, max_size=8),
)


@pytest.fixture
def database(_shared_db: Database) -> Database:
    """One in which workspace 1 is, and nothing else stays."""
    return _shared_db


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(TIMES, st.lists(LIFE, min_size=4, max_size=12))
async def test_nobody_is_called_late_before_their_deadline(
    database: Database, times: Times, lives: list[Life]
) -> None:
    await lived(database, WorkspaceId(1), lives, times)
