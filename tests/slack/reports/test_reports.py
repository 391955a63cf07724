"""Monthly reports in Slack: the message, `/goals report` with its files, and reopening a month."""

import csv
import io
import zipfile
from collections.abc import Awaitable, Callable

import pytest

from bot.app import Bot
from bot.ticker import Ticker
from domain.db import Database
from sandbox import Answer, Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form

Day = Callable[..., Awaitable[None]]


@pytest.fixture
def day(bot: Bot, clock: Clock, db: Database, sql: Sql, told: Told, sandbox: Sandbox) -> Day:
    """Makes it this year, month, day and hour in New York, ticks, and sees everything sent."""

    async def move(*moment: int) -> None:
        await clock.at(*moment)
        await sql("UPDATE workspaces SET tick_at = '-infinity'")
        await Ticker(db).tick()
        await told(sandbox.person("Adaeze Okafor"))

    return move


@pytest.fixture
async def february(ana: Person, day: Day, sql: Sql) -> None:
    """A month that Ana set and made; nobody else set anything."""
    await day(2026, 2, 2, 12)
    await ana.types("/goals set 20 0 1")
    await sql(
        "INSERT INTO activity (workspace_id, sales_rep_id, metric, amount, occurred_on)"
        " SELECT workspace_id, id, 'signups', 22, '2026-02-02' FROM sales_reps WHERE name = 'Ana Souza'"
    )


def csv_rows(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written)))


def pasted(answer: Answer) -> list[dict[str, str]]:
    """The CSV in an answer, as a spreadsheet reads it."""
    assert answer.message is not None
    (block,) = (block for block in answer.message.blocks if block["type"] == "rich_text")
    return csv_rows("".join(piece["text"] for piece in block["elements"][0]["elements"]))


async def test_a_manager_gets_one_report_that_becomes_final(
    february: None, marisol: Person, day: Day, told: Told
) -> None:
    await day(2026, 3, 2, 15)
    report = (await told(marisol))[-1]
    assert report.text.splitlines()[:4] == [
        "📊 *February 2026 report* · provisional until Mar 8",
        "*1 of 5* made it · *1 of 5* set goals by the deadline (20%)",
        "✅ *Made it (1)*",
        "*Ana Souza*: 22 of 20 signups · tier 2",
    ]
    assert "⚪ *Goals not set (4)*" in report.text
    before = len(await told(marisol))
    await day(2026, 3, 9, 9)
    assert len(await told(marisol)) == before
    (edited,) = [message for message in await told(marisol) if message.ts == report.ts]
    assert edited.text.splitlines()[0] == "📊 *February 2026 report* · final"


async def test_without_the_scope_the_report_is_text_and_says_what_to_grant(
    february: None, marisol: Person, day: Day
) -> None:
    await day(2026, 3, 2, 15)
    answer = await marisol.types("/goals report")
    assert "February 2026 report" in answer.text
    assert "an admin can grant Goalkeeper the optional scope files:write" in answer.text
    assert len(pasted(answer)) == 5
    rows = pasted(await marisol.types("/goals report february csv"))
    assert [(row["name"], row["result"], row["signups"]) for row in rows][:1] == [("Ana Souza", "made", "22")]
    assert len(rows) == 5


async def test_an_admin_sees_everybody_or_one_team(february: None, adaeze: Person, day: Day) -> None:
    await day(2026, 3, 2, 15)
    everybody = pasted(await adaeze.types("/goals report csv"))
    east = pasted(await adaeze.types("/goals report 2026-02 east csv"))
    assert len(everybody) > len(east) > 0
    assert {row["team"] for row in east} == {"East"}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/goals report nowhere", "I don't know a month or a team of yours called “nowhere”."),
        ("/goals report east", "I don't know a month or a team of yours called “east”."),
        ("/goals report 2026", "“2026” isn't a month."),
        ("/goals report csv 7", "There is no part 7: this report's CSV has 1 part."),
        ("/goals report 2025-01", "Nobody you lead had goals in January 2025."),
    ],
)
async def test_what_a_manager_cannot_see_is_refused_in_a_sentence(
    february: None, marisol: Person, day: Day, typed: str, says: str
) -> None:
    await day(2026, 3, 2, 15)
    assert says in (await marisol.types(typed)).text


async def test_a_rep_sees_no_report(ana: Person) -> None:
    assert "Managers and admins can see monthly reports." in (await ana.types("/goals report")).text


async def test_an_admin_reopens_a_month_and_its_report_says_so(
    february: None, adaeze: Person, marisol: Person, day: Day, told: Told, sql: Sql, sandbox: Sandbox
) -> None:
    await day(2026, 3, 2, 15)
    assert "Reopen" not in (await adaeze.types("/goals report")).text
    await day(2026, 3, 20, 9)
    answer = await adaeze.types("/goals report")
    assert answer.message is not None
    await adaeze.presses("reports.reopen", answer.message)
    assert Form.of(adaeze).fields == {"Why?": None}
    await adaeze.submits({"reason": "A deal was missing."})
    (report,) = [message for message in await told(marisol) if "February 2026 report" in message.text]
    assert "reopened, so figures may still change" in report.text
    await day(2026, 3, 24, 9)
    (report,) = [message for message in await told(marisol) if "February 2026 report" in message.text]
    assert report.text.splitlines()[0] == "📊 *February 2026 report* · revised"
    assert await sql.value("SELECT to_value ->> 'reason' FROM settings_changes WHERE subject = 'month'") == (
        "A deal was missing."
    )


class TestFiles:
    """With `files:write`."""

    @pytest.fixture
    def sandbox(self, sandbox: Sandbox) -> Sandbox:
        """Slack, where the bot may send files."""
        sandbox.grant("files:write")
        return sandbox

    async def test_the_report_comes_as_csv_and_as_a_workbook(
        self, february: None, marisol: Person, day: Day, sandbox: Sandbox
    ) -> None:
        await day(2026, 3, 2, 15)
        answer = await marisol.types("/goals report")
        assert "The files are on their way to our direct messages." in answer.text
        slack = sandbox.slack

        def shared() -> list[str] | None:
            return next((message.files for message in marisol.dms() if len(message.files) == 2), None)

        found = await sandbox.wait_for(shared)
        assert found is not None
        contents = {slack.workspace.files[each].name: slack.files.contents.read(each) for each in found}
        written = contents["goals-2026-02.csv"]
        assert written is not None
        assert csv_rows(written.decode("utf-8-sig"))[0]["name"] == "Ana Souza"
        workbook = contents["goals-2026-02.xlsx"]
        assert workbook is not None
        with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<v>22</v>" in sheet
