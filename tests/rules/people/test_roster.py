import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.csv_files import Problem
from domain.people.roster.rows import Row, read
from domain.people.roster.table import COLUMNS, BadRoster


def rows_of(text: str) -> list[Row]:
    rows, problems = read(text.encode())
    assert problems == []
    return rows


def problems_of(text: str) -> list[str]:
    try:
        _, problems = read(text.encode())
    except BadRoster as bad:
        return [str(problem) for problem in bad.problems]
    return [str(problem) for problem in problems]


def test_a_row_says_who_somebody_is_and_what_they_aim_at() -> None:
    [row] = rows_of(
        "slack_id,email,name,team,manager,channel,title,monthly_signup_goal,yearly_signup_goal,time_zone,role\n"
        "U0ANA,Ana@X.com,Ana Souza,West,kim@x.com,#Sales-West,AE,20,240,America/New_York,rep\n"
    )
    assert row == Row(
        slack_id="U0ANA",
        email="ana@x.com",
        name="Ana Souza",
        team="West",
        manager="kim@x.com",
        channel="#sales-west",
        title="AE",
        monthly_signup_goal=20,
        yearly_signup_goal=240,
        time_zone="America/New_York",
        admin=False,
        rep=True,
        line=2,
    )
    assert row.carries_goals


def test_admins_and_managers_need_carry_no_goals() -> None:
    admin, manager = rows_of("slack_id,name,role\nU0A,Dana,admin\nU0B,Kim,\n")
    assert (admin.admin, admin.carries_goals) == (True, False)
    assert (manager.admin, manager.carries_goals) == (None, False)


@pytest.mark.parametrize(
    "header", ["Slack ID;Name", " slack-id \tNAME", "SLACK_ID,name", "sep=;\nslack_id;name"]
)
def test_headers_and_separators_are_as_programs_write_them(header: str) -> None:
    separator = next(each for each in ";\t," if each in header.splitlines()[-1])
    [row] = rows_of(f"{header}\nU0ANA{separator}Zoë\n")
    assert (row.slack_id, row.name) == ("U0ANA", "Zoë")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_are_those_that_excel_writes(encoding: str, newline: str) -> None:
    text = newline.join(["slack_id,name", "U0ANA,Zoë Müller", "U0BO,Bo"])
    rows, problems = read(text.encode(encoding))
    assert [row.name for row in rows] == ["Zoë Müller", "Bo"]
    assert problems == []


def test_line_breaks_in_a_cell_do_not_shift_the_count() -> None:
    text = 'slack_id,name,time_zone\nU0ANA,"Ana\nSouza",\n\n,Bo,\nU0C,,Mars/Crater\n'
    [missing, zone] = problems_of(text)
    assert missing.startswith("line 5, slack_id: is missing")
    assert zone.startswith("line 6, time_zone: “Mars/Crater”")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("slack_id,timezone", "line 1, timezone: is not a column of the roster; did you mean time_zone?"),
        ("slack_id,manger", "line 1, manger: is not a column of the roster; did you mean manager?"),
        ("slack_id,shoe size", "line 1, shoe size: is not a column of the roster; remove it"),
        ("slack_id,name,Name", "line 1, name: is there twice"),
        ("name,team", "line 1, header: needs a column slack_id or email"),
    ],
)
def test_columns_that_are_none_are_refused_by_name(header: str, told: str) -> None:
    assert problems_of(f"{header}\nU0ANA,x,\n")[0].startswith(told)


@pytest.mark.parametrize(
    ("column", "typed", "told"),
    [
        ("slack_id", "@ana", "“@ana” is not a Slack id"),
        ("email", "ana", "“ana” is not an email address"),
        ("manager", "Kim", "“Kim” is neither an email address nor a Slack id"),
        ("channel", "sales west", "“sales west” is not a channel"),
        ("monthly_signup_goal", "lots", "“lots” is not a whole number"),
        ("monthly_signup_goal", "-1", "“-1” is not a whole number"),
        ("monthly_signup_goal", "2.5", "“2.5” is not a whole number"),
        ("monthly_signup_goal", "20.000", "“20.000” is not a whole number"),
        ("monthly_signup_goal", "100001", "“100001” is too many; at most 100,000 will do"),
        ("yearly_signup_goal", "1200001", "“1200001” is too many"),
        ("time_zone", "New York", "“New York” is not a time zone; did you mean America/New_York?"),
        ("time_zone", "Amerika/New_York", "did you mean America/New_York"),
        ("time_zone", "nowhere at all", "is not a time zone; write one as in"),
        ("role", "boss", "“boss” is not a role; write member, rep or admin"),
        ("role", "manager", "who manages a team is named in the column manager"),
        ("name", "x" * 201, "has 201 characters; at most 200 will do"),
    ],
)
def test_a_bad_cell_says_what_was_understood_and_what_is_expected(column: str, typed: str, told: str) -> None:
    cells = {"slack_id": "U0ANA", "team": "West", column: typed}
    text = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"
    [problem] = problems_of(text)
    assert problem.startswith(f"line 2, {column}: ")
    assert told in problem


