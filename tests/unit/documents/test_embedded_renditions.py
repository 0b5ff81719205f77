"""A page with an e-invoice inside is valid and says what it is, or is a page and says why."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from well.documents.reading.read_file import read_file
from well.documents.writing.bill_of_invoice import bill_to_embed
from well.documents.writing.rendition import INSIDE, TypstRenderer
from well.domain.document import Document
from well.domain.flow import EInvoiceBuyer
from well.domain.invoice import Invoice, InvoiceLine, Origin, Seller
from well.domain.money import Money
from well.ports.reader import Rendition

RENDITION = Rendition("QuickBooks", "145", "F-2026-17--quickbooks-bill-145.pdf")
BUYER = EInvoiceBuyer("Café Médoc SAS", "FR")
WHOLE = Invoice(
    number="F-2026-17",
    issue_date=date(2026, 4, 22),
    due_date=date(2026, 5, 22),
    currency="EUR",
    net_total=Money(12_500, "EUR"),
    tax_total=Money(2_500, "EUR"),
    gross_total=Money(15_000, "EUR"),
    seller=Seller(name="Atelier Dupont SARL", vat_id="FR40303265045", country="FR"),
    lines=(
        InvoiceLine("Work", Decimal("100.00"), Decimal(2), Decimal(50), Decimal(20)),
        InvoiceLine("Travel", Decimal("25.00"), tax_rate=Decimal(20)),
    ),
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[TypstRenderer]:
    made = TypstRenderer()
    yield made
    made.close()


def attached(document: Document) -> list[str]:
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        return list(pdf.attachments)


@pytest.mark.slow
def test_a_whole_record_is_an_e_invoice_that_our_reader_reads_back(renderer: TypstRenderer) -> None:
    made = renderer.embed(WHOLE, RENDITION, BUYER)
    assert made.e_invoice.startswith(INSIDE)
    read = read_file(made.document.content)
    invoice = read.invoice
    assert read.kind == "invoice" and invoice is not None
    assert {one.origin for one in invoice.readings} == {Origin.XML}
    assert (invoice.number, invoice.gross_total) == (WHOLE.number, WHOLE.gross_total)
    assert (invoice.buyer_name, invoice.seller.vat_id) == (BUYER.name, WHOLE.seller.vat_id)
    assert [line.net_amount for line in invoice.lines] == [Decimal(100), Decimal(25)]
    assert [line.quantity for line in invoice.lines] == [Decimal(2), Decimal(1)]
    assert invoice.findings == ()


@pytest.mark.slow
def test_the_e_invoice_says_in_a_note_that_it_is_a_rendition(renderer: TypstRenderer) -> None:
    document = renderer.embed(WHOLE, RENDITION, BUYER).document
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        xml = bytes(pdf.attachments["factur-x.xml"].get_file().read_bytes()).decode()
    assert "Reproduction de l’enregistrement QuickBooks 145, et non la facture originale" in xml


@pytest.mark.slow
def test_the_same_record_gives_the_same_e_invoice(renderer: TypstRenderer) -> None:
    first = renderer.embed(WHOLE, RENDITION, BUYER)
    renderer.render(WHOLE, RENDITION)
    assert renderer.embed(WHOLE, RENDITION, BUYER) == first


def test_a_record_that_lacks_terms_is_a_page_and_the_sentence_names_them(
    renderer: TypstRenderer,
) -> None:
    bare = replace(
        WHOLE,
        due_date=None,
        seller=Seller(name="Atelier Dupont SARL"),
        lines=tuple(replace(line, tax_rate=None) for line in WHOLE.lines),
        net_total=None,
        tax_total=None,
        gross_total=None,
    )
    made = renderer.embed(bare, RENDITION, BUYER)
    assert made.document == renderer.render(bare, RENDITION)
    assert attached(made.document) == []
    assert made.e_invoice == (
        "The page was made without e-invoice: the record lacks: BT-40 seller country, "
        "BT-31 seller VAT id (or BT-30 legal id, or BT-29 id), "
        "BT-9 due date (or BT-20 payment terms), BT-151 VAT category, BT-152 VAT rate."
    )


def test_many_missing_terms_are_counted(renderer: TypstRenderer) -> None:
    made = renderer.embed(Invoice(), RENDITION, BUYER)
    assert made.e_invoice.startswith("The page was made without e-invoice: the record lacks: BT-1 ")
    assert made.e_invoice.count("BT-") + made.e_invoice.count("BG-") <= 12
    assert made.document == renderer.render(Invoice(), RENDITION)


def test_sums_that_contradict_leave_the_e_invoice_out(renderer: TypstRenderer) -> None:
    wrong = replace(WHOLE, gross_total=Money(15_001, "EUR"))
    made = renderer.embed(wrong, RENDITION, BUYER)
    assert "would break rules: gross_total: 150.01 is stated" in made.e_invoice
    assert attached(made.document) == []


@pytest.mark.slow
def test_a_violated_rule_leaves_the_e_invoice_out(renderer: TypstRenderer) -> None:
    strange = replace(WHOLE, seller=replace(WHOLE.seller, country="ZZ"))
    made = renderer.embed(strange, RENDITION, BUYER)
    assert "would break rules: " in made.e_invoice
    assert attached(made.document) == []


def test_the_buyer_of_the_record_wins_over_that_of_the_flow() -> None:
    bill = bill_to_embed(replace(WHOLE, buyer_name="Another"), RENDITION, BUYER)
    assert (bill.buyer.name, bill.buyer.address.country) == ("Another", "FR")


def test_lines_get_a_count_and_nothing_else() -> None:
    bill = bill_to_embed(WHOLE, RENDITION, BUYER)
    assert [(x.quantity, x.unit, x.unit_price) for x in bill.lines] == [
        (Decimal(2), "C62", Decimal(50)),
        (Decimal(1), "C62", Decimal("25.00")),
    ]
    half = replace(WHOLE, lines=(InvoiceLine("x", Decimal(9), quantity=Decimal(3)),))
    (line,) = bill_to_embed(half, RENDITION, BUYER).lines
    assert (line.quantity, line.unit_price) == (Decimal(3), None)
