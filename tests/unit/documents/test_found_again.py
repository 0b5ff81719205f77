"""What a language model suggested: it counts where it is printed, and nowhere else."""

from collections.abc import Mapping

import pytest

from builders.invoice_files import cii, page
from well.documents.reading.draft import Draft
from well.documents.reading.found_again import SURE_ENOUGH, WORDS_SENT, complete, words_to_ask
from well.documents.reading.pages import Page, Word, rows_of
from well.documents.reading.pdf_file import open_pdf
from well.documents.reading.pdf_text import read_page
from well.documents.reading.read_file import Aids, read_content
from well.domain.invoice import FieldReading, Origin
from well.ports.reader import Reading
from well.ports.suggest import SUGGESTED

FINNISH = (
    (50.0, 50.0, "Pohjolan Tuotanto Oy"),
    (50.0, 66.0, "Asiakas: Tilaaja Ab"),
    (50.0, 100.0, "Laskun numero"),
    (250.0, 100.0, "LA-2026-118"),
    (50.0, 116.0, "Laskun pvm"),
    (250.0, 116.0, "22.4.2026"),
    (50.0, 132.0, "Viite 20 26118 7"),
    (50.0, 300.0, "Veroton"),
    (250.0, 300.0, "1 000,00"),
    (50.0, 316.0, "Vero"),
    (250.0, 316.0, "255,00"),
    (50.0, 332.0, "Maksettava"),
    (250.0, 332.0, "1 255,00"),
    (50.0, 348.0, "Muuta"),
    (250.0, 348.0, "77,00"),
    (50.0, 364.0, "Tilinumero DE88 2008 0000 0970 3757 00 EUR"),
    (50.0, 380.0, "Y-tunnus DE136695976 tai DE136695977"),
    (50.0, 396.0, "Palvelu 5/6/26"),
)
IBAN = "DE88200800000970375700"
NOTHING = Draft(None, False, {})
CLEAR = page(
    (50, 50, "Brightwater Ltd"),
    (50, 100, "Invoice number F-118"),
    (50, 120, "Invoice date 22 April 2026"),
    (50, 140, "Subtotal 100.00 EUR"),
    (50, 160, "VAT 20% 20.00 EUR"),
    (50, 180, "Total due 120.00 EUR"),
)
UNCLEAR = page(*FINNISH)


def read(content: bytes = UNCLEAR, **suggested: str) -> Reading:
    named = {name.replace("__", "."): value for name, value in suggested.items()}
    return read_content(content, Aids(suggested=named)).reading


def fields(reading: Reading) -> dict[str, FieldReading]:
    return {one.field: one for one in reading.invoice.readings} if reading.invoice else {}


def suggested(values: Mapping[str, str], draft: Draft = NOTHING) -> Draft:
    """The draft after these suggestions about the unclear page."""
    with open_pdf(UNCLEAR) as pdf:
        pages = [read_page(pdf, 0)]
    return complete(draft, pages, values)


def codes(reading: Reading) -> list[str]:
    return [one.code for one in reading.findings if one.code.startswith("suggestion")]


def test_an_unclear_page_sends_its_visible_words_and_a_clear_one_nothing() -> None:
    words = read_content(UNCLEAR).words
    assert "Laskun numero   LA-2026-118" in words and len(words) < WORDS_SENT
    assert read_content(CLEAR).words == ""
    assert read_content(cii()).words == ""


def test_an_order_sends_nothing() -> None:
    order = page((50, 50, "PURCHASE ORDER"), (50, 90, "Total 120.00 EUR"))
    assert read_content(order).words == ""


def test_a_long_document_sends_its_first_words_only() -> None:
    texts = tuple((50.0, 20.0 + 8 * row, f"rivi {row} " + "sana " * 18) for row in range(95))
    words = read_content(page(*texts, size=6, pages=4)).words
    assert WORDS_SENT - 5 <= len(words) <= WORDS_SENT and words.startswith("rivi 0")


