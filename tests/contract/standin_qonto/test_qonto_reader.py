"""Contract: what the stand-in reads from pages of several layouts: rather nothing than wrong.

The pages are drawn here, label by label and place by place, by no code of the stand-in.
"""

import io
import random
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
import typst
from reportlab.pdfgen import canvas

from well.sandbox.analysis import NOTHING, Reading, analyse

Placed = tuple[float, float, str]
BUYER = ("Atelier Bleu SAS", "Atelier Bleu")


def drawn(*texts: Placed, head: str = "Müller & Söhne GmbH", size: int = 15) -> bytes:
    """A page with texts at places (x, distance from the top); a large head at the left."""
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.setFont("Helvetica-Bold", size)
    page.drawString(50, 800, head)
    page.setFont("Helvetica", 9)
    for x, y, text in texts:
        page.drawString(x, 842 - y, text)
    page.save()
    return out.getvalue()


def read(*texts: Placed, head: str = "Müller & Söhne GmbH") -> Reading:
    """The reading of such a page."""
    return analyse(drawn(*texts, head=head), BUYER)


def test_a_french_page_with_labels_at_the_left_is_read() -> None:
    reading = read(
        (50, 80, "Facture n° : FA-2026/118"),
        (50, 95, "Date de facture :"),
        (160, 95, "22/04/2026"),
        (50, 110, "Échéance"),
        (160, 110, "22/05/2026"),
        (330, 80, "Atelier Bleu SAS"),
        (330, 400, "Total HT"),
        (480, 400, "1\N{NO-BREAK SPACE}070,00 €"),
        (330, 415, "TVA 20 %"),
        (480, 415, "214,00 €"),
        (330, 430, "Total TTC"),
        (480, 430, "1\N{NO-BREAK SPACE}284,00 €"),
        (50, 780, "IBAN FR76 3000 1007 9412 3456 7890 185"),
        (50, 792, "N° TVA : FR 75 814 107 155"),
    )
    assert reading == Reading(
        number="FA-2026/118",
        supplier="Müller & Söhne GmbH",
        issue_date=date(2026, 4, 22),
        due_date=date(2026, 5, 22),
        currency="EUR",
        gross=Decimal("1284.00"),
        net=Decimal("1070.00"),
        tax=Decimal("214.00"),
        iban="FR7630001007941234567890185",
        vat_number="FR75814107155",
    )


def test_a_german_page_with_labels_above_is_read() -> None:
    reading = read(
        (50, 100, "Rechnungsnummer"),
        (200, 100, "Rechnungsdatum"),
        (350, 100, "Fällig am"),
        (50, 113, "RE-20260417"),
        (200, 113, "17. April 2026"),
        (350, 113, "01.05.2026"),
        (50, 500, "Nettobetrag"),
        (200, 500, "USt. 19 %"),
        (350, 500, "Gesamtbetrag"),
        (50, 513, "1.000,00 EUR"),
        (200, 513, "190,00 EUR"),
        (350, 513, "1.190,00 EUR"),
    )
    assert (reading.number, reading.issue_date) == ("RE-20260417", date(2026, 4, 17))
    assert (reading.due_date, reading.gross) == (date(2026, 5, 1), Decimal("1190.00"))
    assert (reading.net, reading.tax) == (Decimal("1000.00"), Decimal("190.00"))


def test_an_english_page_with_values_left_of_their_labels_is_read() -> None:
    reading = read(
        (50, 80, "Invoice number"),
        (160, 80, "4711"),
        (50, 95, "Invoice date"),
        (160, 95, "April 17, 2026"),
        (380, 400, "$1,284.00"),
        (460, 400, "Total incl. VAT"),
    )
    assert (reading.number, reading.gross, reading.currency) == ("4711", Decimal("1284.00"), "USD")
    assert reading.issue_date == date(2026, 4, 17)


