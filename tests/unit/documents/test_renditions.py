"""Renditions: the page says what it is, the bytes are stable, our own reader finds every value."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.documents.checking.pdf_a import pdf_violations
from well.documents.reading.read_file import read_file
from well.documents.writing.bill_of_invoice import bill_of_invoice
from well.documents.writing.rendition import TypstRenderer
from well.documents.writing.sheet import sheet
from well.domain.document import Document
from well.domain.file_name import posting_file_name
from well.domain.invoice import Invoice, InvoiceLine, Seller
from well.domain.money import Converted, Money
from well.ports.reader import Rendition

RENDERER = TypstRenderer()
RENDITION = Rendition("QuickBooks", "145", "F-2026-17--quickbooks-bill-145.pdf")
INVOICE = Invoice(
    number="F-2026-17",
    issue_date=date(2026, 4, 22),
    due_date=date(2026, 5, 22),
    currency="EUR",
    net_total=Money(10000, "EUR"),
    tax_total=Money(2000, "EUR"),
    gross_total=Money(12000, "EUR"),
    seller=Seller(name="Atelier Dupont SARL", vat_id="FR40303265045", country="DE"),
    lines=(InvoiceLine("Work", Decimal("100.00"), Decimal(1), Decimal(100), Decimal(20)),),
)


def text_of(document: Document) -> str:
    pdf = pypdfium2.PdfDocument(document.content)
    text = "\n".join(one.get_textpage().get_text_range() for one in pdf)
    pdf.close()
    return text.replace("\r", "")


def test_a_rendition_says_that_it_is_none_of_the_supplier() -> None:
    text = text_of(RENDERER.render(INVOICE, RENDITION))
    assert text.count("Rendition of QuickBooks record 145, not the original invoice") == 2
    assert "et non la facture originale" in text


def test_the_same_input_gives_the_same_bytes() -> None:
    first = RENDERER.render(INVOICE, RENDITION)
    RENDERER.render(Invoice(number="another"), RENDITION)
    assert TypstRenderer().render(INVOICE, RENDITION) == first
    assert RENDERER.render(INVOICE, RENDITION) == first


def test_the_metadata_carry_the_source_id() -> None:
    made = RENDERER.render(INVOICE, RENDITION)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert "QuickBooks:145" in str(pdf.docinfo["/Keywords"])


def test_our_reader_finds_what_the_renderer_wrote() -> None:
    invoice = read_file(RENDERER.render(INVOICE, RENDITION).content).invoice
    assert invoice is not None
    assert (invoice.number, invoice.issue_date) == (INVOICE.number, INVOICE.issue_date)
    assert (invoice.due_date, invoice.gross_total) == (INVOICE.due_date, INVOICE.gross_total)
    assert (invoice.net_total, invoice.tax_total) == (INVOICE.net_total, INVOICE.tax_total)
    assert invoice.seller.name == "Atelier Dupont SARL"
    assert invoice.seller.vat_id == "FR40303265045"


def test_what_a_total_is_worth_is_printed_and_read_as_no_total() -> None:
    worth = Converted(Decimal("110.56148136"), "EUR", Decimal("0.921345678"), date(2026, 4, 22))
    dollars = replace(
        INVOICE,
        currency="USD",
        net_total=Money(10000, "USD"),
        tax_total=Money(2000, "USD"),
        gross_total=Money(12000, "USD"),
        converted=worth,
    )
    made = RENDERER.render(dollars, RENDITION)
    told = "120.00 USD = 110.56148136 EUR at 0.921345678 EUR for 1 USD on 2026-04-22"
    assert told in " ".join(text_of(made).split())
    invoice = read_file(made.content).invoice
    assert invoice is not None
    assert (invoice.gross_total, invoice.currency) == (dollars.gross_total, "USD")
    assert invoice.net_total == dollars.net_total


def test_texts_are_inert() -> None:
    name = '#panic("x") *bold* $x$ @ref \\ "quoted" <tag> // comment'
    text = text_of(RENDERER.render(Invoice(seller=Seller(name=name)), RENDITION))
    assert "#panic" in text and "*bold*" in text and "$x$" in text


def test_missing_fields_are_absent_and_a_credit_note_says_so() -> None:
    text = text_of(RENDERER.render(Invoice(credit_note=True, number="A-1"), RENDITION))
    assert "Credit note number A-1" in text
    assert "Due date" not in text and "None" not in text and "IBAN" not in text


def test_many_long_lines_go_over_several_pages() -> None:
    lines = tuple(InvoiceLine("word " * 60, Decimal("1.00")) for _ in range(200))
    made = RENDERER.render(Invoice(lines=lines), RENDITION)
    pdf = pypdfium2.PdfDocument(made.content)
    assert len(pdf) > 10
    pdf.close()


@pytest.mark.parametrize(
    "text", ["plain", "{", "{0} %s #x", "😀\u0e01", "\u202eabc", "x" * 900, ""]
)
def test_every_rendition_is_a_pdf_a(text: str) -> None:
    invoice = Invoice(number=text, note=text, lines=(InvoiceLine(text, Decimal(1)),))
    made = RENDERER.render(invoice, Rendition(text, text, "f.pdf"))
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf_violations(pdf, made.content) == []


def test_other_scripts_are_kept() -> None:
    text = text_of(RENDERER.render(Invoice(seller=Seller(name="Ελλάς ООО Łódź")), RENDITION))
    assert "Ελλάς ООО Łódź" in text


def test_a_labelled_original_keeps_its_bytes() -> None:
    original = Document("scan.pdf", "application/pdf", b"%PDF-1.4 anything")
    labelled = RENDERER.label(original, RENDITION)
    assert (labelled.name, labelled.content) == (RENDITION.file_name, original.content)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_sheet(name: str, note: str) -> None:
    texts = sheet(bill_of_invoice(Invoice(seller=Seller(name=name), note=note), RENDITION))
    shown = texts["author"] + "".join(texts["notes"])
    assert all(char.isprintable() or char in "\u200b\u200c\u200d" for char in shown)


def test_the_file_name_carries_number_and_source() -> None:
    made = posting_file_name("F/2026 17", "quickbooks", "bill", "145")
    assert made == "F-2026-17--quickbooks-bill-145.pdf"
    assert posting_file_name(None, "quickbooks", "bill", "1") == "document--quickbooks-bill-1.pdf"


@given(st.text(max_size=200), st.text(max_size=99), st.text(max_size=99), st.text(max_size=200))
def test_a_file_name_is_always_safe(number: str, connector: str, stream: str, source: str) -> None:
    made = posting_file_name(number, connector, stream, source)
    assert made.isascii() and 0 < len(made) <= 120
    assert made.endswith(".pdf") and not made.startswith(".")
    assert all(char.isalnum() or char in ".-" for char in made)
