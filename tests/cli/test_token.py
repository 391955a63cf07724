"""`goalkeeper token`: made and shown once, listed without their secret, revoked."""

import re

import pytest

from tests.cli.conftest import Command, answers
from tests.cli.test_explain import SAM


@pytest.fixture
def sam(acme: str) -> str:
    answers(acme, SAM)
    return acme


def test_a_token_is_shown_once(sam: str, command: Command) -> None:
    said = command("token", "create", "CRM", "--for", "Sam", "--scopes", "goals:read,activity:write")
    [secret] = re.findall(r"gk_[\w-]{43}", said.text)
    listed = command("token", "list").text
    assert secret not in listed
    [number] = re.findall(r"Token (\d+)\.", said.text)
    assert f"{number} CRM …{secret[-4:]} Sam goals:read, activity:write active never never" in listed
    [[stored]] = answers(sam, "SELECT api_tokens::text FROM api_tokens")
    assert secret not in str(stored)


def test_without_scopes_it_only_reads(sam: str, command: Command) -> None:
    command("token", "create", "board", "--for", "Sam", "--expires", "90d")
    [[scopes, days]] = answers(
        sam, "SELECT array_to_string(scopes, ','), (expires_at - created_at) / 90 FROM api_tokens"
    )
    assert scopes == "goals:read,activity:read,people:read,reports:read"
    assert str(days).startswith("1 day")


def test_a_token_is_revoked_once(sam: str, command: Command) -> None:
    said = command("token", "create", "CRM", "--for", "Sam").text
    [number] = re.findall(r"Token (\d+)\.", said)
    assert command("token", "revoke", number).text == f"Token {number} is revoked."
    assert "revoked" in command("token", "list").text
    again = command("token", "revoke", number)
    assert (again.code, again.text) == (1, f"There is no token {number} that could be revoked.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["CRM", "--for", "Nobody"], "Nobody should be one person of Acme (T0001); it is nobody."),
        (["CRM", "--for", "Sam", "--scopes", "goals:rule"], "“goals:rule” isn't a scope."),
        (["CRM", "--for", "Sam", "--expires", "soon"], "“soon” isn't a time. Write it like 90d"),
        (["CRM", "--for", "Sam", "--expires", "2020-01-01"], "That time has passed."),
        ([" ", "--for", "Sam"], "Give the token a name of up to 80 characters."),
    ],
)
def test_what_cannot_be_made_is_said(sam: str, command: Command, arguments: list[str], said: str) -> None:
    refused = command("token", "create", *arguments)
    assert refused.code == 1
    assert said in refused.text
    assert command("token", "list").text.startswith("There are no tokens yet")
