"""Rosters taken in by the service, in a transaction of the bot."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, text

from domain.db import Transaction
from domain.people.roster.plan import ChangeKind
from domain.people.roster.rows import Row
from domain.people.roster.service import import_roster, plan_roster
from domain.people.roster.table import BadRoster


@contextmanager
def counted(tx: Transaction) -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []
    engine = tx.session.get_bind().engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def team_of(size: int, prefix: str) -> list[Row]:
    return [
        Row(slack_id=f"U0{prefix}{n:04}", name=f"Rep {n}", team=f"Team {n % 7}", rep=True)
        for n in range(size)
    ]


async def test_the_number_of_statements_does_not_grow_with_the_rows(tx: Transaction) -> None:
    with counted(tx) as for_one:
        await import_roster(tx.session, tx.now, team_of(1, "A"))
    with counted(tx) as for_many:
        await import_roster(tx.session, tx.now, team_of(300, "B"))
    # From a hundred people on the planner is told, so that it joins them by hash.
    counts = [
        len([one for one in each if "goalkeeper_count_people" not in one]) for each in (for_one, for_many)
    ]
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("now", [datetime(2026, 2, 3, 3, tzinfo=UTC)])
async def test_people_join_on_their_own_calendars_today(tx: Transaction) -> None:
    await import_roster(
        tx.session,
        tx.now,
        [
            Row(slack_id="U0LA", name="Leilani", team="West", time_zone="America/Los_Angeles"),
            Row(slack_id="U0IN", name="Priya", team="West", time_zone="Asia/Kolkata"),
        ],
    )
    joined = await tx.session.execute(
        text("""
        SELECT u.slack_id, r.joined_on, m.started_on
          FROM users u JOIN sales_reps r ON r.user_id = u.id JOIN team_memberships m ON m.sales_rep_id = r.id
         ORDER BY 1""")
    )
    assert list(joined) == [
        ("U0IN", date(2026, 2, 3), date(2026, 2, 3)),
        ("U0LA", date(2026, 2, 2), date(2026, 2, 2)),
    ]


async def test_a_plan_writes_nothing_and_says_what_taking_in_would(tx: Transaction) -> None:
    rows = team_of(3, "C")
    planned = await plan_roster(tx.session, tx.now, rows)
    assert (await tx.session.execute(text("SELECT count(*) FROM users"))).scalar_one() == 0
    assert await import_roster(tx.session, tx.now, rows) == planned
    again = await import_roster(tx.session, tx.now, rows)
    assert {change.kind for change in (*again.people, *again.teams)} == {ChangeKind.UNCHANGED}


async def test_an_admin_by_roster_is_named_and_may_be_unnamed(tx: Transaction) -> None:
    role = text("SELECT role FROM users")
    for admin, expected in ((True, "admin"), (None, "admin"), (False, "member")):
        await import_roster(tx.session, tx.now, [Row(slack_id="U0D", name="Dana", admin=admin)])
        assert (await tx.session.execute(role)).scalar_one() == expected


async def test_a_rep_who_was_deactivated_is_back_with_a_row_that_carries_goals(tx: Transaction) -> None:
    await import_roster(tx.session, tx.now, [Row(slack_id="U0A", name="Ana", team="West")])
    await tx.session.execute(text("UPDATE sales_reps SET is_active = false"))
    active = text("SELECT is_active FROM sales_reps")
    await import_roster(tx.session, tx.now, [Row(slack_id="U0A", name="Ana Maria")])
    assert (await tx.session.execute(active)).scalar_one() is False
    await import_roster(tx.session, tx.now, [Row(slack_id="U0A", team="West")])
    assert (await tx.session.execute(active)).scalar_one() is True


async def test_two_addresses_of_one_person_are_noticed(tx: Transaction) -> None:
    await import_roster(tx.session, tx.now, [Row(slack_id="U0A", name="Ana", email="ana@x.com")])
    with pytest.raises(BadRoster, match="U0A is already on line 2"):
        await import_roster(
            tx.session,
            tx.now,
            [Row(slack_id="U0A", name="Ana", line=2), Row(email="ana@x.com", name="Ana", line=3)],
        )
