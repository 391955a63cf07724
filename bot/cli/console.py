"""The consoles that commands print to. Rich's markup is off, because names may contain brackets."""

from rich.console import Console

out = Console(markup=False, highlight=False, emoji=False)
err = Console(markup=False, highlight=False, emoji=False, stderr=True)


class Stopped(Exception):
    """A command can't continue; the message tells the person at the terminal why, and what to do."""
