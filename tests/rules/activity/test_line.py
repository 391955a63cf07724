from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activity.catalogue import Catalogue, LineUnit, Loggable
from domain.activity.days import DAY, FutureDay
from domain.activity.line import (
    AMOUNT,
    METRIC,
    NOTE,
    LineEntry,
    LogLine,
    QuotientLogged,
    UnknownMetric,
    in_words,
    read_log,
)
from domain.activity.shares import SHARES, Share, SharesAmiss
from domain.errors import InvalidInput

TODAY = date(2026, 11, 21)
"""A Saturday."""
YESTERDAY = date(2026, 11, 20)
METRICS = (
    Loggable("signups", "Signups"),
    Loggable("revenue", "Revenue", LineUnit.MONEY),
    Loggable("calls", "Calls"),
    Loggable("opportunities", "Opportunities"),
    Loggable("opportunities_won", "Opportunities won"),
    Loggable("site_visits", "Site visits"),
    Loggable("demo_boxes", "Demo box"),
    Loggable("upsell", "Upsell", LineUnit.MONEY),
    Loggable("conversion_rate", "Conversion rate", quotient_of=("Orders", "Leads")),
)
AMERICAN = Catalogue(METRICS, "en_US", "USD")
GERMAN = Catalogue(METRICS, "de_DE", "EUR")


def read(typed: str, catalogue: Catalogue = AMERICAN) -> LogLine:
    return read_log(typed, catalogue, TODAY)


def entry(metric: str, amount: str, day: date = TODAY, note: str | None = None) -> LineEntry:
    return LineEntry(metric, Decimal(amount), day, note)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2 signups", entry("signups", "2")),
        ("1 signup", entry("signups", "1")),
        ("2 SIGNUPS.", entry("signups", "2")),
        ("2 sign-ups", entry("signups", "2")),
        ("2 new signups", entry("signups", "2")),
        ("20signups", entry("signups", "20")),
        ("signups 2", entry("signups", "2")),
        ("signups: 2", entry("signups", "2")),
        ("$5,000 Acme renewal", entry("revenue", "5000", note="Acme renewal")),
        ("$4k", entry("revenue", "4000")),
        ("USD 4k Acme", entry("revenue", "4000", note="Acme")),
        ("4k revenue Acme", entry("revenue", "4000", note="Acme")),
        ("$1,234.50 Acme, the second part", entry("revenue", "1234.50", note="Acme, the second part")),
        ("$500 upsell Acme", entry("upsell", "500", note="Acme")),
        ("-1 signup refund", entry("signups", "-1", note="refund")),
        ("-$5k Acme", entry("revenue", "-5000", note="Acme")),
        ("2 opportunities", entry("opportunities", "2")),
        ("1 opportunity won Acme", entry("opportunities_won", "1", note="Acme")),
        ("2 opportunities_won", entry("opportunities_won", "2")),
        ("3 site visits", entry("site_visits", "3")),
        ("1 Site Visit", entry("site_visits", "1")),
        ("2 demo boxes", entry("demo_boxes", "2")),
        pytest.param("٢ signups", entry("signups", "2"), id="arabic digits"),
        pytest.param("१० signups", entry("signups", "10"), id="devanagari digits"),
        ("3 calls yesterday", entry("calls", "3", YESTERDAY)),
        ("yesterday 3 calls", entry("calls", "3", YESTERDAY)),
        ("3 calls yesterday with Acme", entry("calls", "3", YESTERDAY, "with Acme")),
        ("3 calls today", entry("calls", "3")),
        ("2 signups on Nov 3", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups Nov 3", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on November 3, 2026", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on 3 Nov Acme", entry("signups", "2", date(2026, 11, 3), "Acme")),
        ("2 signups on the 3rd of November", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on the 3rd", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups 2026-11-03", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on 2026-11-03", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on 11/3", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on Monday", entry("signups", "2", date(2026, 11, 16))),
        ("2 signups on Saturday", entry("signups", "2")),
        ("2 signups last Saturday", entry("signups", "2", date(2026, 11, 14))),
        ("$5k Acme renewal until May 2027", entry("revenue", "5000", note="Acme renewal until May 2027")),
        ("$5k Acme on Nov 3", entry("revenue", "5000", date(2026, 11, 3), "Acme")),
    ],
)
def test_a_figure_is_read_with_its_metric_day_and_note(typed: str, expected: LineEntry) -> None:
    assert read(typed) == LogLine((expected,))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.234,50 € Acme", entry("revenue", "1234.50", note="Acme")),
        ("5.000 € Acme", entry("revenue", "5000", note="Acme")),
        ("1,5k € Acme", entry("revenue", "1500", note="Acme")),
        ("2 signups am Stand", entry("signups", "2", note="am Stand")),
        ("2 signups on 3.11.", entry("signups", "2", date(2026, 11, 3))),
        ("2 signups on 3.11.2026", entry("signups", "2", date(2026, 11, 3))),
    ],
)
def test_figures_and_days_are_those_of_the_locale(typed: str, expected: LineEntry) -> None:
    assert read(typed, GERMAN) == LogLine((expected,))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2 signups, $4k", (entry("signups", "2"), entry("revenue", "4000"))),
        ("2 signups and $4k Acme", (entry("signups", "2"), entry("revenue", "4000", note="Acme"))),
        ("2 signups; 3 calls", (entry("signups", "2"), entry("calls", "3"))),
        ("2 signups + 3 calls", (entry("signups", "2"), entry("calls", "3"))),
        ("$10k, 2 signups", (entry("revenue", "10000"), entry("signups", "2"))),
        (
            "2 signups, $4k Acme and Sons yesterday",
            (entry("signups", "2", YESTERDAY), entry("revenue", "4000", YESTERDAY, "Acme and Sons")),
        ),
        ("2 signups yesterday, $4k", (entry("signups", "2", YESTERDAY), entry("revenue", "4000", YESTERDAY))),
        ("2 signups yesterday, $4k today", (entry("signups", "2", YESTERDAY), entry("revenue", "4000"))),
        ("signups 2, calls 3", (entry("signups", "2"), entry("calls", "3"))),
    ],
)
def test_a_line_may_hold_several_figures(typed: str, expected: tuple[LineEntry, ...]) -> None:
    assert read(typed).entries == expected


