"""Posts of achievements, and cheers."""
