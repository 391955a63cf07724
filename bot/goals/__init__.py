"""Setting goals in Slack: the command, the form, the messages."""
