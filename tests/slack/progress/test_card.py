"""`/goals progress`: what people see of their month, and of their reps'."""

from datetime import date

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Queries
from tests.slack.progress.conftest import Asks, Logs

async def test_show(ana: Person, asks: Asks, logs: Logs, clock: Clock) -> None:
    await ana.types("/goals set 20 50k 3")
    await logs(ana, "2", date(2026,1,5))
    await logs(ana, "3000", date(2026,1,5), "revenue")
    await clock.at(2026, 2, 10, 12)
    await logs(ana, "5", date(2026,2,5))
    await logs(ana, "8000", date(2026,2,9), "revenue", "Acme")
    await logs(ana, "3", date(2026,2,9), "calls")
    print((await asks(ana, "/goals progress")).text)
    print("-----")
    print((await asks(ana, "/goals")).text)
    print("-----")
    print((await asks(ana, "/goals history")).text)
    print("-----")
    await ana.types("/goals history")
    await ana.presses("progress.entries.open", block_id=None)
    from tests.slack.reading import Form
    print(Form.of(ana).lines)
