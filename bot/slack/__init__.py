"""Slack as Goalkeeper uses it: set-up, edges, Block Kit, text."""
