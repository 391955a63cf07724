"""What Slack accepts in messages, modals and App Home, table by table: what passes here passes at Slack."""

from sandbox.limits.surfaces import message_problems, metadata_problem, view_problems

__all__ = ["message_problems", "metadata_problem", "view_problems"]
