"""Columns are recognized by the names that CRMs give, or by a mapping."""

import pytest

from domain.csv_files import BadFile
from domain.imports.columns import Field, Layout, lay_out, metric_names

METRICS = metric_names({"signups": "Signups", "revenue": "Revenue", "site_visits": "Site visits"})


def laid(header: str, **mapping: str) -> Layout:
    return lay_out(1, header.split(","), mapping, METRICS)


def refused(header: str, **mapping: str) -> str:
    with pytest.raises(BadFile) as caught:
        laid(header, **mapping)
    return str(caught.value)


@pytest.mark.parametrize(
    ("header", "rep", "day", "identity"),
    [
        ("Opportunity ID,Opportunity Owner,Owner Email,Amount,Close Date", 2, 4, 0),
        ("Record ID,Deal Name,Close Date,Deal owner,Amount", 3, 2, 0),
        ("Deal - ID,Amount,Deal - Owner,Deal - Won time", 2, 3, 0),
    ],
)
def test_an_export_is_recognized(header: str, rep: int, day: int, identity: int) -> None:
    layout = laid(header, Amount="revenue")
    assert layout.places[Field.REP] == rep
    assert layout.places[Field.DAY] == day
    assert layout.places[Field.EXTERNAL_ID] == identity
    assert [(value.column, value.metric) for value in layout.values] == [("Amount", "revenue")]


def test_a_sheet_may_have_a_column_for_each_metric() -> None:
    layout = laid("Email,Date,Signups,Site Visits,Remarks")
    assert [value.metric for value in layout.values] == ["signups", "site_visits"]
    assert layout.ignored == ("Remarks",)


def test_a_mapping_counts_before_a_name() -> None:
    layout = laid("rep,metric,amount,date,created", created="day", date="ignore")
    assert (layout.places[Field.DAY], layout.ignored) == (4, ("date",))


def test_what_is_missing_or_doubled_is_said() -> None:
    assert "needs a column with each rep's email" in refused("metric,amount,day")
    assert "needs a column of amounts" in refused("rep,metric,day")
    assert "needs a column metric" in refused("rep,amount,day")
    assert "needs a column with the day" in refused("rep,metric,amount")
    assert "amount: is there twice" in refused("rep,metric,amount,day,amount")
    assert "is mapped, but the file has no such column" in refused("rep,metric,amount,day", when="day")
    assert "is mapped to day, as another column is" in refused("rep,metric,amount,a,b", a="day", b="day")
