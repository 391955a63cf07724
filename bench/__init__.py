"""Measured against the bare floor: `make bench`."""
