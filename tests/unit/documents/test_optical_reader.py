"""The optical reader itself, in its own process: real pictures, every orientation, no network."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from builders.invoice_files import page
from builders.scans import picture, saved, scanned_pdf
from well.documents.reading.answer import NO_OPTICS, Answer, settle
from well.documents.reading.child_process import ChildProcess
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document
from well.domain.invoice import FieldReading, Origin
from well.ports.reader import Reading

INVOICE = (
    "Atelier Dupont SARL",
    "Facture n° F-2026-17",
    "Date de facture 22/04/2026",
    "Total HT  100,00 €",
    "TVA 20 %  20,00 €",
    "Total TTC  120,00 €",
    "IBAN FR76 3000 6000 0112 3456 7890 189",
)
SHOP = (
    "KEDAI BUKU SDN BHD",
    "Date: 04/05/2017 11:30",
    "TOTAL RM  9.00",
    "CASH  10.00",
    "CHANGE  1.00",
)


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    made = DocumentReader(workers=1)
    yield made
    made.close()


def read(reader: DocumentReader, content: bytes) -> Reading:
    (reading,) = reader.read([Document("any", "", content)])
    return reading


def fields(reading: Reading) -> dict[str, FieldReading]:
    return {x.field: x for x in reading.invoice.readings} if reading.invoice else {}


@pytest.mark.slow
@pytest.mark.parametrize("turned", [0, 90, 180, 270, 3, -3])
def test_an_invoice_is_read_however_it_lies(reader: DocumentReader, turned: int) -> None:
    laid = picture(*INVOICE).rotate(
        turned, Image.Resampling.BICUBIC, expand=True, fillcolor="white"
    )
    reading = read(reader, saved(laid))
    found = fields(reading)
    assert (reading.kind, reading.syntax, reading.has_text) == ("invoice", "ocr", False)
    assert found["number"].value == "F-2026-17"
    assert found["issue_date"].value == "2026-04-22"
    assert [found[name].value for name in ("net_total", "tax_total", "gross_total")] == [
        "100.00",
        "20.00",
        "120.00",
    ]
    assert found["seller.iban"].value == "FR7630006000011234567890189"
    assert {one.origin for one in found.values()} == {Origin.OCR}


@pytest.mark.slow
def test_a_box_lies_where_the_value_stands_on_the_page_as_shown(reader: DocumentReader) -> None:
    upright = fields(read(reader, saved(picture(*INVOICE))))["number"].box
    upside_down = fields(read(reader, saved(picture(*INVOICE).rotate(180))))["number"].box
    assert upright is not None
    assert upside_down is not None
    turned = tuple(1 - edge for edge in (*upside_down[2:], *upside_down[:2]))
    assert turned == pytest.approx(upright, abs=0.02)
    assert 0.15 < upright[1] < upright[3] < 0.4


@pytest.mark.slow
def test_a_scanned_pdf_is_read_page_by_page(reader: DocumentReader) -> None:
    reading = read(
        reader, scanned_pdf(picture("General terms", "Nothing to pay"), picture(*INVOICE))
    )
    assert (reading.kind, reading.pages) == ("invoice", 2)
    assert fields(reading)["gross_total"].value == "120.00"
    assert fields(reading)["gross_total"].page == 1


@pytest.mark.slow
def test_a_receipt_is_read(reader: DocumentReader) -> None:
    reading = read(reader, saved(picture(*SHOP), "JPEG", quality=60))
    assert reading.kind == "receipt"
    found = fields(reading)
    assert found["gross_total"].value == "9.00"
    assert found["issue_date"].value == "2017-05-04"
    assert found["currency"].value == "MYR"


@pytest.mark.slow
def test_an_empty_picture_is_nothing(reader: DocumentReader) -> None:
    for made in (
        Image.new("L", (400, 600), 255),
        Image.new("L", (3, 3)),
        Image.new("L", (9000, 20)),
    ):
        reading = read(reader, saved(made))
        assert (reading.kind, reading.invoice, reading.error) == ("other", None, None)


@pytest.mark.slow
def test_text_pages_never_start_the_optical_reader() -> None:
    made = DocumentReader(workers=1)
    try:
        texts = ("Invoice number F-1", "Invoice date 22/04/2026", "Total 12.00 EUR")
        read(made, page(*((50, 50 + 20 * at, text) for at, text in enumerate(texts))))
        assert made.optical_pid is None
    finally:
        made.close()


@pytest.mark.slow
def test_nothing_is_ever_looked_for_on_a_network() -> None:
    code = """
import sys
def forbid(event, args):
    if event.startswith("socket."):
        raise RuntimeError(event)
sys.addaudithook(forbid)
from PIL import Image, ImageDraw, ImageFont
from well.documents.reading.ocr_engine import load
made = Image.new("RGB", (400, 120), "white")
ImageDraw.Draw(made).text((20, 40), "Total 12.00", fill="black", font=ImageFont.load_default(30))
print("".join(line.text for line in load()(made).lines))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert "12.00" in done.stdout


@pytest.mark.slow
def test_without_the_libraries_the_reader_says_so(tmp_path: Path) -> None:
    (tmp_path / "rapidocr.py").write_text("raise ImportError")
    code = "from well.documents.reading.ocr_engine import load; print(load())"
    path = f"{tmp_path}:{':'.join(filter(None, sys.path))}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == "None"


def test_a_scan_that_nobody_can_read_says_so() -> None:
    waiting = Reading(kind="other", syntax=None, invoice=None, pages=1)
    assert settle(Answer(waiting, scans=1)).error == NO_OPTICS
    assert settle(Answer(waiting, scans=0)) == waiting


@pytest.mark.slow
def test_a_lost_optical_reader_is_replaced(reader: DocumentReader) -> None:
    read(reader, saved(picture(*SHOP)))
    first = reader.optical_pid
    assert first is not None
    subprocess.run(["kill", "-9", str(first)], check=True)
    assert read(reader, saved(picture(*SHOP))).kind == "receipt"
    assert reader.optical_pid not in (None, first)


@pytest.mark.slow
def test_the_text_child_does_not_load_the_optical_reader() -> None:
    child = ChildProcess()
    try:
        child.ask(b'{"do": "read"}', saved(picture(*SHOP)))
        maps = Path(f"/proc/{child.pid}/maps").read_text()
    finally:
        child.close()
    assert "onnxruntime" not in maps
    assert "cv2" not in maps
