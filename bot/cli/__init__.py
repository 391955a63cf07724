"""The command line: one module a command, each saying in words what it did or could not do."""