@pytest.mark.parametrize(
    ("typed", "amount", "month"),
    [
        ("signups are 15 now", 15, "2026-11"),
        ("signups are 15", 15, "2026-11"),
        ("Signups = 15", 15, "2026-11"),
        ("= 15 signups", 15, "2026-11"),
        ("signups are 0", 0, "2026-11"),
        ("October's signups were 12", 12, "2026-10"),
        ("last month's signups were 12", 12, "2026-10"),
        ("December’s signups were 12", 12, "2025-12"),
        ("signups were 12 in October", 12, "2026-10"),
    ],
)
def test_a_total_is_told_from_what_comes_on_top(typed: str, amount: int, month: str) -> None:
    (only,) = read(typed).entries
    assert (only.metric, only.amount, str(only.total_of)) == ("signups", Decimal(amount), month)
    assert only.note is None


def test_revenue_can_be_given_as_a_total_too() -> None:
    (only,) = read("October's revenue was 15,000").entries
    assert (only.metric, only.amount, str(only.total_of)) == ("revenue", Decimal(15_000), "2026-10")


@pytest.mark.parametrize("typed", ["<@U1> 2 signups", "<@U1|ana>: 2 signups", "<@U1|ana> signups 2"])
def test_a_rep_named_first_is_whose_figures_they_are(typed: str) -> None:
    assert read(typed) == LogLine((entry("signups", "2"),), rep="U1")


