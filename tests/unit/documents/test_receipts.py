"""Till receipts: which row is the total, which day is the sale, whose shop it is."""

import pytest
from PIL import Image

from builders.scans import page_of_rows, saved, seeing
from well.documents.reading.read_file import Aids, read_content
from well.domain.invoice import Origin
from well.ports.reader import Reading

SHOP = (
    "KEDAI BUKU SDN BHD (728384-M)",
    "NO 12 JALAN MERPATI",
    "TAX INVOICE",
    "Date: 04/05/2017 11:30",
)
PICTURE = saved(Image.new("RGB", (60, 90), "white"))


def read(*rows: str) -> Reading:
    return read_content(PICTURE, Aids(see=seeing(*rows))).reading


def values(reading: Reading) -> dict[str, str]:
    return {x.field: x.value for x in reading.invoice.readings} if reading.invoice else {}


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        (
            (
                "Total  9.02",
                "Rounding  -0.02",
                "Rounded Total (RM):  9.00",
                "Cash  10.00",
                "Change  1.00",
            ),
            "9.00",
        ),
        (("Subtotal  8.00", "GST 6%  0.48", "TOTAL  8.48", "VISA  8.48"), "8.48"),
        (
            (
                "Total Qty: 6  82.68",
                "Total GST  4.68",
                "Total Sales (Inclusive of GST)  82.68",
                "CASH  82.68",
            ),
            "82.68",
        ),
        (("SUB-TOTAL  103.77", "TOTAL  110.00", "CASH  150.00", "CHANGE  40.00"), "110.00"),
        (
            ("Zwischensumme  7,00", "SUMME EUR  7,00", "Bar gegeben  10,00", "Rückgeld  3,00"),
            "7.00",
        ),
        (("TOTAL HT  10,00", "TVA 20%  2,00", "TOTAL TTC  12,00", "CB  12,00"), "12.00"),
        (
            ("Imponibile  10,00", "TOTALE COMPLESSIVO  12,20", "Contanti  20,00", "Resto  7,80"),
            "12.20",
        ),
        (
            ("Base imponible  10,00", "TOTAL A PAGAR  12,10", "Efectivo  20,00", "Cambio  7,90"),
            "12.10",
        ),
        (("Subtotaal  10,00", "TE BETALEN  12,10", "PIN  12,10"), "12.10"),
        (("TOTAL", "RM31.80", "CASH RM  50.00", "CHANGE RM  18.20"), "31.80"),
        (
            (
                "Total  1,234.50",
                "Cash  1,300.00",
                "Change  65.50",
                "GST SUMMARY",
                "Total:  78.00  4.68",
            ),
            "1234.50",
        ),
    ],
)
def test_the_total_is_the_row_that_was_paid(rows: tuple[str, ...], total: str) -> None:
    reading = read(*SHOP, *rows, "Thank you")
    assert reading.kind == "receipt"
    assert reading.syntax == "ocr"
    assert values(reading)["gross_total"] == total


def test_a_row_that_counts_goods_gives_way_to_one_that_does_not() -> None:
    rows = ("Total 3 items  9.05", "Total after rounding  9.00", "Thank you", "Cashier 3")
    assert values(read(*SHOP, *rows))["gross_total"] == "9.00"
    assert values(read(*SHOP, rows[0], *rows[2:]))["gross_total"] == "9.05"


def test_a_receipt_says_its_shop_its_day_and_its_currency() -> None:
    reading = read(*SHOP, "Total RM  9.00", "Cash  10.00", "Change  1.00")
    found = values(reading)
    assert found["seller.name"] == "KEDAI BUKU SDN BHD"
    assert found["issue_date"] == "2017-05-04"
    assert found["currency"] == "MYR"
    assert reading.invoice is not None
    assert {x.origin for x in reading.invoice.readings} == {Origin.OCR}


def test_an_american_receipt_puts_the_month_first() -> None:
    rows = ("MAIN STREET HARDWARE", "Springfield, IL 62701", "04/05/2017 11:30", "Total  $9.00")
    assert values(read(*rows, "Cash  $10.00", "Change  $1.00"))["issue_date"] == "2017-04-05"


def test_what_was_paid_and_given_back_makes_the_total_sure() -> None:
    def confidence(*rows: str) -> float:
        reading = read(*SHOP, *rows, "Thank you", "Cashier 3")
        assert reading.invoice is not None
        return next(x.confidence for x in reading.invoice.readings if x.field == "gross_total")

    assert confidence("Total  9.00", "Cash  10.00", "Change  1.00") == 0.93
    assert confidence("Total  9.00", "Cash  10.00", "Change  2.00") == 0.78


def test_doubtful_letters_make_a_doubtful_total() -> None:
    page = page_of_rows("Total  9.00", score=0.7)
    assert page.rows[0][1].words[0].score == 0.7


def test_a_letter_that_mentions_a_ticket_is_no_receipt() -> None:
    reading = read("Dear Sir", "please find our offer for the ticket system", "Kind regards")
    assert (reading.kind, reading.invoice) == ("other", None)


@pytest.mark.parametrize(
    ("more", "confidence"), [((), 0.84), (("Atelier Dupont SARL, Lyon",), 0.9)]
)
def test_a_name_printed_once_may_be_a_slogan(more: tuple[str, ...], confidence: float) -> None:
    rows = ("From: Atelier Dupont SARL", "Invoice number F-17", "Total  120.00 EUR")
    invoice = read(*rows, "IBAN FR7630006000011234567890189", *more).invoice
    assert invoice is not None
    (name,) = [x for x in invoice.readings if x.field == "seller.name"]
    assert name.value == "Atelier Dupont SARL"
    assert (name.confidence <= 0.84) is (confidence == 0.84)


def test_an_invoice_with_an_account_is_no_receipt() -> None:
    reading = read(
        "Atelier Dupont SARL",
        "Invoice number F-17",
        "Invoice date 22/04/2026",
        "Cash discount 2%",
        "Net total  100.00 EUR",
        "VAT  20.00 EUR",
        "Total including VAT  120.00 EUR",
        "IBAN FR7630006000011234567890189",
        "Thank you",
    )
    assert reading.kind == "invoice"
    assert values(reading)["gross_total"] == "120.00"
