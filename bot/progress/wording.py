"""Words for figures, paces and days that the card, the history and `/goals` alone share."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, format_percent

from domain.activity.model import REVENUE, SIGNUPS, Unit
from domain.money import format_count, format_money
from domain.people.rules import Person
from domain.periods import Kind, Period
from domain.progress.queries import MonthRow, YearRow
from domain.progress.rules import Indicator, MetricPace, Pace
from domain.workdays import DaysCounted, PaceBy

_ROUNDED_FROM = 100
BAR = 20
"""Characters of a bar."""
ENTRIES = "progress.entries.open"
"""Button: shows the entries behind a month's numbers."""


@dataclass(frozen=True, slots=True)
class RepShown:
    """The rep on a screen, and the reader's relation to them."""

    rep: Person
    is_own: bool

    @property
    def whose(self) -> str:
        """`Your`, or `Ana Souza's`."""
        return "Your" if self.is_own else f"{self.rep.name}'s"

    @property
    def has(self) -> str:
        """`you have`, or `Ana has`."""
        return "you have" if self.is_own else f"{self.first_name} has"

    @property
    def first_name(self) -> str:
        """The rep's first name."""
        return self.rep.name.split()[0]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which times are shown: the rep's."""
        return ZoneInfo(self.rep.zone)

    def count(self, amount: Decimal | int) -> str:
        """Return `1,200`."""
        return format_count(int(amount), self.rep.locale)

    def money(self, amount: Decimal) -> str:
        """Return `$1,200`."""
        return format_money(amount, self.rep.currency, self.rep.locale)

    def bare(self, metric: str, amount: Decimal | int) -> str:
        """Return `5` or `$5,000`, for places that name the metric themselves."""
        return self.money(Decimal(amount)) if metric == REVENUE else self.count(amount)

    def amount(self, metric: str, amount: Decimal | int) -> str:
        """Return `1 signup`, `5 signups` or `$5,000`; a fraction of signups keeps its decimals."""
        if metric == REVENUE:
            return self.money(Decimal(amount))
        figure = format_decimal(Decimal(amount).normalize(), locale=self.rep.locale)
        return f"{figure} {'signup' if amount == 1 else 'signups'}"

    def about(self, metric: str, amount: Decimal) -> str:
        """Return an amount that needn't be exact: from 100 on, money is rounded to whole units."""
        if metric == REVENUE and amount >= _ROUNDED_FROM:
            amount = amount.to_integral_value(ROUND_HALF_UP)
        return self.amount(metric, amount)

    def of_unit(self, unit: Unit, amount: Decimal) -> str:
        """Return a figure of any metric."""
        return self.money(amount) if unit is Unit.MONEY else self.count(amount)

    def percent(self, actual: Decimal | int, goal: Decimal | int) -> str:
        """Return `23%`, rounded down so that only a goal that is made shows 100%."""
        share = (Decimal(actual) * 100 / Decimal(goal)).to_integral_value(ROUND_FLOOR)
        return format_percent(share / 100, locale=self.rep.locale)

    def toward(self, metric: str, actual: Decimal | int, goal: Decimal | int) -> str:
        """Return `5 of 21 signups (23%)`, or `5 signups` where there is no goal."""
        if not goal:
            return self.amount(metric, actual)
        done = f"{self.bare(metric, actual)} of {self.amount(metric, goal)}"
        return f"{done} ({self.percent(actual, goal)})"


def month_words(period: Period) -> str:
    """Return `November`, or the year for a year."""
    return str(period) if period.kind is Kind.YEAR else f"{period.start:%B}"


def bar(actual: Decimal, goal: Decimal, width: int = BAR) -> str:
    """Return a bar of text, full only when the goal is made."""
    share = min(max(actual / goal, Decimal(0)), Decimal(1)) if goal else Decimal(0)
    full = int((share * width).to_integral_value(ROUND_FLOOR))
    return "█" * full + "░" * (width - full)


def days_words(count: int, by: PaceBy) -> str:
    """Return `16 working days`, or `16 days` where every day counts."""
    noun = "day" if count == 1 else "days"
    return f"{count} {'working ' if by is PaceBy.WORKING_DAYS else ''}{noun}"


def gone_words(days: DaysCounted) -> str:
    """Return `5 of 21 working days gone`."""
    return f"{days.completed} of {days_words(days.total, days.by)} gone"


_VERDICTS = {
    Indicator.AHEAD: "🟢 Ahead of pace.",
    Indicator.ON_TRACK: "🟢 On track.",
    Indicator.BEHIND: "🟡 Behind pace.",
    Indicator.CRITICAL: "🔴 Well behind pace.",
}


def verdict_words(paced: MetricPace, days: DaysCounted, shown: RepShown) -> str:
    """Return the verdict on a metric and its reason."""
    if paced.missing == 0:
        return "✅ Goal made."
    if paced.indicator is None:
        return f"Too early to say: {gone_words(days)}."
    expected = shown.about(paced.metric, paced.expected)
    have = shown.bare(paced.metric, paced.actual)
    return f"{_VERDICTS[paced.indicator]} {gone_words(days)}: {expected} expected, {shown.has} {have}."


def needed_words(paced: MetricPace, days: DaysCounted, shown: RepShown) -> str | None:
    """Return what is missing and what that is a day; None if nothing is missing."""
    if paced.missing == 0:
        return None
    missing = shown.amount(paced.metric, paced.missing)
    if paced.needed_a_day is None:
        return f"{missing} to go, with no {'working ' if days.by is PaceBy.WORKING_DAYS else ''}days left."
    return f"{missing} to go: {shown.about(paced.metric, paced.needed_a_day)} a day."


def worst(of: Pace) -> MetricPace | None:
    """Return the metric that is furthest behind; None without a goal."""
    order = list(Indicator)
    return min(of.metrics, key=lambda each: order.index(each.indicator or Indicator.AHEAD), default=None)


def figures_toward(of: MonthRow | YearRow, shown: RepShown, *, with_goals: bool) -> str:
    """Return `5 of 21 signups (23%) · $20,000 of $50,000 (40%)`, without what has no goal and no numbers."""
    figures: Sequence[tuple[str, Decimal | int, Decimal | int]] = (
        (SIGNUPS, of.signups, of.signup_goal if with_goals else 0),
        (REVENUE, of.revenue, of.revenue_goal if with_goals else 0),
    )
    said = [shown.toward(*each) for each in figures if each[1] or each[2]]
    return " · ".join(said) or "no numbers"
