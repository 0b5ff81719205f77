"""Issue and due date from the text of the pages.

Invariant: a date whose day and month may be swapped is settled by the page (another date, a
VAT id, a currency) or keeps a low confidence. A due date that follows from terms such as
"30 days net" stands at the place of the terms and never has a high confidence.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from well.documents.reading.candidates import Candidate, best, labelled, reading
from well.documents.reading.layout import Layout, Spot
from well.documents.reading.recognise import Match, dates, ibans, local_vat_ids, vat_ids
from well.documents.reading.words import fold
from well.domain.invoice import FieldReading

_STATE = re.compile(r",\s[A-Z]{2}(?:\s\d{5}(?:-\d{4})?)?$", re.ASCII | re.MULTILINE)
_TERMS = re.compile(
    r"(?<!\d)(\d{1,3})\s?(?:tagen?\b|jours?\b|days?\b|dias?\b|giorni\b|gg\b|dagen\b|calendar days)"
)
_PAYING = re.compile(
    r"\b(?:pa[yig]|regl|echeance|zahl|net[to]?\b|nets\b|betal|voldoen|terms|term[ij]|conditions|bonifico"
    r"|within|settle|begleich|fallig|due|forma de|rimessa)"
)
_MONTH_END = re.compile(
    r"fin de mois|fine mese|end of month|eom\b|monatsende|\bfm\b|skonto|escompte"
)
_LONGEST_TERM = 100
_ALONE = 20
_DERIVED = 0.5
_Find = Callable[[str], list[Match]]


def read_dates(layout: Layout) -> dict[str, FieldReading]:
    """Readings of issue_date and due_date."""
    month_first = puts_month_first(layout)
    text = "\n".join(cell.text for cell in layout.cells())
    placed = _is_european(text) or any(match.sure for match in dates(text))

    def find(text: str) -> list[Match]:
        return dates(text, month_first)

    due = best(_near_labels(layout, layout.of("due_date"), find))
    issued = best(_issued(layout, find)) or _first_free(layout, find, due)
    if issued and due and due.value < issued.value and due.score < 2.9:
        due = None
    if issued and due is None:
        due = _by_terms(layout, issued) or _later_free(layout, find, issued)
    found = {"issue_date": issued, "due_date": due}
    return {
        name: reading(name, one, layout, _confidence(one, placed))
        for name, one in found.items()
        if one
    }


def _issued(layout: Layout, find: _Find) -> Iterator[Candidate]:
    for one, spot in _with_spots(layout, layout.of("issue_date"), find):
        # "vom" or "du" alone says little; behind an invoice number it names the issue date.
        numbered = any(label.field == "number" for label in layout.labels[id(spot.cell)])
        bonus = 1.5 if numbered and spot.label.strength == 1 and one.cell is spot.cell else 0.0
        first_page = 0.3 if one.cell.page == 0 else 0.0
        yield replace(one, score=one.score + bonus + first_page)
    for one in _near_labels(layout, _strong_numbers(layout), find):
        if one.near:
            yield replace(one, score=1.2)


def _strong_numbers(layout: Layout) -> list[Spot]:
    return [spot for spot in layout.of("number") if spot.label.strength >= 2]


def _with_spots(layout: Layout, spots: list[Spot], find: _Find) -> Iterator[tuple[Candidate, Spot]]:
    for spot in spots:
        for one in labelled(layout, [spot], find):
            yield one, spot


def _near_labels(layout: Layout, spots: list[Spot], find: _Find) -> Iterator[Candidate]:
    return (one for one, _ in _with_spots(layout, spots, find))


def _first_free(layout: Layout, find: _Find, due: Candidate | None) -> Candidate | None:
    """The first date that no label names."""
    return next((one for one in _free(layout, find) if due is None or one.value <= due.value), None)


def _later_free(layout: Layout, find: _Find, issued: Candidate) -> Candidate | None:
    """The one date that no label names and that lies in the months after the issue."""
    latest = _after(issued.value, _LONGEST_TERM)
    later = [one for one in _free(layout, find) if issued.value < one.value <= latest]
    return later[0] if len({one.value for one in later}) == 1 else None


def _free(layout: Layout, find: _Find) -> Iterator[Candidate]:
    """Dates of the first page that stand nearly alone in their cells and have no label."""
    taken = {id(one.cell) for one in _near_labels(layout, layout.of("none"), find)}
    for cell in layout.cells():
        if cell.page == 0 and not layout.labels[id(cell)] and id(cell) not in taken:
            for match in find(cell.text)[:1]:
                if len(cell.text) - (match.end - match.start) <= _ALONE:
                    yield Candidate(match.value, 0.8, cell, match.start, match.end, match.sure)


def _by_terms(layout: Layout, issued: Candidate) -> Candidate | None:
    """The issue date and the days of the payment terms, where the page prints such terms."""
    for cell in layout.cells():
        text = fold(cell.text)
        found = _TERMS.search(text)
        if found and _PAYING.search(text) and not _MONTH_END.search(text):
            value = _after(issued.value, int(found[1]))
            return Candidate(value, _DERIVED, cell, found.start(), found.end())
    return None


def _after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def puts_month_first(layout: Layout) -> bool:
    """Whether numeric dates of these pages put the month first."""
    text = "\n".join(cell.text for cell in layout.cells())
    found = dates(text)
    ambiguous = {match.value for match in found if not match.sure}
    if not ambiguous:
        return False
    if any(_month_led(text[match.start : match.end]) for match in found):
        return True
    # A date that only one order can read settles the order of all.
    settled = {match.value for match in found if match.sure}
    swapped = {match.value for match in dates(text, month_first=True) if not match.sure}
    if settled & (swapped ^ ambiguous):
        return bool(swapped & settled) and not ambiguous & settled
    american = "$" in text or "USD" in text or bool(_STATE.search(text))
    return american and not _is_european(text)


def _is_european(text: str) -> bool:
    """Whether a page names what only European suppliers have."""
    marks = any(sign in text for sign in ("€", "EUR", "£", "GBP"))
    lines = text.splitlines()
    return marks or any(any(find(x)) for x in lines for find in (vat_ids, local_vat_ids, ibans))


def _month_led(raw: str) -> bool:
    """Whether a numeric date can only be read month first, such as 04/22/2026."""
    parts = raw.replace("-", "/").split("/")
    if len(parts) != 3 or len(parts[0].strip()) > 2:
        return False
    return parts[1].strip().isdigit() and int(parts[1]) > 12


def _confidence(found: Candidate, placed: bool) -> float:
    """`placed` when the page tells where its supplier is or which order its dates have."""
    confidence = (
        0.95
        if found.score >= 2.8
        else 0.85
        if found.score >= 1.8
        else 0.6
        if found.score > _DERIVED
        else 0.5
    )
    return confidence if found.sure else min(confidence, 0.8 if placed else 0.7)
