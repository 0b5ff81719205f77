"""Fields from the text of a page, in layouts and languages that the tests make up."""

import pytest

from builders.invoice_files import Place, cropped, page
from well.documents.reading.read_file import read_file
from well.domain.invoice import Origin
from well.ports.reader import Reading

ENGLISH = (
    (50.0, 50.0, "Brightwater Ltd"),
    (50.0, 64.0, "4 Mill Lane, Leeds"),
    (350.0, 50.0, "INVOICE"),
    (50.0, 120.0, "Bill to:"),
    (50.0, 134.0, "Some Customer GmbH"),
    (50.0, 148.0, "VAT ID: DE136695976"),
    (50.0, 190.0, "Invoice #"),
    (150.0, 190.0, "Date"),
    (250.0, 190.0, "Due date"),
    (50.0, 204.0, "INV-0042"),
    (150.0, 204.0, "22 April 2026"),
    (250.0, 204.0, "22 May 2026"),
    (50.0, 260.0, "Consulting"),
    (480.0, 260.0, "1,000.00"),
    (380.0, 300.0, "Subtotal"),
    (480.0, 300.0, "£1,000.00"),
    (380.0, 314.0, "VAT 20%"),
    (480.0, 314.0, "£200.00"),
    (380.0, 328.0, "Total due"),
    (480.0, 328.0, "£1,200.00"),
    (50.0, 780.0, "Brightwater Ltd - VAT No GB203044623"),
)
GERMAN = (
    (50.0, 50.0, "Nordlicht Werkzeuge GmbH · Hafenstraße 3 · 20457 Hamburg"),
    (50.0, 90.0, "Kunde AG"),
    (50.0, 104.0, "Ring 1"),
    (50.0, 150.0, "Rechnung Nr. RE-2026/118 vom 03.04.2026"),
    (50.0, 170.0, "Bestellung vom 01.03.2026"),
    (50.0, 300.0, "Summe netto 1.000,00 EUR"),
    (50.0, 314.0, "zzgl. 19 % MwSt. 190,00 EUR"),
    (50.0, 328.0, "Rechnungsbetrag 1.190,00 EUR"),
    (50.0, 350.0, "Zahlbar bis zum 17.04.2026 ohne Abzug."),
    (50.0, 780.0, "USt-IdNr. DE136695976  IBAN DE88 2008 0000 0970 3757 00"),
)
FRENCH = (
    (50.0, 50.0, "Atelier Dupont SARL"),
    (350.0, 90.0, "Client"),
    (350.0, 104.0, "Moi SAS"),
    (350.0, 118.0, "N° TVA client FR83902144773"),
    (50.0, 150.0, "AVOIR N° AV-2026-7"),
    (50.0, 170.0, "Date : 05/04/2026"),
    (350.0, 300.0, "Total HT"),
    (480.0, 300.0, "100,00 €"),
    (350.0, 314.0, "TVA 20 %"),
    (480.0, 314.0, "20,00 €"),
    (350.0, 328.0, "Total TTC"),
    (480.0, 328.0, "120,00 €"),
    (50.0, 780.0, "N° TVA FR40303265045 - IBAN FR76 3000 6000 0112 3456 7890 189"),
)
DUTCH = (
    (50.0, 50.0, "De Molen B.V."),
    (50.0, 120.0, "Factuurnummer: 2026-0815"),
    (50.0, 134.0, "Factuurdatum: 7 maart 2026"),
    (50.0, 148.0, "Vervaldatum: 21-03-2026"),
    (50.0, 300.0, "Totaal excl. btw € 1.234,50"),
    (50.0, 314.0, "Btw 21% € 259,25"),
    (50.0, 328.0, "Totaal incl. btw € 1.493,75"),
    (50.0, 780.0, "Btw-nummer NL820098395B01 IBAN NL91 ABNA 0417 1643 00"),
)
SPANISH = (
    (50.0, 50.0, "Talleres Ríos S.L."),
    (50.0, 120.0, "Factura nº: A-2026/33"),
    (50.0, 134.0, "Fecha de emisión: 03/08/2026"),
    (50.0, 148.0, "Vencimiento: 31/08/2026"),
    (50.0, 300.0, "Base imponible 200,00 €"),
    (50.0, 314.0, "IVA 21% 42,00 €"),
    (50.0, 328.0, "Total factura 242,00 €"),
    (50.0, 780.0, "NIF ESA13585625"),
)
ITALIAN = (
    (50.0, 50.0, "Officine Verdi S.r.l."),
    (50.0, 120.0, "Fattura n. 77/2026 del 15/10/2026"),
    (50.0, 148.0, "Scadenza: 30/11/2026"),
    (50.0, 300.0, "Totale imponibile € 300,00"),
    (50.0, 314.0, "IVA 22% € 66,00"),
    (50.0, 328.0, "Totale documento € 366,00"),
    (50.0, 780.0, "P.IVA IT00743110157"),
)
AMERICAN = (
    (50.0, 50.0, "Desert Cloud Inc."),
    (50.0, 64.0, "Tucson, AZ 85701"),
    (350.0, 120.0, "Invoice number"),
    (460.0, 120.0, "DC-99120"),
    (350.0, 134.0, "Invoice date"),
    (460.0, 134.0, "04/05/2026"),
    (350.0, 300.0, "Subtotal"),
    (460.0, 300.0, "$80.00"),
    (350.0, 314.0, "Sales tax"),
    (460.0, 314.0, "$6.40"),
    (350.0, 328.0, "Amount due"),
    (460.0, 328.0, "$86.40"),
)
EXPECTED = [
    (
        ENGLISH,
        "INV-0042 2026-04-22 2026-05-22 GBP 1000.00 200.00 1200.00",
        "Brightwater GB203044623 -",
    ),
    (
        GERMAN,
        "RE-2026/118 2026-04-03 2026-04-17 EUR 1000.00 190.00 1190.00",
        "Nordlicht DE136695976 DE88200800000970375700",
    ),
    (
        FRENCH,
        "AV-2026-7 2026-04-05 - EUR 100.00 20.00 120.00",
        "Atelier FR40303265045 FR7630006000011234567890189",
    ),
    (
        DUTCH,
        "2026-0815 2026-03-07 2026-03-21 EUR 1234.50 259.25 1493.75",
        "De NL820098395B01 NL91ABNA0417164300",
    ),
    (SPANISH, "A-2026/33 2026-08-03 2026-08-31 EUR 200.00 42.00 242.00", "Talleres ESA13585625 -"),
    (ITALIAN, "77/2026 2026-10-15 2026-11-30 EUR 300.00 66.00 366.00", "Officine IT00743110157 -"),
    (AMERICAN, "DC-99120 2026-04-05 - USD 80.00 6.40 86.40", "Desert - -"),
]
FIELDS = (
    "number",
    "issue_date",
    "due_date",
    "currency",
    "net_total",
    "tax_total",
    "gross_total",
    "seller.name",
    "seller.vat_id",
    "seller.iban",
)


