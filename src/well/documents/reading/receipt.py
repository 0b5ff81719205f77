"""A till receipt on a picture: total, day, shop and currency.

Invariant: every value is printed on it. The total is named by its row and supported by what was
paid and given back; a date is the day of the sale, day before month except in the United States.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from well.documents.reading.draft import Draft
from well.documents.reading.pages import Cell, Page
from well.documents.reading.receipt_rows import Row, amounts_of, rows_of_receipt
from well.documents.reading.receipt_shop import shop_name
from well.documents.reading.receipt_words import pattern, says
from well.documents.reading.recognise import dates
from well.documents.reading.seen import cap
from well.documents.reading.words import fold
from well.domain.invoice import FieldReading, Origin

_NARROW = 340.0  # points, when a line is 11 points high: about 50 letters
_KEPT = ("number", "seller.vat_id", "currency")
_TIME = re.compile(r"\d{1,2}[:h]\d\d", re.IGNORECASE)
_DOLLARS = re.compile(r"\$|\busd\b", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\bRM\b|MYR|SGD|S\$|A\$|NZ\$|AUD|CAD|HK\$|GST|€|£|EUR|VAT", re.IGNORECASE)
_RINGGIT = re.compile(r"\bRM\s?\d|\(RM\)|\bRM\b|\bMYR\b|SDN\.? ?BHD", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    value: str
    score: float
    cell: Cell
    start: int
    end: int
    confidence: float = 0.0


def is_receipt(pages: Sequence[Page], draft: Draft) -> bool:
    """Whether a picture is a till receipt: one page that speaks of paying at a till."""
    if len(pages) != 1 or draft.value("seller.iban") or not pages[0].rows:
        return False
    page = pages[0]
    till = pattern("till", "said", whole_words=True)
    said = {found[0] for found in till.finditer(fold(_text(page)))}
    points = len(said) + (page.width < _NARROW) - 2 * ("due_date" in draft.readings)
    return points >= 2 and bool(said)


def read_receipt(pages: Sequence[Page], draft: Draft) -> Draft:
    """The draft with the fields of a receipt; totals of the draft stay only where they add up."""
    page = pages[0]
    found = {name: one for name, one in draft.readings.items() if name in _KEPT}
    gross = _total(page)
    if gross:
        found["gross_total"] = _reading("gross_total", gross, page)
        found |= _parts(draft, Decimal(gross.value))
    day = _day(page)
    if day:
        found["issue_date"] = _reading("issue_date", day, page)
    name = shop_name(page)
    if name:
        shop = _Found(name.text, name.score, name.cell, name.start, name.end, name.confidence)
        found["seller.name"] = _reading("seller.name", shop, page)
    ringgit = _ringgit(page)
    if ringgit:
        found["currency"] = _reading("currency", ringgit, page)
    return replace(draft, readings=found, credit_note=False)


def _total(page: Page) -> _Found | None:
    rows = rows_of_receipt(page)
    printed = Counter(amounts_of(page))
    named = Counter(row.amount for row in rows if row.total)
    paid = _paid(rows)
    best: _Found | None = None
    for at, row in enumerate(rows):
        if row.amount is None or row.cell is None or not row.total or row.amount <= 0:
            continue
        settled = row.amount in paid
        score = 1.5 * row.total + 3.0 * settled + 0.3 * min(printed[row.amount] - 1, 3)
        score += 0.5 * (named[row.amount] - 1) + 0.2 * at / len(rows) - 1.0 * row.counted
        sure = 0.93 if settled and row.total else 0.86 if named[row.amount] > 1 else 0.78
        if best is None or score > best.score:
            best = _Found(f"{row.amount}", score, row.cell, row.start, row.end, sure)
    return best or _only_paid(rows)


def _paid(rows: Sequence[Row]) -> set[Decimal]:
    """What was given less what was given back; what was given alone when nothing came back."""
    given = [row.amount for row in rows if row.cash and row.amount]
    back = [row.amount for row in rows if row.change and row.amount is not None]
    return {one - other for one in given for other in back} or set(given)


def _only_paid(rows: Sequence[Row]) -> _Found | None:
    """Without any named total, what was paid, when it is said plainly."""
    paid = _paid(rows)
    for row in rows:
        if (
            row.cell is not None
            and row.amount is not None
            and row.amount in paid
            and row.amount > 0
        ):
            return _Found(f"{row.amount}", 1.0, row.cell, row.start, row.end, 0.7)
    return None


def _parts(draft: Draft, gross: Decimal) -> dict[str, FieldReading]:
    """Net and tax of the draft, when they make this total."""
    net, tax = draft.amount("net_total"), draft.amount("tax_total")
    if net is None or tax is None or net + tax != gross:
        return {}
    return {name: draft.readings[name] for name in ("net_total", "tax_total")}


def _day(page: Page) -> _Found | None:
    month_first = _month_first(page)
    found = sorted(_days(page, month_first), key=lambda one: -one.score)
    if not found:
        return None
    best = found[0]
    others = {one.value for one in found if one.score > best.score - 1.0}
    sure = 0.93 if len(others) == 1 and best.score >= 1 else 0.8
    return replace(best, confidence=min(sure, best.confidence))


def _days(page: Page, month_first: bool) -> Iterator[_Found]:
    for at, cells in enumerate(page.rows):
        row = fold(" ".join(cell.text for cell in cells))
        for cell in cells:
            for match in dates(cell.text, month_first):
                score = 2.0 * says("day", "sale", row) + 1.0 * bool(_TIME.search(row))
                score -= 3.0 * says("day", "other", row) + 0.2 * at / len(page.rows)
                settled = match.sure or bool(_ELSEWHERE.search(_text(page))) or month_first
                sure = 0.93 if settled else 0.8
                yield _Found(match.value, score, cell, match.start, match.end, sure)


def _month_first(page: Page) -> bool:
    text = _text(page)
    return bool(_DOLLARS.search(text)) and not _ELSEWHERE.search(text)


def _ringgit(page: Page) -> _Found | None:
    for cells in page.rows:
        for cell in cells:
            if match := _RINGGIT.search(cell.text):
                return _Found("MYR", 1.0, cell, match.start(), match.end(), 0.93)
    return None


def _reading(field: str, one: _Found, page: Page) -> FieldReading:
    words = one.cell.words_at(one.start, one.end)
    most = cap(min(word.score for word in words))
    return FieldReading(
        field=field,
        value=one.value,
        origin=Origin.OCR,
        confidence=round(min(one.confidence, most), 3),
        page=page.number,
        box=page.share(one.cell.span(one.start, one.end)),
        raw=one.cell.text[one.start : one.end][:500],
    )


def _text(page: Page) -> str:
    return "\n".join(cell.text for cells in page.rows for cell in cells)
