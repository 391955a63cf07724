"""Everything that Slack can do to a message, and what comes of it: one message, after the wait it asks for.

The table of issue 3, "Done when" 1. Each fault strikes the call that does the work: the post, the edit, or
the opening of direct messages. `post` and `repeat` are the seconds that the courier means to wait, as the
database records them: a post that Slack may have is looked for only behind its fence; what may be repeated
is, after a backoff.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.clock import real_seconds
from domain.db import Database
from domain.outbox.service import to_channel
from sandbox import Sandbox, SandboxServer, faults
from sandbox.faults import Fault
from sandbox.posts import Draft
from tests.builders import insert
from tests.courier.conftest import ADAEZE, ALL, ANA, EAST, MARISOL, QUICK, WEST, Eyes, Hire, Office

BACKOFF, SETTLE, PROBE = QUICK.backoff(1), QUICK.settle, QUICK.probe
IMPATIENT = replace(QUICK, send=0.6)
"""For what hangs: the client gives up soon."""

NOTE_WAITS = [
    "CREATE TABLE waits (workspace_id bigint, at_least interval, at_most interval)",
    "GRANT INSERT ON waits TO goalkeeper_app, goalkeeper_everywhere",
    """
    CREATE FUNCTION note_wait() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        until timestamptz := coalesce(to_jsonb(NEW) ->> 'next_at', to_jsonb(NEW) ->> 'not_before');
    BEGIN
        IF until > now() THEN
            INSERT INTO waits VALUES (NEW.workspace_id, until - clock_timestamp(), until - now());
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER note_wait AFTER UPDATE OF not_before ON outbox FOR EACH ROW EXECUTE FUNCTION note_wait()",
    """
    CREATE TRIGGER note_wait AFTER INSERT OR UPDATE OF next_at ON outbox_lanes
    FOR EACH ROW EXECUTE FUNCTION note_wait()
    """,
]
"""Each wait as it is decided: between what is left of it and what it was as the transaction began."""
LONGEST_WAIT = """
SELECT extract(epoch FROM max(at_least))::float AS at_least,
       extract(epoch FROM max(at_most))::float AS at_most
  FROM waits WHERE workspace_id = :workspace
"""


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    name: str
    fault: Callable[[], Fault]
    post: float
    repeat: float
    exact: bool = True
    """Whether the wait is to be met exactly; else it may be shorter, as it ends at a moment."""
    hangs: bool = False
    """Whether it is the client that gives up."""
    end: str = "sent"
    reported: bool = False
    """Whether one person, who can mend it, is told."""
    token: bool = False
    """Whether Slack says so of the token whatever it is asked."""


def in_two_seconds() -> Fault:
    moment = datetime.fromtimestamp(real_seconds() + 2, UTC)
    return faults.rate_limited(format_datetime(moment, usegmt=True))


def never_mind(name: str, fault: Callable[[], Fault]) -> Case:
    """Not done for sure, or nobody knows: looked for behind the fence, or repeated."""
    return Case(name, fault, SETTLE, BACKOFF)


def down(word: str) -> Case:
    return Case(word, lambda: faults.error(word), PROBE, PROBE, reported=True)


def refused(word: str) -> Case:
    return Case(word, lambda: faults.error(word), 0, 0, end="failed")