@pytest.mark.parametrize(
    ("typed", "number"), [("20", 20), ("1,000", 1000), ("1 000", 1000), ("20.0", 20), ("0", 0)]
)
def test_numbers_are_as_spreadsheets_show_them(typed: str, number: int) -> None:
    [row] = rows_of(f'slack_id,monthly_signup_goal\nU0ANA,"{typed}"\n')
    assert row.monthly_signup_goal == number


def test_all_that_is_wrong_is_found_at_once() -> None:
    text = (
        "slack_id,team,manager,monthly_signup_goal\n"
        "U0ANA,West,U0KIM,many\n"
        "U0ANA,west,U0DANA,20\n"
        "U0BO,,U0KIM,\n"
    )
    assert problems_of(text) == [
        "line 2, monthly_signup_goal: “many” is not a whole number, such as 20",
        "line 4, manager: belongs to a team, but the row names none",
        "line 3, slack_id: U0ANA is already on line 2",
        "line 3, manager: the manager of west is U0DANA here but U0KIM on line 2",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"PK\x03\x04\x00\x00\x01", "is not a text file"),
        (b'slack_id,name\nU0ANA,"Ana\n', "a quotation mark may be missing"),
        (b"slack_id,name\nU0ANA,Ana,more\n", "has more cells than the header"),
        (b"slack_id,\nU0ANA,more\n", "has no name but has values"),
    ],
)
def test_a_file_that_is_no_roster_says_why(data: bytes, told: str) -> None:
    with pytest.raises(BadRoster, match=told):
        read(data)


def test_empty_columns_at_the_end_do_not_matter() -> None:
    assert len(rows_of("slack_id,name,,\nU0ANA,Ana,,\n,,,\n")) == 1


def test_names_are_taken_as_they_are() -> None:
    name = "<!channel> & @here “Ana” \u202e🎉 العربية"
    [row] = rows_of(f"slack_id,name\nU0ANA,{name}\n")
    assert row.name == name


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=200)


@given(
    people=st.lists(
        st.fixed_dictionaries(
            {"name": texts, "title": texts, "monthly_signup_goal": st.integers(0, 100_000).map(str)}
        ),
        min_size=1,
        max_size=8,
    ),
    order=st.permutations(["slack_id", "name", "title", "monthly_signup_goal"]),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_program_writes_is_read_as_it_was(
    people: list[dict[str, str]], order: list[str], delimiter: str, encoding: str
) -> None:
    file = StringIO(newline="")
    writer = csv.DictWriter(file, order, delimiter=delimiter)
    writer.writeheader()
    writer.writerows({"slack_id": f"U0{number:04}"} | person for number, person in enumerate(people))
    rows, problems = read(file.getvalue().encode(encoding))
    assert problems == []
    assert [(row.name, row.title, str(row.monthly_signup_goal)) for row in rows] == [
        (person["name"], person["title"], person["monthly_signup_goal"]) for person in people
    ]


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    try:
        read(data)
    except BadRoster as bad:
        assert bad.problems  # noqa: PT017 - refused in words is as good as read


@given(st.lists(st.lists(st.text(max_size=12), max_size=11), max_size=6))
def test_no_cell_breaks_the_reader(cells: list[list[str]]) -> None:
    file = StringIO(newline="")
    csv.writer(file).writerows([list(COLUMNS), *cells])
    try:
        read(file.getvalue().encode("utf-8", "replace"))
    except BadRoster as bad:
        assert all(isinstance(problem, Problem) for problem in bad.problems)  # noqa: PT017
