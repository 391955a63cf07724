"""The windows about teams: the list, the form, and the one for asking to join; pure functions."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.slack.blocks import (
    LABEL_MAX,
    Block,
    actions,
    button,
    context,
    field_input,
    modal,
    option,
    plain,
    section,
    select,
    shorten,
)
from bot.slack.forms import came_first, filled_in
from bot.slack.text import Mrkdwn, literal, say
from bot.slack.wording import ADD_TEAM, EDIT_TEAM, channel_words
from domain.people import teams
from domain.people.changes import ChangedMeanwhile
from domain.people.model import TeamId
from domain.people.team_queries import Listed, Manager, Member, TeamDetails
from domain.people.teams import Saved, TeamSettings, Wanted

TURN_PAGE = "teams.list.page"
SAVE = "teams.save"
ASK = "teams.join.submit"
JOIN_TEAM = "team"

_TAKE_ALL = "take_all"
_PAGE = 40
"""Teams a page, of Slack's 100 blocks."""
_GROUP = 100
"""Options a group, and groups a menu, at the most."""
_TYPED = 3_000
"""Letters that Slack takes in one input; the domain decides how long a name may be."""
_SHOWN = 40
"""Number of members named above the form; the menu has all of them."""
_OFFERED = 500
"""Members that a menu of their own has room for: a view may not be larger than 250 kB."""
_AT_ONCE = 100
"""People that Slack lets one choose in one input."""


# --- the list ------------------------------------------------------------------------------------------


def page_of(listed: Sequence[Listed], team_id: TeamId) -> int:
    """Return the page of the list that a team is on."""
    places = [place for place, team in enumerate(listed) if team.id == team_id]
    return places[0] // _PAGE if places else 0


