"""Activity over the API: recording entries, reading them, and the catalogue of metrics."""

from bot.activity import api
from bot.feature import Feature

FEATURE = Feature("activity", routes=api.router)
