"""The list of everybody in a digest, as a window of its own."""

from bot.reminders.messages import DigestFor, digest_headline, rep_line
from bot.slack.blocks import Block, plain, section
from bot.slack.text import Mrkdwn

_LINES = 15
"""Reps in one paragraph, whose text Slack limits."""
_PARAGRAPHS = 95


def everybody(about: DigestFor) -> Block:
    """All reps of a digest, a line each; who has not set goals first."""
    lines = [rep_line(rep, about.compliance) for rep in about.compliance.reps]
    paragraphs = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)][:_PARAGRAPHS]
    return {
        "type": "modal",
        "title": plain("Who has set goals", 24),
        "close": plain("Close", 24),
        "blocks": [
            section(digest_headline(about)),
            *(section(Mrkdwn("\n".join(paragraph))) for paragraph in paragraphs),
        ],
    }
