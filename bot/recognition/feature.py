"""Recognition: achievements and badges are posted where the team sees them, and people cheer."""

from bot.feature import Feature
from bot.recognition import listeners, messages, samples

FEATURE = Feature(
    "recognition",
    commands=(listeners.BADGE, listeners.PUBLIC),
    actions=listeners.ACTIONS,
    forms=listeners.FORMS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
)
