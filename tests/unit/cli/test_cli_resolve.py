"""`well resolve`: rows with their counterparty, whatever the file looks like."""

from functools import partial
from pathlib import Path

import pytest

from builders import csv_command
from well.cli import resolve
from well.cli.main import COMMANDS, main
from well.matching.clusters.pairs import BLOCK_MAX

resolved, refused = (
    partial(csv_command.answered, "resolve"),
    partial(csv_command.refused, "resolve"),
)


def errors(folder: Path) -> str:
    return (folder / "out.csv.errors").read_text(encoding="utf-8")


def test_the_command_needs_no_django() -> None:
    assert COMMANDS["resolve"][:2] == ("well.cli.resolve", False)


def test_rows_keep_their_order_and_columns_and_get_an_entity(tmp_path: Path) -> None:
    rows = resolved(tmp_path, b"note,id,Name\nx,7,Siemens\n,8,Algolia\nz,9,SIEMENS AG\n")
    assert rows == [
        ["note", "id", "Name", "entity"],
        ["x", "7", "Siemens", "7"],
        ["", "8", "Algolia", "8"],
        ["z", "9", "SIEMENS AG", "7"],
    ]
    assert not (tmp_path / "out.csv.errors").exists()


def test_every_column_that_names_a_counterparty_counts(tmp_path: Path) -> None:
    head = b"id,name,tax_id,iban,domain,address,phone,country\n"
    rows = [
        b"1,Algolia,FR44732829320,,,,,",
        b"2,Kodex,FR44732829320,,,,,",
        b"3,Zorn,,FR7630006000011234567890189,,,,",
        b"4,Guadalupano,,FR7630006000011234567890189,,,,",
        b"5,Kellner,,,kellner.com,,,",
        b"6,Wagner,,,www.kellner.com,,,",
        b"7,Quade,,,,12 High St,5340001,",
        b"8,Xavier,,,,12 High Street,5340001,",
        b"9,Perrin SAS,,,,,,FR",
        b"10,Perrin GmbH,,,,,,FR",
        b"11,Perrot SAS,,,,,,FR",
        b"12,Perrot SAS,,,,,,DE",
    ]
    table = resolved(tmp_path, head + b"\n".join(rows))
    assert [row[-1] for row in table[1:]] == [*"113355779", "9", "11", "11"]


def test_a_row_without_a_name_is_known_by_its_memo(tmp_path: Path) -> None:
    rows = resolved(
        tmp_path, b"id,name,memo\n1,Guadalupano,x\n2,,GUADALUPANO\n3,Kodex,Guadalupano\n"
    )
    assert [row[-1] for row in rows] == ["entity", "1", "1", "3"]


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = resolved(
        tmp_path, b"id,name,date\n1,Algolia,\n,Kodex,\n2,Orange,2026-13-45\n3,Algolia,\n"
    )
    assert [row[0] for row in rows] == ["id", "1", "3"]
    assert [row[-1] for row in rows] == ["entity", "1", "1"]
    lines = errors(tmp_path).splitlines()
    assert lines[0] == "given.csv:3: The row has no id."
    assert lines[1].startswith("given.csv:4: ")
    assert len(lines) == 2


def test_errors_of_an_earlier_run_go_away(tmp_path: Path) -> None:
    (tmp_path / "out.csv.errors").write_text("line 2: old\n")
    resolved(tmp_path, b"id,name\n1,Algolia\n")
    assert not (tmp_path / "out.csv.errors").exists()


def test_an_entity_column_of_the_file_is_replaced(tmp_path: Path) -> None:
    rows = resolved(tmp_path, b"Entity,id,name\nold,1,Algolia\n")
    assert rows == [["id", "name", "entity"], ["1", "Algolia", "1"]]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfid;name\r\n1;Caf\xc3\xa9, Paris\r\n",
        b'\n"id"\tname\n1\t"Caf\xe9, Paris"\n',
        'id,name\n1,"Café, Paris"\n'.encode("utf-16"),
    ],
)
def test_encodings_and_delimiters_do_not_matter(tmp_path: Path, content: bytes) -> None:
    assert resolved(tmp_path, content) == [["id", "name", "entity"], ["1", "Café, Paris", "1"]]


def test_a_file_with_ids_only_is_read(tmp_path: Path) -> None:
    assert resolved(tmp_path, b"id\n1x\n2y\n") == [["id", "entity"], ["1x", "1x"], ["2y", "1x"]]


def test_a_file_without_rows_gives_the_header(tmp_path: Path) -> None:
    assert resolved(tmp_path, b"id,name\n") == [["id", "name", "entity"]]


def test_a_file_of_bad_rows_only_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, b"id,name\n,Algolia\n", capsys)
    assert said == (
        "well resolve: No row of FOLDER/given.csv could be read; "
        "FOLDER/out.csv.errors names the reasons.\n"
    )
    assert errors(tmp_path) == "given.csv:2: The row has no id.\n"


def test_a_file_without_an_id_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, b"name\nAlgolia\n", capsys)
    assert said == "well resolve: FOLDER/given.csv has no column id.\n"


def test_what_is_no_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", str(tmp_path), "--out", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err.replace(str(tmp_path), "FOLDER")
    assert said == "well resolve: FOLDER is no file that can be read twice.\n"


def test_the_file_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = tmp_path / "records.csv"
    records.write_bytes(b"id\n1\n")
    assert main(["resolve", str(records), "--out", str(records)]) == 2
    said = capsys.readouterr().err
    assert said == "well resolve: --out is the file to read; give another name.\n"
    assert records.read_bytes() == b"id\n1\n"


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records, out = tmp_path / "records.csv", tmp_path / "none" / "out.csv"
    records.write_bytes(b"id\n1\n")
    assert main(["resolve", str(records), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said == f"well resolve: {out}: No such file or directory.\n"


def test_progress_is_shown_on_a_terminal_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"id,name\n1,Algolia\n,x\n2,ALGOLIA\n"
    resolved(tmp_path, content)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(resolve, "EVERY", 1)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    resolved(tmp_path, content)
    shown = capsys.readouterr().err
    start = "\r\x1b[Kwell resolve: "
    assert shown.startswith(f"{start}1 rows read …{start}2 rows read …{start}reading values …")
    assert f"{start}1 rows written …" in shown
    assert shown.endswith("…\r\x1b[K")


def test_values_too_common_are_told_and_the_rows_come_out(tmp_path: Path) -> None:
    names = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}kqz{n}" for n in range(BLOCK_MAX + 1)]
    rows = [f"{n},{name},hub.com" for n, name in enumerate(names)]
    table = resolved(tmp_path, "\n".join(["id,name,domain", *rows]).encode())
    assert len(table) == len(rows) + 1
    assert errors(tmp_path) == (
        "given.csv:0: 1 values are too common to compare all rows that share one.\n"
    )
