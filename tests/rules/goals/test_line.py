import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.goals.figures import TypedFigures
from domain.goals.line import LineNotUnderstood, SetLine, read_line
from domain.periods import Period

FEBRUARY, MARCH = Period.of_month(2026, 2), Period.of_month(2026, 3)
YEAR = Period.of_year(2026)


def figures(signups: str | None = None, revenue: str | None = None, tier: str | None = None) -> TypedFigures:
    return TypedFigures(signups, revenue, tier)


def refusal(typed: str) -> tuple[str, object]:
    """The sentence, and which kind of goal the example is to be about."""
    with pytest.raises(LineNotUnderstood) as refused:
        read_line(typed, FEBRUARY)
    return refused.value.message, refused.value.facts["span"]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("20 50k 3", figures("20", "50k", "3")),
        ("  20   50k\t3 ", figures("20", "50k", "3")),
        ("20, 50k, 3", figures("20", "50k", "3")),
        ("20; 50k; 3", figures("20", "50k", "3")),
        ("20;50k;3", figures("20", "50k", "3")),
        ("20 / 50k / 3", figures("20", "50k", "3")),
        ("20 | $50,000 | 3", figures("20", "$50,000", "3")),
        ("20 · $50,000 · tier 3", figures("20", "$50,000", "3")),
        ("20 50k 3.", figures("20", "50k", "3")),
        ("20 50k", figures("20", "50k")),
        ("20", figures("20")),
        ("50,000", figures("50,000")),
        ("$50k", figures(None, "$50k")),
        ("50k", figures(None, "50k")),
        ("50 k", figures(None, "50k")),
        ("20 50 K 3", figures("20", "50K", "3")),
        ("1.2 mio", figures(None, "1.2mio")),
        ("€50k", figures(None, "€50k")),
        ("20 50k€", figures("20", "50k€")),
        ("20signups 50k", figures("20", "50k")),
        ("A$50k 20", figures("20", "A$50k")),
        ("50k 20", figures("20", "50k")),
        ("$50,000 20 3", figures("20", "$50,000", "3")),
        ("20 50000 3", figures("20", "50000", "3")),
        ("5k 100k", figures("5k", "100k")),
        ("20 0", figures("20", "0")),
        ("20 -50k", figures("20", "-50k")),
        ("20 50k 7", figures("20", "50k", "7")),
        ("٢٠ 50k", figures("٢٠", "50k")),
    ],
)
def test_bare_figures_come_in_the_order_signups_revenue_tier(typed: str, understood: TypedFigures) -> None:
    assert read_line(typed, FEBRUARY) == SetLine(FEBRUARY, understood)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("20 signups", figures("20")),
        ("20 Signups!", figures("20")),
        ("1 signup", figures("1")),
        ("signups 20", figures("20")),
        ("signups: 20", figures("20")),
        ("signups=20", figures("20")),
        ("revenue 50k", figures(None, "50k")),
        ("50,000 revenue", figures(None, "50,000")),
        ("20 revenue", figures(None, "20")),
        ("tier 3", figures(None, None, "3")),
        ("tier3", figures(None, None, "3")),
        ("T3", figures(None, None, "3")),
        ("bonus tier 3", figures(None, None, "3")),
        ("3 tiers?", figures(None, None, "3")),
        ("20 50k 3 tier", figures("20", "50k", "3")),
        ("20 3 tier", figures("20", None, "3")),
        ("3 bonus tier", figures(None, None, "3")),
        ("tier 3 20 signups", figures("20", None, "3")),
        ("20 signups 50k revenue", figures("20", "50k")),
        ("signups 20 revenue 50k tier 3", figures("20", "50k", "3")),
        ("20 signups, $50k revenue, and tier 3", figures("20", "$50k", "3")),
        ("revenue to 60k and tier to 4", figures(None, "60k", "4")),
        ("50,000 revenue 20", figures("20", "50,000")),
    ],
)
def test_figures_can_be_named_before_or_after(typed: str, understood: TypedFigures) -> None:
    assert read_line(typed, FEBRUARY) == SetLine(FEBRUARY, understood)


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("", FEBRUARY),
        ("   ", FEBRUARY),
        (" , ", FEBRUARY),
        ("this month", FEBRUARY),
        ("my goals for this month", FEBRUARY),
        ("next", MARCH),
        ("NEXT month", MARCH),
        ("yearly", YEAR),
        ("this year", YEAR),
        ("annual goals", YEAR),
        ("december", Period.of_month(2026, 12)),
        ("Dec", Period.of_month(2026, 12)),
        ("sept", Period.of_month(2026, 9)),
        ("may", Period.of_month(2026, 5)),
        ("february", Period.of_month(2026, 2)),
        ("january", Period.of_month(2026, 1)),
        ("december 2027", Period.of_month(2027, 12)),
        ("2026-12", Period.of_month(2026, 12)),
        ("2026-3", Period.of_month(2026, 3)),
        ("yearly 2026", Period.of_year(2026)),
        ("year 2027", Period.of_year(2027)),
        ("next year", Period.of_year(2027)),
        ("next year 2027", Period.of_year(2027)),
    ],
)
def test_a_line_without_figures_says_which_form_to_open(typed: str, period: Period) -> None:
    assert read_line(typed, FEBRUARY) == SetLine(period, None)


