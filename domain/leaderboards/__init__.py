"""Leaderboards: who leads a team or the company, by attainment or by any metric."""