TABLE = [
    Case("429, whole", lambda: faults.rate_limited(1), 1, 1),
    Case("429, a fraction", lambda: faults.rate_limited("0.4"), 0.4, 0.4),
    Case("429, missing", lambda: faults.rate_limited(None), BACKOFF, BACKOFF),
    Case("429, nonsense", lambda: faults.rate_limited("soon"), BACKOFF, BACKOFF),
    Case("429, zero", lambda: faults.rate_limited(0), BACKOFF, BACKOFF),
    Case("429, date", in_two_seconds, 2, 2, exact=False),
    never_mind("500", lambda: faults.http_error(500)),
    never_mind("503", lambda: faults.http_error(503)),
    never_mind("403 of a proxy", lambda: faults.http_error(403)),
    never_mind("500, but accepted", lambda: faults.http_error(500, accepted=True)),
    never_mind("HTML with 200", faults.html),
    never_mind("HTML with 200, but accepted", lambda: faults.html(accepted=True)),
    never_mind("text with 200, but accepted", lambda: faults.http_error(200, "ok", accepted=True)),
    never_mind("internal_error", lambda: faults.error("internal_error")),
    never_mind("dropped before", lambda: faults.dropped(accepted=False)),
    never_mind("dropped after", lambda: faults.dropped(accepted=True)),
    never_mind("late in the history", lambda: faults.late_in_history(SETTLE * 0.7)),
    Case("a hang", faults.hang, SETTLE, BACKOFF, hangs=True),
    Case("a hang after accepting", lambda: faults.hang(accepted=True), SETTLE, BACKOFF, hangs=True),
    Case("team_added_to_org", lambda: faults.error("team_added_to_org"), BACKOFF, BACKOFF),
    down("is_archived"),
    down("restricted_action"),
    down("missing_scope"),
    down("account_inactive"),
    Case("token_revoked", lambda: faults.error("token_revoked"), PROBE, PROBE, token=True),
    refused("msg_too_long"),
    refused("something_new"),
]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
async def test_one_message_whatever_happens(
    case: Case, offices: list[Office], db: Database, eyes: Eyes, hire: Hire
) -> None:
    to_dm, to_room, by_edit, by_opening = offices
    for office in offices:
        office.sandbox.slack.workspace.scopes.append("channels:history")
        await office.meets(ADAEZE, slack_admin=True, dm_channel=office.sandbox.slack.directory.dm(ADAEZE).id)
    dm = to_dm.sandbox.slack.directory.dm(ANA).id
    audiences = {
        to_dm: (await to_dm.meets(ANA, dm_channel=dm), "chat.postMessage"),
        to_room: (to_channel(WEST), "chat.postMessage"),
        by_edit: (to_channel(WEST), "chat.update"),
        by_opening: (await by_opening.meets(ANA), "conversations.open"),
    }
    await an_old_message(by_edit, db)
    for statement in NOTE_WAITS:
        await eyes.rows(statement)
    courier = await hire(timing=IMPATIENT if case.hangs else QUICK)
    for office, (_, method) in audiences.items():
        office.sandbox.faults.next(method, case.fault())
        if case.token:
            office.sandbox.faults.next("auth.test", case.fault())

    for office, (audience, _) in audiences.items():
        await (office.edits if office is by_edit else office.posts)(audience)
    courier.wake()
    await asyncio.gather(*(eyes.ended(workspace=office.workspace_id) for office in offices))

    for office in offices:
        mode = "edit" if office is by_edit else "post"
        intent = await eyes.intent("hello", office.workspace_id, mode)
        assert intent.status == case.end, (audiences[office], intent.reason)
        expected = case.post if office in (to_dm, to_room) else case.repeat
        [wait] = await eyes.rows(LONGEST_WAIT, workspace=office.workspace_id)
        if expected:
            assert wait.at_least <= expected, (audiences[office], wait)
        if case.exact and expected:
            assert wait.at_most >= expected, (audiences[office], wait)
            assert intent.took >= expected, (audiences[office], intent.took)
        seen = office.told(ANA) if office in (to_dm, by_opening) else office.seen(WEST)
        texts = [message.plain for message in seen]
        failed_edit = mode == "edit" and case.end == "failed"
        assert texts == (["Old"] if failed_edit else ["Hello"] if case.end == "sent" else [])
        reports = [message.plain for message in office.told(ADAEZE)]
        assert len(reports) == case.reported
        assert all(report.startswith("✅ My messages get to ") for report in reports)
        assert await eyes.value("SELECT count(*) FROM outbox_lanes WHERE parked_at IS NOT NULL") == 0


async def an_old_message(office: Office, db: Database) -> None:
    """A message that was posted long ago."""
    slack = office.sandbox.slack
    old = slack.posts.post(slack.directory.channel(WEST), slack.workspace.bot_user_id, Draft("Old"))
    async with db.workspace(office.workspace_id) as tx:
        await insert(
            tx.session,
            "outbox",
            kind="tests.said",
            audience=to_channel(WEST),
            subject="hello",
            mode="post",
            dedupe_key="hello",
            status="sent",
            channel=WEST,
            ts=old.ts,
        )


