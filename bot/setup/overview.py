"""The window of `/goals setup`: what is there and what is missing, each with its button."""

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from bot.setup import boards, metrics
from bot.slack.blocks import SECTION_MAX, Block, button, context, plain, section, shorten
from bot.slack.text import Mrkdwn, escape, say
from bot.slack.wording import ADD_TEAM, EDIT_TEAM, OPEN_BADGES, OPEN_TEAMS, channel_words
from domain.goals.figures import Tier
from domain.money import format_money
from domain.periods import Kind, Period
from domain.setup.boards import Boards
from domain.setup.queries import Admin, Current, TeamState
from domain.setup.service import Overview

OPEN_SETTINGS = "setup.settings.open"
OPEN_TIERS = "setup.tiers.open"
OPEN_METRICS = "setup.metrics.open"
OPEN_BOARDS = "setup.boards.open"
OPEN_ADMINS = "setup.admins.open"
SEND_PREVIEW = "setup.preview.send"

_TEAMS = 15
"""Number of teams listed; teams that lack something come first."""
_LACKING = 5
"""Number of teams that lack something and have a button of their own."""
_ADMINS = 10
_NAME = 60
"""Letters of a name."""
_BADGES = say("*Badges*\nThe figures that earn a rep a badge, once or again each period")
_PREVIEW = say("*Messages*\nWhat people will get, sent to you alone, with made-up figures")


def window(seen: Overview, shown_boards: Boards | None, notice: Mrkdwn | None = None) -> Block:
    """Return the window, whole for an admin, own teams for a manager; missing parts come first."""
    blocks = [] if notice is None else [section(notice)]
    blocks += [*_missing(seen), {"type": "divider"}]
    if seen.current is not None:
        blocks.append(_part(_settings(seen.current), OPEN_SETTINGS, "Settings"))
    blocks.append(_part(_teams(seen.teams, is_admin=seen.person.is_admin), OPEN_TEAMS, "Teams"))
    if seen.current is not None:
        blocks += [
            _part(_tiers(seen.tiers, seen.current), OPEN_TIERS, "Tiers"),
            _part(metrics.summary(seen.metrics), OPEN_METRICS, "Metrics"),
            *_boards(seen.current, shown_boards),
            _part(_admins(seen.admins), OPEN_ADMINS, "Admins"),
            _part(_BADGES, OPEN_BADGES, "Badges"),
            _part(_PREVIEW, SEND_PREVIEW, "Send me a preview"),
        ]
    blocks.append(context(say("All of it can be changed at any time; each change is written down.")))
    return {
        "type": "modal",
        "title": plain("Set up Goalkeeper", 24),
        "close": plain("Done", 24),
        "blocks": blocks,
    }


def _boards(current: Current, shown: Boards | None) -> list[Block]:
    if shown is None:
        return []
    return [_part(boards.summary(shown, current.settings.locale), OPEN_BOARDS, "Boards")]


def _part(text: Mrkdwn, action_id: str, label: str, value: str = "open", style: str | None = None) -> Block:
    return section(text, button(label, action_id, value, style=style))


def _missing(seen: Overview) -> list[Block]:
    """Return what Goalkeeper can't do without, and what could be added."""
    needed, useful = _needed(seen), _useful(seen)
    if needed:
        ideas = [section(say("*You may add*")), *useful] if useful else []
        return [section(say("*Still missing*")), *needed, *ideas]
    if useful:
        return [section(say("✅ *Goalkeeper has all it needs.* You may add:")), *useful]
    return [section(say("✅ *Everything is set up.*"))]


def _needed(seen: Overview) -> list[Block]:
    if not seen.teams:
        first = say("⚠️ A first team: who carries goals, and who leads them")
        return [_part(first, ADD_TEAM, "Add a team", style="primary")] if seen.person.is_admin else []
    lacking = [team for team in seen.teams if not team.is_complete]
    needed = [_part(_lacks(team), EDIT_TEAM, "Edit team", str(team.id)) for team in lacking[:_LACKING]]
    if seen.current is not None and seen.current.channel_down:
        down = say("⚠️ A company channel that I can post in")
        needed.append(_part(down, OPEN_SETTINGS, "Choose"))
    if len(lacking) > _LACKING:
        more = say("⚠️ Something in {count} more teams", count=len(lacking) - _LACKING)
        needed.append(_part(more, OPEN_TEAMS, "Teams"))
    return needed


