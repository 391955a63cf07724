"""Cells as programs, spreadsheets and people of several countries write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.imports import cells
from domain.imports.cells import BadCell
from domain.periods import Period

NOV_3 = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("typed", "locale", "amount"),
    [
        ("1234.5", "en_US", "1234.5"),
        ("1234.5", "de_DE", "1234.5"),
        ("1,234.50", "en_US", "1234.50"),
        ("1.234,50", "de_DE", "1234.50"),
        ("1.234,50", "en_US", "1234.50"),
        ("1,234.50", "de_DE", "1234.50"),
        ("12500,00", "en_US", "12500.00"),
        ("$1,250", "en_US", "1250"),
        ("$1.234,50", "en_US", "1234.50"),
        ("(1,250.00)", "en_US", "-1250.00"),
        ("-3", "en_US", "-3"),
        (" 50k ", "en_US", "50000"),
    ],
)
def test_an_amount_is_read(typed: str, locale: str, amount: str) -> None:
    assert cells.amount(typed, locale, "USD") == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["1.234", "1,2,3", "one", "1.2.3", "€5", "€5,50", "€1.234,50", "#REF!", "NaN", "1e5", "--5", "1 2 3"],
)
def test_what_reads_differently_elsewhere_is_not_guessed_at(typed: str) -> None:
    with pytest.raises(BadCell, match="isn't an amount"):
        cells.amount(typed, "en_US", "USD")


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("2026-11-03", "en_US"),
        ("2026-11-03 14:22", "en_US"),
        ("2026-11-03T14:22:10", "en_US"),
        ("2026/11/03", "en_US"),
        ("11/3/2026", "en_US"),
        ("11/03/2026 02:22 PM", "en_US"),
        ("3/11/2026", "en_GB"),
        ("3.11.2026", "en_US"),
        ("Nov 3, 2026", "en_US"),
        ("November 3 2026", "en_US"),
        ("3 Nov 2026", "en_US"),
        ("03-Nov-2026", "en_US"),
    ],
)
def test_a_day_is_read(typed: str, locale: str) -> None:
    assert cells.day(typed, locale) == NOV_3


@pytest.mark.parametrize("typed", ["2026-11-03T22:30:00Z", "2026-11-03 23:30:00+01:00"])
def test_a_time_with_a_zone_is_an_instant(typed: str) -> None:
    assert cells.day(typed, "en_US") == datetime(2026, 11, 3, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "13/13/2026", "yesterday", "46329", "2026-11", "Foo 3, 2026"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(BadCell, match="isn't a day"):
        cells.day(typed, "en_US")


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("2026-10", Period.of_month(2026, 10)),
        ("2026", Period.of_year(2026)),
        ("last month", Period.of_month(2026, 10)),
        ("2026-Q4", Period.parse("2026-Q4")),
        ("2026-11-01..2026-11-10", Period.between(date(2026, 11, 1), date(2026, 11, 10))),
    ],
)
def test_a_period_is_read(typed: str, period: Period) -> None:
    assert cells.period(typed, date(2026, 11, 12)) == period


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(BadCell, match="isn't a period"):
        cells.period("2026-13", date(2026, 11, 12))


@pytest.mark.parametrize(
    ("typed", "share"), [("60", "60"), ("33.33%", "33.33"), ("33,33", "33.33"), ("100", "100")]
)
def test_a_share_is_read(typed: str, share: str) -> None:
    assert cells.share(typed) == Decimal(share)


@pytest.mark.parametrize("typed", ["0", "101", "-5", "half"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(BadCell, match="isn't a share"):
        cells.share(typed)
