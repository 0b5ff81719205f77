"""`well names`: a confidence for each row, whatever the file looks like."""

from functools import partial
from pathlib import Path

import pytest

from builders import csv_command
from well.cli import names
from well.cli.main import COMMANDS, main
from well.matching.names import confidence

scored = partial(csv_command.answered, "names")
refused = partial(csv_command.refused, "names")


def test_the_command_needs_no_django() -> None:
    assert COMMANDS["names"][:2] == ("well.cli.names", False)


def test_each_row_gets_its_confidence_and_keeps_its_columns(tmp_path: Path) -> None:
    rows = scored(tmp_path, b'id,name2,note,name1\n7,Algolia,"a, b",ALGOLIA SAS\n8,Kodex,,Orange\n')
    sure = confidence("ALGOLIA SAS", "Algolia")
    assert rows == [
        ["id", "name2", "note", "name1", "confidence"],
        ["7", "Algolia", "a, b", "ALGOLIA SAS", f"{sure:.6f}"],
        ["8", "Kodex", "", "Orange", f"{confidence('Orange', 'Kodex'):.6f}"],
    ]


def test_a_confidence_column_of_the_input_is_replaced_in_its_place(tmp_path: Path) -> None:
    rows = scored(tmp_path, b"name1,confidence,name2\nKodex,9,Kodex\n")
    assert rows[0] == ["name1", "confidence", "name2"]
    assert rows[1] == ["Kodex", f"{confidence('Kodex', 'Kodex'):.6f}", "Kodex"]


def test_mark_case_and_blanks_of_the_header_do_not_matter(tmp_path: Path) -> None:
    rows = scored(tmp_path, b"\xef\xbb\xbfName1 ,NAME2\r\nKodex,Kodex\r\n")
    assert rows[0] == ["Name1 ", "NAME2", "confidence"]
    assert len(rows) == 2


def test_short_long_and_broken_rows_are_scored_too(tmp_path: Path) -> None:
    rows = scored(tmp_path, b'name1,name2\nKodex\n\nKodex,Kodex,more\n,\n\xff\x00,"a ""q"" b\nc"\n')
    assert [row[2] for row in rows[1:]] == [
        "0.000000",
        f"{confidence('Kodex', 'Kodex'):.6f}",
        "0.000000",
        f"{confidence(chr(0xFFFD), 'a q b c'):.6f}",
    ]
    assert rows[2] == ["Kodex", "Kodex", rows[2][2], "more"]


def test_a_header_alone_is_a_file_without_pairs(tmp_path: Path) -> None:
    assert scored(tmp_path, b"name1,name2\n") == [["name1", "name2", "confidence"]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "there is no header line with the columns name1 and name2"),
        (b"name1,b\n", "the header has no column name2"),
        (b"a,name2\n", "the header has no column name1"),
        (b"a,b\n", "the header has no column name1 and no column name2"),
    ],
)
def test_a_file_without_the_columns_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    assert refused(tmp_path, content, capsys) == f"well names: FOLDER/given.csv: {sentence}\n"


def test_a_field_without_end_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "FIELD_MAX", 20)
    said = refused(tmp_path, b"name1,name2\n" + b"x" * 30 + b",y\n", capsys)
    assert said == "well names: FOLDER/given.csv: line 2: field larger than field limit (20)\n"


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["names", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err
    assert said == f"well names: {tmp_path / 'no.csv'}: No such file or directory\n"


def test_the_input_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("name1,name2\na,b\n")
    assert main(["names", str(pairs), "--out", str(pairs)]) == 2
    assert capsys.readouterr().err == (
        f"well names: {pairs}: --out is the file to read; give another name\n"
    )
    assert pairs.read_text() == "name1,name2\na,b\n"


def test_progress_is_shown_on_a_terminal_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "EVERY", 2)
    content = b"name1,name2\n" + b"a,b\n" * 5
    scored(tmp_path, content)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    scored(tmp_path, content)
    assert capsys.readouterr().err == "\r2 pairs\r4 pairs\n"
