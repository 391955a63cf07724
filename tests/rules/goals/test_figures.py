from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput, shortened
from domain.goals.figures import (
    MONTHLY_SIGNUPS_MAX,
    REVENUE,
    SIGNUPS,
    TIER,
    YEARLY_SIGNUPS_MAX,
    Figures,
    InvalidFigures,
    TypedFigures,
    read_revenue,
    read_signups,
    read_tier,
)

USUAL = Figures(20, Decimal(50_000), 3)


def over(current: Figures, **typed: str) -> Figures:
    return TypedFigures(**typed).over(
        current, signups_max=MONTHLY_SIGNUPS_MAX, locale="en_US", currency="USD"
    )


@pytest.mark.parametrize(
    ("typed", "signups"),
    [
        ("20", 20),
        (" 20 ", 20),
        ("1,000", 1000),
        ("1k", 1000),
        ("0", 0),
        ("", 0),
        (" ", 0),
        ("20.0", 20),
        ("100000", 100_000),
    ],
)
def test_signups_are_read(typed: str, signups: int) -> None:
    assert read_signups(typed, "en_US") == signups


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("20.5", "Signups are whole: 20.5 is not."),
        ("-1", "Signups go from 0 to 100,000."),
        ("100001", "Signups go from 0 to 100,000."),
        ("1m", "Signups go from 0 to 100,000."),
        ("9" * 5000, "Signups go from 0 to 100,000."),
        ("twenty", "Signups are a whole number, like 20: “twenty” is not."),
        ("1.000", "Signups are a whole number, like 20: “1.000” is not."),
        ("$20", "Signups are a whole number, like 20: “$20” is not."),
        ("<!channel>", "Signups are a whole number, like 20: “<!channel>” is not."),
    ],
    ids=lambda typed: typed[:12],
)
def test_signups_that_are_refused_are_named(typed: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_signups(typed, "en_US")
    assert (refused.value.message, refused.value.field) == (told, SIGNUPS)


def test_a_year_takes_twelve_times_as_many() -> None:
    def in_a_year(signups: str) -> int:
        typed = TypedFigures(signups=signups)
        return typed.over(Figures(), signups_max=YEARLY_SIGNUPS_MAX, locale="en_US", currency="USD").signups

    assert in_a_year("1,200,000") == 1_200_000
    with pytest.raises(InvalidFigures, match=r"Signups go from 0 to 1,200,000\."):
        in_a_year("1200001")


@pytest.mark.parametrize(
    ("typed", "revenue"),
    [
        ("50000", "50000"),
        ("$50k", "50000"),
        ("1.2m", "1200000"),
        ("0.01", "0.01"),
        ("12.340", None),
        ("1.2345k", "1234.50"),
        ("", "0"),
        ("-0", "0"),
        ("9,999,999,999.99", "9999999999.99"),
    ],
)
def test_revenue_is_read_to_the_cent(typed: str, revenue: str | None) -> None:
    if revenue is None:
        with pytest.raises(InvalidInput, match="is not"):
            read_revenue(typed, "en_US", "USD")
    else:
        read = read_revenue(typed, "en_US", "USD")
        assert read == Decimal(revenue)
        assert read.as_tuple().exponent in (0, -2)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12.3456", "Revenue has two decimals at most."),
        ("1.234567k", "Revenue has two decimals at most."),
        ("-0.01", "Revenue goes from 0 to 9,999,999,999.99."),
        ("10b", "Revenue goes from 0 to 9,999,999,999.99."),
        ("9999999999.991", "Revenue is an amount, like 50,000 or 50k: “9999999999.991” is not."),
        ("50.000", "Revenue is an amount, like 50,000 or 50k: “50.000” is not."),
        ("lots", "Revenue is an amount, like 50,000 or 50k: “lots” is not."),
        ("€50k", "Revenue is in USD here: “€50k” is in another currency."),
        ("50k CAD", "Revenue is in USD here: “50k CAD” is in another currency."),
    ],
)
def test_revenue_that_is_refused_is_named(typed: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_revenue(typed, "en_US", "USD")
    assert (refused.value.message, refused.value.field) == (told, REVENUE)


@pytest.mark.parametrize(
    ("currency", "cents"), [("JPY", False), ("KRW", False), ("EUR", True), ("KWD", True)]
)
def test_currencies_without_cents_take_none(currency: str, cents: bool) -> None:
    assert read_revenue("50k", "en_US", currency) == 50_000
    assert read_revenue("50.00", "en_US", currency) == 50
    if cents:
        assert read_revenue("50.50", "en_US", currency) == Decimal("50.50")
        return
    with pytest.raises(InvalidInput, match=rf"Revenue has no decimals in {currency}\."):
        read_revenue("50.50", "en_US", currency)


@pytest.mark.parametrize(
    ("typed", "tier"), [("0", 0), ("6", 6), ("tier 3", 3), ("Tier3", 3), ("T3", 3), (" 3 ", 3), ("", 0)]
)
def test_tiers_are_read(typed: str, tier: int) -> None:
    assert read_tier(typed) == tier


@pytest.mark.parametrize("typed", ["7", "-1", "3.5", "03", "gold", "²", "3k"])
def test_a_tier_that_there_is_not_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_tier(typed)
    assert refused.value.message == f"The bonus tier is a number from 0 (none) to 6: “{typed}” is not."
    assert refused.value.field == TIER


@pytest.mark.parametrize(
    ("typed", "figures"),
    [
        ({}, USUAL),
        ({"signups": "25"}, Figures(25, Decimal(50_000), 3)),
        ({"revenue": "60k"}, Figures(20, Decimal(60_000), 3)),
        ({"tier": "4"}, Figures(20, Decimal(50_000), 4)),
        ({"tier": ""}, Figures(20, Decimal(50_000), 0)),
        ({"signups": "", "revenue": "1"}, Figures(0, Decimal(1), 3)),
        ({"signups": "1", "revenue": "", "tier": "0"}, Figures(1, Decimal(0), 0)),
    ],
)
def test_what_is_not_typed_stays_and_what_is_emptied_is_zero(typed: dict[str, str], figures: Figures) -> None:
    assert over(USUAL, **typed) == figures


def test_every_mistake_is_told_at_once_by_its_field() -> None:
    with pytest.raises(InvalidFigures) as refused:
        over(USUAL, signups="20.5", revenue="lots", tier="7")
    assert list(refused.value.problems) == [SIGNUPS, REVENUE, TIER]
    assert refused.value.field == SIGNUPS
    assert all(problem in refused.value.message for problem in refused.value.problems.values())


def test_only_the_fields_at_fault_are_named() -> None:
    with pytest.raises(InvalidFigures) as refused:
        over(USUAL, signups="25", revenue="60k", tier="7")
    assert list(refused.value.problems) == [TIER]
    assert refused.value.field == TIER


@pytest.mark.parametrize(
    ("current", "typed"),
    [
        (USUAL, {"signups": "0", "revenue": "0"}),
        (USUAL, {"signups": "", "revenue": ""}),
        (Figures(), {"tier": "3"}),
        (Figures(), {}),
        (Figures(signups=20), {"signups": "0"}),
    ],
)
def test_a_goal_aims_at_something(current: Figures, typed: dict[str, str]) -> None:
    with pytest.raises(InvalidFigures) as refused:
        over(current, **typed)
    assert refused.value.problems == {SIGNUPS: "Set a goal above zero for signups, revenue or both."}


def test_a_mistake_is_not_hidden_behind_a_goal_of_nothing() -> None:
    with pytest.raises(InvalidFigures) as refused:
        over(Figures(), tier="7")
    assert list(refused.value.problems) == [TIER]


@pytest.mark.parametrize("field", ["signups", "revenue", "tier"])
def test_a_refusal_repeats_only_the_beginning_of_a_long_text(field: str) -> None:
    with pytest.raises(InvalidFigures) as refused:
        over(USUAL, **{field: "x" * 5000})
    assert "“xxxxxxxxxx" in refused.value.message
    assert len(refused.value.message) < 150


anything = st.none() | st.text(max_size=30) | st.from_regex(r"[$€-]?[0-9.,]{1,12}[kmb]?", fullmatch=True)


@given(signups=anything, revenue=anything, tier=anything)
def test_whatever_is_typed_gives_figures_in_range_or_a_refusal(
    signups: str | None, revenue: str | None, tier: str | None
) -> None:
    try:
        figures = TypedFigures(signups, revenue, tier).over(
            USUAL, signups_max=100_000, locale="en_US", currency="USD"
        )
    except InvalidFigures:
        return
    assert 0 <= figures.signups <= 100_000
    assert 0 <= figures.revenue <= Decimal("9999999999.99")
    assert 0 <= figures.tier <= 6
    assert figures.signups or figures.revenue


def test_forty_characters_are_repeated_whole_and_no_more() -> None:
    assert shortened("x" * 40) == "x" * 40
    assert shortened("x" * 41) == "x" * 39 + "…"
