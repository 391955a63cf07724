"""Numbers from files at the terminal: what goes in, what counts once, and what nothing is written for."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Command, Said, answers
from tests.conftest import HANG_SECONDS

NOW = "2026-11-12 17:00+00"
TOTALS = """
SELECT r.name, t.metric, t.starts_on::text, t.amount::text FROM activity_totals t
  JOIN sales_reps r ON r.id = t.sales_rep_id WHERE t.grain = 'day' ORDER BY 1, 2, 3
"""
COUNT = "SELECT count(*) FROM activity"
HEADER = "rep,metric,amount,day,external_id\n"


class Office:
    """An operator with a spreadsheet and a terminal; Ana and Ben are reps since October."""

    def __init__(self, command: Command, folder: Path, url: str) -> None:
        self.command, self.url = command, url
        self.file = folder / "actuals.csv"

    def imports(self, content: str | bytes, *options: str) -> Said:
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.command("import", "actuals", str(self.file), *options)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        return answers(self.url, statement)


@pytest.fixture
def office(command: Command, tmp_path: Path, acme: str) -> Office:
    answers(acme, f"UPDATE business_clock SET clock_offset = '{NOW}' - clock_timestamp()")
    for name in ("Ana", "Ben"):
        answers(
            acme,
            "INSERT INTO users (workspace_id, slack_id, name, email)"
            f" SELECT id, 'U0{name.upper()}', '{name}', '{name.lower()}@x.com' FROM workspaces",
        )
        answers(
            acme,
            "INSERT INTO sales_reps (workspace_id, user_id, name, joined_on) SELECT workspace_id, id, name,"
            f" '2026-10-01' FROM users WHERE name = '{name}'",
        )
    return Office(command, tmp_path, acme)


def test_rows_go_in_by_slack_id_email_or_name(office: Office) -> None:
    said = office.imports(
        HEADER
        + 'U0ANA,signups,2,2026-11-03,a\nBEN@x.com,Revenue,"$1,250.50",11/4/2026,b\nBen,calls,7,2026-11-04,\n'
    )
    assert (said.code, "3 rows from csv: 3 new, 0 changed, 0 unchanged." in said.text) == (0, True), said.text
    assert office.ask(TOTALS) == [
        ("Ana", "signups", "2026-11-03", "2.00"),
        ("Ben", "calls", "2026-11-04", "7.00"),
        ("Ben", "revenue", "2026-11-04", "1250.50"),
    ]
    assert office.ask("SELECT DISTINCT source, door, kind, entered_by FROM activity") == [
        ("csv", "import", "entry", None)
    ]


def test_a_dry_run_writes_nothing(office: Office) -> None:
    said = office.imports(HEADER + "ana@x.com,signups,2,2026-11-03,a\n", "--dry-run")
    assert said.code == 0
    assert "1 row from csv: 1 new" in said.text
    assert "nothing was written" in said.text
    assert office.ask(COUNT) == [(0,)]
    assert office.ask("SELECT count(*) FROM import_sources") == [(0,)]


def test_the_same_file_again_counts_once_even_where_the_month_is_closed(office: Office) -> None:
    october = HEADER + "ana@x.com,revenue,10000,2026-10-28,deal\n"
    office.ask(
        "INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month)"
        " SELECT workspace_id, id, 2026, 10 FROM sales_reps WHERE name = 'Ana'"
    )
    office.imports(october)
    office.ask("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now()")
    said = office.imports(october + "ana@x.com,revenue,500,2026-11-02,new\n")
    assert (said.code, "1 new, 0 changed, 1 unchanged" in said.text) == (0, True), said.text


def test_a_changed_row_needs_the_word(office: Office) -> None:
    office.imports(HEADER + "ana@x.com,revenue,10000,2026-11-02,deal\n")
    changed = HEADER + "ana@x.com,revenue,8000,2026-11-02,deal\nben@x.com,revenue,5,2026-11-02,other\n"
    said = office.imports(changed)
    assert said.code == 1
    assert "2 amount This was imported before with another amount or day." in said.text
    assert "1 mistake: nothing was taken in." in said.text
    assert office.ask(COUNT) == [(1,)]
    said = office.imports(changed, "--update")
    assert (said.code, "1 new, 1 changed, 0 unchanged" in said.text) == (0, True)
    assert ("Ana", "revenue", "2026-11-02", "8000.00") in office.ask(TOTALS)


def test_totals_of_periods_are_set_and_repeated_without_harm(office: Office) -> None:
    office.imports(HEADER + "ana@x.com,signups,4,2026-10-05,a\n")
    file = "email,metric,amount,period\nana@x.com,signups,15,2026-10\nana@x.com,signups,3,2026-11\n"
    said = office.imports(file)
    assert (said.code, "2 rows from csv: 2 new" in said.text) == (0, True), said.text
    assert office.ask(TOTALS) == [
        ("Ana", "signups", "2026-10-05", "4.00"),
        ("Ana", "signups", "2026-10-31", "11.00"),
        ("Ana", "signups", "2026-11-12", "3.00"),
    ]
    assert "0 new, 0 changed, 2 unchanged" in office.imports(file).text


def test_shares_of_a_deal_are_parted_to_the_cent(office: Office) -> None:
    header = "rep,metric,amount,day,external_id,share\n"
    said = office.imports(
        header
        + "ana@x.com,revenue,100.01,2026-11-03,deal,50\nben@x.com,revenue,100.01,2026-11-03,deal,50%\n"
        + "ana@x.com,signups,1,2026-11-03,deal,50\nben@x.com,signups,1,2026-11-03,deal,50\n"
    )
    assert said.code == 0, said.text
    assert office.ask(TOTALS) == [
        ("Ana", "revenue", "2026-11-03", "50.00"),
        ("Ana", "signups", "2026-11-03", "1.00"),
        ("Ben", "revenue", "2026-11-03", "50.01"),
    ]


SHAPES = {
    "salesforce": (
        '"Opportunity ID","Opportunity Owner","Owner Email","Opportunity Name","Stage","Amount",'
        '"Close Date"\n'
        '"0065e00000AbCdE","Ana Souza","ana@x.com","Acme renewal","Closed Won","12,500.00","11/3/2026"\n'
    ).encode("cp1252"),
    "hubspot": (
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount\n"
        "9012345678,Acme renewal,Closed Won,2026-11-03 14:22,Ana Souza (ana@x.com),12500\n"
    ).encode("utf-8-sig"),
    "pipedrive": (
        "Deal - ID;Deal - Title;Deal - Value;Deal - Currency of Value;Deal - Owner;Deal - Won time\n"
        "17;Acme renewal;12500,00;USD;Ana;2026-11-03 14:22:10\n"
    ).encode("utf-16"),
}


@pytest.mark.parametrize("crm", SHAPES)
def test_an_export_goes_in_as_it_comes(office: Office, crm: str) -> None:
    column = {"pipedrive": "Deal - Value"}.get(crm, "Amount")
    said = office.imports(SHAPES[crm], "--source", crm, "--map", f"{column}=revenue")
    assert said.code == 0, said.text
    assert office.ask(TOTALS) == [("Ana", "revenue", "2026-11-03", "12500.00")]
    assert office.ask("SELECT source, note FROM activity") == [(crm, "Acme renewal")]
    # The source keeps its mapping, and a file of its columns is recognized without being named.
    assert f"1 row from {crm}: 0 new, 0 changed, 1 unchanged" in office.imports(SHAPES[crm]).text


def test_a_sheet_has_a_column_for_each_metric(office: Office) -> None:
    said = office.imports(
        'Email,Date,Signups,Revenue,Remarks\r\nana@x.com,11/3/2026,2,"$1,234.50",good\r\n'
        "ben@x.com,11/3/2026,,$99,\r\n,,,,\r\n"
    )
    assert (said.code, "2 rows from csv: 3 new" in said.text) == (0, True), said.text
    assert "Columns that weren't read: Remarks." in said.text
    assert ("Ana", "revenue", "2026-11-03", "1234.50") in office.ask(TOTALS)


def test_every_bad_row_is_named_by_line_and_column(office: Office) -> None:
    office.ask(
        "INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, frozen_at)"
        " SELECT workspace_id, id, 2026, 10, now() FROM sales_reps WHERE name = 'Ana'"
    )
    said = office.imports(
        "Owner Email,metric,Value,Close Date,external_id,share\n"
        "eve@x.com,signups,1,2026-11-03,,\n"
        "ana@x.com,win_rate,1,2026-11-03,,\n"
        'ana@x.com,signups,"1\n5",2026-11-03,,\n'
        "ana@x.com,signups,1,2026-11-13,,\n"
        "ana@x.com,signups,1,2026-09-30,,\n"
        "ana@x.com,signups,1,2026-10-30,,\n"
        "ana@x.com,signups,1.5,2026-11-03,,\n"
        "ana@x.com,revenue,1.234,2026-11-03,,\n"
        "ana@x.com,revenue,10,2026-11-03,deal,60\n"
        "ben@x.com,revenue,10,2026-11-03,deal,30\n"
        "ana@x.com,signups,1,2026-02-30,,\n"
        "ana@x.com,signps,1,2026-11-03,,\n"
    )
    assert said.code == 1
    for expected in (
        "2 Owner Email I don't know a rep “eve@x.com”.",
        "3 metric Win rate is calculated from other numbers",
        "4 Value “1 5” isn't an amount",
        "6 Close Date This day hasn't come yet.",
        "7 Close Date Ana wasn't on a sales team on that day.",
        "8 Close Date That month is closed",
        "9 Value Enter a whole number of signups.",
        "10 Value “1.234” isn't an amount",
        "11 share the shares of “deal” add up to 90, not to 100",
        "13 Close Date “2026-02-30” isn't a day",
        "14 metric I don't recognize “signps”. Did you mean Signups?",
    ):
        assert expected in said.text, said.text
    assert "11 mistakes: nothing was taken in." in said.text
    assert office.ask(COUNT) == [(0,)]


NONSENSE = {
    "empty": (b"", "file is empty"),
    "no text": (b"\x89PNG\r\n" + bytes(range(256)) * 5_000, "is not a text file"),
    "one line": (b"x" * 700_000, "one row has more than 500,000 characters"),
    "a lost quotation mark": (
        b'rep,metric,amount,day\n"ana,signups,1,2026-11-03\n' + b"y\n" * 100_000,
        "field larger than",
    ),
    "a doubled column": (b"rep,amount,amount,metric,day\n", "amount is there twice"),
    "no metric": (b"rep,amount,day\na,1,2026-11-03\n", "needs a column metric"),
    "another list": (b"name of pet\nRex\n", "needs a column with each rep's email or Slack id"),
    "bad rows without end": (b"rep,metric,amount,day\n" + b"nobody,x,y,z\n" * 50_000, "1,000 mistakes"),
    "periods that overlap": (
        b"email,metric,amount,period\nana@x.com,signups,9,2026-10\nana@x.com,signups,3,2026-Q4\n",
        "overlaps with the period on line 2",
    ),
    "a quotient": (
        b"email,metric,amount,period\nana@x.com,win_rate,9,2026-10\n",
        "is calculated from other numbers",
    ),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_refused_in_a_sentence(office: Office, kind: str) -> None:
    content, expected = NONSENSE[kind]
    said = office.imports(content)
    assert said.code == 1
    assert expected in said.text
    assert office.ask(COUNT) == [(0,)]


def test_a_mapping_names_what_there_is(office: Office) -> None:
    file = "Who,How much,When\nana@x.com,3,2026-11-03\n"
    said = office.imports(file, "--map", "How much=signps")
    assert "“signps” is neither a field nor a metric. Did you mean signups?" in said.text
    mapped = ("--map", "Who=rep", "--map", "When=day", "--map", "How much=signups")
    assert "1 row from csv: 1 new" in office.imports(file, *mapped).text
    assert "isn't a mapping" in office.imports(file, "--map", "rep").text
    assert "can't be the name of a source" in office.imports(file, "--source", "people").text


def test_a_backfill_fills_months_from_before(office: Office) -> None:
    file = HEADER + "ana@x.com,signups,42,2024-03-05,a\nana@x.com,revenue,9,2024-03-06,b\n"
    said = office.imports(file)
    assert "wasn't on a sales team on that day" in said.text
    said = office.imports(file, "--backfill")
    assert (said.code, "2 new" in said.text) == (0, True), said.text
    month = """
    SELECT goal_year, goal_month, signup_goal, signups_actual, revenue_actual::text, status, goal_set_at,
           bonus_amount::text, frozen_at IS NOT NULL FROM rep_monthly_goals
    """
    assert office.ask(month) == [(2024, 3, 0, 42, "9.00", "archived", None, "0.00", True)]
    assert "0 new, 0 changed, 2 unchanged" in office.imports(file, "--backfill").text
    said = office.imports(HEADER + "ana@x.com,signups,1,2024-03-09,c\n", "--backfill")
    assert "A backfill only fills past months" in said.text
    early = office.imports(HEADER + "ana@x.com,signups,1,2023-12-31,d\n", "--backfill")
    assert "from January 1, 2024 on" in early.text
    assert office.ask("SELECT count(*) FROM outbox") == [(0,)]
    assert office.ask("SELECT count(*) FROM goal_deadline_reminders") == [(0,)]


def test_killed_in_the_middle_it_has_written_nothing(office: Office) -> None:
    office.ask(
        "INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month)"
        " SELECT workspace_id, id, 2026, 11 FROM sales_reps"
    )
    file = HEADER + "".join(f"ana@x.com,signups,1,2026-11-03,d{n}\n" for n in range(3_000))
    office.file.write_text(file)
    with psycopg.connect(office.url) as holder:
        holder.execute("SELECT FROM rep_monthly_goals FOR UPDATE")
        command = [sys.executable, "-m", "bot", "import", "actuals", str(office.file)]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        while office.ask(waiting) != [(1,)]:
            assert running.poll() is None, running.stderr and running.stderr.read()
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=HANG_SECONDS)
    assert office.ask(COUNT) == [(0,)]
    assert "3,000 new" in office.imports(file).text
    assert office.ask("SELECT sum(signups_actual)::int FROM rep_monthly_goals") == [(3_000,)]
