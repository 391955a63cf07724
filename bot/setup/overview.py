"""The window of `/goals setup`: what is there and what is missing, each with its button."""

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from bot.slack.blocks import SECTION_MAX, Block, button, context, plain, section, shorten
from bot.slack.text import Mrkdwn, escape, say
from bot.slack.wording import channel_words
from domain.money import format_money
from domain.periods import Month
from domain.setup.queries import Admin, Current, TeamState
from domain.setup.rules import Tier
from domain.setup.service import Overview

OPEN_SETTINGS = "setup.settings.open"
OPEN_TIERS = "setup.tiers.open"
OPEN_ADMINS = "setup.admins.open"
SEND_PREVIEW = "setup.preview.send"
OPEN_TEAMS = "teams.list.open"
"""Button: opens the list of teams, which is another feature's."""

_TEAMS = 15
"""Teams that are listed; of more, those that lack something come first."""
_ADMINS = 10
_PREVIEW = say("*Messages*\nWhat people will get, sent to you alone, with made-up figures")


def window(seen: Overview) -> Block:
    """All of it for an admin, their own teams for a manager."""
    blocks = [section(_summary(seen))]
    if seen.current is not None:
        blocks.append(_part(_settings(seen.current), OPEN_SETTINGS))
    blocks.append(_part(_teams(seen.teams, is_admin=seen.person.is_admin), OPEN_TEAMS, "Teams"))
    if seen.current is not None:
        blocks += [
            _part(_tiers(seen.tiers, seen.current), OPEN_TIERS),
            _part(_admins(seen.admins), OPEN_ADMINS),
            _part(_PREVIEW, SEND_PREVIEW, "Send me a preview"),
        ]
    blocks.append(context(say("All of it can be changed at any time; each change is written down.")))
    return {
        "type": "modal",
        "title": plain("Set up Goalkeeper", 24),
        "close": plain("Done", 24),
        "blocks": blocks,
    }


def _part(text: Mrkdwn, action_id: str, label: str = "Change") -> Block:
    return section(text, button(label, action_id, "open"))


def _summary(seen: Overview) -> Mrkdwn:
    missing = _missing(seen)
    if not missing:
        return say("✅ Everything is set up.")
    return Mrkdwn("*Still missing:* " + "; ".join(missing) + ".")


def _missing(seen: Overview) -> list[Mrkdwn]:
    missing = []
    if seen.current is not None:
        if seen.current.settings.company_channel is None:
            missing.append(say("a company channel"))
        if not any(tier.amount for tier in seen.tiers):
            missing.append(say("what the bonus tiers give"))
    if not seen.teams:
        missing.append(say("a first team"))
    incomplete = [team for team in seen.teams if not team.is_complete]
    missing += [say("{team}: {lacks}", team=team.name, lacks=_lacks(team)) for team in incomplete[:3]]
    if len(incomplete) > 3:
        missing.append(say("and something in {count} more teams", count=len(incomplete) - 3))
    return missing


def _lacks(team: TeamState) -> str:
    parts = (("a manager", team.manager), ("a channel", team.channel), ("members", team.members))
    return ", ".join(what for what, there in parts if not there)


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
    if settings.company_channel is None:
        lines.append(say("⚠️ No company channel yet"))
    else:
        lines.append(Mrkdwn(f"Company channel: {channel_words(settings.company_channel)}"))
    return Mrkdwn("\n".join(lines))


def _deadline(current: Current) -> str:
    deadline, this_month = current.deadline, Month.of(current.today)
    counting = deadline.counting_in(this_month)
    if counting == deadline.day:
        return f"day {counting} of the month"
    following = format_date(this_month.next.first_day, "MMMM", locale=current.settings.locale)
    return f"day {counting} of this month, day {deadline.day} from {following} on"


def locale_name(locale: str) -> str:
    """`English (United States)`."""
    return Locale.parse(locale).get_display_name("en") or locale


def _teams(teams: tuple[TeamState, ...], *, is_admin: bool) -> Mrkdwn:
    heading = "*Teams*" if is_admin else "*Your teams*"
    ordered = sorted(teams, key=lambda team: team.is_complete) if len(teams) > _TEAMS else teams
    lines = [Mrkdwn(heading), *(_team(team) for team in ordered[:_TEAMS])]
    if not teams:
        lines.append(say("⚠️ No team yet"))
    if len(teams) > _TEAMS:
        lines.append(say("… and {count} more", count=len(teams) - _TEAMS))
    return Mrkdwn("\n".join(lines))


def _team(team: TeamState) -> Mrkdwn:
    manager = say("{manager}", manager=shorten(team.manager, 60)) if team.manager else say("no manager")
    channel = channel_words(team.channel) if team.channel else say("no channel")
    members = "1 member" if team.members == 1 else f"{team.members} members" if team.members else "no members"
    sign = "✅" if team.is_complete else "⚠️"
    name = say("{name}", name=shorten(team.name, 60))
    return Mrkdwn(f"{sign} *{name}*: {manager} · {channel} · {members}")


def _tiers(tiers: tuple[Tier, ...], current: Current) -> Mrkdwn:
    currency, locale = current.settings.currency, current.settings.locale
    lines = [
        say(
            "Tier {number}: {signups} signups, {amount}",
            number=tier.number,
            signups=format_decimal(tier.signups_needed, locale=locale),
            amount=format_money(tier.amount, currency, locale),
        )
        for tier in tiers
    ]
    if not any(tier.amount for tier in tiers):
        lines.append(say("⚠️ No tier gives anything yet"))
    return Mrkdwn("\n".join([say("*Bonus tiers*"), *lines]))


def _admins(admins: tuple[Admin, ...]) -> Mrkdwn:
    names = [escape(shorten(admin.name, 60)) for admin in admins[:_ADMINS]]
    more = f" and {len(admins) - _ADMINS} more" if len(admins) > _ADMINS else ""
    return Mrkdwn(shorten(f"*Admins*\n{', '.join(names)}{more}", SECTION_MAX))
