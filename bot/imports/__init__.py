"""Importing numbers from a file that an admin drops on Goalkeeper."""
