from contextlib import suppress
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from domain.money import (
    NotANumber,
    OtherCurrency,
    amount_example,
    format_count,
    format_money,
    has_mark,
    parse_number,
    split_amount,
)

LOCALES = (
    "en_US",
    "en_GB",
    "en_IN",
    "de_DE",
    "de_CH",
    "fr_FR",
    "es_ES",
    "pt_BR",
    "pl_PL",
    "sv_SE",
    "ja_JP",
    "ar_EG",
)
amounts = st.decimals(0, Decimal("9999999999.99"), places=2)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", "0"),
        ("50000", "50000"),
        ("50,000", "50000"),
        ("1,234,567.89", "1234567.89"),
        ("$50,000", "50000"),
        ("$50k", "50000"),
        ("50K", "50000"),
        ("$ 50 k", "50000"),
        ("  50000\n", "50000"),
        ("1.2m", "1200000"),
        ("1.25 M", "1250000"),
        ("1.234m", "1234000"),
        ("2mm", "2000000"),
        ("2 mio", "2000000"),
        ("1b", "1000000000"),
        ("1.5bn", "1500000000"),
        ("50k$", "50000"),
        ("US$50k", "50000"),
        ("USD 50k", "50000"),
        ("50k usd", "50000"),
        (".5", "0.5"),
        (".5m", "500000"),
        ("50.", "50"),
        ("50.5", "50.5"),
        ("50.50", "50.5"),
        ("-5", "-5"),
        ("-$5k", "-5000"),
        ("-0", "0"),
        ("007", "7"),
        pytest.param("٥٠", "50", id="arabic digits"),
        pytest.param("५०k", "50000", id="devanagari digits"),
        pytest.param("५०,०००", "50000", id="devanagari digits in groups"),
        pytest.param("٥٠٬٠٠٠", "50000", id="arabic digits and separator"),
        pytest.param("٥٠٫٢٥", "50.25", id="arabic decimals"),
        pytest.param("\u200f50,000\u200f", "50000", id="marks of the writing direction"),
        pytest.param("\u22125", "-5", id="a true minus"),
        ("$-5", "-5"),
        pytest.param("５００", "500", id="full-width digits"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert parse_number(typed, "en_US", "USD") == Decimal(number)


@pytest.mark.parametrize(
    ("locale", "typed", "number"),
    [
        ("de_DE", "50.000", "50000"),
        ("de_DE", "50.000,50", "50000.5"),
        ("de_DE", "1,2m", "1200000"),
        ("en_IN", "12,00,000", "1200000"),
        pytest.param("fr_FR", "50 000,50", "50000.5", id="fr_FR plain space"),
        pytest.param("fr_FR", "50\u202f000", "50000", id="fr_FR its own space"),
        pytest.param("fr_FR", "50\xa0000", "50000", id="fr_FR no-break space"),
        pytest.param("pl_PL", "1 234 567", "1234567", id="pl_PL plain spaces"),
        pytest.param("sv_SE", "50\u2009000", "50000", id="sv_SE thin space"),
        pytest.param("de_CH", "50'000", "50000", id="de_CH plain apostrophe"),
        pytest.param("de_CH", "50’000.50", "50000.5", id="de_CH its own apostrophe"),
        ("es_ES", "1.234", "1234"),
        ("pt_BR", "50.000", "50000"),
    ],
)
def test_separators_are_those_of_the_locale(locale: str, typed: str, number: str) -> None:
    assert parse_number(typed, locale) == Decimal(number)


@pytest.mark.parametrize(
    ("locale", "currency", "typed", "number"),
    [
        ("de_DE", "EUR", "1.234,50 €", "1234.5"),
        ("de_DE", "EUR", "50.000", "50000"),
        ("de_AT", "EUR", "€ 50k", "50000"),
        pytest.param("fr_FR", "EUR", "1\u202f234,50\u202f€", "1234.5", id="fr_FR narrow spaces"),
        ("en_IN", "INR", "₹12,34,567.50", "1234567.5"),
        ("en_IN", "INR", "INR 1,00,000", "100000"),
        ("de_CH", "CHF", "CHF 1'234.50", "1234.5"),
        pytest.param("hi_IN", "INR", "₹१२,३४,५६७", "1234567", id="hi_IN devanagari lakhs"),
        pytest.param("ar_EG", "EGP", "٥٠٬٠٠٠", "50000", id="ar_EG arabic digits"),
        pytest.param("de_DE", "EUR", "٥٠٬٠٠٠٫٥", "50000.5", id="de_DE arabic separators say it themselves"),
    ],
)
def test_amounts_are_read_as_the_workspace_writes_them(
    locale: str, currency: str, typed: str, number: str
) -> None:
    assert parse_number(typed, locale, currency) == Decimal(number)


@pytest.mark.parametrize(
    ("locale", "example"),
    [
        ("en_US", "50,000 or 50k"),
        ("de_DE", "50.000 or 50k"),
        ("fr_FR", "50\u202f000 or 50k"),
        ("de_CH", "50’000 or 50k"),
        ("en_IN", "50,000 or 50k"),
    ],
)
def test_the_example_is_as_the_workspace_writes_it(locale: str, example: str) -> None:
    assert amount_example(locale) == example


@pytest.mark.parametrize("locale", LOCALES)
def test_the_example_is_understood_where_it_is_given(locale: str) -> None:
    for typed in amount_example(locale).split(" or "):
        assert parse_number(typed, locale, "USD") == 50_000


@pytest.mark.parametrize(
    ("locale", "text", "found", "rest"),
    [
        ("en_US", "2 signups", "2", "signups"),
        ("en_US", "$5,000 Acme renewal", "$5,000", "Acme renewal"),
        ("en_US", "$10k, 2 signups", "$10k", ", 2 signups"),
        ("en_US", "50 k Acme", "50 k", "Acme"),
        ("en_US", "3 big deals", "3", "big deals"),
        ("en_US", "5 May deals", "5", "May deals"),
        ("en_US", "5 meetings", "5", "meetings"),
        ("en_US", "USD 50k Acme", "USD 50k", "Acme"),
        ("en_US", "-1 signup refund", "-1", "signup refund"),
        ("en_US", "-$5k Acme", "-$5k", "Acme"),
        ("en_US", "3 100", "3", "100"),
        ("en_US", "5.", "5", "."),
        ("de_DE", "1.234,50 € Acme", "1.234,50 €", "Acme"),
        ("sv_SE", "50 000 kr Acme", "50 000 kr", "Acme"),
        ("sv_SE", "3 krögare", "3", "krögare"),
        ("fr_FR", "1 234,50 € Acme", "1 234,50 €", "Acme"),
        ("fr_FR", "3 100 Acme", "3 100", "Acme"),
    ],
)
def test_an_amount_is_found_at_the_beginning_of_a_text(locale: str, text: str, found: str, rest: str) -> None:
    currency = {"de_DE": "EUR", "fr_FR": "EUR", "sv_SE": "SEK"}.get(locale, "USD")
    assert split_amount(text, locale, currency) == (found, rest)


@pytest.mark.parametrize("text", ["", "Acme 5", "2026-11-03", "60%", "11/3", "5x", "<@U1>"])
def test_no_amount_is_found_where_a_text_begins_otherwise(text: str) -> None:
    assert split_amount(text, "en_US", "USD") is None


@pytest.mark.parametrize(
    ("typed", "marked"),
    [("$5", True), ("5 $", True), ("USD 5k", True), ("€5", True), ("5", False), ("5k", False)],
)
def test_an_amount_says_by_its_mark_that_it_is_money(typed: str, marked: bool) -> None:
    assert has_mark(typed, "en_US", "USD") is marked


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "-",
            "$",
            "k",
            ".",
            ",",
            "hello",
            "fifty",
            "20abc",
            "max 50",
            "50kk",
            "50 kg",
            "50%",
            "½",
            "5²",
        ),
        *("1e3", "0x10", "1_000", "5-", "--5", "+5", "(5)", "$$5", "5/6", "1 2 3", "10 000"),
        *("50k/month", "nan", "inf", "Infinity", "<!channel>", "🎯", "20 🎯", "5\x00"),
        *("5,00", "50,00", "5,0000", "12,00,000", "1,,000", ",5", "1,000 000", "1.2.3", "1..5"),
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed, "en_US")


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        pytest.param("en_US", "50.000", id="German thousands in the US"),
        pytest.param("en_US", "1.000", id="German one thousand in the US"),
        pytest.param("en_US", "50.000,50", id="German cents in the US"),
        pytest.param("de_DE", "50,000", id="American thousands in Germany"),
        pytest.param("de_DE", "1,234,567", id="American millions in Germany"),
        pytest.param("de_DE", "1.2m", id="American point in Germany"),
        pytest.param("en_IN", "1,200,000", id="American millions in India"),
        pytest.param("fr_FR", "50 00", id="a slip in France"),
    ],
)
def test_a_number_that_reads_differently_elsewhere_is_not_guessed_at(locale: str, typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed, locale)


