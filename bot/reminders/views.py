"""The list of everybody in a digest, as a window of its own."""

from bot.reminders.digests import Board, headline, paragraphs, rep_line
from bot.slack.blocks import Block, context, plain, section
from bot.slack.text import say

_PARAGRAPHS = 60
"""Blocks of text per window. Slack allows 100 blocks, but only 250 kB for all of them together."""


def everybody(board: Board) -> Block:
    """Return all reps of a digest, one a line, reps without goals first."""
    packed = paragraphs([rep_line(rep, board) for rep in board.compliance.reps])
    shown = packed[:_PARAGRAPHS]
    left_out = sum(paragraph.count("\n") + 1 for paragraph in packed[_PARAGRAPHS:])
    hint = say("`/goals set @rep` sets goals for one of them.")
    if left_out:
        hint = say("… and {left_out} more: `/goals compliance csv` has everybody.", left_out=left_out)
    return {
        "type": "modal",
        "title": plain("Who has set goals", 24),
        "close": plain("Close", 24),
        "blocks": [section(headline(board)), *(section(paragraph) for paragraph in shown), context(hint)],
    }
