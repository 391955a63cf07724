"""Reports to the person who can fix a destination to which messages don't get through."""

import logging
from collections.abc import Mapping

from bot.courier.messages import DESTINATION_DOWN
from domain.db import Transaction
from domain.outbox import service as outbox
from domain.outbox.lanes import WHOLE_WORKSPACE, Parking
from domain.outbox.service import Saying, Topic
from domain.people import queries as people

log = logging.getLogger(__name__)


async def report(tx: Transaction, parking: Parking) -> None:
    """Report a broken destination to the person who can fix it; later, in the same message, its recovery.

    Nobody is told if a whole workspace is broken: the report wouldn't arrive either.
    """
    if parking.lane != WHOLE_WORKSPACE:
        facts = {"lane": parking.lane, "parked_at": parking.parked_at.isoformat()}
        await ask(tx, DESTINATION_DOWN, parking.lane, parking.topic, facts)


async def ask(tx: Transaction, kind: str, audience: str, topic: Topic, facts: Mapping[str, object]) -> None:
    """Say something about `audience` to the manager of its team, else to an admin; once a topic."""
    whom = await people.who_mends(tx.session, audience)
    if whom is None:
        log.error("there is nobody to tell about %s", audience)
        return
    await outbox.tell(tx.session, Saying(kind, outbox.to_user(whom), topic, dict(facts)))
