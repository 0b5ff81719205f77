"""`well match`: what is read, what is refused, and what a person is told."""

import gc
from pathlib import Path
from typing import Any

import pytest

from builders.match_command import HEAD, SOURCE, TARGET, Run, answers, labels, many
from well.cli import halves, match, table
from well.cli.main import COMMANDS, main


def test_the_command_needs_no_django() -> None:
    assert COMMANDS["match"][:2] == ("well.cli.match", False)


def test_every_option_is_explained(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    with pytest.raises(SystemExit):
        main(["match", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for option in (
        "--source SOURCE CSV of the rows to answer --target",
        "--target TARGET CSV of the rows to find --labels",
        "--labels LABELS CSV of known links: source_id,target_id --out",
        "--out OUT JSON lines to write --one-to-one",
        "--one-to-one each target row is linked once --sets",
        "--sets also look for groups of target rows --precision",
        "--precision PRECISION share of automatic answers that has to be right, "
        ".97 to .999 (default .99)",
    ):
        assert option in said
    assert said.endswith("(default .99)")


@pytest.mark.parametrize("missing", ["--source", "--target", "--out"])
def test_a_file_that_is_not_named_is_asked_for(
    capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    words = {"--source": "s", "--target": "t", "--out": "o"}
    del words[missing]
    with pytest.raises(SystemExit) as ended:
        main(["match", *(word for pair in words.items() for word in pair)])
    assert ended.value.code == 2
    assert f"required: {missing}\n" in capsys.readouterr().err


def test_garbage_is_not_looked_for_while_it_runs_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bool] = []
    whole = match.match_all

    def noted(*given: Any) -> Any:
        said.append(gc.isenabled())
        return whole(*given)

    monkeypatch.setattr(match, "match_all", noted)
    gc.enable()
    Run(tmp_path, SOURCE, TARGET).lines()
    assert said == [False]
    assert gc.isenabled()


def test_the_bounds_of_what_is_shown() -> None:
    assert (match.SHOWN_MAX, match.SHOWN_MIN) == (5, 1e-4)


def test_every_source_row_gets_one_line_with_its_keys_in_order(tmp_path: Path) -> None:
    lines = Run(tmp_path, SOURCE, TARGET).lines()
    assert [line["source_id"] for line in lines] == ["s1", "s2", "s3"]
    for line in lines:
        assert list(line) == ["source_id", "decision", "confidence", "target_id", "candidates"]
        for candidate in line["candidates"]:
            assert list(candidate) == ["target_id", "confidence", "evidence"]
            for row in candidate["evidence"]:
                assert list(row) == ["feature", "source", "target", "level", "bits"]
    first = lines[0]
    assert (first["decision"], first["target_id"]) == ("auto", "t1")
    assert first["confidence"] == first["candidates"][0]["confidence"]
    assert first["candidates"][0]["evidence"][0]["level"] == "equal"
    assert lines[2] == {
        "source_id": "s3", "decision": "refuse", "confidence": 0.0, "target_id": None,
        "candidates": [],
    }  # fmt: skip
    assert not (tmp_path / "out.jsonl.errors").exists()


def test_lines_are_compact_json_in_utf_8(tmp_path: Path) -> None:
    run = Run(tmp_path, "id,name\nü1,Café\n", "id,name\nß,Café\n")
    run.lines()
    content = run.out.read_bytes()
    assert content.startswith('{"source_id":"ü1","decision":"'.encode())
    assert content.endswith(b"}\n")
    assert content.count(b"\n") == 1


def test_labels_that_name_nothing_are_reported_and_the_rest_counts(tmp_path: Path) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    path = run.file("labels.csv", labels(("s1", "t1"), ("s9", "t1"), ("s2", "t9"), ("", "t1")))
    assert [line["source_id"] for line in run.lines("--labels", path)] == ["s2", "s3"]
    assert run.errors() == [
        "labels.csv:5: The row has no source_id.",
        "labels.csv:0: The label 's9', 't1' names a row that is not there.",
        "labels.csv:0: The label 's2', 't9' names a row that is not there.",
    ]


def test_bad_rows_are_reported_with_line_and_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    run = Run(
        tmp_path,
        SOURCE + ",Acme,,,,\ns4,Acme,,12,345,EUR,2026\ns5,Acme,,x1,EUR,\ns1,Acme,,,,\n"
        + "s6,Acme,,5,EUR,2026-13-40\ns7,Kodex,,88.10,EUR,2026-03-05\n",
        TARGET + "t4,Acme,,,EUR,2026-99-99\n",
    )  # fmt: skip
    assert [line["source_id"] for line in run.lines()] == ["s1", "s2", "s3", "s7"]
    said = run.errors()
    assert said[0] == "source.csv:5: The row has no id."
    assert [line.split(":")[:2] for line in said] == [
        ["source.csv", "5"], ["source.csv", "6"], ["source.csv", "7"], ["source.csv", "8"],
        ["source.csv", "9"], ["target.csv", "5"],
    ]  # fmt: skip
    assert said[3] == "source.csv:8: The id 's1' stands on an earlier line, too."
    assert all(len(line.split(": ", 1)[1]) > 10 for line in said)


def test_errors_of_an_earlier_run_go_away(tmp_path: Path) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    run.file("out.jsonl.errors", "old")
    run.lines()
    assert not (tmp_path / "out.jsonl.errors").exists()


def refused(run: Run, capsys: pytest.CaptureFixture[str], *more: str | Path) -> str:
    assert run.code(*more) == 2
    return capsys.readouterr().err.replace(str(run.folder), "FOLDER")


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_file_of_bad_rows_only_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], side: str
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    run.file(f"{side}.csv", HEAD + ",Acme,,,,\n")
    assert refused(run, capsys) == (
        f"well match: No row of FOLDER/{side}.csv could be read; "
        "FOLDER/out.jsonl.errors names the reasons.\n"
    )
    assert run.errors() == [f"{side}.csv:2: The row has no id."]
    assert not run.out.exists()


def test_a_bad_row_beside_an_empty_file_is_no_reason_to_refuse(tmp_path: Path) -> None:
    run = Run(tmp_path, HEAD, TARGET + ",Acme,,,,\n")
    assert run.lines() == []
    assert run.errors() == ["target.csv:5: The row has no id."]


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_header_only_is_a_file_without_rows(tmp_path: Path, side: str) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    run.file(f"{side}.csv", "id,name\n")
    lines = run.lines()
    assert [line["decision"] for line in lines] == ([] if side == "source" else ["refuse"] * 3)


@pytest.mark.parametrize("side", ["source", "target"])
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], side: str
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    path = run.file(f"{side}.csv", "")
    assert refused(run, capsys) == f"well match: FOLDER/{side}.csv is empty.\n"
    run.file(f"{side}.csv", "name,amount\nAcme,1\n")
    assert refused(run, capsys) == f"well match: FOLDER/{side}.csv has no column id.\n"
    path.unlink()
    assert refused(run, capsys) == (
        f"well match: FOLDER/{side}.csv cannot be read: No such file or directory.\n"
    )
    path.mkdir()
    assert refused(run, capsys) == (
        f"well match: FOLDER/{side}.csv cannot be read: Is a directory.\n"
    )


def test_labels_that_cannot_be_read_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    said = refused(run, capsys, "--labels", tmp_path / "none.csv")
    assert said == ("well match: FOLDER/none.csv cannot be read: No such file or directory.\n")
    path = run.file("labels.csv", "a,b\n1,2\n")
    said = refused(run, capsys, "--labels", path)
    assert said == "well match: FOLDER/labels.csv has no column source_id.\n"


@pytest.mark.parametrize("name", ["source.csv", "target.csv", "labels.csv"])
@pytest.mark.parametrize("ending", ["", ".errors", ".sets"])
def test_no_file_that_is_read_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, ending: str
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    label = run.file("labels.csv", labels(("s1", "t1")))
    path = tmp_path / name
    content = path.read_bytes()
    (tmp_path / f"o{ending}").hardlink_to(path)
    run.out = tmp_path / "o"
    said = refused(run, capsys, "--labels", label)
    assert said == f"well match: --out would write over FOLDER/{name}; give another name.\n"
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    run.out = tmp_path / "none" / "out.jsonl"
    said = refused(run, capsys)
    assert said == "well match: FOLDER/none/out.jsonl: No such file or directory.\n"


@pytest.mark.parametrize("share", ["0.9699", "0.9991", "nan", "1", "-1"])
def test_a_precision_that_cannot_be_kept_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], share: str
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    said = refused(run, capsys, "--precision", share)
    assert said == "well match: --precision is a share from .97 to .999.\n"
    assert not run.out.exists()


