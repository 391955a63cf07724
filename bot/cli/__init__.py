"""The command line: one module for each command, which reports what it did or couldn't do."""
