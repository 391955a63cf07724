"""The courier's own messages, for when a message can't be delivered."""

from bot.courier import messages, samples
from bot.feature import Feature

FEATURE = Feature("courier", renderers=messages.RENDERERS, samples=samples.SAMPLES)