@pytest.mark.parametrize(
    ("field", "value", "found", "raw", "confidence"),
    [
        ("number", "LA-2026-118", "LA-2026-118", "LA-2026-118", 0.8),
        ("number", "la 2026/118", "LA-2026-118", "LA-2026-118", 0.8),
        (
            "seller.name",
            "Pohjolan Tuotanto Oy",
            "Pohjolan Tuotanto Oy",
            "Pohjolan Tuotanto Oy",
            0.8,
        ),
        ("seller.name", "POHJOLAN TUOTANTO", "Pohjolan Tuotanto", "Pohjolan Tuotanto", 0.8),
        ("issue_date", "2026-04-22", "2026-04-22", "22.4.2026", 0.8),
        ("due_date", "2026-06-05", "2026-06-05", "5/6/26", 0.7),
        ("currency", "eur", "EUR", "EUR", 0.8),
        ("gross_total", "1255.00", "1255.00", "1 255,00", 0.8),
        ("gross_total", "255", "255.00", "255,00", 0.8),
        ("seller.iban", "DE88 2008 0000 0970 3757 00", IBAN, "DE88 2008 0000 0970 3757 00", 0.84),
        ("seller.vat_id", "DE 136695976", "DE136695976", "DE136695976", 0.84),
        ("seller.vat_id", "DE136695977", "DE136695977", "DE136695977", 0.7),
    ],
)
def test_a_value_counts_with_its_place_when_it_is_printed(
    field: str, value: str, found: str, raw: str, confidence: float
) -> None:
    draft = suggested({field: value})
    one = draft.readings[field]
    assert (one.value, one.raw, one.confidence, one.page) == (found, raw, confidence, 0)
    assert one.origin is Origin.LLM and one.confidence < SURE_ENOUGH and one.box is not None
    assert draft.findings == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "LA-2026-119"),
        ("number", "2026-118"),
        ("number", "LA-2026"),
        ("number", "LA-2026-11"),
        ("number", "20"),
        ("number", "Tilaaja"),
        ("seller.name", "Pohjolan Tuot"),
        ("seller.name", "Pohjolan Rakennus Oy"),
        ("seller.name", "2026118"),
        ("issue_date", "2026-04-23"),
        ("issue_date", "22.4.2026"),
        ("due_date", "2026-05-06"),
        ("currency", "USD"),
        ("gross_total", "1255.01"),
        ("gross_total", "-1255.00"),
        ("gross_total", "1255,00"),
        ("gross_total", "NaN"),
        ("gross_total", "1e3"),
        ("gross_total", "118"),
        ("seller.iban", "DE89200800000970375700"),
        ("seller.vat_id", "FR83902144773"),
    ],
)
def test_what_is_not_printed_is_left_out_and_named(field: str, value: str) -> None:
    draft = suggested({field: value})
    assert draft.readings == {}
    (finding,) = draft.findings
    assert finding.code == "suggestion_not_printed" and not finding.stops_auto_post
    assert finding.sentence.endswith(f"{field.replace('_', ' ').replace('.', ' ')} “{value}”.")


def test_totals_that_add_up_are_surer_than_totals_that_do_not() -> None:
    sums = {"net_total": "1000.00", "tax_total": "255.00"}
    right = suggested(sums | {"gross_total": "1255.00"}).readings
    wrong = suggested(sums | {"gross_total": "77.00"}).readings
    assert [one.confidence for one in right.values()] == [0.84] * 3
    assert [one.confidence for one in wrong.values()] == [0.8] * 3


def test_letters_that_the_optical_reader_doubts_lower_a_suggestion() -> None:
    def confidence(score: float) -> float:
        words = [Word("LA-2026-118", 10, 10, 90, 20, score)]
        seen = Page(0, 100, 100, rows_of(words, 0))
        return complete(NOTHING, [seen], {"number": "LA-2026-118"}).readings["number"].confidence

    assert (confidence(0.9), confidence(0.89), confidence(0.74)) == (0.8, 0.7, 0.5)


def test_an_invisible_layer_is_neither_sent_nor_searched() -> None:
    words = [Word("LA-2026-118", 10, 10, 90, 20)]
    layered = Page(0, 100, 100, rows_of(words, 0), layered=0.1)
    assert words_to_ask(None, [layered]) == ""
    assert complete(NOTHING, [layered], {"number": "LA-2026-118"}).readings == {}


def test_no_reading_of_our_own_changes() -> None:
    own = FieldReading("gross_total", "77.00", Origin.TEXT, 0.3)
    draft = suggested({"gross_total": "1255.00"}, Draft(None, False, {"gross_total": own}))
    assert draft.readings == {"gross_total": own}
    assert [one.code for one in draft.findings] == ["suggestion_differs"]


def test_a_clear_value_stays_and_the_disagreement_is_told() -> None:
    reading = read(CLEAR, gross_total="100.00", number="F 118")
    assert fields(reading)["gross_total"].value == "120.00"
    assert codes(reading) == ["suggestion_differs"]
    told = next(one for one in reading.findings if one.code == "suggestion_differs")
    assert told.sentence == "The language model reads another gross total “100.00”."
    assert not told.stops_auto_post


def test_an_agreeing_suggestion_changes_nothing() -> None:
    plain = read(CLEAR)
    same = {name.replace(".", "__"): one.value for name, one in fields(plain).items()}
    wanted = {name: value for name, value in same.items() if name.replace("__", ".") in SUGGESTED}
    assert read(CLEAR, **wanted) == plain


def test_an_e_invoice_takes_no_suggestion() -> None:
    assert read(cii(), number="X", gross_total="1.00") == read(cii())
