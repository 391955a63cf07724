"""What commands print with. Markup is off: names and addresses may have brackets."""

from rich.console import Console

out = Console(markup=False, highlight=False, emoji=False)
err = Console(markup=False, highlight=False, emoji=False, stderr=True)


class Stopped(Exception):
    """A command cannot go on; the message says why and what to do, for the person at the terminal."""
