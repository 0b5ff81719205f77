"""Rows of CSV files: the good ones come through, the others are reported with their line."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import well.cli.rows
from well.cli import table
from well.cli.rows import SNIFFED, Row, read_labels, read_rows
from well.cli.table import FIELD_MAX, LINE_MAX, RECORD_LINES_MAX, read_portions, read_table
from well.domain.failure import Failed, FailureKind, WayOut

Reports = list[tuple[int, str]]
HEADER = "id,name,amount,currency,date\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


def rows_of(path: Path, content: str | bytes) -> tuple[list[Row], Reports]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    reports: Reports = []
    return list(read_rows(path, lambda *report: reports.append(report))), reports


def ids(rows: list[Row]) -> list[str]:
    return [row.id for row in rows]


def ordinal(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal()


def test_every_column_is_read(path: Path) -> None:
    rows, reports = rows_of(
        path,
        "id,name,memo,reference,amount,currency,date,due_date,tax_id,iban,domain,address,phone,"
        "country\n"
        "a1,Acme,for May,RE-1,12.30,EUR,2026-11-20,2026-12-20,DE1,DE2,acme.de,Weg 1,030,DE\n",
    )
    day, due = ordinal(2026, 11, 20), ordinal(2026, 12, 20)
    assert rows == [
        Row(
            *(2, "a1", "Acme", "for May", "RE-1", 1230, "EUR", day, due, "DE1", "DE2"),
            *("acme.de", "Weg 1", "030", "DE"),
        )
    ]
    assert reports == []


def test_all_columns_but_id_may_be_missing(path: Path) -> None:
    rows, reports = rows_of(path, "id\na1\n")
    assert rows == [Row(2, "a1", "", "", "", None, "", None, None, "", "", "", "", "", "")]
    assert reports == []


def test_names_of_columns_may_be_written_in_any_way(path: Path) -> None:
    rows, _ = rows_of(path, "Other, ID ,DUE DATE,Tax-Id,due_date\nx,a1,2026-11-20,DE1,\n")
    assert (rows[0].id, rows[0].due, rows[0].tax_id) == ("a1", ordinal(2026, 11, 20), "DE1")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_header_tells_what_separates_values(path: Path, sign: str) -> None:
    rows, reports = rows_of(path, f'id{sign}"a,b;;c\t\t"{sign}amount\na1{sign}x,;{sign}1.5\n')
    if sign == "\t":
        assert (ids(rows), rows[0].amount, reports) == (["a1"], 150, [])
    rows, reports = rows_of(path, f"id{sign}name{sign}memo\na1{sign}x{sign}y\n")
    assert (rows[0].name, rows[0].memo) == ("x", "y")


@pytest.mark.parametrize(
    "content",
    [
        "id,name\na1,Café\n".encode(),
        "id,name\na1,Café\n".encode("utf-8-sig"),
        "id,name\na1,Café\n".encode("cp1252"),
        "id,name\na1,Café\n".encode("utf-16"),
        b"\n\r\nid,name\r\na1,Caf\xe9\r\n",
        b"id,name\ra1,Caf\xe9\r",
        b"id,na\0me\na\x001,Ca\0f\xc3\xa9\n",
    ],
)
def test_encodings_and_line_ends_are_seen(path: Path, content: bytes) -> None:
    rows, reports = rows_of(path, content)
    assert [(row.id, row.name) for row in rows] == [("a1", "Café")]
    assert reports == []


def test_a_byte_that_no_encoding_knows_is_kept_as_unreadable(path: Path) -> None:
    rows, _ = rows_of(path, b"id,name\na1,x\x81y\n")
    assert rows[0].name == "x\ufffdy"


def test_values_lose_the_blanks_around_them(path: Path) -> None:
    rows, _ = rows_of(path, "id,name\n a1 ,  Acme  \n")
    assert (rows[0].id, rows[0].name) == ("a1", "Acme")


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("12.30", "EUR", (1230, "EUR")),
        ("12.30", "", (1230, "")),
        ("-12.30", "eur", (-1230, "EUR")),
        ("12.30 EUR", "", (1230, "EUR")),
        ("1200", "JPY", (1200, "JPY")),
        ("12.30", "€", (1230, "EUR")),
        ("12.30", "?", (1230, "")),
        ("", "EUR", (None, "EUR")),
        ("", "", (None, "")),
    ],
)
def test_amounts_are_minor_units_of_their_currency(
    path: Path, amount: str, currency: str, expected: tuple[int | None, str]
) -> None:
    rows, reports = rows_of(path, f'id,amount,currency\na1,"{amount}",{currency}\n')
    assert (rows[0].amount, rows[0].currency) == expected
    assert reports == []


def test_bad_rows_are_reported_and_the_rest_goes_on(path: Path) -> None:
    rows, reports = rows_of(
        path,
        "id,amount,currency,date,due_date\n"
        "a1,1,EUR,2026-11-20,\n"
        ",1,EUR,,\n"
        "\n"
        "a2,one,EUR,,\n"
        "a3,1,EUR,2026-13-01,\n"
        "a4,1,EUR,,soon\n"
        "a1,1,EUR,,\n"
        "a5,1,EUR,,,extra\n"
        "a6,1 USD,EUR,,\n"
        "a7,1,EUR,,,,\n"
        "a8\n",
    )
    assert ids(rows) == ["a1", "a7", "a8"]
    assert [row.line for row in rows] == [2, 11, 12]
    assert reports == [
        (3, "The row has no id."),
        (5, "'one' is not an amount."),
        (6, "'2026-13-01' is not a date."),
        (7, "'soon' is not a date."),
        (8, "The id 'a1' stands on an earlier line, too."),
        (9, "The line has 6 values for 5 columns."),
        (10, "The amount '1 USD' is not in EUR."),
    ]


def test_the_id_of_a_bad_row_is_free(path: Path) -> None:
    rows, reports = rows_of(path, "id,amount\na1,one\na1,1\n")
    assert ([row.line for row in rows], len(reports)) == ([3], 1)


def test_a_long_id_is_shown_in_part(path: Path) -> None:
    _, reports = rows_of(path, f"id\n{'x' * 99}\n{'x' * 99}\n")
    assert reports == [(3, f"The id '{'x' * 60}' stands on an earlier line, too.")]


def test_the_order_of_day_and_month_is_learned_from_the_file(path: Path) -> None:
    rows, reports = rows_of(path, "id,date\na1,03/04/2026\na2,13/04/2026\n")
    assert ([row.date for row in rows], reports) == (
        [ordinal(2026, 4, 3), ordinal(2026, 4, 13)],
        [],
    )
    rows, reports = rows_of(path, "id,due_date\na1,03/04/2026\na2,04/13/2026\n")
    assert [row.due for row in rows] == [ordinal(2026, 3, 4), ordinal(2026, 4, 13)]


def test_an_order_that_the_file_does_not_tell_is_not_guessed(path: Path) -> None:
    for other in ("13/04/2026\na3,04/13/2026", "12/12/2026", "2026-04-13", "13/13/2026"):
        rows, reports = rows_of(path, f"id,date\na1,03/04/2026\na2,{other}\n")
        assert "a1" not in ids(rows)
        assert reports[0] == (2, "The date '03/04/2026' may be 2026-04-03 or 2026-03-04.")


def test_the_order_is_looked_for_in_the_first_rows(path: Path) -> None:
    filler = "".join(f"x{n},\n" for n in range(SNIFFED - 1))
    rows, _ = rows_of(path, f"id,date\na1,03/04/2026\n{filler}a2,13/04/2026\n")
    assert "a1" not in ids(rows)
    assert len(rows) == SNIFFED
    rows, _ = rows_of(path, f"id,date\na1,03/04/2026\n{filler[:-10]}\na2,13/04/2026\n")
    assert "a1" in ids(rows)


def test_quoted_values_may_span_lines(path: Path) -> None:
    rows, reports = rows_of(path, 'id,memo,name\na1,"one\ntwo, ""three""",x\na2,y,z\n')
    assert [(row.line, row.memo) for row in rows] == [(2, 'one\ntwo, "three"'), (4, "y")]
    assert reports == []


