"""What is configured, reachable and missing, and how to fix it."""