def values(reading: Reading) -> dict[str, str]:
    assert reading.invoice is not None
    return {one.field: one.value for one in reading.invoice.readings}


@pytest.mark.parametrize(
    ("texts", "amounts", "parties"), EXPECTED, ids=["en", "de", "fr", "nl", "es", "it", "us"]
)
def test_the_ten_fields_are_read_in_every_language(
    texts: tuple[Place, ...], amounts: str, parties: str
) -> None:
    found = values(read_file(page(*texts)))
    shown = [found.get(name, "-").split(" ")[0] for name in FIELDS]
    assert " ".join(shown) == f"{amounts} {parties}"


def test_a_credit_note_is_known_by_its_heading() -> None:
    reading = read_file(page(*FRENCH))
    assert reading.kind == "credit_note"
    assert reading.has_text


def test_every_value_says_where_it_stands() -> None:
    invoice = read_file(page(*GERMAN)).invoice
    assert invoice is not None
    for one in invoice.readings:
        assert one.origin is Origin.TEXT and one.page == 0 and one.box is not None
        x0, y0, x1, y1 = one.box
        assert 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1
        assert one.raw and 0 < one.confidence < 1


def test_taxes_by_rate_are_one_tax_when_net_and_gross_confirm_it() -> None:
    texts = (*FRENCH[:6], (350.0, 300.0, "Total HT 200,00 €"), (350.0, 314.0, "TVA 20 % 20,00 €"))
    more = ((350.0, 328.0, "TVA 5,5 % 5,50 €"), (350.0, 342.0, "Total TTC 225,50 €"))
    found = values(read_file(page(*texts, *more)))
    assert found["tax_total"] == "25.50"


@pytest.mark.parametrize(
    "texts",
    [
        [(50.0, 50.0, "Dear Sir, please find enclosed our catalogue of 2026.")],
        [(50.0, 50.0, "Bon de livraison BL-77"), (50.0, 70.0, "12 cartons")],
        [],
    ],
)
def test_a_page_without_invoice_data_comes_back_empty(texts: list[Place]) -> None:
    reading = read_file(page(*texts))
    assert (reading.kind, reading.invoice) == ("other", None)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_crop_box_moves_the_places_and_a_turned_page_is_still_read(rotation: int) -> None:
    reading = read_file(cropped(page(*GERMAN), (0, 0, 595, 842), rotation))
    assert reading.pages == 1
    if rotation == 0:
        assert values(reading)["gross_total"] == "1190.00"