@pytest.mark.parametrize(
    ("typed", "note", "shares"),
    [
        ("$10k Acme <@U1|ana> 60 <@U2|ben> 40", "Acme", ((("U1"), "60"), ("U2", "40"))),
        ("$10k Acme <@U1> 60% <@U2> 40%", "Acme", (("U1", "60"), ("U2", "40"))),
        (
            "$10k <@U1> 33.33, <@U2> 33.33, <@U3> 33.34",
            None,
            (("U1", "33.33"), ("U2", "33.33"), ("U3", "33.34")),
        ),
        ("<@U1> 60 <@U2> 40 $10k Acme", "Acme", (("U1", "60"), ("U2", "40"))),
        ("$10k Acme <@U1> 100", "Acme", (("U1", "100"),)),
    ],
)
def test_a_deal_can_be_shared(typed: str, note: str | None, shares: tuple[tuple[str, str], ...]) -> None:
    assert read(typed) == LogLine(
        (entry("revenue", "10000", note=note),),
        shares=tuple(Share(slack_id, Decimal(percent)) for slack_id, percent in shares),
    )


def test_a_shared_deal_has_one_day() -> None:
    assert read("$10k Acme <@U1> 60 <@U2> 40 yesterday").entries == (
        entry("revenue", "10000", YESTERDAY, "Acme"),
    )


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ("", AMOUNT, "There is nothing to log yet. Try “2 signups” or “$5,000 Acme renewal”."),
        ("hello", AMOUNT, "I don't see what to log in “hello”. Try “2 signups” or “$5,000 Acme renewal”."),
        (
            "signups",
            AMOUNT,
            "How many? I see no number in “signups”. Try “2 signups” or “$5,000 Acme renewal”.",
        ),
        ("20", METRIC, "“20” of what? Try “2 signups” or “$5,000 Acme renewal”."),
        ("4k", METRIC, "“4k” of what? Try “2 signups” or “$5,000 Acme renewal”."),
        ("2 singups", METRIC, "I don't recognize “singups”. Did you mean signups?"),
        ("2 oportunities", METRIC, "I don't recognize “oportunities”. Did you mean opportunities?"),
        (
            "2 xyz",
            METRIC,
            "I don't recognize “xyz”. You can log signups, revenue, calls, opportunities and more.",
        ),
        ("2 signups, 3 cals", METRIC, "I don't recognize “cals”. Did you mean calls?"),
        ("singups 2", METRIC, "I don't recognize “singups”. Did you mean signups?"),
        (
            "30 conversion rate",
            METRIC,
            "Conversion rate is worked out from other figures. Log orders and leads instead.",
        ),
        ("0 signups", AMOUNT, "0 changes nothing, so there is nothing to log."),
        ("1.5 signups", AMOUNT, "Signups can have no decimals: “1.5” has more."),
        (
            "$1.234 Acme",
            AMOUNT,
            "I couldn't read “$1.234” as a number. Try “2 signups” or “$5,000 Acme renewal”.",
        ),
        ("$1.2345k Acme", None, None),
        ("$12.345k Acme", None, None),
        ("€5k Acme", AMOUNT, "Amounts are in USD here: “€5k” is in another currency."),
        ("$5 signups", AMOUNT, "Signups are counted, so leave out the currency."),
        ("2m signups", AMOUNT, "“2m” is too much for one entry. It takes 1,000,000 at most."),
        ("$10b Acme", AMOUNT, "“$10b” is too much for one entry. It takes $9,999,999,999.99 at most."),
        ("2 signups on Nov 31", DAY, "There is no such day as “Nov 31”."),
        ("2 signups on 2026-13-01", DAY, "There is no such day as “2026-13-01”."),
        ("2 signups on Nov 30", DAY, "“Nov 30” is still to come. Log it when it has happened."),
        ("2 signups on 2026-11-22", DAY, "“2026-11-22” is still to come. Log it when it has happened."),
        (
            "2 signups yesterday, $4k today, 3 calls",
            DAY,
            "Say the day of each figure, or one day for all of them.",
        ),
        ("signups are -3", AMOUNT, "A total can't be below zero."),
        ("signups are 15 on Nov 3", DAY, "A total is that of a month, not of a day."),
        (
            "15 signups now",
            AMOUNT,
            "Is 15 the total? Then write “signups are 15 now”. To add 15, leave out the last word.",
        ),
        ("$10k <@U1> 60 <@U2> 30", SHARES, "The shares add up to 90. They have to make 100."),
        ("$10k <@U1> 60 <@U1> 40", SHARES, "A rep is named twice. Give each rep one share."),
        ("$10k <@U1> 100 <@U2> 0", SHARES, "Each share has to be above zero. Leave out whoever has none."),
        (
            "2 signups <@U1>",
            SHARES,
            "Put the rep first to log for them, or give each rep a share, like “@ana 60 @ben 40”.",
        ),
        ("<@U3> $10k <@U1> 60 <@U2> 40", SHARES, "Name each rep once, with a share: “@ana 60 @ben 40”."),
        (
            "signups are 15 <@U1> 60 <@U2> 40",
            SHARES,
            "A total can't be shared out. Log what came on top instead.",
        ),
        (f"$5k {'x' * 501}", NOTE, "A note has at most 500 characters."),
    ],
)
def test_what_is_not_understood_is_refused(typed: str, field: str | None, said: str | None) -> None:
    if said is None:
        assert read(typed).entries
        return
    with pytest.raises(InvalidInput) as refused:
        read(typed)
    assert (refused.value.message, refused.value.field) == (said, field)


