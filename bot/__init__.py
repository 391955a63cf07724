"""Everything that touches the outside: Slack, HTTP, the clock, the terminal."""
