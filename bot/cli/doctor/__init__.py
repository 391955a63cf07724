"""What is configured, reachable and missing, and how to mend it."""
