"""From rows of cells to one reading, field by field, then one check of the sums.

Invariant: a field whose surest labels disagree stays empty unless net + tax = gross settles it;
an amount without a currency is no amount. The order of day and month is decided once a document.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from well.sandbox.analysis import labels, values
from well.sandbox.analysis.hits import Hit, cells, find, settled
from well.sandbox.analysis.labels import Table
from well.sandbox.analysis.pages import Page
from well.sandbox.analysis.reading import Reading
from well.sandbox.analysis.supplier import is_buyer, supplier_name

_NATIVE = ("facture", "rechnung", "echeance", "montant", "betrag", "avoir", "gutschrift")


@dataclass(frozen=True, slots=True)
class _Totals:
    gross: Decimal | None
    net: Decimal | None
    tax: Decimal | None


def read_page(pages: Sequence[Page], buyer: Sequence[str]) -> Reading:
    """The reading of a document's text; `buyer` is never taken for the supplier."""
    texts = [cell.text for cell in cells(pages)]
    money = _currency(pages, texts)
    issue, due = _dates(pages, texts, money)
    totals = _totals(pages) if money else _Totals(None, None, None)
    return Reading(
        number=settled(find(pages, labels.NUMBER, values.number)),
        supplier=supplier_name(pages, buyer),
        issue_date=issue,
        due_date=due,
        currency=money if totals.gross is not None else None,
        gross=totals.gross,
        net=totals.net,
        tax=totals.tax,
        iban=_only({found for text in texts if (found := _iban(text))}),
        vat_number=_vat(pages, texts, buyer),
        credit_note=any(labels.CREDIT.match(values.fold(text)) for text in texts[:40]),
    )


def _only(found: set[str]) -> str | None:
    return found.pop() if len(found) == 1 else None


def _currency(pages: Sequence[Page], texts: Sequence[str]) -> str | None:
    """The labelled currency, else the one beside the gross total, else the only one named."""
    stated = settled(find(pages, labels.CURRENCY, values.currency))
    if stated:
        return stated
    beside = {h.value[1] for h in find(pages, labels.GROSS, values.amount) if h.value[1]}
    if len(beside) == 1:
        return beside.pop()
    named = Counter(code for text in texts if (code := values.currency(text)))
    return next(iter(named)) if len(named) == 1 else None


def _dates(
    pages: Sequence[Page], texts: Sequence[str], money: str | None
) -> tuple[date | None, date | None]:
    orders = {values.order_of(text.split(":")[-1]) for text in texts} - {None}
    month_first = orders.pop() if len(orders) == 1 else None
    if month_first is None and not orders:
        native = any(word in values.fold(text) for text in texts for word in _NATIVE)
        month_first = False if native or money not in ("USD", "CAD", "JPY", None) else None
    judge = partial(values.day, month_first=month_first)
    issue, due = settled(find(pages, labels.ISSUE, judge)), settled(find(pages, labels.DUE, judge))
    if issue is None:
        issue = settled([Hit(0, day) for text in texts if (day := _letter_date(text))])
    return (None, None) if issue and due and due < issue else (issue, due)


def _letter_date(text: str) -> date | None:
    """The date of a letter's place line, `Lyon, le 22 avril 2026`."""
    place, comma, rest = text.partition(", ")
    words = rest.removeprefix("le ").removeprefix("den ")
    return values.day(words) if comma and place.replace(" ", "").isalpha() else None


def _totals(pages: Sequence[Page]) -> _Totals:
    gross = _amounts(pages, labels.GROSS)
    nets = [hit.value for hit in _amounts(pages, labels.NET)]
    taxes = [hit.value for hit in _amounts(pages, labels.TAX)]
    total = settled(gross)
    wanted = [hit.value for hit in gross] if total is None else [total]
    explained = [found for value in wanted if (found := _sums(value, nets, taxes))]
    if total is not None:
        return explained[0] if explained else _Totals(total, None, None)
    sure = {found.gross for found in explained}
    return explained[0] if len(sure) == 1 else _Totals(None, None, None)


def _amounts(pages: Sequence[Page], table: Table) -> list[Hit[Decimal]]:
    return [Hit(hit.rank, abs(hit.value[0])) for hit in find(pages, table, values.amount)]


def _sums(gross: Decimal, nets: Sequence[Decimal], taxes: Sequence[Decimal]) -> _Totals | None:
    """The net and the tax (one printed figure or the sum of all) that explain the gross."""
    for net in nets:
        for tax in (*taxes, sum(taxes, Decimal(0))):
            if tax <= net and abs(net + tax - gross) <= Decimal("0.02"):
                return _Totals(gross, net, tax)
    return None


def _iban(text: str) -> str | None:
    at = values.fold(text).find("iban")
    return values.iban(text[at + 4 :].lstrip(" :") if at >= 0 else text)


def _vat(pages: Sequence[Page], texts: Sequence[str], buyer: Sequence[str]) -> str | None:
    labelled = {h.value for h in find(pages, labels.VAT_ID, _vat_words)}
    loose = {found for text in texts if (found := _vat_words(text.split(":")[-1]))}
    kept = {found for found in (labelled or loose) if not is_buyer(found, buyer)}
    return _only(kept)


def _vat_words(text: str) -> str | None:
    """A VAT id printed alone or followed by other words."""
    words = text.split()
    ends = range(min(len(words), 6), 0, -1)
    return next((found for end in ends if (found := values.vat("".join(words[:end])))), None)
