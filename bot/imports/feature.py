"""Files dropped on Goalkeeper: their numbers are shown first, and imported once an admin confirms."""

from bot.feature import Feature
from bot.imports import listeners, messages, samples
from bot.slack.conversation import FILE

FEATURE = Feature(
    "imports",
    actions={messages.CONFIRM: listeners.confirmed},
    messages={FILE: listeners.dropped},
    renderers=messages.RENDERERS,
    samples=samples.SAMPLES,
)
