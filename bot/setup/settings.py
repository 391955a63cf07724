"""The form for the workspace's settings: built and read back, pure functions."""

import json
from dataclasses import dataclass, replace
from datetime import time

from bot.setup.overview import locale_name
from bot.slack.blocks import Block, context, field_input, modal, option, plain, select
from bot.slack.forms import came_first, filled_in
from bot.slack.text import Mrkdwn, say
from bot.slack.wording import channel_words
from domain.people.changes import ChangedMeanwhile
from domain.setup.queries import Current
from domain.setup.rules import (
    COMPANY_CHANNEL,
    CURRENCY,
    DEADLINE_DAY,
    EARLIEST_DEADLINE_DAY,
    LATEST_DEADLINE_DAY,
    LOCALE,
    MONEY_IS_PUBLIC,
    REMINDER_TIME,
    TIME_ZONE,
    TypedSettings,
    WorkspaceSettings,
)

SAVE = "setup.settings.submit"

_SHOWN, _HIDDEN = "shown", "hidden"
_LOCALES = (
    "en_US", "en_GB", "en_CA", "en_AU", "en_IE", "en_IN", "en_NZ", "en_SG", "en_ZA", "de_DE",
    "de_AT", "de_CH", "fr_FR", "fr_BE", "fr_CA", "fr_CH", "es_ES", "es_AR", "es_CL", "es_CO",
    "es_MX", "es_US", "pt_BR", "pt_PT", "it_IT", "nl_NL", "nl_BE", "da_DK", "nb_NO", "sv_SE",
    "fi_FI", "pl_PL", "cs_CZ", "sk_SK", "hu_HU", "ro_RO", "bg_BG", "el_GR", "tr_TR", "uk_UA",
    "he_IL", "ja_JP", "ko_KR", "zh_Hans_CN", "zh_Hant_TW", "hi_IN", "id_ID", "vi_VN", "th_TH",
)  # fmt: skip
"""The locales that the menu offers, of several hundred; the workspace's own is always among them."""
_WORDS = {
    TIME_ZONE: "the time zone",
    CURRENCY: "the currency",
    LOCALE: "how numbers are written",
    DEADLINE_DAY: "the deadline day",
    REMINDER_TIME: "the time of reminders",
    COMPANY_CHANNEL: "the company channel",
    MONEY_IS_PUBLIC: "whether channels see money",
}


@dataclass(frozen=True, slots=True)
class SubmittedSettings:
    """What came back from the form, and the settings that it was opened with."""

    opened_with: WorkspaceSettings
    typed: TypedSettings
    drawn: int
    """How often the form has been drawn: inputs with a new id show the values we set, not the typed ones."""


def form(current: Current) -> Block:
    """Return the form, with the settings as they stand."""
    return _form(current, _as_typed(current.settings), drawn=0)


def form_again(submitted: SubmittedSettings, changed: ChangedMeanwhile[Current]) -> Block:
    """Return the form after somebody else saved first: typed values stay, the rest is new."""
    mine, before = submitted.typed, _as_typed(submitted.opened_with)
    now = _as_typed(changed.now.settings)
    kept = {
        name: getattr(mine, name)
        for name in _WORDS
        if getattr(mine, name) != getattr(before, name) and not (name == CURRENCY and mine.currency is None)
    }
    words = {name: _change(name, changed.now.settings) for name in changed.changes}
    view = _form(changed.now, replace(now, **kept), drawn=submitted.drawn + 1)
    return {**view, "blocks": [came_first(changed.changes, words), *view["blocks"]]}


def read(view: Block) -> SubmittedSettings:
    """Return what was filled in."""
    memo = json.loads(view["private_metadata"])
    values = filled_in(view)
    typed = TypedSettings(
        time_zone=values[TIME_ZONE] or "",
        currency=values[CURRENCY] or "" if CURRENCY in values else None,
        locale=values[LOCALE] or "",
        deadline_day=values[DEADLINE_DAY] or "",
        reminder_time=values[REMINDER_TIME] or "",
        company_channel=values[COMPANY_CHANNEL] or None,
        money_is_public=values[MONEY_IS_PUBLIC] != _HIDDEN,
    )
    return SubmittedSettings(WorkspaceSettings.from_json(memo["opened"]), typed, memo["drawn"])


def _as_typed(settings: WorkspaceSettings) -> TypedSettings:
    return TypedSettings(
        settings.time_zone,
        settings.currency,
        settings.locale,
        str(settings.deadline_day),
        _clock(settings.reminder_time),
        settings.company_channel,
        settings.money_is_public,
    )


