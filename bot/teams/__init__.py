"""Teams in Slack: made and changed under `/goals setup`, and asked to be joined."""
