"""Reminders before the deadline, and compliance, in Slack."""
