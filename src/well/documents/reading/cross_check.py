"""The page against the embedded e-invoice, and what the page hides.

Invariant: the two are compared and never averaged; a value of the e-invoice that simply is not
printed stays silent unless the page names another one. It corrects nothing.
"""

from collections.abc import Sequence
from decimal import Decimal

from well.documents.reading.draft import Draft
from well.documents.reading.pages import Page
from well.documents.reading.recognise import amounts_in, ibans_in, is_value_like
from well.documents.reading.xml_values import compact
from well.domain.invoice import Finding

_TOTALS = ("gross_total", "due_payable")
_HIDDEN_SHOWN = 60


def hidden_text(pages: Sequence[Page]) -> tuple[Finding, ...]:
    """A finding when the file carries words that nobody sees and that look like values."""
    words = [word for page in pages for word in page.hidden]
    if not any(map(is_value_like, words)):
        return ()
    shown = " ".join(words)[:_HIDDEN_SHOWN]
    sentence = f"The file holds text that cannot be seen on the page: “{shown}”."
    return (Finding("hidden_text", sentence, stops_auto_post=True),)


def laid_over(pages: Sequence[Page]) -> tuple[Finding, ...]:
    """Findings about values on notes over the page, and values printed on each other."""
    said = [note for page in pages for note in page.notes if any(map(is_value_like, note.split()))]
    pairs = [pair for page in pages for pair in page.overlaid if is_value_like(pair)]
    found = []
    if said:
        sentence = (
            f"A note over the page, which is no part of it, says: “{said[0][:_HIDDEN_SHOWN]}”."
        )
        found.append(Finding("annotation", sentence, stops_auto_post=True))
    if pairs:
        sentence = f"Different words are printed on one place: “{pairs[0][:_HIDDEN_SHOWN]}”."
        found.append(Finding("overlapping_text", sentence, stops_auto_post=True))
    return tuple(found)


def compare_xmls(drafts: Sequence[Draft]) -> tuple[Finding, ...]:
    """Findings when two e-invoices in one file tell different things."""
    first = drafts[0]
    return tuple(
        Finding(
            "two_xmls",
            f"Two e-invoices in this file differ in {name}: "
            f"{first.value(name)} and {other.value(name)}.",
            stops_auto_post=True,
        )
        for other in drafts[1:]
        for name in ("number", "gross_total", "seller.iban", "seller.name", "currency")
        if not _same(name, first.value(name), other.value(name))
    )


def compare_page(xml: Draft, page: Draft, pages: Sequence[Page]) -> tuple[Finding, ...]:
    """Findings where the visible page contradicts the e-invoice (total, IBAN, supplier, number)."""
    text = "\n".join(cell.text for page in pages for row in page.rows for cell in row)
    if len(text) < 40:
        return ()
    found = (_total(xml, page, text), _iban(xml, text), _supplier(xml, page, text))
    return tuple(finding for finding in (*found, _number(xml, page, text)) if finding)


def _total(xml: Draft, page: Draft, text: str) -> Finding | None:
    stated = [amount for name in _TOTALS if (amount := xml.amount(name)) is not None]
    printed = page.amount("gross_total")
    if not stated or printed is None or abs(printed) in map(abs, stated):
        return None
    if abs(stated[0]) in {abs(amount) for amount in amounts_in(text)}:
        return None
    return _differs("total", f"{stated[0]}", f"{printed}")


def _iban(xml: Draft, text: str) -> Finding | None:
    stated, printed = xml.value("seller.iban"), ibans_in(text)
    if stated is None or not printed or stated in printed or stated in compact(text):
        return None
    return _differs("iban", stated, printed[0])


def _supplier(xml: Draft, page: Draft, text: str) -> Finding | None:
    stated, printed = xml.value("seller.vat_id"), page.value("seller.vat_id")
    if stated and printed and compact(stated) not in compact(text) and stated != printed:
        return _differs("supplier", stated, printed)
    return None


def _number(xml: Draft, page: Draft, text: str) -> Finding | None:
    stated, printed = xml.value("number"), page.value("number")
    if not stated or not printed or compact(stated) in compact(text):
        return None
    sentence = f"The page shows invoice number {printed}, the e-invoice {stated}."
    return Finding("page_number", sentence)


_NAMES = {"total": "the total", "iban": "the account", "supplier": "the supplier's VAT id"}


def _differs(what: str, stated: str, printed: str) -> Finding:
    sentence = f"The page shows {printed} as {_NAMES[what]}, the e-invoice inside says {stated}."
    return Finding(f"page_{what}", sentence, stops_auto_post=True)


def _same(name: str, one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    if name == "gross_total":
        return Decimal(one) == Decimal(other)
    return compact(one) == compact(other)
