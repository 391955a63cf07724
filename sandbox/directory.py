"""Finding people and conversations in the workspace, by id or as people call them."""

from sandbox.ids import slack_id
from sandbox.model import Channel, User, Workspace
from sandbox.mrkdwn import as_typed
from sandbox.time import RealTime


class Directory:
    """Look-ups in one workspace."""

    def __init__(self, workspace: Workspace, now: RealTime) -> None:
        self._now = now
        self._dms: dict[str, Channel] = {}
        self.workspace = workspace

    def user(self, name: str) -> User:
        """Somebody by id, handle, full, display or first name.

        Raises:
            LookupError: when nobody or more than one person is called that.
        """
        if name in self.workspace.users:
            return self.workspace.users[name]
        wanted = name.removeprefix("@").casefold()
        people = list(self.workspace.users.values())
        exact = [one for one in people if wanted in {n.casefold() for n in _names(one)}]
        found = exact or [one for one in people if one.real_name.casefold().split()[0] == wanted]
        if len(found) != 1:
            raise LookupError(f"{len(found)} people are called {name!r}")
        return found[0]

    def channel(self, name: str) -> Channel:
        """A conversation by id or `#name`.

        Raises:
            LookupError: when there is none.
        """
        found = self.find_channel(name)
        if found is None:
            raise LookupError(f"no channel is called {name!r}")
        return found

    def find_channel(self, name: str) -> Channel | None:
        """As `channel`, but may be None."""
        if name in self.workspace.channels:
            return self.workspace.channels[name]
        wanted = name.removeprefix("#")
        named = (one for one in self.workspace.channels.values() if one.name == wanted and not one.is_im)
        return next(named, None)

    def dm(self, user: str) -> Channel:
        """The direct messages of a person and the bot; begins when first asked for."""
        known = self._dms.get(user)
        # Thousands of people may open the app at once, and looking through all conversations takes too long.
        if known is None or self.workspace.channels.get(known.id) is not known:
            known = self._dms[user] = self._find_dm(user) or self._begin_dm(user)
        return known

    def _find_dm(self, user: str) -> Channel | None:
        return next((one for one in self.workspace.channels.values() if one.with_user == user), None)

    def _begin_dm(self, user: str) -> Channel:
        channel = Channel(
            slack_id("D"),
            members=[user, self.workspace.bot_user_id],
            with_user=user,
            created=int(self._now()),
        )
        self.workspace.channels[channel.id] = channel
        return channel

    def of(self, user: str) -> list[Channel]:
        """The conversations that a person is in."""
        return [channel for channel in self.workspace.channels.values() if user in channel.members]

    def name_of(self, some_id: str) -> str:
        """The name that people see for the id of a person or channel; the id itself when it is unknown."""
        if some_id in self.workspace.users:
            return self.workspace.users[some_id].shown
        if some_id in self.workspace.channels:
            return self.workspace.channels[some_id].name
        return some_id

    def as_typed(self, text: str, *, labels: bool) -> str:
        """Typed text as Slack sends it on; see `mrkdwn.as_typed`."""
        users, channels = self.workspace.users.values(), self.workspace.channels.values()
        people = {name: one.id for one in users for name in _names(one)}
        rooms = {one.name: one.id for one in channels if one.name}
        handles = {one.id: one.name for one in users} | {one.id: one.name for one in channels}
        return as_typed(text, people, rooms, handles if labels else None)


def _names(user: User) -> list[str]:
    return [name for name in (user.name, user.real_name, user.display_name) if name]
