"""CSV files in every encoding, read a row at a time."""

from io import BytesIO

import pytest

from domain.csv_files import ROW_MAX, BadFile, rows

TEXT = 'rep;amount\r\nJosé;1,5\r\n\r\n"two\nlines";2\r\n'
ROWS = [(1, ["rep", "amount"]), (2, ["José", "1,5"]), (4, ["two\nlines", "2"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_is_read_in_any_encoding_with_its_lines(encoding: str) -> None:
    assert list(rows(BytesIO(TEXT.encode(encoding)))) == ROWS


def test_excels_own_first_line_is_passed_over() -> None:
    assert list(rows(BytesIO(b"sep=;\r\na;b\r\n"))) == [(2, ["a", "b"])]


def test_a_letter_beyond_the_first_megabyte_tells_the_encoding() -> None:
    content = b"name\n" + b"a\n" * 600_000 + "José\n".encode("cp1252")
    *_, last = rows(BytesIO(content))
    assert last == (600_002, ["José"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x00\x00\x00" * 100, "isn't|is not a text file"),
        (b"a,b\n" + b"x" * (ROW_MAX + 1), "one row has more than"),
        (b'a,b\n"x\n' + b"y\n" * ROW_MAX, "field larger than"),
        (b'a,b\n"x"y,2\n', "line 2, row: cannot be read"),
    ],
)
def test_nonsense_is_refused_before_it_is_held(content: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        list(rows(BytesIO(content)))
