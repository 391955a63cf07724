"""Goals: setting them by command or form, and saying what was set."""

from bot.feature import Feature
from bot.goals import api, listeners, messages, samples

FEATURE = Feature(
    "goals",
    commands=(listeners.COMMAND,),
    actions=listeners.ACTIONS,
    forms=listeners.FORMS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
    routes=api.router,
)
