"""The reader with a language model beside it: whom it asks, when, and what comes of it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from builders.connectors import FakeClock
from builders.invoice_files import cii, page
from well.connectors.language_model import connect
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document
from well.domain.invoice import Origin
from well.ports.reader import Reading
from well.ports.suggest import Suggest, Suggestion
from well.settings import load

pytestmark = pytest.mark.slow
CLEAR = page(
    (50, 50, "Brightwater Ltd"),
    (50, 100, "Invoice number F-118"),
    (50, 120, "Invoice date 22 April 2026"),
    (50, 140, "Subtotal 100.00 EUR"),
    (50, 160, "VAT 20% 20.00 EUR"),
    (50, 180, "Total due 120.00 EUR"),
)
UNCLEAR = page(
    (50, 50, "Pohjolan Tuotanto Oy"),
    (50, 100, "Tunnus"),
    (250, 100, "LA-118"),
    (50, 116, "22.4.2026"),
    (50, 300, "Maksettava"),
    (250, 300, "1 255,00 EUR"),
    (50, 320, "Muuta"),
    (250, 320, "77,00 EUR"),
)
NAMED = {"number": "LA-118", "gross_total": "1255.00", "due_date": "2026-05-22"}


@contextmanager
def reading(suggest: Suggest | None) -> Iterator[Callable[[bytes], Reading]]:
    reader = DocumentReader(workers=1, suggest=suggest)
    try:
        yield lambda content: reader.read((Document("a.pdf", "", content),))[0]
    finally:
        reader.close()


def test_by_default_nobody_is_asked_and_no_line_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> socket.socket:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    with reading(connect(load({}).language_model, FakeClock())) as read:
        assert all(one.code != "language_model" for one in read(UNCLEAR).findings)


def test_only_an_unclear_document_is_asked_about_and_only_what_is_printed_counts() -> None:
    asked: list[str] = []

    def suggest(words: str) -> Suggestion:
        asked.append(words)
        return Suggestion(NAMED)

    with reading(suggest) as read:
        clear, e_invoice, unclear = read(CLEAR), read(cii()), read(UNCLEAR)
    assert len(asked) == 1 and "LA-118" in asked[0]
    for one in (clear, e_invoice):
        assert one.invoice
        assert all(field.origin is not Origin.LLM for field in one.invoice.readings)
    assert unclear.invoice is not None and unclear.invoice.number == "LA-118"
    by_model = {one.field for one in unclear.invoice.readings if one.origin is Origin.LLM}
    assert "number" in by_model and "due_date" not in by_model
    assert "suggestion_not_printed" in {one.code for one in unclear.findings}


@pytest.mark.parametrize("values", [{}, {"number": "X-1"}, {"number": "(" * 200}])
def test_a_useless_answer_leaves_the_reading_as_it_was(values: dict[str, str]) -> None:
    with reading(None) as read:
        alone = read(UNCLEAR)
    with reading(lambda _: Suggestion(values)) as read:
        asked = read(UNCLEAR)
    assert (asked.kind, asked.error) == (alone.kind, None)
    assert (asked.invoice and asked.invoice.readings) == (alone.invoice and alone.invoice.readings)


def test_a_silent_model_leaves_a_finding_that_stops_nothing() -> None:
    with reading(None) as read:
        alone = read(UNCLEAR)
    with reading(lambda _: Suggestion(trouble="No answer.")) as read:
        asked = read(UNCLEAR)
    (told,) = [one for one in asked.findings if one not in alone.findings]
    assert (told.code, told.sentence) == ("language_model", "No answer.")
    assert not told.stops_auto_post and asked.invoice == alone.invoice
