"""Reminders before the deadline, and what managers learn of it."""
