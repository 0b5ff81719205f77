"""Readings from scans: their origin, and a confidence that the sharpness of the letters allows.

Invariant: no value changes; a confidence only sinks. Letters that the optical reader doubts lower
it, unless check digits or sums prove the value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from well.documents.reading.check_digits import iban_is_valid, vat_id_is_valid
from well.documents.reading.draft import Draft
from well.documents.reading.pages import Page, Word
from well.documents.reading.xml_values import compact
from well.domain.invoice import FieldReading, Origin

_CAPS = ((0.97, 0.93), (0.9, 0.84), (0.75, 0.7))
_LOWEST = 0.5
_PROVEN = 0.95
_DOUBT = 0.97
_LONE_NAME = 0.84
_TOTALS = ("net_total", "tax_total", "gross_total")
_MARGIN = 0.002


def as_seen(draft: Draft, pages: Sequence[Page]) -> Draft:
    """The draft with readings from scanned pages marked and capped."""
    scans = {page.number: page for page in pages if page.tilt}
    proven = _proven(draft) | _repeated_name(draft, scans.values())
    readings = {
        name: _seen(reading, scans[reading.page], name in proven)
        if reading.page in scans
        else reading
        for name, reading in draft.readings.items()
    }
    return replace(draft, readings=readings, syntax="ocr")


def cap(score: float) -> float:
    """Highest confidence of a value whose worst character has this score."""
    return next((most for least, most in _CAPS if score >= least), _LOWEST)


def _seen(reading: FieldReading, page: Page, proven: bool) -> FieldReading:
    score = min((word.score for word in _inside(page, reading)), default=0.0)
    # Rows and columns of a picture are less sure than those of a text layer.
    most = _PROVEN if proven else min(cap(score), _DOUBT * reading.confidence)
    if reading.field == "seller.name" and not proven:
        most = min(most, _LONE_NAME)
    confidence = round(min(reading.confidence, most), 3)
    return replace(reading, origin=Origin.OCR, confidence=confidence)


def _inside(page: Page, reading: FieldReading) -> Iterable[Word]:
    """The words whose middle lies in the place of a reading."""
    if reading.box is None:
        return
    left, top, right, bottom = reading.box
    for word in (word for row in page.rows for cell in row for word in cell.words):
        x0, y0, x1, y1 = page.share((word.x0, word.y0, word.x1, word.y1))
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if left - _MARGIN <= x <= right + _MARGIN and top - _MARGIN <= y <= bottom + _MARGIN:
            yield word


def _repeated_name(draft: Draft, pages: Iterable[Page]) -> set[str]:
    """The seller's name when it is printed twice: on a picture, logos and slogans are text too."""
    name = compact(draft.value("seller.name") or "")
    text = compact(" ".join(cell.text for page in pages for row in page.rows for cell in row))
    return {"seller.name"} if name and text.count(name) > 1 else set()


def _proven(draft: Draft) -> set[str]:
    """Fields that check digits, or a sum of three different amounts, prove."""
    proven: set[str] = set()
    net, tax, gross = (draft.amount(name) for name in _TOTALS)
    if net is not None and tax and gross is not None and net + tax == gross:
        proven.update(_TOTALS)
    if (iban := draft.value("seller.iban")) and iban_is_valid(iban):
        proven.add("seller.iban")
    if (vat_id := draft.value("seller.vat_id")) and vat_id_is_valid(vat_id):
        proven.add("seller.vat_id")
    return proven
