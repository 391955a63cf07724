"""Posts of achievements, cheers, and badges."""
