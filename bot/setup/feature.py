"""`/goals setup`: the workspace's settings, bonus tiers and admins."""

from bot.feature import Feature
from bot.setup import listeners

FEATURE = Feature(
    "setup",
    commands=(listeners.COMMAND,),
    actions=listeners.ACTIONS,
    forms=listeners.FORMS,
    windows=listeners.WINDOWS,
)