def test_line_amounts_under_a_column_called_total_are_no_total() -> None:
    reading = read(
        (50, 300, "Description"),
        (250, 300, "Qty"),
        (350, 300, "Price"),
        (450, 300, "Total"),
        (50, 315, "Hosting"),
        (250, 315, "1"),
        (350, 315, "10.00 EUR"),
        (450, 315, "10.00 EUR"),
    )
    assert reading.gross is None


def test_totals_that_disagree_are_settled_by_the_sum_or_left_out() -> None:
    rows = [(50.0, 300.0, "Grand total 120.00 EUR"), (50.0, 315.0, "Invoice total 130.00 EUR")]
    assert read(*rows).gross is None
    rows += [(50, 330, "Subtotal 100.00 EUR"), (50, 345, "VAT 20.00 EUR")]
    assert read(*rows).gross == Decimal("120.00")


def test_a_numeric_date_that_can_be_two_days_is_left_out_in_dollars_only() -> None:
    def issued(total: str, *more: Placed) -> date | None:
        return read((50, 80, "Issue date: 04/05/2026"), (50, 95, total), *more).issue_date

    assert issued("Grand total $10.00") is None
    assert issued("Grand total £10.00") == date(2026, 5, 4)
    assert issued("Grand total $10.00", (50, 120, "Due date: 04/25/2026")) == date(2026, 4, 5)


def test_the_buyer_is_never_the_supplier() -> None:
    reading = read((50, 80, "Bill to"), (50, 95, "Lumen Ltd"), head="Atelier Bleu SAS")
    assert reading.supplier != "Atelier Bleu SAS"
    labelled = read((50, 80, "Supplier: Lumen & Fils"), (50, 95, "Customer: Atelier Bleu SAS"))
    assert labelled.supplier == "Lumen & Fils"


@pytest.mark.parametrize(
    "name", ["Total Energies", "Date Systems", "Facture Pro SARL", "De Boer BV"]
)
def test_a_name_that_begins_like_a_label_is_read_beside_its_label(name: str) -> None:
    reading = read((50, 80, "Supplier"), (160, 80, name), (50, 95, "Country"), (160, 95, "FR"))
    assert reading.supplier == name


def test_a_sentence_that_begins_with_from_is_no_supplier_label() -> None:
    assert read((50, 80, "De trois fois le taux légal")).supplier == "Müller & Söhne GmbH"


def test_an_iban_or_amount_that_fails_its_check_is_nothing() -> None:
    reading = read(
        (50, 80, "IBAN: FR76 3000 1007 9412 3456 7890 186"), (50, 95, "Total with VAT: 1,23,4 EUR")
    )
    assert reading.iban is None and reading.gross is None


@pytest.mark.parametrize("title", ["Credit note", "AVOIR", "Gutschrift", "Note de crédit"])
def test_a_credit_note_is_known_by_its_title(title: str) -> None:
    reading = read((50, 70, title), (50, 90, "Total amount due: -120.00 EUR"))
    assert reading.credit_note and reading.gross in (None, Decimal("120.00"))


def test_a_typeset_rendition_in_two_languages_is_read(tmp_path: Any) -> None:
    rows = {
        "Invoice number / Numéro de facture": "INV-2026-04-100",
        "Issue date / Date d'émission": "2026-04-22",
        "Due date / Échéance": "2026-05-22",
        "Currency / Devise": "EUR",
        "Supplier / Fournisseur": "Algolia SAS",
        "Total without VAT / Total HT": "1027.20",
        "VAT / TVA": "256.80",
        "Total with VAT / Total TTC": "1284.00",
    }
    table = "".join(f"[{label}], [{value}], " for label, value in rows.items())
    source = f"= Rendition of record 145, not the original\n#table(columns: 2, {table})"
    (tmp_path / "page.typ").write_text(source, "utf-8")
    reading = analyse(typst.compile(str(tmp_path / "page.typ")), BUYER)
    assert (reading.number, reading.supplier) == ("INV-2026-04-100", "Algolia SAS")
    assert (reading.issue_date, reading.due_date) == (date(2026, 4, 22), date(2026, 5, 22))
    assert (reading.gross, reading.net, reading.tax, reading.currency) == (
        Decimal("1284.00"),
        Decimal("1027.20"),
        Decimal("256.80"),
        "EUR",
    )


