"""What an admin may set, and how it is read from what they type."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import time
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from itertools import pairwise
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers
from babel.numbers import is_currency

from domain.errors import InvalidInput, Mistakes, quoted
from domain.goals.figures import MONTHLY_SIGNUPS_MAX, TIER_MAX, Tier, read_revenue, read_signups
from domain.money import format_count
from domain.periods import zones

TIME_ZONE, CURRENCY, LOCALE = "time_zone", "currency", "locale"
DEADLINE_DAY, REMINDER_TIME, COMPANY_CHANNEL = "deadline_day", "reminder_time", "company_channel"
MONEY_IS_PUBLIC = "money_is_public"
"""Names of the settings, the same in columns, forms, refusals and their history."""
EARLIEST_DEADLINE_DAY, LATEST_DEADLINE_DAY = 4, 27


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """The settings of a workspace that admins change; the channel is Slack's id."""

    time_zone: str
    currency: str
    locale: str
    deadline_day: int
    reminder_time: time
    company_channel: str | None
    money_is_public: bool = True
    """Whether posts in channels name amounts of money."""

    def as_json(self) -> dict[str, Any]:
        """Return the settings by name, as JSON takes them."""
        return {**asdict(self), REMINDER_TIME: self.reminder_time.isoformat()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "WorkspaceSettings":
        """Return the settings that `as_json` wrote."""
        return cls(**{**values, REMINDER_TIME: time.fromisoformat(values[REMINDER_TIME])})


@dataclass(frozen=True, slots=True)
class TypedSettings:
    """Settings as they come out of a form; without `currency` it stays what it is."""

    time_zone: str
    currency: str | None
    locale: str
    deadline_day: str
    reminder_time: str
    company_channel: str | None
    money_is_public: bool = True

    def read(self, currency: str) -> WorkspaceSettings:
        """Return the settings that were typed; `currency` is the one that counts now.

        Raises:
            Mistakes: with every one, named by its field.
        """
        readers: dict[str, Callable[[], Any]] = {
            TIME_ZONE: lambda: read_zone(self.time_zone),
            CURRENCY: lambda: currency if self.currency is None else read_currency(self.currency),
            LOCALE: lambda: read_locale(self.locale),
            DEADLINE_DAY: lambda: read_deadline_day(self.deadline_day),
            REMINDER_TIME: lambda: read_time(self.reminder_time),
        }
        return WorkspaceSettings(
            **_read_all(readers), company_channel=self.company_channel, money_is_public=self.money_is_public
        )


def _read_all(readers: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Return what each reader reads, by field; raise `Mistakes` with all that they refuse."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, read in readers.items():
        try:
            values[field] = read()
        except InvalidInput as problem:
            problems[field] = problem.message
    if problems:
        raise Mistakes(problems)
    return values


def read_zone(typed: str) -> str:
    """Return the IANA name of a zone from its name or its city's (`berlin`), whatever the case."""
    wanted = "_".join(typed.split()).casefold()
    by_name = {name.casefold(): name for name in sorted(zones())}
    of_city = [name for folded, name in by_name.items() if folded.rpartition("/")[2] == wanted]
    if wanted in by_name:
        return by_name[wanted]
    if len(of_city) == 1:
        return of_city[0]
    near = of_city or [by_name[name] for name in get_close_matches(wanted, by_name, n=2)]
    hint = f"Did you mean {' or '.join(near[:3])}?" if near else "It is a place like Europe/Berlin."
    raise InvalidInput(f"I know no time zone {quoted(typed)}. {hint}", field=TIME_ZONE)


def read_currency(typed: str) -> str:
    """Return the three letters of a currency, whatever the case."""
    code = typed.strip().upper()
    if not (len(code) == 3 and is_currency(code, locale="en")):
        raise InvalidInput(
            f"A currency has three letters, like USD or EUR: {quoted(typed)} is none I know.", field=CURRENCY
        )
    return code


def read_locale(typed: str) -> str:
    """Return a language and country that Babel knows, from `en_US` or `en-US`."""
    try:
        locale = str(Locale.parse(typed.strip().replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        locale = ""
    if locale not in locale_identifiers():
        raise InvalidInput(
            f"Numbers and dates are written as in a country, like en_US or de_DE: {quoted(typed)} is none.",
            field=LOCALE,
        )
    return locale


def read_deadline_day(typed: str) -> int:
    """Return the last day of a month on which goals are set in time."""
    digits = typed.strip()
    if (
        digits.isascii()
        and digits.isdigit()
        and EARLIEST_DEADLINE_DAY <= int(digits[:9]) <= LATEST_DEADLINE_DAY
    ):
        return int(digits)
    raise InvalidInput(
        f"The deadline is a day from the {EARLIEST_DEADLINE_DAY}th to the {LATEST_DEADLINE_DAY}th, "
        "so that there is time to remind people before it and to work towards goals after it.",
        field=DEADLINE_DAY,
    )


def read_time(typed: str) -> time:
    """Return a time of day, such as `12:00`."""
    try:
        return time.fromisoformat(typed.strip())
    except ValueError:
        raise InvalidInput("Reminders go out at a time of day, like 12:00.", field=REMINDER_TIME) from None


def signups_field(number: int) -> str:
    """Return the name of the input for the signups that a tier needs."""
    return f"tier_{number}_signups"


def amount_field(number: int) -> str:
    """Return the name of the input for the amount that a tier pays."""
    return f"tier_{number}_amount"


def read_tiers(typed: Sequence[tuple[str, str]], locale: str, currency: str) -> tuple[Tier, ...]:
    """Return the six tiers from the signups and amounts that were typed.

    Raises:
        Mistakes: with every one, named by its field; a tier that does not need more than the one below
            it is one.
    """
    assert len(typed) == TIER_MAX
    readers: dict[str, Callable[[], Any]] = {}
    for number, (signups, amount) in enumerate(typed, start=1):
        readers[signups_field(number)] = partial(_read_needed, signups, locale)
        readers[amount_field(number)] = partial(_read_amount, amount, locale, currency)
    values = _read_all(readers)
    tiers = tuple(
        Tier(number, values[signups_field(number)], values[amount_field(number)])
        for number in range(1, TIER_MAX + 1)
    )
    check_rising(tiers)
    return tiers


def check_rising(tiers: Sequence[Tier]) -> None:
    """Check that each tier takes more signups than the one below it, and gives at least as much.

    Raises:
        Mistakes: for each field at fault.
    """
    problems = {
        amount_field(tier.number): f"Tier {tier.number} gives at least as much as tier {below.number}."
        for below, tier in pairwise(tiers)
        if tier.amount < below.amount
    }
    problems |= {
        signups_field(tier.number): f"Tier {tier.number} takes more than tier {below.number}, "
        f"so more than {below.signups_needed}."
        for below, tier in pairwise(tiers)
        if tier.signups_needed <= below.signups_needed
    }
    if problems:
        raise Mistakes(problems)


def _read_needed(typed: str, locale: str) -> int:
    signups = read_signups(typed, locale)
    if signups == 0:
        raise InvalidInput(f"A tier takes from 1 to {format_count(MONTHLY_SIGNUPS_MAX, locale)} signups.")
    return signups


def _read_amount(typed: str, locale: str, currency: str) -> Decimal:
    try:
        return read_revenue(typed, locale, currency)
    except InvalidInput as problem:
        raise InvalidInput(problem.message.replace("Revenue", "The bonus", 1)) from None
