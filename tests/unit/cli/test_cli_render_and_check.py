"""`well render` and `well check`: files, exit codes and sentences."""

import json
from pathlib import Path
from typing import Any

import pytest

from builders.bills import french, german
from well.cli.main import main

pytestmark = pytest.mark.slow


def written(folder: Path, bill: dict[str, Any]) -> Path:
    path = folder / "bill.json"
    path.write_text(json.dumps(bill), "utf-8")
    return path


def test_a_bill_is_rendered_and_checked_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = written(tmp_path, french()), tmp_path / "bill.pdf"
    assert main(["render", str(source), "--out", str(out), "--embed"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bill.json", "bill.pdf"]
    assert main(["check", str(out)]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert "clean (checked: PDF/A-3 structure, XSD" in output.err


def test_what_is_refused_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bill.pdf"
    out.write_bytes(b"before")
    for bill, options, sentence in (
        (german(due_date=None), ["--embed"], "missing for an e-invoice: BT-9 due date"),
        (german(gross_total="1.00"), [], "gross_total: 1.00 is stated"),
        (german(currency="euro"), [], "currency: 'euro' is not a currency code"),
        (german(business_process="S1"), ["--france"], "BT-30 SIREN of the seller"),
    ):
        source = written(tmp_path, bill)
        assert main(["render", str(source), "--out", str(out), *options]) == 2
        assert sentence in capsys.readouterr().err
        assert out.read_bytes() == b"before"


def test_paths_that_do_not_work_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = written(tmp_path, german()), tmp_path / "bill.pdf"
    assert main(["render", str(tmp_path / "none.json"), "--out", str(out)]) == 2
    assert main(["render", str(source), "--out", str(source)]) == 2
    assert main(["render", str(source), "--out", str(tmp_path / "no" / "x.pdf")]) == 2
    assert main(["check", str(tmp_path / "none.pdf")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4 and all(one.startswith("well ") for one in lines)


def test_each_violation_is_one_line_with_its_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')
    plain = tmp_path / "plain.txt"
    plain.write_text("hello")
    assert main(["check", str(wrong)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("BR-01 /Invoice: ") for line in lines)
    assert any(line.startswith("XSD line 1: ") for line in lines)
    assert main(["check", str(wrong), str(plain)]) == 2
    output = capsys.readouterr()
    assert all(line.startswith(f"{wrong}: ") for line in output.out.splitlines())
    assert "neither a PDF nor an XML" in output.err
