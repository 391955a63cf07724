"""HTTP: what Slack calls, and what operators ask."""
