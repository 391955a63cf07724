"""What Slack's own form refuses to send."""

import pytest

from sandbox.forms import problems


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("email_text_input", "ana@northwind.example", None),
        ("email_text_input", "ana.souza+goals@mail.northwind.example", None),
        ("email_text_input", "ana", "Please enter a valid email address."),
        ("email_text_input", "ana@northwind", "Please enter a valid email address."),
        ("email_text_input", "a na@northwind.example", "Please enter a valid email address."),
        ("email_text_input", "", "Please complete this required field."),
        ("url_text_input", "https://northwind.example/goals?month=3", None),
        ("url_text_input", "http://localhost:8000", None),
        ("url_text_input", "northwind.example", "Please enter a valid URL."),
        ("url_text_input", "javascript:alert(1)", "Please enter a valid URL."),
        ("url_text_input", "https://", "Please enter a valid URL."),
        ("url_text_input", "https://[half", "Please enter a valid URL."),
        ("url_text_input", "https://north wind.example", "Please enter a valid URL."),
    ],
)
def test_addresses_look_like_addresses(kind: str, value: str, problem: str | None) -> None:
    blocks = [{"type": "input", "block_id": "b", "element": {"type": kind, "action_id": "a"}}]
    values = {"b": {"a": {"type": kind, "value": value}}}
    assert problems(blocks, values) == ({"b": problem} if problem else {})
