"""Writing to Goalkeeper in its direct conversation."""
