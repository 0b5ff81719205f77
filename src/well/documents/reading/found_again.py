"""What a language model suggested, found again among the words of the pages or left out.

Invariant: a suggested value counts only where it is printed, with its place and a confidence below
85 %; what was read without the model is never replaced. It asks nobody.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from well.documents.reading.breakdown import is_total
from well.documents.reading.dates import puts_month_first
from well.documents.reading.draft import Draft
from well.documents.reading.kinds import other_kind
from well.documents.reading.layout import Layout
from well.documents.reading.pages import Page
from well.documents.reading.recognise import (
    Match,
    amounts,
    currencies,
    dates,
    ibans,
    local_vat_ids,
    vat_ids,
)
from well.documents.reading.seen import cap
from well.documents.reading.words import fold
from well.documents.reading.xml_values import compact, decimal_of, plain
from well.domain.invoice import FieldReading, Finding, Invoice, Origin
from well.ports.suggest import SUGGESTED

SURE_ENOUGH = 0.85
FOUND, PROVEN, UNSURE = 0.8, 0.84, 0.7
WORDS_SENT = 20_000
_NEEDED = ("number", "issue_date", "gross_total")
_TOTALS = ("net_total", "tax_total", "gross_total")
_PROVING = ("seller.vat_id", "seller.iban")
_SHORTEST = 3
_LONGEST = 200
_SHOWN = 60
_RUN = re.compile(r"[^\W_]+")
_Find = Callable[[str], Iterable[Match]]


def words_to_ask(invoice: Invoice | None, pages: Sequence[Page]) -> str:
    """The visible words of the pages; none when number, date and total are sure, or no invoice.

    At most 20,000 characters. Words that cannot be seen are never among them.
    """
    told = {one.field: one.confidence for one in invoice.readings} if invoice else {}
    if all(told.get(name, 0.0) >= SURE_ENOUGH for name in _NEEDED):
        return ""
    shown = _visible(pages)
    if invoice is None and other_kind(Layout(shown)):
        return ""
    rows = ("   ".join(cell.text for cell in row) for page in shown for row in page.rows)
    return "\n".join(rows)[:WORDS_SENT].strip()


def complete(draft: Draft, pages: Sequence[Page], suggested: Mapping[str, str]) -> Draft:
    """The draft with what was missing and is printed as suggested, and findings about the rest."""
    layout = Layout(_visible(pages))
    found: dict[str, FieldReading] = {}
    absent, other = [], []
    for field in SUGGESTED:
        value = suggested.get(field, "")[:_LONGEST]
        read, again = draft.value(field), _find(layout, field, value) if value else None
        if value and read is not None and not _same(field, read, value):
            other.append((field, value))
        elif value and again is None and read is None:
            absent.append((field, value))
        elif again is not None and read is None:
            found[field] = again
    readings = _proven(found, draft) | draft.readings
    told = (*_not_printed(absent), *_read_otherwise(other))
    return replace(draft, readings=readings, findings=(*draft.findings, *told))


def _visible(pages: Sequence[Page]) -> list[Page]:
    """The pages whose words are seen; an invisible layer over a picture is not."""
    return [page for page in pages if page.tilt or not page.layered]


def _find(layout: Layout, field: str, value: str) -> FieldReading | None:
    """The first place where the value is printed, a sure one before others."""
    finder = _finder(layout, field, value)
    hits = [(match, cell) for cell in layout.cells() for match in finder(cell.text)]
    if not hits:
        return None
    match, cell = min(hits, key=lambda hit: not hit[0].sure)
    # What checks itself is proven by its check digits; a date may have two readings.
    most = PROVEN if field in _PROVING else FOUND
    worst = min(word.score for word in cell.words_at(match.start, match.end))
    return FieldReading(
        field=field,
        value=match.value,
        origin=Origin.LLM,
        confidence=min(most if match.sure else UNSURE, cap(worst)),
        page=cell.page,
        box=layout.share(cell, match.start, match.end),
        raw=cell.text[match.start : match.end][:500],
    )


def _finder(layout: Layout, field: str, value: str) -> _Find:
    """What finds exactly this value in a text."""
    if field.endswith("_date"):
        month_first = puts_month_first(layout)
        return lambda text: _equal(dates(text, month_first), value)
    if field in _TOTALS:
        return lambda text: _amounts(text, value)
    if field == "currency":
        return lambda text: _equal(currencies(text), value.upper())
    if field == "seller.iban":
        return lambda text: _equal((one for one in ibans(text) if one.sure), compact(value))
    if field == "seller.vat_id":
        return lambda text: _equal((*vat_ids(text), *local_vat_ids(text)), compact(value))
    return lambda text: _spelled(text, field, value)


def _equal(matches: Iterable[Match], value: str) -> Iterator[Match]:
    return (one for one in matches if one.value == value)


def _amounts(text: str, value: str) -> Iterator[Match]:
    wanted = decimal_of(value)
    for one in amounts(text):
        if one.amount == wanted and is_total(one):
            yield replace(one, value=plain(one.amount))


def _spelled(text: str, field: str, value: str) -> Iterator[Match]:
    """Where the runs of letters and digits of a number or name stand as whole words.

    A number is not found as a part of a longer one, nor a name without a letter.
    """
    runs = _RUN.findall(fold(value))
    signs = "".join(runs)
    telling = str.isdigit if field == "number" else str.isalpha
    if len(signs) < _SHORTEST or not any(map(telling, signs)):
        return
    body = r"[\W_]{0,3}".join(map(re.escape, runs))
    before, behind = r"(?<![^\W_])", r"(?![^\W_])"
    if field == "number":
        before, behind = before + r"(?<![^\W_][-/_])(?<!\d\.)", behind + r"(?![-/._][^\W_])"
    for hit in re.finditer(before + body + behind, fold(text)):
        yield Match(text[hit.start() : hit.end()], hit.start(), hit.end())


def _proven(found: dict[str, FieldReading], draft: Draft) -> dict[str, FieldReading]:
    """Totals whose three different amounts add up are surer than one that was only found."""
    known = found | draft.readings
    if not all(name in known for name in _TOTALS):
        return found
    net, tax, gross = (Decimal(known[name].value) for name in _TOTALS)
    if not tax or net + tax != gross:
        return found
    return {
        name: replace(one, confidence=PROVEN)
        if name in _TOTALS and one.confidence == FOUND
        else one
        for name, one in found.items()
    }


def _same(field: str, read: str, value: str) -> bool:
    if field in _TOTALS:
        return Decimal(read) == decimal_of(value)
    return compact(read) == compact(value)


def _not_printed(values: Sequence[tuple[str, str]]) -> tuple[Finding, ...]:
    if not values:
        return ()
    told = f"The language model named what is not on the page, so it was left out: {_list(values)}."
    return (Finding("suggestion_not_printed", told),)


def _read_otherwise(values: Sequence[tuple[str, str]]) -> tuple[Finding, ...]:
    if not values:
        return ()
    return (Finding("suggestion_differs", f"The language model reads another {_list(values)}."),)


def _list(values: Sequence[tuple[str, str]]) -> str:
    named = ((field.replace("_", " ").replace(".", " "), value) for field, value in values)
    return ", ".join(f"{name} “{value[:_SHOWN]}”" for name, value in named)