@pytest.mark.parametrize("last", ["", "\n"])
def test_a_quote_that_is_not_closed_costs_one_line(path: Path, last: str) -> None:
    rows, reports = rows_of(path, f'id,memo\na1,"x\na2,y\na3,z{last}')
    assert [(row.line, row.id) for row in rows] == [(3, "a2"), (4, "a3")]
    assert reports == [(2, "A quotation mark is opened and not closed.")]


def test_an_open_quote_on_the_last_line_is_reported(path: Path) -> None:
    rows, reports = rows_of(path, 'id,memo\na1,x\na2,"y\n')
    assert ids(rows) == ["a1"]
    assert reports == [(3, "A quotation mark is opened and not closed.")]


@pytest.mark.parametrize("closing", ['a3,"z" w', 'a3,"z"', 'a3,z"w'])
def test_a_quote_that_swallows_rows_costs_one_line(path: Path, closing: str) -> None:
    rows, reports = rows_of(path, f'id,memo\na1,"x\na2,y\n{closing}\na4,v\n')
    assert ids(rows) == ["a2", "a3", "a4"]
    assert reports == [(2, "The line is no CSV: ',' expected after '\"'.")]


@pytest.mark.parametrize("more", ["", ",y,z"])
def test_a_record_of_several_lines_needs_all_its_values(path: Path, more: str) -> None:
    rows, reports = rows_of(path, f'id,memo,name\na1,"x\ny"{more}\na2,y\n')
    assert ids(rows)[-1] == "a2"
    count = 4 if more else 2
    assert reports[0] == (2, f"The lines have {count} values for 3 columns.")


