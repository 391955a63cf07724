"""A file dropped on Goalkeeper: seen first, imported once an admin confirms, and refused in a sentence."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.imports.files import SIZE_MAX, check_table
from bot.imports.messages import CONFIRM
from domain.errors import InvalidInput
from sandbox import Message, Person, Sandbox, faults
from tests.conftest import Sql

CSV = b"rep,metric,amount,day,external_id\nana@northwind.example,signups,2,2026-02-02,a\n"
COUNT = "SELECT count(*) FROM activity"

Answered = Callable[[Person], Awaitable[str]]


@pytest.fixture
def readable(sandbox: Sandbox) -> Sandbox:
    """Goalkeeper may read files."""
    sandbox.grant("files:read")
    return sandbox


def newest(person: Person) -> Message | None:
    """What Goalkeeper said last."""
    said = [message for message in person.dms() if message.is_bot]
    return said[-1] if said else None


async def says(sandbox: Sandbox, person: Person, words: str) -> Message:
    """Wait until Goalkeeper's last message has these words."""

    def said() -> Message | None:
        message = newest(person)
        return message if message and words in message.text else None

    await sandbox.wait_for(lambda: said() is not None)
    message = said()
    assert message is not None
    return message


async def test_a_file_is_seen_then_imported(readable: Sandbox, adaeze: Person, sql: Sql) -> None:
    await adaeze.drops("actuals.csv", CSV)
    preview = await says(readable, adaeze, "Nothing is imported yet.")
    assert "*actuals.csv* from csv: 1 row, 1 new, 0 changed, 0 unchanged." in preview.text
    assert await sql.value(COUNT) == 0
    # Impatient people press twice.
    await asyncio.gather(adaeze.presses(CONFIRM, preview), adaeze.presses(CONFIRM, preview))
    done = await says(readable, adaeze, "Imported.")
    assert done.ts == preview.ts
    assert [tuple(row) for row in await sql("SELECT amount::int, source, door FROM activity")] == [
        (2, "csv", "import")
    ]
    assert await sql.value("SELECT count(*) FROM activity WHERE entered_by IS NULL") == 0
    await adaeze.drops("actuals.csv", CSV)
    again = await says(readable, adaeze, "There is nothing new to import.")
    assert "1 unchanged" in again.text
    assert await sql.value(COUNT) == 1


async def test_a_source_and_its_columns_are_written_beside_the_file(
    readable: Sandbox, adaeze: Person, sql: Sql
) -> None:
    deals = b"Record ID,Close Date,Deal owner,Amount\n1,2026-02-02 10:00,Ana Souza,1250.50\n"
    await adaeze.drops("deals.csv", deals, "HubSpot: Amount = revenue")
    preview = await says(readable, adaeze, "from hubspot")
    await adaeze.presses(CONFIRM, preview)
    await says(readable, adaeze, "Imported.")
    await adaeze.drops("deals.csv", deals.replace(b"1250.50", b"1000"))
    changed = await says(readable, adaeze, "1 changed")
    assert "from hubspot" in changed.text
    assert "Rows that changed will be amended." in changed.text
    await adaeze.presses(CONFIRM, changed)
    await says(readable, adaeze, "Imported. *deals.csv* from hubspot: 1 row, 0 new, 1 changed")
    assert await sql.value("SELECT sum(amount)::int FROM activity WHERE metric = 'revenue'") == 1000


async def test_faults_are_listed_by_line(readable: Sandbox, adaeze: Person, sql: Sql) -> None:
    rows = b"eve@x.com,signups,1,2026-02-02,\nana@northwind.example,signups,one,2026-02-02,\n" * 20
    await adaeze.drops("actuals.csv", CSV + rows)
    said = await says(readable, adaeze, "so nothing was imported")
    assert "*actuals.csv* has 40 mistakes" in said.text
    assert "• Line 3, rep: I don't know a rep “eve@x.com”." in said.text
    assert "… and 25 more." in said.text
    assert await sql.value(COUNT) == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.png", b"\x89PNG", "“photo.png” isn't a CSV file."),
        ("numbers.xlsx", b"PK", "“numbers.xlsx” isn't a CSV file. Export it as CSV"),
        ("empty.csv", b"\n", "file: is empty"),
        ("photo.csv", b"\x89PNG\r\n" + bytes(range(256)), "is not a text file"),
    ],
)  # fmt: skip
async def test_what_is_no_csv_is_refused(
    readable: Sandbox, adaeze: Person, sql: Sql, name: str, content: bytes, words: str
) -> None:
    await adaeze.drops(name, content)
    assert await says(readable, adaeze, words)
    assert await sql.value(COUNT) == 0


async def test_only_admins_import(readable: Sandbox, ana: Person, marisol: Person) -> None:
    for person in (ana, marisol):
        await person.drops("actuals.csv", CSV)
        await says(readable, person, "Only admins can import numbers. Ask one of them")
    assert not [entry for entry in readable.traffic if entry.label == "file download"]


async def test_without_the_scope_it_says_what_to_grant(sandbox: Sandbox, adaeze: Person) -> None:
    sandbox.revoke("files:read")
    await adaeze.drops("actuals.csv", CSV)
    await says(sandbox, adaeze, "Add the bot scope files:read to the Slack app")


async def test_a_file_deleted_before_it_is_confirmed_is_not_imported(
    readable: Sandbox, adaeze: Person, sql: Sql
) -> None:
    dropped = await adaeze.drops("actuals.csv", CSV)
    preview = await says(readable, adaeze, "Nothing is imported yet.")
    await adaeze.deletes(dropped.written)
    await adaeze.presses(CONFIRM, preview)
    await says(readable, adaeze, "The file has been deleted, so nothing was imported.")
    assert await sql.value(COUNT) == 0


async def test_only_what_was_seen_is_imported(readable: Sandbox, adaeze: Person, sql: Sql) -> None:
    dropped = await adaeze.drops("actuals.csv", CSV)
    preview = await says(readable, adaeze, "Nothing is imported yet.")
    [file_id] = dropped.written.files
    files = readable.slack.files
    files.contents.keep(file_id, CSV.replace(b",2,", b",9,"))
    await adaeze.presses(CONFIRM, preview)
    await says(readable, adaeze, "isn't the one you saw any more")
    assert await sql.value(COUNT) == 0


async def test_a_download_that_fails_is_tried_again_by_the_admin(
    readable: Sandbox, adaeze: Person, sql: Sql
) -> None:
    readable.faults.always("file download", faults.http_error(503))
    await adaeze.drops("actuals.csv", CSV)
    await says(readable, adaeze, "I couldn't read the file just now")
    readable.faults.clear()
    await adaeze.drops("actuals.csv", CSV)
    await says(readable, adaeze, "Nothing is imported yet.")


def test_a_file_that_is_too_large_is_for_the_terminal() -> None:
    with pytest.raises(InvalidInput, match="larger than 100 MB"):
        check_table({"name": "huge.csv", "size": SIZE_MAX + 1})
