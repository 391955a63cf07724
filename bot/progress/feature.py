"""Progress over the API: how a month goes, snapshots on demand, and totals as absolute figures."""

from bot.feature import Feature
from bot.progress import api

FEATURE = Feature("progress", routes=api.router)
