"""The database server that all trials share, up until stdin closes.

A process of its own, so that the process that forks the trials has never imported the code under test.
"""

import sys

from bot.postgres import migrate
from tests.conftest import running_server

_TEMPLATE = "template_mutation"


def main() -> None:
    """Print the URL of a migrated template, then wait."""
    with running_server(_TEMPLATE) as server:
        migrate(server.url(_TEMPLATE))
        print(server.url(_TEMPLATE), flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main()
