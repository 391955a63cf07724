"""HTTP: the route that Slack calls, and health checks."""