def _lacks(team: TeamState) -> Mrkdwn:
    channel = "a channel that I can post in" if team.channel_down else "a channel"
    reached = team.channel and not team.channel_down
    parts = (("a manager", team.manager), (channel, reached), ("members", team.members))
    lacks = ", ".join(what for what, there in parts if not there)
    return say("⚠️ Team *{team}*: {lacks}", team=shorten(team.name, _NAME), lacks=lacks)


def _useful(seen: Overview) -> list[Block]:
    useful = []
    if seen.current is not None and seen.current.settings.company_channel is None:
        channel = say("💡 A company channel, where everybody can celebrate")
        useful.append(_part(channel, OPEN_SETTINGS, "Choose"))
    if seen.current is not None and not any(tier.amount for tier in seen.tiers):
        useful.append(_part(say("💡 What the bonus tiers pay, if you pay bonuses"), OPEN_TIERS, "Fill in"))
    return useful


def _settings(current: Current) -> Mrkdwn:
    settings = current.settings
    lines = [
        say("*Workspace*"),
        say(
            "{zone} · {currency} · {locale}",
            zone=settings.time_zone,
            currency=settings.currency,
            locale=locale_name(settings.locale),
        ),
        say(
            "Goals are due by the end of {day} · reminders at {time}",
            day=_deadline(current),
            time=format_time(settings.reminder_time, "short", locale=settings.locale).replace("\u202f", " "),
        ),
    ]
    if settings.company_channel is not None:
        lines.append(Mrkdwn(f"Company channel: {channel_words(settings.company_channel)}"))
    return Mrkdwn("\n".join(lines))


def _deadline(current: Current) -> str:
    deadline, this_month = current.deadline, Period.containing(current.today, Kind.MONTH)
    counting = deadline.counting_in(this_month)
    if counting == deadline.day:
        return f"day {counting} of the month"
    following = format_date(this_month.end, "MMMM", locale=current.settings.locale)
    return f"day {counting} of this month, day {deadline.day} from {following} on"


def locale_name(locale: str) -> str:
    """Return a locale's name, such as `English (United States)`."""
    return Locale.parse(locale).get_display_name("en") or locale


def _teams(teams: tuple[TeamState, ...], *, is_admin: bool) -> Mrkdwn:
    heading = "*Teams*" if is_admin else "*Your teams*"
    ordered = sorted(teams, key=lambda team: team.is_complete) if len(teams) > _TEAMS else teams
    lines = [Mrkdwn(heading), *(_team(team) for team in ordered[:_TEAMS])]
    if not teams:
        lines.append(say("None yet"))
    if len(teams) > _TEAMS:
        lines.append(say("… and {count} more", count=len(teams) - _TEAMS))
    return Mrkdwn("\n".join(lines))


def _team(team: TeamState) -> Mrkdwn:
    manager = say("{manager}", manager=shorten(team.manager, _NAME)) if team.manager else say("no manager")
    channel = channel_words(team.channel) if team.channel else say("no channel")
    members = "1 member" if team.members == 1 else f"{team.members} members" if team.members else "no members"
    sign = "✅" if team.is_complete else "⚠️"
    name = say("{name}", name=shorten(team.name, _NAME))
    return Mrkdwn(f"{sign} *{name}*: {manager} · {channel} · {members}")


def _tiers(tiers: tuple[Tier, ...], current: Current) -> Mrkdwn:
    currency, locale = current.settings.currency, current.settings.locale
    signups = [format_decimal(tier.signups_needed, locale=locale) for tier in tiers]
    if not any(tier.amount for tier in tiers):
        *others, last = signups
        needed = f"{', '.join(others)} and {last}"
        return Mrkdwn(f"*Bonus tiers*\n{say('At {needed} signups; no amounts yet', needed=needed)}")
    lines = [
        say(
            "Tier {number}: {signups} signups, {amount}",
            number=tier.number,
            signups=needed,
            amount=format_money(tier.amount, currency, locale),
        )
        for tier, needed in zip(tiers, signups, strict=True)
    ]
    return Mrkdwn("\n".join([say("*Bonus tiers*"), *lines]))


def _admins(admins: tuple[Admin, ...]) -> Mrkdwn:
    names = [escape(shorten(admin.name, _NAME)) for admin in admins[:_ADMINS]]
    more = f" and {len(admins) - _ADMINS} more" if len(admins) > _ADMINS else ""
    return Mrkdwn(shorten(f"*Admins*\n{', '.join(names)}{more}", SECTION_MAX))
