"""The direct conversation: commands without the slash, questions about bare figures, and a short help."""

from bot.direct import listeners
from bot.feature import Feature
from bot.slack.conversation import ANSWER, FILE, WORDS, load
from bot.slack.rendering import Renderer

FEATURE = Feature(
    "direct",
    messages={WORDS: listeners.words, FILE: listeners.file},
    renderers={ANSWER: Renderer(load, lambda message: message)},
)