def test_a_quote_that_swallows_one_row_costs_one_line(path: Path) -> None:
    rows, reports = rows_of(path, 'id,memo\na1,"x\na2,"z" w\n')
    assert (ids(rows), len(reports)) == (["a2"], 1)


def test_a_wide_file_that_breaks_off_is_read_to_its_end(path: Path) -> None:
    rows, _ = rows_of(path, "id,name\na1,x\n".encode("utf-16") + b"y")
    assert ids(rows)[0] == "a1"


def test_a_stray_quote_within_one_line_is_kept(path: Path) -> None:
    rows, reports = rows_of(path, 'id,memo\na1,"x "y" z"\na2,5" tube\n')
    assert [row.memo for row in rows] == ['x y" z"', '5" tube']
    assert reports == []


def test_a_record_may_span_a_hundred_lines(path: Path) -> None:
    memo = "\n" * (RECORD_LINES_MAX - 1)
    rows, reports = rows_of(path, f'id,memo\na1,"x{memo}y"\na2,z\n')
    assert ([row.line for row in rows], reports) == ([2, 2 + RECORD_LINES_MAX], [])
    rows, reports = rows_of(path, f'id,memo\na1,"x{memo}\ny"\na2,z\n')
    assert "a2" in ids(rows)
    assert reports[0] == (2, "A quotation mark is opened and not closed.")


def test_quotes_that_never_end_do_not_fill_the_memory(path: Path) -> None:
    rows, reports = rows_of(path, "id,memo\n" + 'a","\n' * 1000 + "a1,x\n")
    assert ids(rows)[-1] == "a1"
    assert len(rows) + len(reports) <= 1002


def test_a_line_that_is_too_long_is_reported_and_skipped(path: Path) -> None:
    for extra in (LINE_MAX, LINE_MAX * 2, LINE_MAX * 2 + 5):
        rows, reports = rows_of(path, f"id,memo\na1,{'x' * extra}\na2,y\n")
        assert [(row.line, row.id) for row in rows] == [(3, "a2")]
        assert reports == [(2, f"The line has more than {LINE_MAX} signs.")]


def test_a_value_that_is_too_long_is_reported(path: Path) -> None:
    rows, reports = rows_of(path, f"id,memo\na1,{'x' * 140_000}\na2,y\n")
    assert ids(rows) == ["a2"]
    assert reports == [(2, "The line is no CSV: field larger than field limit (131072).")]


def test_a_long_value_is_cut(path: Path) -> None:
    rows, reports = rows_of(path, f"id,memo\na1,{'x' * (FIELD_MAX + 1)}\n")
    assert (rows[0].memo, reports) == ("x" * FIELD_MAX, [])


@pytest.mark.parametrize("content", ["", "\n \n", "name,amount\nx,1\n", b"\x00\x01\x02\xff", '"'])
def test_a_file_without_ids_is_refused(path: Path, content: str | bytes) -> None:
    with pytest.raises(Failed) as refusal:
        rows_of(path, content)
    empty = content in ("", "\n \n")
    expected = f"{path} is empty." if empty else f"{path} has no column id."
    assert refusal.value.failure.sentence == expected
    assert refusal.value.failure.kind is FailureKind.REJECTED
    assert refusal.value.failure.way_out is WayOut.FIX_AND_RETRY


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    with pytest.raises(Failed) as refusal:
        list(read_rows(missing, lambda *_: None))
    assert refusal.value.failure.sentence == f"{missing} cannot be read: No such file or directory."
    with pytest.raises(Failed) as refusal:
        list(read_rows(tmp_path, lambda *_: None))
    assert refusal.value.failure.sentence == f"{tmp_path} cannot be read: Is a directory."


