"""Direct messages to Goalkeeper: commands without the slash, and answers to everything else."""

from bot.direct import listeners
from bot.feature import Feature
from bot.slack.conversation import ANSWER, WORDS, load
from bot.slack.rendering import Renderer

FEATURE = Feature(
    "direct",
    messages={WORDS: listeners.words},
    renderers={ANSWER: Renderer(load, lambda message: message)},
)
