"""files.*: uploading in two steps, and looking files up."""

from collections.abc import Iterator

from sandbox.errors import SlackRefusal, invalid
from sandbox.files import LARGEST
from sandbox.methods.arguments import Arguments
from sandbox.methods.registry import Method, Methods
from sandbox.model import Channel, File, Json
from sandbox.posts import Draft, checked
from sandbox.slack import Slack


def get_upload_url(slack: Slack, arguments: Arguments) -> Json:
    """files.getUploadURLExternal."""
    name = arguments.text("filename")
    if arguments.find_text("length") in (None, "0"):
        raise invalid("invalid_arguments", ["[ERROR] must be greater than 0 [json-pointer:/length]"])
    length = arguments.number("length", 0, LARGEST + 1)
    if length > LARGEST:
        raise SlackRefusal("file_upload_size_restricted")
    secret, upload = slack.files.announce(slack.workspace.bot_user_id, name, length)
    return {"upload_url": f"{slack.base_url}/upload/v1/{secret}", "file_id": upload.file.id}


def complete_upload(slack: Slack, arguments: Arguments) -> Json:
    """files.completeUploadExternal; without a channel the files stay private."""
    listed = arguments.json("files")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise invalid("invalid_arguments", ["[ERROR] missing required field: files"])
    channels = list(_destinations(slack, arguments))
    comment, blocks = arguments.find_text("initial_comment"), arguments.json("blocks")
    draft = checked(comment, None if comment else blocks) if comment or blocks else Draft()
    files = [slack.files.complete(str(one.get("id")), one.get("title")) for one in listed]
    for channel in channels:
        share(slack, channel, slack.workspace.bot_user_id, files, draft, arguments.find_text("thread_ts"))
    return {"files": [slack.file_json(file) for file in files]}


def share(
    slack: Slack, channel: Channel, user: str, files: list[File], draft: Draft, thread_ts: str | None = None
) -> None:
    """Post files into a conversation."""
    kept = [file.id for file in files]
    slack.posts.post(channel, user, Draft(draft.text, draft.blocks, thread_ts=thread_ts, files=kept))


def info(slack: Slack, arguments: Arguments) -> Json:
    """files.info."""
    return {"file": slack.file_json(slack.files.find(arguments.text("file"))), "comments": []}


def delete(slack: Slack, arguments: Arguments) -> Json:
    """files.delete; the bot deletes only its own files."""
    file = slack.files.find(arguments.text("file"))
    if file.user != slack.workspace.bot_user_id:
        raise SlackRefusal("cant_delete_file")
    slack.files.delete(file)
    slack.posts.redraw(file)
    return {}


def _destinations(slack: Slack, arguments: Arguments) -> Iterator[Channel]:
    listed = arguments.find_text("channels") or arguments.find_text("channel_id") or ""
    for one in filter(None, listed.split(",")):
        channel = slack.destination(one)
        # chat:write.public lets an app post text without being a member, not share files.
        if slack.workspace.bot_user_id not in channel.members:
            raise SlackRefusal("not_in_channel")
        yield channel


METHODS: Methods = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
    "files.delete": Method(delete, ("files:write",)),
}
