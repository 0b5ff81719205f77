"""Documents that are no invoices come back empty; invoices that mention them do not."""

import pytest

from builders.invoice_files import Place, page
from well.documents.reading.read_file import read_file

BODY = (
    (50.0, 30.0, "Atelier Dupont SARL"),
    (50.0, 300.0, "Total HT 100,00 €"),
    (50.0, 314.0, "TVA 20 % 20,00 €"),
    (50.0, 328.0, "Total TTC 120,00 €"),
    (50.0, 170.0, "Date : 05/04/2026"),
)


def kind_of(*places: Place) -> str:
    return read_file(page(*BODY, *places)).kind


@pytest.mark.parametrize(
    "heading",
    ["DEVIS", "ANGEBOT Nr. 17", "ORDER CONFIRMATION", "ALBARÁN", "SOLLECITO", "REKENINGOVERZICHT"],
)
def test_a_heading_of_another_document_leaves_nothing(heading: str) -> None:
    assert kind_of((50.0, 120.0, heading), (50.0, 140.0, "N° 4711")) == "other"


def test_an_invoice_that_names_an_order_is_an_invoice() -> None:
    places = ((50.0, 120.0, "FACTURE N° F-1"), (50.0, 140.0, "COMMANDE 4711"))
    assert kind_of(*places) == "invoice"


def test_a_label_with_a_colon_is_no_heading() -> None:
    assert kind_of((50.0, 120.0, "N° F-1"), (50.0, 140.0, "DEVIS:")) == "invoice"
