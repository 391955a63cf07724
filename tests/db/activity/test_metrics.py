"""The catalogue of metrics, as a workspace begins with it and as admins change it."""

from decimal import Decimal

import pytest

from domain.activity import metrics, queries
from domain.activity.model import Unit
from domain.activity.queries import Whose
from domain.errors import InvalidInput, NotAllowed
from domain.periods import Period
from tests.db.activity.book import RECORDED, Book


async def test_a_workspace_begins_with_the_catalogue(book: Book) -> None:
    catalogue = await queries.catalogue(book.session)
    assert " ".join(metric.code for metric in catalogue) == (
        "signups revenue deals leads opportunities opportunities_won opportunities_lost quotations "
        "quotations_accepted orders calls emails meetings site_visits bookings conversion_rate win_rate "
        "quotation_acceptance average_deal"
    )
    on = " ".join(metric.code for metric in catalogue if metric.is_on)
    assert on == "signups revenue deals calls meetings"


async def test_an_admin_adds_a_metric_and_reps_log_it(book: Book) -> None:
    ada = await book.actor("Ada")
    assert await metrics.add(book.session, ada, " Demo  calls", Unit.COUNT) == "demo_calls"
    assert (await book.log("Ana", "3", "demo_calls")).outcome is RECORDED
    quotient = await metrics.add(
        book.session, ada, "Demos per call", Unit.PERCENT, numerator=["demo_calls"], denominator=["calls"]
    )
    await book.log("Ana", "4", "calls")
    figures = await queries.figures(book.session, [quotient], Period.of_year(2026), Whose())
    assert figures == {quotient: Decimal("75.00")}


@pytest.mark.parametrize(
    ("label", "unit", "parts", "said"),
    [
        ("Calls", Unit.COUNT, {}, "already a metric called Calls"),
        ("x" * 41, Unit.COUNT, {}, "up to 40 letters"),
        ("Ratio", Unit.PERCENT, {}, "Percentages can't be added"),
        ("Ratio", Unit.COUNT, {"numerator": ["calls"], "denominator": ["deals"]}, "A quotient is"),
        ("Ratio", Unit.PERCENT, {"numerator": ["calls"]}, "what to divide it by"),
        ("Ratio", Unit.PERCENT, {"numerator": ["win_rate"], "denominator": ["calls"]}, "isn't a sum"),
        ("Ratio", Unit.MONEY, {"numerator": ["revenue", "calls"], "denominator": ["calls"]}, "Money and"),
    ],
)
async def test_a_metric_that_makes_no_sense_is_refused(
    book: Book, label: str, unit: Unit, parts: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        await metrics.add(book.session, await book.actor("Ada"), label, unit, **parts)


async def test_switching_off_ends_logging_and_keeps_history(book: Book) -> None:
    ada = await book.actor("Ada")
    await book.log("Ana", "4", "calls")
    await metrics.switch(book.session, ada, "calls", on=False)
    assert (await book.log("Ana", "4", "calls")).refusal is not None
    figures = await queries.figures(book.session, ["calls"], Period.of_year(2026), Whose())
    assert figures == {"calls": 4}


@pytest.mark.parametrize("code", ["signups", "revenue"])
async def test_signups_and_revenue_stay_on(book: Book, code: str) -> None:
    with pytest.raises(InvalidInput, match="stays on"):
        await metrics.switch(book.session, await book.actor("Ada"), code, on=False)


async def test_a_source_feeds_a_metric_until_people_do_again(book: Book) -> None:
    ada = await book.actor("Ada")
    await metrics.feed(book.session, ada, "revenue", "CRM ")
    assert (await book.log("Ana", "100", "revenue")).refusal is not None
    await metrics.feed(book.session, ada, "revenue", "people")
    assert (await book.log("Ana", "100", "revenue")).outcome is RECORDED
    with pytest.raises(InvalidInput, match="nothing feeds it"):
        await metrics.feed(book.session, ada, "win_rate", "crm")


async def test_only_admins_change_the_catalogue(book: Book) -> None:
    kim = await book.actor("Kim")
    with pytest.raises(NotAllowed):
        await metrics.add(book.session, kim, "Demos", Unit.COUNT)
    with pytest.raises(NotAllowed):
        await metrics.switch(book.session, kim, "calls", on=False)
