"""Keeps the workspace in a JSON file, so that the sandbox finds everything again after a restart."""

import asyncio
import json
import logging
import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sandbox.model import Workspace

VERSION = 2
"""Raised whenever the model changes; a file of another version is not read."""

_SECONDS = 0.5
_workspace = TypeAdapter(Workspace)
log = logging.getLogger(__name__)


class Store:
    """One file; `later` gathers many changes into one write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> Workspace | None:
        """What was kept; None when there is nothing, or nothing that this version can read."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            if kept["version"] != VERSION:
                return None
            return _workspace.validate_python(kept["workspace"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, ValidationError):
            log.warning("the sandbox begins anew: what it kept cannot be read")
            return None

    def later(self, workspace: Workspace) -> None:
        """Writes soon."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self.save, workspace)

    def save(self, workspace: Workspace) -> None:
        """Writes now, in one step: whoever reads finds the old file or the new one, never half of it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"version": VERSION, "workspace": _workspace.dump_python(workspace, mode="json")}
        beside = self._path.with_suffix(f".{os.getpid()}.tmp")
        beside.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        # The file holds tokens, of the sandbox only, but nobody else's business.
        beside.chmod(0o600)
        beside.replace(self._path)
