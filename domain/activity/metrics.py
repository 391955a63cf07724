"""The catalogue of metrics as admins change it: switching on and off, adding, and naming the feeder."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries
from domain.activity.model import PEOPLE, REVENUE, SIGNUPS, MetricKind, Unit
from domain.activity.queries import MetricRow
from domain.activity.rules import code_of
from domain.errors import InvalidInput, NotAllowed
from domain.people.changes import Subject, check_as_opened, record
from domain.people.rules import Actor

LABEL, UNIT, PARTS, FEEDER = "label", "unit", "parts", "feeder"
"""Names of the inputs that a refusal can be about."""
_LABEL_MAX = 40

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.metrics', goalkeeper_workspace()))")
_IS_ADMIN = text("SELECT EXISTS (SELECT FROM users WHERE id = :actor AND role = 'admin' AND is_active)")
_SWITCH = text("UPDATE metrics SET is_on = :is_on WHERE code = :code")
_FEED = text("UPDATE metrics SET feeder = :feeder WHERE code = :code")
_ADD = text("""
INSERT INTO metrics (code, label, unit, kind, numerator, denominator, position, created_by)
SELECT :code, :label, :unit, :kind, :numerator, :denominator, coalesce(max(position), 0) + 1, :actor
  FROM metrics
""")


async def switch(session: AsyncSession, actor: Actor, code: str, *, on: bool) -> None:
    """Switch a metric on or off; its history stays either way.

    Raises:
        NotAllowed: the actor isn't an admin.
        InvalidInput: there is no such metric, or it is one that goals are about.
    """
    metric = await _begin(session, actor, code)
    if not on and code in (SIGNUPS, REVENUE):
        raise InvalidInput(f"{metric.label} stays on, because goals are about it.", field=code)
    await session.execute(_SWITCH, {"code": code, "is_on": on})
    await record(session, actor.user_id, Subject.METRIC, {code: (metric.is_on, on)})


async def get(session: AsyncSession, code: str) -> MetricRow:
    """Return the metric with this code.

    Raises:
        InvalidInput: there is none.
    """
    found = [metric for metric in await queries.catalogue(session) if metric.code == code]
    if not found:
        raise InvalidInput(f"I don't recognize “{code}”.", field=code)
    return found[0]


async def feed(
    session: AsyncSession, actor: Actor, code: str, feeder: str, *, opened_with: str | None = None
) -> None:
    """Say what fills a metric: `people`, or the name of a source; logging by hand is then refused.

    `opened_with` is the feeder that the admin was shown, where there was a form.

    Raises:
        ChangedMeanwhile: it is no longer the one that the form was opened with.
        NotAllowed: the actor isn't an admin.
        InvalidInput: there is no such metric, it takes no entries, or the name is empty or too long.
    """
    metric = await _begin(session, actor, code)
    feeder = feeder.strip().lower()
    if metric.kind is MetricKind.QUOTIENT:
        raise InvalidInput(f"{metric.label} is worked out from others, so nothing feeds it.", field=FEEDER)
    if not 1 <= len(feeder) <= _LABEL_MAX:
        raise InvalidInput(f"Name the source in up to {_LABEL_MAX} letters, or say {PEOPLE}.", field=FEEDER)
    if opened_with is not None and feeder != metric.feeder:
        name = f"{code}.feeder"
        await check_as_opened(session, Subject.METRIC, {name: opened_with}, {name: metric.feeder}, metric)
    await session.execute(_FEED, {"code": code, "feeder": feeder})
    await record(session, actor.user_id, Subject.METRIC, {f"{code}.feeder": (metric.feeder, feeder)})


async def add(
    session: AsyncSession,
    actor: Actor,
    label: str,
    unit: Unit,
    *,
    numerator: Sequence[str] = (),
    denominator: Sequence[str] = (),
) -> str:
    """Add a metric of the workspace's own and return its code: a sum, or with parts a quotient of sums.

    Raises:
        NotAllowed: the actor isn't an admin.
        InvalidInput: the name is taken or can't be used, the unit doesn't fit, or a part isn't a sum.
    """
    await _hold(session, actor)
    label = " ".join(label.split())
    if not 1 <= len(label) <= _LABEL_MAX:
        raise InvalidInput(f"Give the metric a name of up to {_LABEL_MAX} letters.", field=LABEL)
    code = code_of(label)
    known = {metric.code: metric for metric in await queries.catalogue(session)}
    if code in known or label.casefold() in {metric.label.casefold() for metric in known.values()}:
        raise InvalidInput(f"There's already a metric called {label}.", field=LABEL)
    quotient = bool(numerator or denominator)
    _check_unit(unit, quotient=quotient)
    if quotient:
        _check_parts(known, numerator, denominator)
    kind = MetricKind.QUOTIENT if quotient else MetricKind.SUM
    values = {"code": code, "label": label, "unit": unit.value, "kind": kind.value, "actor": actor.user_id}
    parts = {"numerator": list(numerator) or None, "denominator": list(denominator) or None}
    await session.execute(_ADD, {**values, **parts})
    await record(session, actor.user_id, Subject.METRIC, {code: (None, True)})
    return code


async def _hold(session: AsyncSession, actor: Actor) -> None:
    await session.execute(_LOCK)
    if not (await session.execute(_IS_ADMIN, {"actor": actor.user_id})).scalar_one():
        raise NotAllowed("Only admins change the metrics. Ask an admin.")


async def _begin(session: AsyncSession, actor: Actor, code: str) -> MetricRow:
    await _hold(session, actor)
    return await get(session, code)


def _check_unit(unit: Unit, *, quotient: bool) -> None:
    if quotient and unit is Unit.COUNT:
        raise InvalidInput("A quotient is a percentage or an amount of money.", field=UNIT)
    if not quotient and unit is Unit.PERCENT:
        raise InvalidInput("Percentages can't be added up. Say which sums to divide.", field=UNIT)


def _check_parts(known: dict[str, MetricRow], numerator: Sequence[str], denominator: Sequence[str]) -> None:
    if not numerator or not denominator:
        raise InvalidInput("Choose what to divide, and what to divide it by.", field=PARTS)
    for code in (*numerator, *denominator):
        if code not in known or known[code].kind is MetricKind.QUOTIENT:
            raise InvalidInput(f"{code} isn't a sum, so it can't be part of a quotient.", field=PARTS)
    for parts in (numerator, denominator):
        if len({known[code].unit for code in parts}) > 1:
            raise InvalidInput("Money and counts can't be added up.", field=PARTS)
