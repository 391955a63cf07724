"""All mapped classes, so that tests of the schema know of every table."""

from importlib import import_module
from pkgutil import walk_packages

import domain


def import_all() -> None:
    """Import every module of the domain: wherever a table is mapped, it is known then."""
    for module in walk_packages(domain.__path__, "domain."):
        import_module(module.name)