def test_a_refusal_says_what_kind_it_is() -> None:
    with pytest.raises(UnknownMetric) as unknown:
        read("2 singups")
    assert (unknown.value.code, unknown.value.facts) == (
        "unknown_metric",
        {"typed": "singups", "nearest": "signups"},
    )
    for typed, kind in (
        ("30 conversion rate", QuotientLogged),
        ("2 signups on Nov 30", FutureDay),
        ("$1 <@U1> 1", SharesAmiss),
    ):
        with pytest.raises(kind):
            read(typed)


def test_a_german_workspace_is_told_how_it_writes_amounts_itself() -> None:
    with pytest.raises(InvalidInput) as refused:
        read("1.5 € Acme", GERMAN)
    assert refused.value.message.replace("\xa0", " ").endswith("Try “2 signups” or “5.000 € Acme renewal”.")


@pytest.mark.parametrize(
    ("typed", "absurd"),
    [
        ("999 signups", False),
        ("1,000 signups", True),
        ("-2,000 signups", True),
        ("$999,999 Acme", False),
        ("$1m Acme", True),
        ("signups are 2,000", True),
    ],
)
def test_an_absurd_amount_is_marked_so_that_it_can_be_asked_about(typed: str, absurd: bool) -> None:
    assert read(typed).entries[0].absurd is absurd


def test_what_is_absurd_can_be_said_for_each_metric() -> None:
    few = Catalogue((Loggable("signups", "Signups", plausible=Decimal(50)),), "en_US", "USD")
    assert [read(typed, few).entries[0].absurd for typed in ("49 signups", "50 signups")] == [False, True]


def test_amounts_without_small_coins_are_larger_before_they_are_absurd() -> None:
    japanese = Catalogue(METRICS, "ja_JP", "JPY")
    assert [read(typed, japanese).entries[0].absurd for typed in ("¥5m Acme", "¥100m Acme")] == [False, True]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2k signups", "2,000 signups"),
        ("1 opportunity won", "1 opportunity won"),
        ("-1 site visit", "-1 site visit"),
        ("$5,000 Acme", "$5,000 in revenue"),
    ],
)
def test_an_entry_is_said_in_words(typed: str, said: str) -> None:
    assert in_words(read(typed).entries[0], AMERICAN) == said


@given(st.text(st.sampled_from("2 50k$signupscalls,.-=@<>U1|%yesterdayon Nov\n'½٣"), max_size=40))
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    with suppress(InvalidInput):
        entries = read(typed).entries
        assert entries
        assert all(entry.day <= TODAY for entry in entries)
