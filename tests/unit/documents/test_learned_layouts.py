"""A layout learned from one reviewed document, used on the next one of its supplier."""

from builders.invoice_files import Place, page
from well.documents.reading.codec import (
    Request,
    decode_learned,
    decode_request,
    encode_learned,
    encode_request,
)
from well.documents.reading.read_file import learn_file, read_file
from well.domain.learned_layout import LearnedLayout

CONFIRMED = {
    "number": "77120",
    "issue_date": "2026-03-04",
    "net_total": "100.00",
    "tax_total": "20.00",
    "gross_total": "120.00",
    "seller.name": "Wunderlich",
    "seller.vat_id": "DE136695976",
    "currency": "EUR",
}


def sheet(
    number: str, date: str, net: str, tax: str, gross: str, vat_id: str = "DE136695976"
) -> bytes:
    """A page whose labels are in no list."""
    places: tuple[Place, ...] = (
        (50, 50, "Wunderlich"),
        (50, 120, "Zettel"),
        (150, 120, number),
        (50, 134, "Gemacht"),
        (150, 134, date),
        (50, 300, "Summa ohne"),
        (200, 300, f"{net} EUR"),
        (50, 314, "Abgabe"),
        (200, 314, f"{tax} EUR"),
        (50, 328, "Macht dann"),
        (200, 328, f"{gross} EUR"),
        (50, 780, f"USt-IdNr. {vat_id}"),
    )
    return page(*places)


def learned() -> LearnedLayout:
    first = sheet("77120", "04/03/2026", "100,00", "20,00", "120,00")
    found = learn_file(first, CONFIRMED)
    assert found is not None
    return found


def values(content: bytes, *known: LearnedLayout) -> dict[str, str]:
    invoice = read_file(content, known).invoice
    return {x.field: x.value for x in invoice.readings} if invoice else {}


def test_the_next_document_is_read_where_the_first_was() -> None:
    found = values(sheet("77391", "05/03/2026", "300,00", "17,00", "317,00"), learned())
    assert found["number"] == "77391"
    assert found["issue_date"] == "2026-03-05"
    assert found["seller.name"] == "Wunderlich"
    assert (found["net_total"], found["tax_total"], found["gross_total"]) == (
        "300.00",
        "17.00",
        "317.00",
    )


def test_without_the_layout_its_labels_say_nothing() -> None:
    assert "number" not in values(sheet("77391", "05/03/2026", "300,00", "17,00", "317,00"))


def test_another_supplier_with_the_same_page_is_not_taken_for_it() -> None:
    other = sheet("77391", "05/03/2026", "300,00", "17,00", "317,00", "DE999999983")
    assert "number" not in values(other, learned())


def test_learned_totals_that_do_not_add_up_are_not_given() -> None:
    found = values(sheet("77391", "05/03/2026", "300,00", "17,00", "318,00"), learned())
    assert "net_total" not in found
    assert "tax_total" not in found


def test_a_number_of_another_form_is_only_a_guess() -> None:
    changed = sheet("AB77391", "05/03/2026", "300,00", "17,00", "317,00")
    invoice = read_file(changed, [learned()]).invoice
    assert invoice is not None
    # What is left is the guess of a free token of the head, and says so.
    (number,) = [x for x in invoice.readings if x.field == "number"]
    assert number.confidence == 0.5


def test_nothing_is_learned_without_a_supplier() -> None:
    first = sheet("77120", "04/03/2026", "100,00", "20,00", "120,00")
    assert learn_file(first, {"number": "77120"}) is None
    assert learn_file(b"<xml/>", CONFIRMED) is None


def test_a_layout_survives_the_pipe() -> None:
    known = learned()
    assert decode_learned(encode_learned(known)) == known
    request = Request("read", layouts=(known,))
    assert decode_request(encode_request(request)) == request
