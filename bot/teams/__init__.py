"""Teams in Slack: making and changing them in `/goals setup`, and asking to join one."""
