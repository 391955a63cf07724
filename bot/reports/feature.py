"""Monthly reports: sent to managers, asked for with `/goals report`, and revised when a month is reopened."""

from bot.feature import Feature
from bot.reports import api, listeners, messages, samples

FEATURE = Feature(
    "reports",
    commands=(listeners.COMMAND,),
    actions=listeners.ACTIONS,
    forms=listeners.FORMS,
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
    routes=api.router,
)
