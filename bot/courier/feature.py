"""What the courier says on its own behalf, when a message cannot be delivered."""

from bot.courier import messages, samples
from bot.feature import Feature

FEATURE = Feature("courier", renderers=messages.RENDERERS, samples=samples.SAMPLES)
