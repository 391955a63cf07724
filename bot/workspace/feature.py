"""The workspace itself: people who join, move or leave, channels that close, and a token that is revoked."""

from bot.feature import Feature
from bot.workspace import listeners

FEATURE = Feature("workspace", events=listeners.EVENTS)
