"""How Postgres finds what to send: by its indexes, however much has been sent before."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.db import Database
from domain.outbox import delivery
from tests.courier.conftest import Eyes, Office

SENT = 20_000
KEYS = {"lease": timedelta(seconds=15), "pace": timedelta(seconds=1), "most": 12}


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


@pytest.fixture
async def much_was_sent(office: Office, db: Database, eyes: Eyes) -> None:
    """A few years' messages, some to go, and some in hand."""
    async with db.workspace(office.workspace_id) as tx:
        await tx.session.execute(
            text("""
            INSERT INTO outbox (kind, audience, subject, mode, dedupe_key, status, channel, ts)
            SELECT 'tests.said', 'user:' || n % 50, 'sent:' || n, 'post', 'sent:' || n, 'sent', 'D0', n
              FROM generate_series(1, :sent) AS n
            """),
            {"sent": SENT},
        )
        await tx.session.execute(
            text("""
            INSERT INTO outbox (kind, audience, subject, mode, dedupe_key, status, token, leased_until)
            SELECT 'tests.said', 'user:' || n % 50, 'more:' || n, 'post', 'more:' || n,
                   CASE n % 10 WHEN 0 THEN 'sending' ELSE 'pending' END,
                   CASE n % 10 WHEN 0 THEN gen_random_uuid() END,
                   CASE n % 10 WHEN 0 THEN clock_timestamp() + interval '1 h' END
              FROM generate_series(1, 60) AS n
            """)
        )
    await eyes.rows("ANALYZE outbox")


@pytest.mark.parametrize(
    ("statement", "indexes"),
    [
        ("_CLAIM", {"ix_outbox_waiting", "ix_outbox_due"}),
        ("_RETURN_EXPIRED", {"ix_outbox_lease"}),
    ],
)
async def test_what_was_sent_is_not_looked_through(
    statement: str, indexes: set[str], office: Office, db: Database, much_was_sent: None
) -> None:
    keys = {**KEYS, "workspaces": [office.workspace_id], "rooms": [8]}
    sql = text("EXPLAIN (ANALYZE, FORMAT JSON) " + str(getattr(delivery, statement).text))
    used = {name: value for name, value in keys.items() if f":{name}" in sql.text}
    async with db.everywhere() as tx:
        plan = (await tx.session.execute(sql, used)).scalar_one()[0]["Plan"]
    steps = list(nodes(plan))
    outbox = [step for step in steps if step.get("Relation Name") == "outbox"]
    assert not [step for step in outbox if step["Node Type"] == "Seq Scan"], plan
    assert indexes & {step.get("Index Name") for step in steps}
    # Nothing that has been sent is so much as touched.
    read = [step["Actual Rows"] * step["Actual Loops"] for step in outbox if "Actual Rows" in step]
    assert sum(read) < 1_000, read
