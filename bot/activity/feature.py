"""Activity: logging numbers by line, form or shortcut, taking them back, and correcting them."""

from bot.activity import api, listeners, messages, samples
from bot.feature import Feature

FEATURE = Feature(
    "activity",
    commands=(listeners.COMMAND,),
    actions=listeners.ACTIONS,
    forms=listeners.FORMS,
    shortcuts=listeners.SHORTCUTS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
    routes=api.router,
)