@pytest.mark.parametrize("share", ["0.97", "0.999"])
def test_a_precision_at_the_ends_of_the_range_is_taken(tmp_path: Path, share: str) -> None:
    assert len(Run(tmp_path, SOURCE, TARGET).lines("--precision", share)) == 3


@pytest.mark.parametrize("head", ["id", "ID;Name", " id ,x"])
def test_files_may_have_few_columns(tmp_path: Path, head: str) -> None:
    run = Run(tmp_path, f"{head}\n1\n2\n", f"{head}\n3\n")
    lines = run.lines()
    assert [(line["source_id"], line["decision"]) for line in lines] == [
        ("1", "refuse"), ("2", "refuse"),
    ]  # fmt: skip


def test_any_encoding_and_line_end_is_read(tmp_path: Path) -> None:
    wide = SOURCE.replace("Acme", "Café").encode("utf-16")
    old = TARGET.replace("Acme", "Café").replace("\n", "\r\n").encode("cp1252")
    lines = Run(tmp_path, wide, old).lines()
    assert answers(lines)["s1"] == ("auto", "t1")
    name = next(e for e in lines[0]["candidates"][0]["evidence"] if e["feature"] == "name")
    assert (name["source"], name["target"], name["level"]) == ("Café SAS", "Café", "equal")


