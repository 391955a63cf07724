"""What admins may set, as they type it."""

from datetime import time
from decimal import Decimal

import pytest

from domain.errors import InvalidInput, Mistakes
from domain.periods import DeadlineDay, Period
from domain.setup.rules import (
    TypedSettings,
    WorkspaceSettings,
    read_currency,
    read_deadline_day,
    read_locale,
    read_tiers,
    read_time,
    read_zone,
)

USUAL = [("15", ""), ("20", "100"), ("25", "1k"), ("30", "$2,000"), ("40", "2500.50"), ("50", "3000")]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_goes_by_its_name_or_its_city(typed: str, zone: str) -> None:
    assert read_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Europe/Berln", "Did you mean Europe/Berlin"),
        ("louisville", "Did you mean America/Kentucky/Louisville or America/Louisville?"),
        ("the moon", "It is a place like Europe/Berlin."),
        ("CET", "It is a place like Europe/Berlin."),
        ("", "It is a place like Europe/Berlin."),
        ("x" * 3000, "It is a place like Europe/Berlin."),
    ],
)
def test_a_zone_nobody_knows_is_refused_with_a_hint(typed: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_zone(typed)
    assert refused.value.field == "time_zone"
    assert hint in refused.value.message
    assert len(refused.value.message) < 300


def test_a_currency_has_three_letters_that_are_one() -> None:
    assert read_currency(" eur ") == "EUR"
    for typed in ("", "euro", "QQQ", "$", "€"):
        with pytest.raises(InvalidInput, match="three letters"):
            read_currency(typed)


def test_a_locale_is_one_that_is_known() -> None:
    assert read_locale("de-de") == read_locale("de_DE") == "de_DE"
    for typed in ("", "xx_YY", "german", "de_DE_x_y_z", "../etc"):
        with pytest.raises(InvalidInput, match="en_US or de_DE"):
            read_locale(typed)


@pytest.mark.parametrize("typed", ["3", "28", "0", "-6", "6.0", "", "six", "٦", "9" * 5000])
def test_a_deadline_day_outside_its_bounds_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="from the 4th to the 27th"):
        read_deadline_day(typed)


def test_a_deadline_day_and_a_time_are_read() -> None:
    assert [read_deadline_day(typed) for typed in ("4", " 27 ")] == [4, 27]
    assert read_time("07:30") == time(7, 30)
    with pytest.raises(InvalidInput, match="time of day"):
        read_time("noon")


def test_every_mistake_is_named_at_once() -> None:
    typed = TypedSettings("nowhere", "x", "x", "3", "x", None)
    with pytest.raises(Mistakes) as refused:
        typed.read("USD")
    assert list(refused.value.problems) == [
        "time_zone",
        "currency",
        "locale",
        "deadline_day",
        "reminder_time",
    ]


def test_settings_go_through_a_form_and_back() -> None:
    typed = TypedSettings("Asia/Tokyo", None, "ja_JP", "10", "09:15", "C1")
    settings = typed.read("JPY")
    assert settings == WorkspaceSettings("Asia/Tokyo", "JPY", "ja_JP", 10, time(9, 15), "C1")
    assert WorkspaceSettings.from_json(settings.as_json()) == settings


def test_tiers_are_read_as_people_type_them() -> None:
    tiers = read_tiers(USUAL, "en_US", "USD")
    assert [tier.signups_needed for tier in tiers] == [15, 20, 25, 30, 40, 50]
    assert [tier.amount for tier in tiers] == [
        Decimal(n) for n in ("0", "100", "1000", "2000", "2500.5", "3000")
    ]


def test_each_tier_takes_more_than_the_one_below() -> None:
    falling = [("15", ""), ("15", ""), ("25", ""), ("24", ""), ("40", ""), ("50", "")]
    with pytest.raises(Mistakes) as refused:
        read_tiers(falling, "en_US", "USD")
    assert refused.value.problems == {
        "tier_2_signups": "Tier 2 takes more than tier 1, so more than 15.",
        "tier_4_signups": "Tier 4 takes more than tier 3, so more than 25.",
    }


def test_each_tier_gives_at_least_as_much_as_the_one_below() -> None:
    falling = [("15", "100"), ("20", "100"), ("25", "99"), ("30", "200"), ("40", "300"), ("50", "")]
    with pytest.raises(Mistakes) as refused:
        read_tiers(falling, "en_US", "USD")
    assert refused.value.problems == {
        "tier_3_amount": "Tier 3 gives at least as much as tier 2.",
        "tier_6_amount": "Tier 6 gives at least as much as tier 5.",
    }


def test_what_is_no_figure_of_a_tier_is_named_by_its_field() -> None:
    wrong = [("0", ""), ("", ""), ("2.5", "-1"), ("100001", "lots"), ("40", "€5"), ("50", "1.005")]
    with pytest.raises(Mistakes) as refused:
        read_tiers(wrong, "en_US", "USD")
    assert list(refused.value.problems) == [
        "tier_1_signups",
        "tier_2_signups",
        "tier_3_signups",
        "tier_3_amount",
        "tier_4_signups",
        "tier_4_amount",
        "tier_5_amount",
        "tier_6_amount",
    ]
    assert refused.value.problems["tier_3_amount"].startswith("The bonus goes from 0")


def test_a_changed_deadline_day_counts_from_next_month() -> None:
    december, january, february = (
        Period.of_month(2026, 12),
        Period.of_month(2027, 1),
        Period.of_month(2027, 2),
    )
    changed = DeadlineDay(6).changed_to(10, december)
    assert [changed.counting_in(month) for month in (december, january, february)] == [6, 10, 10]
    again = changed.changed_to(12, december)
    assert [again.counting_in(month) for month in (december, january)] == [6, 12]
    later = changed.changed_to(20, january)
    assert [later.counting_in(month) for month in (january, february)] == [10, 20]
    assert changed.changed_to(6, december) == DeadlineDay(6)