@pytest.mark.parametrize(
    ("currency", "locale", "typed"),
    [
        ("EUR", "de_DE", "50k €"),
        ("EUR", "en_US", "€50k"),
        ("INR", "en_IN", "₹50k"),
        ("CAD", "en_US", "$50k"),
        ("CAD", "en_US", "CA$50k"),
        ("AUD", "en_US", "A$50k"),
        ("SGD", "en_US", "$50k"),
        ("BRL", "pt_BR", "R$ 50k"),
        ("SEK", "sv_SE", "50k kr"),
        ("SEK", "sv_SE", "50000 kr"),
        ("CHF", "de_CH", "chf 50k"),
        ("JPY", "en_US", "￥50k"),
        ("JPY", "ja_JP", "¥50k"),
        ("CNY", "en_US", "¥50k"),
        ("PLN", "pl_PL", "50k zł"),
    ],
)
def test_an_amount_carries_its_own_currency(currency: str, locale: str, typed: str) -> None:
    assert parse_number(typed, locale, currency) == 50_000


@pytest.mark.parametrize(
    ("currency", "typed"),
    [
        ("USD", "€50k"),
        ("USD", "50k €"),
        ("USD", "EUR 50k"),
        ("USD", "50k cad"),
        ("USD", "CA$50k"),
        ("USD", "¥50000"),
        ("EUR", "$50k"),
        ("EUR", "USD 50k"),
        ("JPY", "$50k"),
        ("SEK", "50k€"),
    ],
)
def test_another_currency_is_not_taken_for_it(currency: str, typed: str) -> None:
    with pytest.raises(OtherCurrency):
        parse_number(typed, "en_US", currency)


