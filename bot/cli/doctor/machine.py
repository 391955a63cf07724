"""Checks of this machine: Python, the environment, the data folder, the port."""

import difflib
import os
import platform
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.cli.doctor.finding import Finding, broken, fine, note, warning
from bot.settings import Settings

OLDEST_PYTHON = (3, 11)


def python() -> Finding:
    """Check that this version of Python is supported."""
    version = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        return broken("Python", version, "Use Python 3.11 or newer.")
    return fine("Python", version)


def misspelt(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Report variables that look like settings of Goalkeeper's but aren't."""
    ours = [name.upper() for name in Settings.model_fields]
    for name in sorted(environ):
        if name in ours or not name.startswith(("GOALKEEPER_", "SLACK_")):
            continue
        meant = difflib.get_close_matches(name, ours, 1)
        mend = f"Did you mean {meant[0]}?" if meant else "Unset it if it was meant for Goalkeeper."
        yield note(name, "is set, but Goalkeeper does not read it", mend)


def data_dir(settings: Settings) -> Finding:
    """Check that the embedded database has a folder it can write to."""
    folder = settings.goalkeeper_data_dir
    if settings.database_url:
        return note("Data folder", "not used: DATABASE_URL is set")
    there = _nearest(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return broken(
            "Data folder", f"{folder} cannot be written", "Set GOALKEEPER_DATA_DIR to a folder of yours."
        )
    return fine("Data folder", f"{folder}" + ("" if folder.exists() else " (made on the first start)"))


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def port(settings: Settings) -> Finding:
    """Check that nothing else listens on Goalkeeper's port."""
    about, place = "Port", f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        return broken(
            about,
            f"{settings.host} isn't an address of this machine",
            "Set HOST, as in 127.0.0.1 or 0.0.0.0.",
        )
    except PermissionError:
        return broken(about, f"{place} may not be listened on", "Set PORT to one above 1023.")
    except OSError as error:
        return warning(
            about,
            f"{place}: {error.strerror or error}",
            "Fine if that is Goalkeeper running; else set PORT or HOST.",
        )
    return fine(about, f"{place} is free")
