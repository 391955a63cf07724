"""Measurements against the plainest possible statements: `make bench`."""
