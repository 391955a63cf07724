"""Leaderboards: posted by themselves, and `/goals leaderboard`."""

from bot.feature import Feature
from bot.leaderboards import listeners, messages, samples

FEATURE = Feature(
    "leaderboards",
    commands=(listeners.COMMAND,),
    actions=listeners.ACTIONS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
)
