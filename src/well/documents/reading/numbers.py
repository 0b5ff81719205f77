"""The invoice number from the text of the pages, and whether its label says credit note.

Invariant: a number is one printed token with a digit; a date, an amount, a VAT id or an IBAN is
none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from well.documents.reading.candidates import Candidate, best, labelled, reading
from well.documents.reading.layout import Layout, Spot
from well.documents.reading.recognise import Match, amounts, dates, ibans, vat_ids
from well.documents.reading.words import fold
from well.domain.invoice import FieldReading

_TOKEN = re.compile(r"[A-Za-z0-9][\w./\\-]{0,38}", re.ASCII)
_BRACKETS = re.compile(r"\([^)]{0,40}\)")
_PREFIX = re.compile(r"[A-Z][A-Z-]{0,6}", re.ASCII)
_BUILT = re.compile(r"[A-Z]{1,4}[-/]?\d[\d/-]{3,}|\d{2,}[-/]\d[\d/-]{2,}|\d{6,}")
_GUESS = 0.5
_SKIPPED = {"n", "no", "nr", "num", "numero", "number", "nummer", "id", "ref", "de", "der", "la"}
_CREDIT = re.compile(
    r"\b(?:avoir|gutschrift|rechnungskorrektur|stornorechnung|credit ?(?:note|memo)"
    r"|credit invoice|note de credit|factura rectificativa|korrekturrechnung|kredietnota"
    r"|creditnota|credit ?factuur|nota (?:de |di )?(?:credito|accredito|abono)|abono)"
)
_SELF_BILLED = re.compile(r"self.?bill|selbst ausgestellt|autofactur")


def read_number(layout: Layout) -> dict[str, FieldReading]:
    """Reading of the invoice number."""
    found = best(_candidates(layout))
    if found is None:
        return _unlabelled(layout)
    confidence = 0.95 if found.score >= 2.8 else 0.85 if found.score >= 1.9 else 0.65
    return {"number": reading("number", found, layout, confidence)}


def _unlabelled(layout: Layout) -> dict[str, FieldReading]:
    """The one free token of the head that is built like a document number, as a guess."""
    taken = {id(one.cell) for one in labelled(layout, layout.of("none"), _tokens)}
    found = [
        Candidate(match.value, 0.5, cell, match.start, match.end)
        for cell in layout.cells()
        if cell.page == 0 and id(cell) not in taken and not layout.labels[id(cell)]
        for match in _tokens(cell.text)
        if _BUILT.fullmatch(match.value) and len(cell.text) == match.end - match.start
    ]
    if len({one.value for one in found}) != 1:
        return {}
    return {"number": reading("number", found[0], layout, _GUESS)}


def says_credit_note(layout: Layout) -> bool:
    """Whether a heading or the number's label on the first page says credit note."""
    for spot in layout.of("number"):
        text = fold(spot.cell.text)
        named = _CREDIT.search(text[spot.label.start : spot.label.end])
        heads = spot.label.start <= 3 and len(text) <= 60 and spot.cell.page == 0
        if named and heads and not _SELF_BILLED.search(text):
            return True
    return False


def _candidates(layout: Layout) -> Iterator[Candidate]:
    seen: dict[str, int] = {}
    for cell in layout.cells():
        for token in _TOKEN.findall(cell.text):
            seen[token] = seen.get(token, 0) + 1
    for spot in layout.of("number"):
        strength = _strength(layout, spot)
        for one in labelled(layout, [spot], _tokens):
            if strength < 3 and not one.near and not _right_under(spot, one):
                continue
            if strength < 1 and not _next_to(spot, one):
                continue
            repeated = 0.3 if seen.get(one.value, 0) > 1 else 0.0
            first_page = 0.2 if one.cell.page == 0 else 0.0
            boost = strength - spot.label.strength
            yield replace(one, score=one.score + boost + repeated + first_page)


def _next_to(spot: Spot, one: Candidate) -> bool:
    """Whether no words stand between a label and a value of its cell, nor after the label."""
    end = one.start if one.cell is spot.cell else len(spot.cell.text)
    return not any(char.isalnum() for char in spot.cell.text[spot.label.end : end])


def _right_under(spot: Spot, one: Candidate) -> bool:
    """Whether a value stands alone in the next row, in line with a label that is alone."""
    label, cell = spot.cell, one.cell
    alone = spot.label.end - spot.label.start >= 0.8 * len(label.text.strip(" .:#°º"))
    apart = (
        abs(cell.x0 - label.x0),
        abs(cell.x1 - label.x1),
        abs(cell.x0 + cell.x1 - label.x0 - label.x1) / 2,
    )
    aligned = min(apart) < 4 and cell.row <= label.row + 2
    return alone and aligned and one.end - one.start >= 0.8 * len(cell.text)


def _strength(layout: Layout, spot: Spot) -> float:
    """A bare "No." counts as much as the label before it in its cell."""
    if spot.label.strength > 1:
        return spot.label.strength
    before = [
        label
        for label in layout.labels[id(spot.cell)]
        if label.end <= spot.label.start
        and (label.field == "none" or (label.field == "number" and label.strength > 1))
    ]
    if before:
        return 2.8 if before[-1].field == "number" else 0.2
    # "LS-Nr." is the number of something that we have no word for.
    return 0.6 if spot.label.start <= 2 else 0.2


def _tokens(text: str) -> list[Match]:
    """The first token that can be a number; a short prefix in capitals is joined to it."""
    blank = _BRACKETS.sub(lambda found: " " * len(found[0]), text)
    taken = [(m.start, m.end) for find in (dates, ibans, vat_ids) for m in find(blank)]
    taken += [(m.start, m.end) for m in amounts(blank) if m.cents == 2 or m.marked]
    prefix: re.Match[str] | None = None
    for found in list(_TOKEN.finditer(blank))[:6]:
        token = found[0].rstrip("./-\\")
        if any(start < found.end() and found.start() < end for start, end in taken):
            return []
        if any(char.isdigit() for char in token):
            if len(token) < 2 and prefix is None:
                return []
            start = prefix.start() if prefix else found.start()
            return [Match(blank[start : found.start()] + token, start, found.start() + len(token))]
        if fold(token) in _SKIPPED:
            continue
        if not _PREFIX.fullmatch(token):
            return []
        prefix = found
    return []