def test_rows_are_taken_over_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = many(50)
    whole = Run(tmp_path, source, target).lines()
    monkeypatch.setattr(table, "PORTION", 7)
    assert Run(tmp_path, source, target).lines() == whole


@pytest.mark.parametrize("cores", [1, 2])
def test_large_files_read_by_two_processes_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    source, target = many(50)
    source, target = f"{source}x,broken,one\n", target.replace("\n", "\n,,\n", 2)
    once = Run(tmp_path, source, target)
    lines, errors = once.lines(), once.errors()
    assert len(errors) >= 2
    monkeypatch.setattr(match, "APART_MIN", 0)
    monkeypatch.setattr(halves.os, "cpu_count", lambda: cores)
    again = Run(tmp_path, source, target)
    assert again.lines() == lines
    assert again.errors() == errors


def test_large_files_without_a_good_row_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(match, "APART_MIN", 0)
    assert Run(tmp_path, "id,amount\n,1\n", many(5)[1]).code() == 2
    assert "No row of" in capsys.readouterr().err


def test_progress_is_shown_on_a_terminal_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tmp_path, SOURCE, TARGET)
    run.lines("--sets")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run.lines("--sets")
    shown = capsys.readouterr().err.split("\r\x1b[K")
    assert shown[0] == shown[-1] == ""
    assert shown[1:3] == [
        "well match: reading the source …", "well match: reading the target …",
    ]  # fmt: skip
    assert shown[3] == "well match: finding candidates …"
    assert shown[-3:-1] == ["well match: writing …", "well match: looking for groups …"]