def test_labels_are_read_once_each(path: Path) -> None:
    path.write_text("Target ID,source_id\nt1,s1\nt1,s1\n,s2\nt3,\nt4,s1\n")
    reports: Reports = []
    labels = read_labels(path, lambda *report: reports.append(report))
    assert labels == [("s1", "t1"), ("s2", ""), ("s1", "t4")]
    assert reports == [(5, "The row has no source_id.")]


def test_labels_without_targets_mean_none(path: Path) -> None:
    path.write_text("source_id\ns1\n")
    assert read_labels(path, lambda *_: None) == [("s1", "")]


def test_labels_need_a_source(path: Path) -> None:
    path.write_text("target_id\nt1\n")
    with pytest.raises(Failed) as refusal:
        read_labels(path, lambda *_: None)
    assert refusal.value.failure.sentence == f"{path} has no column source_id."


def test_rows_come_one_by_one(path: Path) -> None:
    path.write_text("id\n" + "".join(f"a{n}\n" for n in range(SNIFFED * 2)))
    rows: Iterator[Row] = read_rows(path, lambda *_: None)
    assert next(rows).id == "a0"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(max_size=200) | st.text('a1",;\n\r\t ', max_size=80).map(str.encode))
def test_no_file_stops_the_lines_after_it(path: Path, content: bytes) -> None:
    path.write_bytes(b"id,name,amount\n" + content + b"\nlast,x,1\n")
    reports: Reports = []
    rows = list(read_rows(path, lambda *report: reports.append(report)))
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert len(set(ids(rows))) == len(rows)
    if b'"' not in content and content != b"\xff\xfe":
        assert "last" in ids(rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.text('ab",;\n é', max_size=10), min_size=1, max_size=10))
def test_what_was_written_as_csv_is_read_back(path: Path, memos: list[str]) -> None:
    quoted = ('"' + memo.replace('"', '""') + '"' for memo in memos)
    body = "".join(f"a{n},{memo},x\n" for n, memo in enumerate(quoted))
    path.write_bytes(f"id,memo,name\n{body}".encode())
    values = [value for _, value in read_table(path, ("id", "memo"), "id", lambda *_: None)]
    assert values == [[f"a{n}", memo.strip()] for n, memo in enumerate(memos)]


def test_a_single_column_is_read_whole(path: Path) -> None:
    path.write_text("id,memo\nab,cd\n")
    assert list(read_table(path, ("id",), "id", lambda *_: None)) == [(2, ["ab"])]


LINES = st.sampled_from(
    [
        *("a{n},x,1.50,EUR,2026-11-20", "a{n},  y ,-2.00,EUR,", "a{n},z,,,", "a1,x,1.00,EUR,"),
        *("a{n},x,one,EUR,", "a{n},x,1.5,eur,", ",x,,,", "", "a{n},x", "a{n},x,1.00,EUR,,,"),
        *('a{n},"x",1.00,EUR,', 'a{n},"x', "a{n},x,1.00,EUR,,more", "a{n},x,9.00,JPY,soon"),
        *("a{n},x,1.00,€,31/12/2026", "a{n},x\0,1.00,EUR,", f"a{{n}},{'x' * FIELD_MAX},1.00,EUR,"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.lists(LINES, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.integers(1, 5),
)
def test_lines_read_at_once_give_what_each_by_itself_gives(
    path: Path, lines: list[str], end: str, ended: bool, portion: int
) -> None:
    written = [line.format(n=n) for n, line in enumerate(lines)]
    content = end.join([HEADER.strip(), *written]) + (end if ended else "")
    with pytest.MonkeyPatch.context() as patch:
        whole = rows_of(path, content)
        patch.setattr(table, "PORTION", portion)
        assert rows_of(path, content) == whole
        patch.setattr(table, "_simple", lambda *_: [])
        patch.setattr(well.cli.rows, "_whole", lambda *_: None)
        assert rows_of(path, content) == whole


def test_few_long_lines_are_taken_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PORTION_SIGNS", 4)
    path.write_text("id,memo\na1,x\na2,y\na3,z\n")
    portions = read_portions(path, ("id",), "id", lambda *_: None)
    assert [list(portion.records()) for portion in portions] == [
        [(2, ("a1",))],
        [(3, ("a2",))],
        [(4, ("a3",))],
    ]
