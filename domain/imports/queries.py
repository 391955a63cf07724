"""Every SELECT about the sources of imports."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries as activity
from domain.activity.queries import MetricRow
from domain.imports.columns import metric_names
from domain.imports.reading import Format
from domain.periods import local_date


@dataclass(frozen=True, slots=True)
class Source:
    """A source and its mapping, by column."""

    name: str
    mapping: dict[str, str]


_SOURCES = text("SELECT name, mapping FROM import_sources ORDER BY name")
_HOME = text("SELECT locale, currency, time_zone FROM workspaces WHERE id = goalkeeper_workspace()")


async def sources(session: AsyncSession) -> dict[str, Source]:
    """Return the sources of the workspace, by name."""
    return {row.name: Source(row.name, row.mapping) for row in await session.execute(_SOURCES)}


async def form(session: AsyncSession, now: datetime) -> Format:
    """Return how the workspace writes numbers and days, and what its metrics are called."""
    home = (await session.execute(_HOME)).one()
    return Format(
        home.locale,
        home.currency,
        local_date(now, home.time_zone),
        metric_names(_labels(await activity.catalogue(session))),
    )


def _labels(metrics: list[MetricRow]) -> dict[str, str]:
    return {metric.code: metric.label for metric in metrics}