def team_list(
    listed: Sequence[Listed], *, is_admin: bool, page: int = 0, notice: Mrkdwn | None = None
) -> Block:
    """Return the teams, one a line, a page at a time; admins also get a button to add one."""
    page = min(page, max(0, len(listed) - 1) // _PAGE)
    shown = listed[page * _PAGE : (page + 1) * _PAGE]
    blocks = [] if notice is None else [section(notice)]
    if not listed:
        blocks.append(section(say("There are no teams yet." if is_admin else "You manage no team.")))
    blocks += [section(_line(team), button("Edit", EDIT_TEAM, str(team.id))) for team in shown]
    turns = [
        button(label, TURN_PAGE, str(to))
        for label, to in (("Previous", page - 1), ("Next", page + 1))
        if 0 <= to * _PAGE < len(listed) and to >= 0
    ]
    # Two buttons of a row may not share an id.
    blocks += [{**actions(turn), "block_id": f"turn:{turn['value']}"} for turn in turns]
    if is_admin:
        blocks.append(actions(button("Add a team", ADD_TEAM, "new", style="primary")))
    return _window("Teams", blocks)


def _line(team: Listed) -> Mrkdwn:
    people = "nobody yet" if not team.size else "1 rep" if team.size == 1 else f"{team.size} reps"
    channel = channel_words(team.channel) if team.channel else "no channel"
    name = say("*{name}*", name=team.name)
    return Mrkdwn(f"{name} · {people}\n{_managed(team.manager)} · {channel}")


def _managed(manager: Manager | None) -> Mrkdwn:
    if manager is None:
        return say("⚠️ no manager")
    if not manager.takes_part:
        return say("⚠️ no manager: {name} has left", name=manager.name)
    return say("managed by {name}", name=manager.name)


def _window(title: str, blocks: Sequence[Block]) -> Block:
    return {"type": "modal", "title": plain(title, 24), "close": plain("Back", 24), "blocks": list(blocks)}


# --- the form ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamDraft:
    """A team's form: the team as it is (None: a new one), and what is filled in."""

    team: TeamDetails | None
    settings: TeamSettings
    is_admin: bool
    add: Collection[str] = ()
    remove: Collection[str] = ()
    take_all: bool = False
    notice: Block | None = None
    """A notice on top of the form."""
    round: int = 0
    """How often it has been redrawn: Slack keeps the typed value of an input that keeps its id."""


@dataclass(frozen=True, slots=True)
class SubmittedTeam:
    """What came back from the form."""

    team_id: TeamId | None
    opened: TeamSettings
    settings: TeamSettings
    add: frozenset[str]
    remove: frozenset[str]
    take_all: bool
    round: int

    @property
    def newly_named(self) -> frozenset[str]:
        """The people who were chosen; Goalkeeper may not have met them."""
        manager = self.settings.manager
        return self.add | {manager} if manager and manager != self.opened.manager else self.add

    def wanted(self, from_channel: Collection[str] = ()) -> Wanted:
        """Return what the domain takes, with the people that the channel had."""
        return Wanted(self.opened, self.settings, self.add, self.remove, frozenset(from_channel))


def team_form(draft: TeamDraft) -> Block:
    """Return a team's form; managers aren't asked for its name and manager."""
    opened = teams.settings_of(draft.team)
    memo = {
        "team": draft.team.id if draft.team else None,
        "opened": [opened.name, opened.manager, opened.channel],
        "round": draft.round,
    }
    blocks = [] if draft.notice is None else [draft.notice]
    blocks += _named(draft) if draft.is_admin else [section(_title(opened.name))]
    blocks += [_channel(draft), *_roster(draft)]
    title = "Edit team" if draft.team else "Add a team"
    return modal(SAVE, title, blocks, submit="Save", close="Back", memo=json.dumps(memo))


def _title(name: str) -> Mrkdwn:
    return say("*{name}*", name=name)


def _named(draft: TeamDraft) -> list[Block]:
    named = draft.settings.name[:_TYPED]
    name: Block = {"type": "plain_text_input", "action_id": teams.NAME, "max_length": _TYPED}
    if named:
        name["initial_value"] = named
    manager: Block = {"type": "users_select", "action_id": teams.MANAGER}
    if draft.settings.manager:
        manager["initial_user"] = draft.settings.manager
    hint = "Hears who has not set goals yet, and decides who joins."
    if draft.team and draft.team.manager and not draft.team.manager.takes_part:
        hint = f"{literal(draft.team.manager.name)} has left. {hint}"
    return [
        _input(draft, teams.NAME, "Name", name),
        _input(draft, teams.MANAGER, "Manager", manager, hint=hint, optional=True),
    ]


def _channel(draft: TeamDraft) -> Block:
    channel: Block = {
        "type": "conversations_select",
        "action_id": teams.CHANNEL,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if draft.settings.channel:
        channel["initial_conversation"] = draft.settings.channel
    hint = "Where the team hears what it has made. Type there first: /invite @goalkeeper"
    return _input(draft, teams.CHANNEL, "Channel", channel, hint=hint, optional=True)


def _roster(draft: TeamDraft) -> list[Block]:
    """Draw the people on the team, and the inputs for adding and removing people."""
    members = draft.team.members if draft.team else ()
    everybody = option("Add everybody from the channel", "everybody")
    boxes: Block = {"type": "checkboxes", "action_id": _TAKE_ALL, "options": [everybody]}
    if draft.take_all:
        boxes["initial_options"] = [everybody]
    hint = "Bots, guests, managers and people on other teams are left out."
    blocks = [
        _input(draft, teams.ADD, "Add people", _people(teams.ADD, draft.add), optional=True),
        _input(draft, _TAKE_ALL, "Or a whole channel", boxes, hint=hint, optional=True),
    ]
    if members:
        names = _some([_called(member) for member in members], _SHOWN)
        blocks.insert(0, section(say("*On the team ({count}):* {names}", count=len(members), names=names)))
        blocks.append(_input(draft, teams.REMOVE, "Remove people", _taken_out(draft, members), optional=True))
    return blocks


def _people(name: str, chosen: Collection[str]) -> Block:
    menu: Block = {"type": "multi_users_select", "action_id": name, "max_selected_items": _AT_ONCE}
    return {**menu, "initial_users": sorted(chosen)[:_AT_ONCE]} if chosen else menu


def _taken_out(draft: TeamDraft, members: Sequence[Member]) -> Block:
    """Return a menu of the members, or of everybody if they are too many for one."""
    if len(members) > _OFFERED:
        return _people(teams.REMOVE, draft.remove)
    options = [option(literal(_called(member)), member.slack_id) for member in members]
    menu: Block = {"type": "multi_static_select", "action_id": teams.REMOVE, **grouped(options)}
    if chosen := [choice for choice in options if choice["value"] in draft.remove][:_GROUP]:
        menu["initial_options"] = chosen
    return menu


def _called(member: Member) -> str:
    return f"{member.name} (has left)" if member.has_left else member.name


def grouped(options: Sequence[Block]) -> Block:
    """Return a menu's options, in groups if there are too many for one."""
    if len(options) <= _GROUP:
        return {"options": list(options)}
    groups = [options[start : start + _GROUP] for start in range(0, len(options), _GROUP)]
    return {
        "option_groups": [{"label": _from_to(group), "options": list(group)} for group in groups[:_GROUP]]
    }


def _from_to(group: Sequence[Block]) -> Block:
    first, last = (shorten(each["text"]["text"], 30) for each in (group[0], group[-1]))
    return plain(f"{first} – {last}", LABEL_MAX)


def _input(
    draft: TeamDraft,
    name: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    return field_input(f"{name}:{draft.round}", label, element, hint=hint, optional=optional)


def read_form(view: Block) -> SubmittedTeam:
    """Return what was filled in; values that the form didn't ask for stay as they were."""
    memo = json.loads(view["private_metadata"])
    opened = TeamSettings(*memo["opened"])
    held = filled_in(view)
    settings = TeamSettings(
        held.get(teams.NAME, opened.name) or "",
        held.get(teams.MANAGER, opened.manager),
        held.get(teams.CHANNEL, opened.channel),
    )
    return SubmittedTeam(
        team_id=None if memo["team"] is None else TeamId(memo["team"]),
        opened=opened,
        settings=settings,
        add=frozenset(held.get(teams.ADD) or ()),
        remove=frozenset(held.get(teams.REMOVE) or ()),
        take_all=bool(held.get(_TAKE_ALL)),
        round=memo["round"],
    )


def whats_wrong(problem: Mrkdwn) -> Block:
    """Return the notice on top of a form that couldn't be saved."""
    return section(Mrkdwn(f"⚠️ {problem}"))


def whats_changed(changed: ChangedMeanwhile[TeamDetails]) -> Block:
    """Return the notice that somebody else has changed the team first."""
    team = changed.now
    manager = team.managed_by.name if team.managed_by else "nobody"
    words = {
        teams.NAME: say("the name to {name}", name=team.name),
        teams.MANAGER: say("the manager to {manager}", manager=manager),
        teams.CHANNEL: Mrkdwn(f"the channel to {channel_words(team.channel)}"),
    }
    return came_first(changed.changes, words)


def redrawn(submitted: SubmittedTeam, team: TeamDetails | None, *, is_admin: bool, notice: Block) -> Block:
    """Return the form again: changed inputs as filled in, the others as the team is now."""
    now, opened, wants = teams.settings_of(team), submitted.opened, submitted.settings
    settings = TeamSettings(
        now.name if wants.name == opened.name else wants.name,
        now.manager if wants.manager == opened.manager else wants.manager,
        now.channel if wants.channel == opened.channel else wants.channel,
    )
    draft = TeamDraft(
        team,
        settings,
        is_admin,
        submitted.add,
        submitted.remove,
        submitted.take_all,
        notice,
        submitted.round + 1,
    )
    return team_form(draft)


def working(name: str) -> Block:
    """Return the window that is shown while a whole channel is read."""
    text = say("⏳ Working on it: I am reading who is in the channel of {name}.", name=name or "the team")
    return _window("Teams", [section(text)])


def done(said: Block) -> Block:
    """Return the window that is shown afterwards."""
    return _window("Teams", [said])


def told(saved: Saved) -> Mrkdwn:
    """Render the result of saving a team, in sentences."""
    parts = [say("✅ {name} is added." if saved.is_new else "✅ {name} is saved.", name=saved.name)]
    if saved.joined:
        parts.append(say("Joined: {names}.", names=_some(saved.joined)))
    if saved.moved:
        parts.append(say("Moved here: {names}.", names=_some(saved.moved)))
    if saved.left:
        parts.append(say("Left: {names}.", names=_some(saved.left)))
    parts += [
        say("Not added ({why}): {names}.", why=why, names=_some(names))
        for why, names in saved.left_out.items()
    ]
    return Mrkdwn("\n".join(parts))


_NAMED = 10


def _some(names: Sequence[str], most: int = _NAMED) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


# --- asking to join ------------------------------------------------------------------------------------


def no_team_to_join(whom_to_ask: str) -> Block:
    """Return the window that is shown if there are no teams to join."""
    text = say("There are no teams yet: an admin makes them with `/goals setup`. {whom}", whom=whom_to_ask)
    return {**_window("Join a team", [section(text)]), "close": plain("Close", 24)}


def join_form(listed: Sequence[Listed], waited_for: Sequence[str] = ()) -> Block:
    """Return the form to choose a team to join; it names requests that are still open."""
    options = [option(_offered(team), str(team.id)) for team in listed]
    menu = {**select(JOIN_TEAM, ()), **grouped(options)}
    if "option_groups" in menu:
        del menu["options"]
    blocks = [
        field_input(JOIN_TEAM, "Team", menu),
        context(say("The team's manager decides, and I'll tell you.")),
    ]
    if waited_for:
        blocks.append(context(say("Asked already, and not decided yet: {teams}.", teams=_some(waited_for))))
    return modal(ASK, "Join a team", blocks, submit="Ask", memo="{}")


def _offered(team: Listed) -> str:
    manager = team.managed_by
    return literal(f"{team.name} ({manager.name})" if manager else team.name)


def read_join(view: Block) -> TeamId:
    """Return the team that was chosen."""
    return TeamId(int(view["state"]["values"][JOIN_TEAM][JOIN_TEAM]["selected_option"]["value"]))
