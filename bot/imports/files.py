"""Files that people drop in Slack: looked up, and read into a temporary file of bounded size."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.blocks import Block
from bot.slack.errors import slack_error
from bot.slack.installations import Installation
from domain.errors import InvalidInput, Refusal, quoted

SCOPE = "files:read"
SIZE_MAX = 100_000_000
"""Bytes; enough for a million rows."""
_IN_MEMORY = 1 << 20
_PIECE = 1 << 18
_PATIENCE = aiohttp.ClientTimeout(total=120, sock_read=30)
_TABLES = (".csv", ".tsv", ".txt")
_GONE = ("file_not_found", "file_deleted")


class NoFileScope(Refusal):
    """Slack doesn't let Goalkeeper read files."""

    code = "no_file_scope"


class FileGone(Refusal):
    """The file has been deleted."""

    code = "file_gone"


def check_table(file: Block) -> None:
    """Refuse a file that can't be a CSV file, by its description.

    Raises:
        InvalidInput: says what to drop instead.
    """
    name = file.get("name") or ""
    if not name.lower().endswith(_TABLES):
        raise InvalidInput(f"{quoted(name)} isn't a CSV file. Export it as CSV and drop that here.")
    if int(file.get("size") or 0) > SIZE_MAX:
        raise InvalidInput(
            f"{quoted(name)} is larger than {SIZE_MAX // 1_000_000} MB, which is too large for Slack. "
            "An operator can import it with `goalkeeper import actuals`."
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes and their checksum."""

    content: BinaryIO
    checksum: str


@asynccontextmanager
async def fetched(installation: Installation, file_id: str) -> AsyncIterator[Fetched]:
    """Yield a file as it is in Slack now.

    Raises:
        NoFileScope: Goalkeeper wasn't allowed to read files.
        FileGone: it has been deleted.
        InvalidInput: it is too large.
    """
    url = await _address(installation, file_id)
    with SpooledTemporaryFile(_IN_MEMORY) as spooled:
        content = cast(BinaryIO, spooled)
        checksum = await _download(installation, url, content)
        content.seek(0)
        yield Fetched(content, checksum)


async def _address(installation: Installation, file_id: str) -> str:
    try:
        file = (await installation.asking.files_info(file=file_id))["file"]
    except SlackApiError as error:
        if slack_error(error) == "missing_scope":
            raise _no_scope() from error
        if slack_error(error) in _GONE:
            raise _gone() from error
        raise
    if file.get("mode") == "tombstone":
        raise _gone()
    check_table(file)
    return str(file["url_private_download"])


async def _download(installation: Installation, url: str, content: BinaryIO) -> str:
    session = installation.asking.session
    assert session is not None
    digest, size = hashlib.sha256(), 0
    headers = {"Authorization": f"Bearer {installation.grant.bot_token}"}
    async with session.get(url, headers=headers, timeout=_PATIENCE) as response:
        if response.status in (404, 410):
            raise _gone()
        response.raise_for_status()
        # Without the scope Slack answers with its login page.
        if response.content_type == "text/html":
            raise _no_scope()
        async for piece in response.content.iter_chunked(_PIECE):
            size += len(piece)
            if size > SIZE_MAX:
                raise InvalidInput("This file is too large for Slack.")
            digest.update(piece)
            content.write(piece)
    return digest.hexdigest()


def _no_scope() -> NoFileScope:
    return NoFileScope(
        f"I'm not allowed to read files yet. Add the bot scope {SCOPE} to the Slack app, install the app "
        "again, and drop the file once more."
    )


def _gone() -> FileGone:
    return FileGone("The file has been deleted, so nothing was imported. Drop it again.")
