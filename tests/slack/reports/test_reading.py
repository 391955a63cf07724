"""What people type after `/goals report`."""

from datetime import date

import pytest

from bot.reports.reading import read
from domain.errors import InvalidInput

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "month", "team", "part"),
    [
        ("", "2026-10", "", None),
        ("2026-09", "2026-09", "", None),
        ("this month", "2026-11", "", None),
        ("last month West", "2026-10", "West", None),
        ("september", "2026-09", "", None),
        ("Sep 2025 West", "2025-09", "West", None),
        ("December", "2025-12", "", None),
        ("West Coast", "2026-10", "West Coast", None),
        ("“West Coast”", "2026-10", "West Coast", None),
        ("csv", "2026-10", "", 1),
        ("2026-09 West csv 2", "2026-09", "West", 2),
        ("Marketing", "2026-10", "Marketing", None),
    ],
)
def test_a_month_and_a_team_are_read(typed: str, month: str, team: str, part: int | None) -> None:
    wanted = read(typed, TODAY)
    assert (str(wanted.month), wanted.team, wanted.csv_part) == (month, team, part)


@pytest.mark.parametrize("typed", ["2026", "Q3", "2026-10-05", "yesterday", "@nobody"])
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read(typed, TODAY)
