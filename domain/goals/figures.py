"""The figures of a goal, and what people may type for them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision

from domain.errors import InvalidInput, Mistakes, quoted
from domain.money import NotANumber, OtherCurrency, amount_example, format_count, parse_number

MONTHLY_SIGNUPS_MAX = 100_000
YEARLY_SIGNUPS_MAX = 12 * MONTHLY_SIGNUPS_MAX
REVENUE_MAX = Decimal("9999999999.99")
TIER_MAX = 6

SIGNUPS, REVENUE, TIER = "signup_goal", "revenue_goal", "bonus_tier_goal"
"""Names of the inputs, the same in columns, forms and refusals."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A bonus tier: the signups it needs in a month, and the amount it pays."""

    number: int
    signups_needed: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a month's goals or, without a tier, a year's."""

    signups: int = 0
    revenue: Decimal = Decimal(0)
    tier: int = 0

    def checked(self) -> "Figures":
        """Return these figures; raise `InvalidInput` if all are zero."""
        if self.signups == 0 and self.revenue == 0:
            raise InvalidInput("Set a goal above zero for signups, revenue or both.", field=SIGNUPS)
        return self


@dataclass(frozen=True, slots=True)
class TypedFigures:
    """Figures as typed; None wasn't mentioned, an empty text is zero."""

    signups: str | None = None
    revenue: str | None = None
    tier: str | None = None

    def over(self, current: Figures, *, signups_max: int, locale: str, currency: str) -> Figures:
        """Return `current` with the typed figures in its place.

        Raises:
            InvalidFigures: with every mistake, each named by its field.
        """
        problems: dict[str, str] = {}
        figures = current
        readers = (
            (SIGNUPS, self.signups, lambda typed: {"signups": read_signups(typed, locale, signups_max)}),
            (REVENUE, self.revenue, lambda typed: {"revenue": read_revenue(typed, locale, currency)}),
            (TIER, self.tier, lambda typed: {"tier": read_tier(typed)}),
        )
        for field, typed, read in readers:
            if typed is None:
                continue
            try:
                figures = replace(figures, **read(typed))
            except InvalidInput as problem:
                problems[field] = problem.message
        if not problems:
            try:
                return figures.checked()
            except InvalidInput as problem:
                problems[SIGNUPS] = problem.message
        raise InvalidFigures(problems)


class InvalidFigures(Mistakes):
    """One or more figures are wrong."""

    code = "invalid_figures"


def read_signups(typed: str, locale: str, most: int = MONTHLY_SIGNUPS_MAX) -> int:
    """Return signups as typed: a whole number from 0 to `most`; nothing typed is 0."""
    number = _read(typed, locale, SIGNUPS, "Signups are a whole number, like 20")
    if number != number.to_integral_value():
        raise InvalidInput(
            f"Signups are whole: {format_decimal(number, locale=locale)} is not.", field=SIGNUPS
        )
    if not 0 <= number <= most:
        raise InvalidInput(f"Signups go from 0 to {format_count(most, locale)}.", field=SIGNUPS)
    return int(number)


def read_revenue(typed: str, locale: str, currency: str) -> Decimal:
    """Revenue: from 0 to 9,999,999,999.99, typed as people type it (`$50k`); nothing typed is 0."""
    number = _read(typed, locale, REVENUE, f"Revenue is an amount, like {amount_example(locale)}", currency)
    if not 0 <= number <= REVENUE_MAX:
        most = format_decimal(REVENUE_MAX, locale=locale)
        raise InvalidInput(f"Revenue goes from 0 to {most}.", field=REVENUE)
    decimals = min(get_currency_precision(currency), 2)
    rounded = number.quantize(Decimal(1).scaleb(-decimals))
    if rounded != number:
        limit = "two decimals at most" if decimals else f"no decimals in {currency}"
        raise InvalidInput(f"Revenue has {limit}.", field=REVENUE)
    return rounded


def read_tier(typed: str) -> int:
    """Return the bonus tier as typed: 0 (none) to 6; nothing typed is 0."""
    tier = typed.strip().lower().removeprefix("tier").removeprefix("t").strip()
    if not tier:
        return 0
    if tier not in {str(known) for known in range(TIER_MAX + 1)}:
        raise InvalidInput(
            f"The bonus tier is a number from 0 (none) to {TIER_MAX}: {quoted(typed)} is not.", field=TIER
        )
    return int(tier)


def _read(typed: str, locale: str, field: str, expected: str, currency: str | None = None) -> Decimal:
    if not typed.strip():
        return Decimal(0)
    try:
        return parse_number(typed, locale, currency)
    except OtherCurrency:
        raise InvalidInput(
            f"Revenue is in {currency} here: {quoted(typed)} is in another currency.", field=field
        ) from None
    except NotANumber:
        raise InvalidInput(f"{expected}: {quoted(typed)} is not.", field=field) from None
