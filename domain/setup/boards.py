"""The schedule of leaderboards, as admins change it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries as activity
from domain.errors import InvalidInput
from domain.people.changes import Subject, check_as_opened, record
from domain.people.rules import Person
from domain.rows import rows
from domain.setup import queries
from domain.setup.service import check_admin

WEEKDAY, TIME, METRIC = "board_weekday", "board_time", "board_metric"
ARE_POSTED = "boards_are_posted"
"""Names of the settings, the same in columns, the form, refusals and their history."""
ATTAINMENT = "attainment"
"""What stands in place of a metric's code for attainment."""


@dataclass(frozen=True, slots=True)
class BoardSettings:
    """When boards are posted, and what they rank by."""

    board_weekday: int
    """ISO weekday, 1 is Monday."""
    board_time: time
    board_metric: str
    """`attainment`, or the code of a metric."""
    boards_are_posted: bool

    def as_json(self) -> dict[str, Any]:
        """Return the settings by name, as JSON takes them."""
        return {**asdict(self), TIME: self.board_time.isoformat()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "BoardSettings":
        """Return the settings that `as_json` wrote."""
        return cls(**{**values, TIME: time.fromisoformat(values[TIME])})


@dataclass(frozen=True, slots=True)
class Boards:
    """The settings as they stand, and what boards can rank by."""

    settings: BoardSettings
    metrics: tuple[tuple[str, str], ...]
    """Codes and labels: attainment, and each metric that is switched on."""

    def label(self, code: str) -> str:
        """Return the label of what boards rank by."""
        return dict(self.metrics).get(code, dict(self.metrics)[ATTAINMENT])


_CURRENT = text("""
SELECT board_weekday, board_time, board_metric, boards_are_posted
  FROM workspaces
 WHERE id = goalkeeper_workspace()
""")
# Boards that were due before the change are not posted late because of it.
_CHANGE = text("""
UPDATE workspaces
   SET board_weekday = :board_weekday, board_time = :board_time, board_metric = :board_metric,
       boards_are_posted = :boards_are_posted,
       boards_since = CASE WHEN (board_weekday, board_time, boards_are_posted)
                                IS DISTINCT FROM (:board_weekday, :board_time, :boards_are_posted)
                           THEN goalkeeper_now() ELSE boards_since END,
       tick_at = least(tick_at, goalkeeper_now())
 WHERE id = goalkeeper_workspace()
""")


async def current(session: AsyncSession) -> Boards:
    """Return the settings of boards as they stand."""
    [settings] = await rows(session, _CURRENT, BoardSettings)
    metrics: Sequence[tuple[str, str]] = [
        (metric.code, metric.label) for metric in await activity.catalogue(session) if metric.is_on
    ]
    return Boards(settings, ((ATTAINMENT, "Attainment"), *metrics))


async def change(
    session: AsyncSession, actor: Person, opened_with: BoardSettings, wanted: BoardSettings
) -> None:
    """Change when boards are posted and what they rank by.

    Raises:
        NotAllowed: the actor isn't an admin.
        InvalidInput: the metric isn't one that boards can rank by.
        ChangedMeanwhile: the settings are no longer what the form was opened with.
    """
    await queries.lock(session)
    await check_admin(session, actor)
    now = await current(session)
    before, after = now.settings.as_json(), wanted.as_json()
    if before == after:
        return
    await check_as_opened(session, Subject.WORKSPACE, opened_with.as_json(), before, now)
    if wanted.board_metric not in dict(now.metrics):
        raise InvalidInput("That metric is switched off. Choose another one.", field=METRIC)
    await session.execute(_CHANGE, asdict(wanted))
    changes = {name: (before[name], after[name]) for name in before}
    await record(session, actor.user_id, Subject.WORKSPACE, changes)