def _clock(at: time) -> str:
    return at.isoformat("minutes")


def _change(name: str, now: WorkspaceSettings) -> Mrkdwn:
    if name == COMPANY_CHANNEL:
        return Mrkdwn(f"{_WORDS[name]} to {channel_words(now.company_channel)}")
    if name == MONEY_IS_PUBLIC:
        return say("{what} to {value}", what=_WORDS[name], value="yes" if now.money_is_public else "no")
    return say("{what} to {value}", what=_WORDS[name], value=getattr(_as_typed(now), name))


def _form(current: Current, shown: TypedSettings, drawn: int) -> Block:
    blocks = [
        _zone(shown),
        *_currency(current, shown),
        _locale(shown),
        _deadline_day(shown),
        _reminder_time(shown),
        _company_channel(shown),
        _money(shown),
    ]
    for block in blocks:
        if "block_id" in block:
            block["block_id"] += f":{drawn}"
    memo = json.dumps({"opened": current.settings.as_json(), "drawn": drawn})
    return modal(SAVE, "Settings", blocks, submit="Save", close="Back", memo=memo)


def _zone(shown: TypedSettings) -> Block:
    text: Block = {"type": "plain_text_input", "action_id": TIME_ZONE, "max_length": 100}
    text |= {"initial_value": shown.time_zone} if shown.time_zone else {}
    hint = "A city, like Berlin or America/New_York. For people whose own zone Slack does not know."
    return field_input(TIME_ZONE, "Time zone", text, hint=hint)


def _currency(current: Current, shown: TypedSettings) -> list[Block]:
    if current.currency_fixed:
        fixed = "*Currency:* {currency}. It stays, because goals or bonuses already use it."
        return [context(say(fixed, currency=current.settings.currency))]
    text: Block = {"type": "plain_text_input", "action_id": CURRENCY, "max_length": 10}
    text |= {"initial_value": shown.currency} if shown.currency else {}
    hint = "Like USD or EUR. It stays once there are goals or bonuses in it."
    return [field_input(CURRENCY, "Currency", text, hint=hint)]


def _locale(shown: TypedSettings) -> Block:
    known = sorted({*_LOCALES, shown.locale}, key=locale_name)
    menu = select(LOCALE, [option(locale_name(one), one) for one in known], chosen=shown.locale)
    return field_input(LOCALE, "Numbers and dates as in", menu)


def _deadline_day(shown: TypedSettings) -> Block:
    number: Block = {
        "type": "number_input",
        "action_id": DEADLINE_DAY,
        "is_decimal_allowed": False,
        "min_value": str(EARLIEST_DEADLINE_DAY),
        "max_value": str(LATEST_DEADLINE_DAY),
    }
    number |= {"initial_value": shown.deadline_day} if shown.deadline_day else {}
    hint = "Goals are in time until the end of this day, 4 to 27. A change counts from next month."
    return field_input(DEADLINE_DAY, "Deadline day", number, hint=hint)


def _reminder_time(shown: TypedSettings) -> Block:
    picker: Block = {"type": "timepicker", "action_id": REMINDER_TIME}
    picker |= {"initial_time": shown.reminder_time} if shown.reminder_time else {}
    hint = "By each person's own clock. Months that are open already keep their time."
    return field_input(REMINDER_TIME, "Reminders go out at", picker, hint=hint)


def _company_channel(shown: TypedSettings) -> Block:
    menu: Block = {
        "type": "conversations_select",
        "action_id": COMPANY_CHANNEL,
        "filter": {"include": ["public", "private"]},
        "placeholder": plain("Choose a channel", 150),
    }
    menu |= {"initial_conversation": shown.company_channel} if shown.company_channel else {}
    hint = "Where everybody can celebrate. Type there first: /invite @goalkeeper"
    return field_input(COMPANY_CHANNEL, "Company channel", menu, hint=hint, optional=True)


def _money(shown: TypedSettings) -> Block:
    choices = [option("Shown in channels", _SHOWN), option("Only in direct messages", _HIDDEN)]
    menu = select(MONEY_IS_PUBLIC, choices, chosen=_SHOWN if shown.money_is_public else _HIDDEN)
    hint = "Revenue and bonuses in posts about wins."
    return field_input(MONEY_IS_PUBLIC, "Amounts of money", menu, hint=hint)