async def test_a_connection_that_is_refused(office: Office, db: Database, eyes: Eyes, hire: Hire) -> None:
    office = Office(db, Sandbox(), office.workspace_id)
    server = SandboxServer(office.sandbox)  # Its port is taken, but nobody listens there yet.
    ana = await office.meets(ANA)
    courier = await hire(office)
    await office.posts(ana, topic="dm")
    await office.posts(to_channel(WEST), topic="room")
    courier.wake()
    await eyes.until("SELECT count(*) = 2 FROM outbox WHERE attempts > 1 AND reason LIKE 'ClientConnector%'")
    async with server:
        await eyes.ended()
        # Certainly not done, so that nobody needs to look for it.
        assert office.sandbox.calls_to("conversations.history") == []
        assert [len(seen) for seen in (office.told(ANA), office.seen(WEST))] == [1, 1]


@pytest.mark.parametrize("told", ["86400", "9" * 20, "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_a_day_s_wait_for_one_channel_silences_no_other_for_long(
    told: str, office: Office, eyes: Eyes, hire: Hire
) -> None:
    office.sandbox.faults.next("chat.postMessage", faults.rate_limited(told))
    courier = await hire(office)
    await office.posts(to_channel(WEST), topic="west")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE reason = 'ratelimited')")
    await office.posts(to_channel(EAST), topic="east")
    await office.posts(to_channel(ALL), topic="all")
    courier.wake()
    await eyes.until("SELECT count(*) = 2 FROM outbox WHERE status = 'sent'")
    # They waited, and not for a day.
    left = await eyes.value("SELECT next_at - clock_timestamp() FROM outbox_lanes WHERE lane = '*'")
    assert left <= timedelta(seconds=QUICK.longest_wait)
    assert (await eyes.intent("west", office.workspace_id)).status == "pending"
    [[wait]] = await eyes.rows(
        "SELECT next_at - clock_timestamp() FROM outbox_lanes WHERE lane = :west", west=to_channel(WEST)
    )
    assert timedelta(hours=23) < wait <= timedelta(days=1)
    assert office.seen(WEST) == []


async def test_looking_for_a_post_fails_as_well(office: Office, eyes: Eyes, hire: Hire) -> None:
    ana = await office.meets(ANA)
    office.sandbox.faults.next("chat.postMessage", faults.dropped(accepted=True))
    office.sandbox.faults.next(
        "conversations.history", faults.http_error(500), faults.hang(), faults.rate_limited(1)
    )
    courier = await hire(office, timing=IMPATIENT)
    await office.posts(ana)
    courier.wake()
    await eyes.ended()
    assert len(office.told(ANA)) == 1
    assert len(office.sandbox.calls_to("chat.postMessage")) == 1
    assert office.sandbox.faults.active() == []
    # The one that hung is not among them: Slack has not answered it yet.
    assert len(office.sandbox.calls_to("conversations.history")) >= 3


async def test_a_post_is_lost_again_and_again(office: Office, eyes: Eyes, hire: Hire) -> None:
    ana = await office.meets(ANA)
    lost = [faults.dropped(accepted=False), faults.http_error(503), faults.dropped(accepted=True)]
    office.sandbox.faults.next("chat.postMessage", *lost)
    courier = await hire(office)
    await office.posts(ana)
    courier.wake()
    await eyes.ended()
    assert len(office.told(ANA)) == 1
    assert len(office.sandbox.calls_to("chat.postMessage")) == 3


@pytest.mark.parametrize("mode", ["post", "edit"])
async def test_blocks_that_slack_refuses_become_plain_text(
    mode: str, office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office)
    if mode == "edit":
        await office.posts(to_channel(WEST), "Before")
        courier.wake()
        await eyes.ended()
    office.sandbox.faults.next(
        "chat.update" if mode == "edit" else "chat.postMessage", faults.error("invalid_blocks")
    )
    await (office.edits if mode == "edit" else office.posts)(to_channel(WEST), "After")
    courier.wake()
    await eyes.ended()
    [message] = office.seen(WEST)
    assert (message.text, message.blocks, message.plain) == ("After", [], "After")


async def test_a_direct_message_of_an_app_installed_anew(office: Office, eyes: Eyes, hire: Hire) -> None:
    # The channel that is remembered is the one of the app as it was installed before.
    ana = await office.meets(ANA, dm_channel="D0LONGAGO")
    courier = await hire(office)
    await office.posts(ana)
    courier.wake()
    await eyes.ended()
    assert len(office.told(ANA)) == 1
    assert await eyes.value("SELECT dm_channel FROM users") == office.told(ANA)[0].channel
    assert MARISOL not in office.users
