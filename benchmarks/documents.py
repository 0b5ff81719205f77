"""Prints how much of the development documents is read right, and how fast.

Invariant: scores by the rule of the data folder's own README and changes nothing; skips what is
absent. It asserts no figure.

Run: `.venv/bin/python benchmarks/documents.py [folder of the documents]`
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from well.documents.reading.reader import DocumentReader
from well.documents.reading.recognise import dates
from well.documents.reading.xml_values import compact
from well.documents.writing.rendition import TypstRenderer
from well.domain.document import Document
from well.domain.invoice import Invoice, InvoiceLine
from well.ports.reader import Reading, Rendition

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"
TEN = {
    "invoice_number": "number",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "currency": "currency",
    "net_total": "net_total",
    "tax_total": "tax_total",
    "gross_total": "gross_total",
    "seller_name": "seller.name",
    "seller_vat_id": "seller.vat_id",
    "iban": "seller.iban",
}
THIRTEEN = TEN | {"due_payable": "due_payable", "buyer_name": "buyer_name"}
CORE = ("invoice_number", "issue_date", "gross_total")


@dataclass(slots=True)
class Score:
    """Counts over the files of one folder."""

    expected: int = 0
    right: int = 0
    wrong: int = 0
    core: int = 0
    files: int = 0
    sure_and_wrong: int = 0
    of_field: Counter[str] = field(default_factory=Counter)
    """How many of each field are right, and under `asked ...` how many there were."""


def same(name: str, expected: str, read: str) -> bool:
    """Whether a value counts as right."""
    if name.endswith(("_total", "_payable")):
        return abs(Decimal(expected) - Decimal(read)) < Decimal("0.005")
    one, other = compact(expected), compact(read)
    if name.endswith("_name"):
        contained = min(len(one), len(other)) >= 5 and (one in other or other in one)
        return one == other or contained or SequenceMatcher(None, one, other).ratio() >= 0.85
    return one == other


def score(entries: dict[str, Any], readings: Sequence[Reading], names: dict[str, str]) -> Score:
    """Score of one folder; prints each field that is not right."""
    total = Score(files=len(entries))
    for (file, entry), reading in zip(entries.items(), readings, strict=True):
        fields = {x.field: x for x in reading.invoice.readings} if reading.invoice else {}
        right: set[str] = set()
        for name, path in names.items():
            expected = entry["fields"].get(name)
            if not expected:
                continue
            total.expected += 1
            total.of_field["asked " + name] += 1
            found = fields.get(path)
            if found and same(name, expected, found.value):
                right.add(name)
                continue
            total.wrong += found is not None
            total.sure_and_wrong += found is not None and found.confidence >= 0.85
            print(f"  {file}: {name} is {expected!r}, read {found.value if found else None!r}")
        lines = entry["fields"].get("lines")
        if lines is not None and "buyer_name" in names:
            total.expected += 1
            count = len(reading.invoice.lines) if reading.invoice else 0
            total.right += count == len(lines)
            total.wrong += count != len(lines)
        total.right += len(right)
        total.of_field.update(right)
        total.core += right.issuperset(CORE)
    return total


def run(folder: Path, kind: str, names: dict[str, str], reader: DocumentReader) -> None:
    """Read one folder and print a row of the table."""
    entries = json.loads((folder / kind / "expected.json").read_text("utf-8"))
    files = [Document(name, "", (folder / kind / name).read_bytes()) for name in entries]
    readings = reader.read(files)
    total = score(entries, readings, names)
    started = time.perf_counter()
    for _ in range(4):
        reader.read(files)
    speed = 4 * len(files) / (time.perf_counter() - started)
    read = total.right + total.wrong
    print(
        f"{kind:16} {total.files:4} files  recall {total.right / total.expected:6.1%}  "
        f"precision {total.right / max(read, 1):6.1%}  core three {total.core}/{total.files}  "
        f"wrong at >= 85 %: {total.sure_and_wrong}  {speed:6.0f} files/s"
    )


def images(folder: Path, reader: DocumentReader) -> None:
    """Scans and receipts through the optical reader: fields, kinds, pages a second, memory."""
    entries = json.loads((folder / "image" / "expected.json").read_text("utf-8"))
    for entry in entries.values():
        raw = entry["fields"].get("issue_date_raw")
        if raw:
            entry["fields"]["issue_date"] = dates(raw)[0].value
    started = time.perf_counter()
    for kind in ("receipt", "scan"):
        some = {name: entry for name, entry in entries.items() if entry["group"].startswith(kind)}
        readings = reader.read(
            [Document(name, "", (folder / "image" / name).read_bytes()) for name in some]
        )
        total = score(some, readings, TEN)
        told = sum((reading.kind == "receipt") == (kind == "receipt") for reading in readings)
        print(
            f"{kind + 's':16} {total.files:4} files  recall {total.right / total.expected:6.1%}  "
            f"precision {total.right / max(total.right + total.wrong, 1):6.1%}  core three "
            f"{total.core}/{total.files}  wrong at >= 85 %: {total.sure_and_wrong}  kind {told}"
        )
        if kind == "receipt":
            print(f"{'receipts alone':16} {_shares(total, ('gross_total', 'issue_date'))}")
    speed = len(entries) / (time.perf_counter() - started)
    print(f"{'optical reader':16} {speed:5.2f} pages/s, {optical_megabytes(reader)} MB")


def _shares(total: Score, names: Sequence[str]) -> str:
    """Right and asked for of some fields."""
    of = total.of_field
    return "  ".join(f"{name} {of[name]}/{of['asked ' + name]}" for name in names)


def optical_megabytes(reader: DocumentReader) -> int:
    """Most memory that the optical process ever held, 0 where that cannot be seen."""
    status = Path(f"/proc/{reader.optical_pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(peak.split()[1]) // 1024


def foreign(folder: Path, reader: DocumentReader) -> None:
    """Foreign syntaxes: named, and nothing read."""
    entries = json.loads((folder / "xml_foreign" / "expected.json").read_text("utf-8"))
    files = [Document(name, "", (folder / "xml_foreign" / name).read_bytes()) for name in entries]
    pairs = zip(entries.values(), reader.read(files), strict=True)
    named = sum(entry["kind"] == read.syntax and not read.invoice for entry, read in pairs)
    print(f"{'xml_foreign':16} {len(files):4} files  named and not read: {named}")


def writing() -> None:
    """Renditions a second."""
    renderer = TypstRenderer()
    lines = tuple(InvoiceLine(f"Service {n}", Decimal(n)) for n in range(6))
    started = time.perf_counter()
    for number in range(100):
        invoice = Invoice(number=f"F-{number}", currency="EUR", lines=lines)
        renderer.render(invoice, Rendition("QuickBooks", str(number), "f.pdf"))
    print(f"{'renditions':16} {100 / (time.perf_counter() - started):6.0f} documents/s")


def main() -> None:
    """The whole table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    writing()
    if not folder.exists():
        print(f"No documents in {folder}: nothing to score.")
        return
    reader = DocumentReader()
    try:
        run(folder, "structured_pdf", THIRTEEN, reader)
        run(folder, "xml", THIRTEEN, reader)
        run(folder, "stripped_pdf", TEN, reader)
        foreign(folder, reader)
        images(folder, reader)
    finally:
        reader.close()


if __name__ == "__main__":
    main()
