"""Recognition: achievements are posted where the team sees them, and people cheer."""

from bot.feature import Feature
from bot.recognition import listeners, messages, samples

FEATURE = Feature(
    "recognition",
    actions=listeners.ACTIONS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
)
