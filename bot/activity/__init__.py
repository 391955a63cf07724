"""Logging numbers in Slack: one line, the form, the shortcut, undoing and correcting."""