@pytest.mark.parametrize(
    ("this_month", "typed", "month"),
    [
        (Period.of_month(2026, 1), "december", Period.of_month(2025, 12)),
        (Period.of_month(2026, 1), "january", Period.of_month(2026, 1)),
        (Period.of_month(2026, 12), "january", Period.of_month(2027, 1)),
        (Period.of_month(2026, 12), "november", Period.of_month(2026, 11)),
        (Period.of_month(2026, 12), "october", Period.of_month(2027, 10)),
    ],
)
def test_a_months_name_means_the_nearest_one(this_month: Period, typed: str, month: Period) -> None:
    assert read_line(typed, this_month).period == month


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("next 20 50k", SetLine(MARCH, figures("20", "50k"))),
        ("20 50k next month", SetLine(MARCH, figures("20", "50k"))),
        ("december 20 50k 3", SetLine(Period.of_month(2026, 12), figures("20", "50k", "3"))),
        ("20 dec", SetLine(Period.of_month(2026, 12), figures("20"))),
        ("march 2026 20 50k", SetLine(Period.of_month(2026, 3), figures("20", "50k"))),
        ("2026-12 20", SetLine(Period.of_month(2026, 12), figures("20"))),
        ("yearly 240 600k", SetLine(YEAR, figures("240", "600k"))),
        ("yearly 240", SetLine(YEAR, figures("240"))),
        ("240 600000 yearly", SetLine(YEAR, figures("240", "600000"))),
        ("yearly 2400", SetLine(YEAR, figures("2400"))),
        ("yearly 2040 600k", SetLine(YEAR, figures("2040", "600k"))),
        ("yearly signups 2026", SetLine(YEAR, figures("2026"))),
        ("yearly 2027 240", SetLine(Period.of_year(2027), figures("240"))),
        ("next year 240 600k", SetLine(Period.of_year(2027), figures("240", "600k"))),
    ],
)
def test_a_line_says_which_goals_and_which_figures(typed: str, line: SetLine) -> None:
    assert read_line(typed, FEBRUARY) == line


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hello", "I did not understand “hello”."),
        ("twenty", "I did not understand “twenty”."),
        ("😀", "I did not understand “😀”."),
        ("שלום", "I did not understand “שלום”."),
        ("<!channel>", "I did not understand “<!channel>”."),
        ("ma 5", "I did not understand “ma”."),
        ("2026-13", "I did not understand “2026-13”."),
        ("20/50k/3", "I did not understand “20/50k/3”."),
        ("120%", "I did not understand “120%”."),
        ("20 50k three", "I understood 20 signups, 50k revenue, but not “three”."),
        ("20 sales", "I understood 20 signups, but not “sales”."),
        ("50k 20 and then some", "I understood 20 signups, 50k revenue, but not “then”."),
        ("1 2 3 4 5", "I understood 1 signups, 2 revenue, tier 3, but not “4”."),
        ("20 50 000 3", "I understood 20 signups, 50 revenue, tier 000, but not “3”."),
        ("50,000 revenue 20 3 4", "I understood 20 signups, 50,000 revenue, tier 3, but not “4”."),
        ("20 signups 30 signups", "I understood 20 signups, but not “30 signups”."),
        ("tier 3 tier 4", "I understood tier 3, but not “tier 4”."),
        ("tier", "I did not understand “tier”."),
        ("revenue signups 20", "I did not understand “revenue”."),
        ("march april 20", "I did not understand “april”."),
        ("20 march next", "I understood 20 signups, but not “next”."),
    ],
)
def test_what_is_not_understood_is_refused_with_what_was(typed: str, told: str) -> None:
    assert refusal(typed) == (f"{told} Nothing was changed.", "month")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("yearly 240 600k 3", "I understood 240 signups, 600k revenue, but not “3”."),
        ("yearly 240 tier 3", "I did not understand “tier 3”."),
        ("next year 240 gold", "I understood 240 signups, but not “gold”."),
    ],
)
def test_a_year_has_no_tier(typed: str, told: str) -> None:
    assert refusal(typed) == (f"{told} Nothing was changed.", "year")


@pytest.mark.parametrize(
    "typed", ["x" * 5000, "1" * 5000 + " x", "20 " + "9" * 5000 + " 3 4", "20 50k 3 " * 500]
)
def test_a_refusal_stays_short_whatever_was_typed(typed: str) -> None:
    assert len(refusal(typed)[0]) < 300


FIGURES = ("20", "50k", "$50k", "3", "t3", "-5")
NAMES = ("tier", "signups", "revenue", "bonus")
SPANS = ("next", "yearly", "year", "this", "december", "2026-12", "march")
words = st.sampled_from((*FIGURES, *NAMES, *SPANS, "-", "=", "and", "k", "x", "🎯", ",", "."))


def understood(typed: str) -> SetLine | None:
    """None: refused, and rightly worded."""
    try:
        return read_line(typed, FEBRUARY)
    except InvalidInput as refused:
        told = refused.message
    assert told.endswith("Nothing was changed.")
    return None


@given(typed=st.lists(words, max_size=7).map(" ".join) | st.text(max_size=60))
def test_a_line_is_understood_or_refused_and_nothing_else(typed: str) -> None:
    understood(typed)


@given(typed=st.lists(words, max_size=6))
def test_each_figure_typed_is_understood_or_the_line_is_refused(typed: list[str]) -> None:
    assume("k" not in typed)  # Joined to the figure before it.
    line = understood(" ".join(typed))
    if line is not None:
        taken = line.figures or figures()
        read = [figure for figure in (taken.signups, taken.revenue, taken.tier) if figure is not None]
        given_figures = [word.removeprefix("t") for word in typed if word in FIGURES]
        assert sorted(read) == sorted(given_figures)
