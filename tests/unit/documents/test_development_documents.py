"""Accuracy on the development documents, where they are at hand."""

import json
from pathlib import Path

import pytest

from well.documents.reading.read_file import read_file
from well.documents.reading.xml_values import compact

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "documents"
NAMES = {"invoice_number": "number", "issue_date": "issue_date", "gross_total": "gross_total"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="the development documents are not here"),
]


@pytest.mark.parametrize("kind", ["structured_pdf", "xml", "stripped_pdf"])
def test_number_date_and_total_are_right(kind: str) -> None:
    entries = json.loads((FOLDER / kind / "expected.json").read_text("utf-8"))
    wrong = []
    for name, entry in entries.items():
        reading = read_file((FOLDER / kind / name).read_bytes())
        found = {x.field: x.value for x in reading.invoice.readings} if reading.invoice else {}
        for field, path in NAMES.items():
            expected, read = entry["fields"].get(field), found.get(path)
            if expected and not _same(field, expected, read):
                wrong.append((name, field, expected, read))
    assert not wrong


def _same(field: str, expected: str, read: str | None) -> bool:
    if read is None:
        return False
    if field == "gross_total":
        return f"{float(expected):.2f}" == f"{float(read):.2f}"
    return compact(expected) == compact(read)


def test_foreign_syntaxes_are_named() -> None:
    entries = json.loads((FOLDER / "xml_foreign" / "expected.json").read_text("utf-8"))
    for name, entry in entries.items():
        reading = read_file((FOLDER / "xml_foreign" / name).read_bytes())
        assert (reading.invoice, reading.syntax) == (None, entry["kind"])
