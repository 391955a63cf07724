"""`goalkeeper outbox`: what does not get to Slack is listed, tried again or dropped."""

import pytest

from tests.cli.conftest import Command, answers

STUCK = """
INSERT INTO users (workspace_id, slack_id, name) VALUES (1, 'U0SAM', 'Sam');
INSERT INTO outbox (workspace_id, kind, audience, subject, mode, dedupe_key, status, reason, uncertain_since)
VALUES (1, 'board', 'channel:C0WEST', 'board', 'post', 'board', 'parked', 'Slack may have it', now()),
       (1, 'board', 'channel:C0WEST', 'board', 'edit', NULL, 'parked', 'KeyError, reference 1a', NULL),
       (1, 'board', 'channel:C0WEST', 'board', 'edit', NULL, 'parked', 'KeyError, reference 2b', NULL),
       (1, 'hello', 'user:1', 'hello', 'post', 'hello', 'failed', 'msg_too_long', NULL),
       (1, 'hello', 'channel:C0EAST', 'east', 'post', 'east', 'pending', 'is_archived', NULL);
INSERT INTO outbox_lanes (workspace_id, lane, next_at, parked_at, parked_reason)
VALUES (1, 'channel:C0EAST', now() + interval '15 min', '2026-10-03T12:00Z', 'is_archived')
"""
HOW = "SELECT id, status, reason, uncertain_since IS NOT NULL FROM outbox ORDER BY id"


@pytest.fixture
def stuck(acme: str) -> str:
    answers(acme, STUCK)
    return acme


def test_what_is_stuck_is_listed_with_the_reason(stuck: str, command: Command) -> None:
    said = command("outbox", "show").text
    assert "channel:C0EAST 2026-10-03 12:00 UTC is_archived 1" in said
    assert "4 Sam hello failed" in said
    assert "KeyError, reference 2b" in said
    assert "5 " not in said.split("drop ID")[1].split(" ")
    assert "Messages warning 5 set aside, failed, or waiting" in command("doctor").text


def test_released_they_are_on_their_way_and_of_edits_the_newest(stuck: str, command: Command) -> None:
    said = command("outbox", "release", "1", "2", "3", "4", "5")
    assert said.text.endswith("4: on the way 5: neither set aside nor failed; left alone")
    assert answers(stuck, HOW) == [
        # Slack may have it, so it is looked for first.
        (1, "pending", None, True),
        (2, "cancelled", "replaced by a newer edit", False),
        (3, "pending", None, False),
        (4, "pending", None, False),
        (5, "pending", "is_archived", False),
    ]


def test_what_somebody_has_looked_for_is_posted_anew(stuck: str, command: Command) -> None:
    command("outbox", "release", "--anew", "1")
    assert answers(stuck, HOW)[0] == (1, "pending", None, False)


def test_places_are_tried_at_once(stuck: str, command: Command) -> None:
    assert command("outbox", "release").code == 0
    assert answers(stuck, "SELECT next_at <= now(), parked_reason FROM outbox_lanes") == [
        (True, "is_archived")
    ]


def test_dropped_they_say_so_and_nothing_is_stuck(stuck: str, command: Command) -> None:
    command("outbox", "drop", "1", "2", "3", "4")
    assert answers(stuck, HOW)[3] == (4, "cancelled", "dropped by an operator: msg_too_long", False)
    answers(stuck, "UPDATE outbox_lanes SET parked_at = NULL, parked_reason = NULL")
    assert command("outbox", "show").text == "Nothing is stuck."
    again = command("outbox", "drop", "1")
    assert (again.code, "1: neither set aside nor failed; left alone" in again.text) == (1, True)
    assert "Messages" not in command("doctor").text
