"""Amounts of money and percentages: how they are stored, typed and shown."""

from sqlalchemy import Numeric

MONEY = Numeric(17, 2)
PERCENT = Numeric(17, 2)
