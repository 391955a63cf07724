"""Reminders before the deadline, and compliance, where people meet them."""
