"""Reminders of deadlines, digests for managers, and `/goals compliance`."""

from bot.feature import Feature
from bot.reminders import api, listeners, messages, samples

FEATURE = Feature(
    "reminders",
    commands=(listeners.COMMAND,),
    actions=listeners.ACTIONS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
    routes=api.router,
)