CII = """<?xml version="1.0"?><r:CrossIndustryInvoice xmlns:r="urn:r" xmlns:a="urn:a">
<r:ExchangedDocument><a:ID>X-1</a:ID><a:TypeCode>381</a:TypeCode><a:IssueDateTime>
<a:DateTimeString format="102">20260422</a:DateTimeString></a:IssueDateTime></r:ExchangedDocument>
<r:T><a:SellerTradeParty><a:Name>Lumen GmbH</a:Name><a:SpecifiedTaxRegistration>
<a:ID schemeID="VA">DE123456789</a:ID></a:SpecifiedTaxRegistration></a:SellerTradeParty>
<a:InvoiceCurrencyCode>EUR</a:InvoiceCurrencyCode>
<a:SpecifiedTradeSettlementHeaderMonetarySummation><a:TaxBasisTotalAmount>100.00
</a:TaxBasisTotalAmount><a:TaxTotalAmount currencyID="EUR">19.00</a:TaxTotalAmount>
<a:GrandTotalAmount>119.00</a:GrandTotalAmount></a:SpecifiedTradeSettlementHeaderMonetarySummation>
</r:T></r:CrossIndustryInvoice>"""


def _with_xml(xml: str, name: str = "factur-x.xml") -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn((50, 80, "Invoice number: PAGE-9")))) as pdf:
        pdf.attachments[name] = xml.encode()
        pdf.save(out)
    return out.getvalue()


def test_the_embedded_xml_is_believed_before_the_page() -> None:
    reading = analyse(_with_xml(CII), BUYER)
    assert reading == Reading(
        number="X-1",
        supplier="Lumen GmbH",
        issue_date=date(2026, 4, 22),
        currency="EUR",
        gross=Decimal("119.00"),
        net=Decimal("100.00"),
        tax=Decimal("19.00"),
        vat_number="DE123456789",
        credit_note=True,
        e_invoice_type="factur-x",
    )


@pytest.mark.parametrize(
    "xml",
    ["<broken", "<other/>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + CII[21:]],
)
def test_an_attachment_that_is_no_invoice_leaves_the_page_to_read(xml: str) -> None:
    assert analyse(_with_xml(xml), BUYER).number == "PAGE-9"


def test_garbage_encrypted_and_cut_files_read_as_nothing() -> None:
    whole = drawn((50, 80, "Invoice number: A-1"))
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    for content in (b"", b"%PDF-", b"hello", locked.getvalue(), whole[:300]):
        assert analyse(content, BUYER) == NOTHING


def test_bytes_changed_at_random_never_raise() -> None:
    whole = bytearray(_with_xml(CII))
    chance = random.Random(7)
    for _ in range(150):
        spoilt = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        assert isinstance(analyse(bytes(spoilt), BUYER), Reading)


def test_a_page_of_nothing_but_labels_and_figures_takes_a_bounded_time() -> None:
    rows = [(20.0 + 60 * (n % 9), 60.0 + 4 * (n // 9), f"Total {n}.00 EUR") for n in range(1500)]
    started = time.monotonic()
    read(*rows)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("money", "issued"),
    [("USD", None), ("CAD", None), ("JPY", None), ("EUR", date(2024, 4, 2))],
)
def test_a_date_that_could_be_two_is_read_only_where_the_currency_tells_the_order(
    money: str, issued: date | None
) -> None:
    reading = read(
        (50, 80, "Invoice number: I-77"),
        (50, 95, "Invoice date: 02/04/2024"),
        (50, 110, f"Total due: {money} 760,650"),
    )
    assert reading.issue_date == issued
