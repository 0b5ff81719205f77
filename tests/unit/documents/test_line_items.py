"""Line items from the text of a page: columns of amounts that add up, and nothing else."""

from decimal import Decimal

from builders.invoice_files import Place, page
from well.documents.reading.read_file import read_file
from well.domain.invoice import InvoiceLine

HEAD = (
    (50.0, 50.0, "Atelier Dupont SARL"),
    (50.0, 150.0, "Facture N° F-2026-7"),
    (50.0, 170.0, "Date : 05/04/2026"),
    (50.0, 240.0, "Désignation"),
    (300.0, 240.0, "Qté"),
    (360.0, 240.0, "P.U. HT"),
    (480.0, 240.0, "Montant HT"),
)
TOTALS = (
    (350.0, 340.0, "Total HT"),
    (480.0, 340.0, "130,00 €"),
    (350.0, 354.0, "TVA 20 %"),
    (486.0, 354.0, "26,00 €"),
    (350.0, 368.0, "Total TTC"),
    (480.0, 368.0, "156,00 €"),
)


def row(y: float, text: str, *numbers: str) -> tuple[Place, ...]:
    return ((50.0, y, text), *zip((300.0, 360.0, 480.0), (y, y, y), numbers, strict=False))


def lines_of(*places: Place) -> tuple[InvoiceLine, ...]:
    invoice = read_file(page(*HEAD, *places, *TOTALS)).invoice
    assert invoice is not None
    return invoice.lines


def test_lines_have_quantity_price_and_a_wrapped_description() -> None:
    lines = lines_of(
        *row(260, "Peinture murale", "2", "50,00", "100,00"),
        (50.0, 271.0, "deux couches"),
        *row(290, "Ruban noir", "1", "30,00", "030,00"),
    )
    assert lines[0] == InvoiceLine(
        "Peinture murale deux couches", Decimal("100.00"), Decimal(2), Decimal("50.00")
    )
    assert [line.net_amount for line in lines] == [Decimal("100.00"), Decimal("30.00")]


def test_lines_that_do_not_add_up_are_not_given() -> None:
    assert not lines_of(
        *row(260, "Peinture murale", "2", "50,00", "100,00"),
        *row(290, "Ruban noir", "1", "30,01", "030,01"),
    )


def test_a_sum_carried_over_is_no_line() -> None:
    lines = lines_of(
        *row(260, "Peinture murale", "2", "50,00", "100,00"),
        *row(275, "Report", "", "", "100,00"),
        *row(290, "Ruban noir", "1", "30,00", "030,00"),
    )
    assert [line.description for line in lines] == ["Peinture murale", "Ruban noir"]


def test_lines_may_exceed_the_net_total_by_a_printed_discount() -> None:
    lines = lines_of(
        *row(260, "Peinture murale", "2", "50,00", "100,00"),
        *row(275, "Ruban noir", "1", "40,00", "040,00"),
        (350.0, 326.0, "Remise"),
        (480.0, 326.0, "-10,00 €"),
    )
    assert sum(line.net_amount for line in lines) == Decimal("140.00")
