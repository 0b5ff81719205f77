"""`well read`: one answer for each file, whatever it is, in order."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from builders.invoice_files import cii, page
from well.cli.main import main
from well.cli.read_paths import find
from well.cli.read_rows import plain, shown

KEYS = ["file", "ok", "kind", "syntax", "error", "findings", "fields", "confidence", "boxes"]


def read(capsys: pytest.CaptureFixture[str], *paths: Path) -> list[dict[str, object]]:
    assert main(["read", "--json", *map(str, paths)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.slow
def test_an_answer_has_its_keys_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bill.xml"
    file.write_bytes(cii(net="100.0", line="100"))
    [answer] = read(capsys, file)
    assert list(answer) == KEYS
    assert (answer["file"], answer["ok"], answer["kind"]) == (str(file), True, "invoice")
    assert (answer["syntax"], answer["error"], answer["boxes"]) == ("CII", None, {})
    assert answer["fields"] == {
        "invoice_number": "F-2026-17",
        "issue_date": "2026-04-22",
        "due_date": "2026-05-22",
        "currency": "EUR",
        "net_total": "100.00",
        "tax_total": "20.00",
        "gross_total": "120.00",
        "due_payable": "120.00",
        "seller_name": "Atelier Dupont SARL",
        "seller_vat_id": "FR40303265045",
        "buyer_name": "Buyer SAS",
        "iban": "FR7630006000011234567890189",
        "lines": [{"description": "Work", "net_amount": "100.00"}],
    }


@pytest.mark.slow
def test_boxes_count_pages_from_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bill.pdf"
    file.write_bytes(page((50, 50, "Invoice number: F-1"), (50, 70, "Total: 12.00 EUR")))
    [answer] = read(capsys, file)
    assert answer["syntax"] == "text"
    boxes = answer["boxes"]
    assert isinstance(boxes, dict)
    number, *edges = boxes["invoice_number"]
    assert number == 1 and len(edges) == 4 and all(0 <= edge <= 1 for edge in edges)


@pytest.mark.slow
def test_what_is_no_file_gets_a_sentence_and_the_next_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    good = tmp_path / "good\nname \udcff.xml"
    good.write_bytes(cii())
    paths = [tmp_path / "absent", tmp_path / "pipe", Path("/dev/zero"), tmp_path / ("x" * 4096)]
    *bad, last = read(capsys, *paths, good)
    assert [answer["error"] for answer in bad] == [
        "There is no such file.",
        "This is a pipe, not a file.",
        "This is a device, not a file.",
        "This file cannot be opened: File name too long.",
    ]
    assert [answer["kind"] for answer in bad] == ["unreadable"] * 4
    assert (last["file"], last["ok"]) == (str(good), True)


@pytest.mark.slow
def test_many_files_keep_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.xml").write_bytes(cii(number=f"F-{number}"))
    answers = read(capsys, tmp_path)
    assert [answer["fields"]["invoice_number"] for answer in answers] == [  # type: ignore[index]
        f"F-{number}" for number in range(60)
    ]


@pytest.mark.slow
def test_people_get_lines_without_control_signs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a\x1b[31m.xml"
    file.write_bytes(cii())
    assert main(["read", str(file)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "F-2026-17" in out and "a?[31m.xml: invoice (CII)" in out


def test_a_folder_without_files_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(tmp_path)]) == 2
    assert "no file" in capsys.readouterr().err


def test_folders_are_walked_in_order_without_links_and_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", ".hidden", ".git/x", "c/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link").symlink_to("/etc/hostname")
    found = [str(one.path.relative_to(tmp_path)) for one in find([tmp_path])]
    assert found == ["a", "b/1", "b/2", "c/d/e"]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12", "12.00"),
        ("1436.5", "1436.50"),
        ("1.005", "1.005"),
        ("-0.1", "-0.10"),
        ("1E3", "1000.00"),
    ],
)
def test_amounts_have_two_or_more_places(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


def test_long_texts_are_cut_with_a_sign() -> None:
    assert shown("a" * 100) == "a" * 100
    assert shown("a" * 101) == "a" * 99 + "…"
