"""Leaderboards: posted to channels, and shown to anyone who asks."""