@pytest.mark.parametrize("typed", ["$20", "20€", "20 USD", "EUR 20"])
def test_a_count_has_no_currency(typed: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_number(typed, "en_US")
    assert not isinstance(refused.value, OtherCurrency)


@given(amount=amounts, locale=st.sampled_from(LOCALES))
def test_what_a_form_shows_is_read_back_as_the_same(amount: Decimal, locale: str) -> None:
    assert parse_number(format_decimal(amount, locale=locale), locale) == amount


@given(
    amount=amounts,
    locale=st.sampled_from(LOCALES),
    currency=st.sampled_from(("USD", "EUR", "GBP", "CAD", "AUD", "SEK", "PLN", "CHF", "BRL", "INR", "SGD")),
)
def test_what_messages_show_can_be_typed_in(amount: Decimal, locale: str, currency: str) -> None:
    assert parse_number(format_money(amount, currency, locale), locale, currency) == amount


@given(typed=st.text(st.sampled_from("0123456789.,'’ -$€kKmMbnio \xa0\u202f٥५½²xe_"), max_size=12))
def test_whatever_is_typed_is_a_finite_number_or_none(typed: str) -> None:
    with suppress(NotANumber):
        assert parse_number(typed, "en_US", "USD").is_finite()


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        ("50000", "USD", "en_US", "$50,000"),
        ("50000.00", "USD", "en_US", "$50,000"),
        ("50000.5", "USD", "en_US", "$50,000.50"),
        ("0", "USD", "en_US", "$0"),
        ("-5", "USD", "en_US", "-$5"),
        ("9999999999.99", "USD", "en_US", "$9,999,999,999.99"),
        ("50000", "EUR", "de_DE", "50.000 €"),
        ("50000.05", "EUR", "de_DE", "50.000,05 €"),
        ("50000", "EUR", "fr_FR", "50 000 €"),
        ("50000", "EUR", "en_US", "€50,000"),
        ("50000", "JPY", "ja_JP", "￥50,000"),
        ("50000", "JPY", "en_US", "¥50,000"),
        ("1200000", "INR", "en_IN", "₹12,00,000"),
        ("50000", "CHF", "de_CH", "CHF 50’000"),
    ],
)
def test_money_is_shown_with_cents_only_where_there_are_some(
    amount: str, currency: str, locale: str, shown: str
) -> None:
    said = format_money(Decimal(amount), currency, locale)
    assert said.replace("\xa0", " ").replace("\u202f", " ") == shown


@pytest.mark.parametrize(
    ("locale", "shown"), [("en_US", "1,200,000"), ("de_DE", "1.200.000"), ("en_IN", "12,00,000")]
)
def test_counts_are_grouped_as_the_locale_does(locale: str, shown: str) -> None:
    assert format_count(1_200_000, locale) == shown
