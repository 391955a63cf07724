"""The roster: a list of people, their teams and goals, read from a file and taken in all or nothing."""
