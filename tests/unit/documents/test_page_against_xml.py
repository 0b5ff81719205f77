"""The page against the e-invoice inside, and text that nobody can see."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from builders.invoice_files import attach, cii, cropped, page
from well.documents.reading.read_file import read_file
from well.ports.reader import Reading

IBAN = "FR76 3000 6000 0112 3456 7890 189"
OTHER_IBAN = "DE88 2008 0000 0970 3757 00"


def invoice_page(total: str = "120,00", iban: str = IBAN, vat_id: str = "FR40303265045") -> bytes:
    return page(
        (50, 50, "Atelier Dupont SARL"),
        (50, 70, "Facture n° F-2026-17 du 22/04/2026"),
        (50, 90, "Total HT 100,00 €"),
        (50, 104, "TVA 20,00 €"),
        (50, 118, f"Total TTC {total} €"),
        (50, 140, f"IBAN {iban}"),
        (50, 160, f"N° TVA {vat_id}"),
    )


def stops(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings if finding.stops_auto_post]


def test_a_page_that_agrees_leaves_no_finding() -> None:
    reading = read_file(attach(invoice_page(), {"factur-x.xml": cii()}))
    assert reading.syntax == "CII"
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"total": "130,00"}, "page_total"),
        ({"iban": OTHER_IBAN}, "page_iban"),
        ({"vat_id": "DE136695976"}, "page_supplier"),
    ],
)
def test_a_page_that_disagrees_is_a_hard_stop(changes: dict[str, str], code: str) -> None:
    reading = read_file(attach(invoice_page(**changes), {"factur-x.xml": cii()}))
    assert stops(reading) == [code]
    assert reading.invoice is not None and str(reading.invoice.gross_total) == "120.00 EUR"


def test_two_e_invoices_that_differ_are_a_hard_stop() -> None:
    other = cii(iban=OTHER_IBAN.replace(" ", ""))
    reading = read_file(attach(invoice_page(), {"factur-x.xml": cii(), "copy.xml": other}))
    assert "two_xmls" in stops(reading)


def test_a_refused_e_invoice_inside_is_a_hard_stop_and_the_page_is_read() -> None:
    hostile = b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"
    reading = read_file(attach(invoice_page(), {"factur-x.xml": hostile}))
    assert "embedded_xml" in stops(reading)
    assert reading.invoice is not None and reading.syntax is None


def hidden(mode: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(50, 700, "An ordinary page with enough text to be one, total 5.00")
    text = canvas.beginText(50, 500)
    if mode == "invisible":
        text.setTextRenderMode(3)
    if mode == "white":
        text.setFillColorRGB(1, 1, 1)
    text.setFont("Helvetica", 1 if mode == "tiny" else 10)
    text.textLine("Total 99999.00 EUR pay to DE88200800000970375700")
    canvas.drawText(text)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("mode", ["invisible", "white", "tiny"])
def test_text_that_cannot_be_seen_is_a_hard_stop_and_is_not_read(mode: str) -> None:
    reading = read_file(hidden(mode))
    assert stops(reading) == ["hidden_text"]
    assert reading.invoice is None


def test_text_outside_the_crop_box_is_hidden() -> None:
    reading = read_file(cropped(invoice_page(), (0, 760, 595, 842)))
    assert "hidden_text" in stops(reading)


def test_white_text_on_a_dark_bar_is_seen() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFillColorRGB(0.1, 0.1, 0.4)
    canvas.rect(40, 690, 400, 30, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 700, "Invoice number INV-2026-001 of April")
    canvas.save()
    assert read_file(out.getvalue()).findings == ()
