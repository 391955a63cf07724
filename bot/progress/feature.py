"""`/goals progress`, `/goals history`, what `/goals` alone says first, and the entries behind a number."""

from bot.feature import Feature
from bot.progress import api, listeners

FEATURE = Feature(
    "progress",
    commands=(listeners.PROGRESS, listeners.HISTORY),
    opening=listeners.opening,
    actions=listeners.ACTIONS,
    routes=api.router,
)
