"""Labels that no list holds, understood from their words."""

import pytest

from well.documents.reading.labels import find_labels
from well.documents.reading.phrases import concepts_of, meaning


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Totaal te voldoen", "gross_total"),
        ("Amount before VAT ex tax", "net_total"),
        ("Imposta totale", "tax_total"),
        ("Uiterlijk te betalen op", "due_date"),
        ("Rechnungsausstellungsdatum", "issue_date"),
        ("Belegsnummer", "number"),
        ("Date d'expédition", "none"),
        ("Descuento total", "none"),
        ("Noch offener Betrag", "due_payable"),
    ],
)
def test_a_label_is_understood_from_its_words(text: str, field: str) -> None:
    assert {label.field for label in find_labels(text)} == {field}


def test_a_phrase_with_an_unknown_word_means_nothing() -> None:
    assert meaning(("total", "xylophone")) is None


def test_a_compound_has_the_meanings_of_its_parts() -> None:
    assert concepts_of("kundennummer") == {"customer", "number"}


def test_letters_glued_to_a_number_belong_to_the_value() -> None:
    labels = find_labels("Rechnung RE-2026-1")
    assert [(label.start, label.end) for label in labels] == [(0, 8)]


def test_a_label_and_its_translation_are_one() -> None:
    labels = find_labels("Rechnungsdatum / Invoice date")
    assert [(label.field, label.start, label.end) for label in labels] == [("issue_date", 0, 29)]


@pytest.mark.parametrize(("text", "count"), [("N° 4711", 1), ("No 4711", 1), ("N 4711", 0)])
def test_a_bare_n_is_a_label_only_with_its_sign(text: str, count: int) -> None:
    assert len(find_labels(text)) == count
