"""Files: uploads by the bot, files that people drop, what is in them, and where they can be fetched."""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

from sandbox.errors import SlackRefusal
from sandbox.ids import slack_id
from sandbox.model import File, Json, Workspace
from sandbox.time import RealTime

LARGEST = 1024**3
"""The size in bytes above which Slack takes no file."""
_KNOWN = {"csv": ("text/csv", "CSV"), "txt": ("text/plain", "Plain Text")}


@dataclass
class Upload:
    """A file that was announced with files.getUploadURLExternal."""

    file: File
    length: int
    content: bytes | None = None


class Contents:
    """The bytes of files: in a folder, or in memory without one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[str, bytes] = {}

    def keep(self, file_id: str, content: bytes) -> None:
        """Keep what is in a file."""
        if self._folder is None:
            self._kept[file_id] = content
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / file_id).write_bytes(content)

    def read(self, file_id: str) -> bytes | None:
        """Return what is in a file; None when it isn't there."""
        if self._folder is None:
            return self._kept.get(file_id)
        path = self._folder / file_id
        return path.read_bytes() if path.is_file() else None

    def forget(self, file_id: str) -> None:
        """Forget what is in a file."""
        self._kept.pop(file_id, None)
        if self._folder is not None:
            (self._folder / file_id).unlink(missing_ok=True)


class Files:
    """Every file of the workspace."""

    def __init__(self, workspace: Workspace, contents: Contents, now: RealTime) -> None:
        self._workspace = workspace
        self._now = now
        self.contents = contents
        self.uploads: dict[str, Upload] = {}
        """Uploads that aren't complete, by the secret in their address."""

    def new(self, user: str, name: str, size: int, title: str = "") -> File:
        """Return a file that isn't in the workspace yet."""
        mimetype, filetype, _ = _kind(name)
        return File(slack_id("F"), name, user, size, title or name, mimetype, filetype, int(self._now()))

    def add(self, file: File, content: bytes) -> File:
        """Take a file into the workspace."""
        self.contents.keep(file.id, content)
        self._workspace.files[file.id] = file
        return file

    def announce(self, user: str, name: str, length: int) -> tuple[str, Upload]:
        """Return the secret part of the address at which a file is awaited, and the upload."""
        secret = secrets.token_urlsafe(24)
        upload = self.uploads[secret] = Upload(self.new(user, name, length), length)
        return secret, upload

    def complete(self, file_id: str, title: str | None) -> File:
        """Take an uploaded file into the workspace.

        Raises:
            SlackRefusal: file_not_found, when it wasn't announced or its content never came.
        """
        for secret, upload in self.uploads.items():
            if upload.file.id == file_id and upload.content is not None:
                upload.file.title = title or upload.file.name
                del self.uploads[secret]
                return self.add(upload.file, upload.content)
        raise SlackRefusal("file_not_found")

    def find(self, file_id: str) -> File:
        """Return a file.

        Raises:
            SlackRefusal: file_not_found or file_deleted.
        """
        file = self._workspace.files.get(file_id)
        if file is None:
            raise SlackRefusal("file_not_found")
        if file.deleted:
            raise SlackRefusal("file_deleted")
        return file

    def delete(self, file: File) -> None:
        """Delete a file; messages keep a word of it."""
        file.deleted = True
        self.contents.forget(file.id)

    def json(self, file: File, base_url: str) -> Json:
        """Return a file as Slack describes it to the bot."""
        if file.deleted:
            return {"id": file.id, "mode": "tombstone"}
        workspace = self._workspace
        private = f"{base_url}/files-pri/{workspace.team_id}-{file.id}"
        name = quote(file.name.lower(), safe="")
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": file.filetype,
            "pretty_type": _kind(file.name)[2],
            "user": file.user,
            "user_team": workspace.team_id,
            "editable": False,
            "size": file.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{private}/{name}",
            "url_private_download": f"{private}/download/{name}",
            "permalink": f"https://{workspace.team_domain}.slack.com/files/{file.user}/{file.id}/{name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }


def _kind(name: str) -> tuple[str, str, str]:
    """Return the media type, Slack's file type, and the file type in words."""
    ending = PurePath(name).suffix.removeprefix(".").lower()
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    mimetype, words = _KNOWN.get(ending, (guessed, ending.upper() or "Binary"))
    return mimetype, {"txt": "text"}.get(ending, ending or "binary"), words
