"""Teams: their members, managers and channels, and asking to join one."""

from bot.feature import Feature
from bot.teams import api, listeners, messages, samples

FEATURE = Feature(
    "teams",
    actions=listeners.ACTIONS,
    forms=listeners.FORMS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
    routes=api.router,
)
