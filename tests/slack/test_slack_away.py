"""Slack fails while somebody waits for an answer: they get a sentence, and keep what they typed."""

import pytest
from sqlalchemy import AsyncAdaptedQueuePool, text

from bot.postgres import create_engine
from bot.slack.installations import ANSWER_SECONDS
from domain.db import PATIENCE
from sandbox import Person, Sandbox, User, faults
from sandbox.delivery import ACK_SECONDS
from sandbox.faults import Fault
from tests.conftest import Sql
from tests.slack.conftest import Told

AGAIN = "Please try again"
SLACK_S_FAULT = "Slack can't show forms right now."
NOBODY_KNOWN = "Slack can't look people up right now."


async def test_nobody_is_waited_for_longer_than_slack_waits_for_us(database_url: str) -> None:
    engine = create_engine(database_url)
    async with engine.connect() as connection:
        settings = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        assert tuple((await connection.execute(text(settings))).one()) == (PATIENCE, PATIENCE) == ("2s", "2s")
    assert isinstance(engine.pool, AsyncAdaptedQueuePool)
    assert engine.pool.timeout() == 1.0
    await engine.dispose()
    assert ANSWER_SECONDS == 2.0
    assert ACK_SECONDS == 3.0


# What hangs here hangs until the test ends it: an answer before that is one that did not wait.
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.error("expired_trigger_id"), "Slack closed the window before the form was ready."),
        (faults.error("invalid_blocks"), "Something went wrong on our side"),
        (faults.error("internal_error"), SLACK_S_FAULT),
        (faults.rate_limited(), SLACK_S_FAULT),
        (faults.http_error(503), SLACK_S_FAULT),
        (faults.html(), SLACK_S_FAULT),
        (faults.dropped(accepted=False), SLACK_S_FAULT),
        (faults.hang(), SLACK_S_FAULT),
    ],
    ids=["expired", "ours", "internal", "429", "503", "html", "dropped", "hanging"],
)
async def test_a_form_that_cannot_be_opened_is_answered_for(
    ana: Person, sandbox: Sandbox, fault: Fault, said: str
) -> None:
    sandbox.faults.next("views.open", fault)
    answer = await ana.types("/goals set")
    assert answer.error is None
    assert said in answer.text
    assert AGAIN in answer.text
    assert answer.text.endswith("You typed: /goals set")
    assert (await ana.types("/goals set")).view is not None
    sandbox.faults.clear()


async def test_a_menu_that_cannot_be_redrawn_changes_nothing(
    ana: Person, sandbox: Sandbox, sql: Sql, told: Told
) -> None:
    await ana.types("/goals set")
    sandbox.faults.next("views.update", faults.http_error(503), faults.http_error(503))
    assert (await ana.chooses("goals.set.choose", "2026")).error is None
    # The menu says 2026 now, and so that is what is saved.
    assert (await ana.submits({"signup_goal": 300})).closed
    (message,) = await told(ana)
    assert message.text.startswith("✅ *2026 goals set:* 300 signups")
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals") == 0


@pytest.mark.parametrize(
    "fault",
    [faults.hang(), faults.error("internal_error"), faults.http_error(503)],
    ids=["hanging", "internal", "503"],
)
async def test_somebody_new_whom_slack_does_not_tell_about(
    fault: Fault, ana: Person, sandbox: Sandbox
) -> None:
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    sandbox.faults.next("users.info", fault)
    petra = sandbox.person("petra")
    answer = await petra.types("/goals")
    sandbox.faults.clear()
    assert answer.error is None
    assert NOBODY_KNOWN in answer.text
    assert AGAIN in answer.text
    assert (await petra.types("/goals")).text.startswith("Hi Petra Novák!")


async def test_somebody_of_whom_slack_knows_nothing(marisol: Person, sandbox: Sandbox) -> None:
    sandbox.faults.next("users.info", faults.error("user_not_found"))
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    answer = await marisol.types("/goals set @petra 20")
    assert answer.text == "I can't find that person in this workspace."
