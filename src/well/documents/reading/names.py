"""The seller's name from the text of the pages.

Invariant: the name is printed text. Several weak signs are added up (a seller heading, a company
form, the top of the page, repetition, the web domain); without enough of them there is no name.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from well.documents.reading.candidates import Candidate, reading
from well.documents.reading.layout import Layout, Spot
from well.documents.reading.pages import Cell
from well.documents.reading.party import section
from well.documents.reading.recognise import dates
from well.documents.reading.words import fold, tokens
from well.domain.invoice import FieldReading

_FORMS = re.compile(
    r"(?<![\w.])(?:[Gg]mbh|GmbH|GMBH|gGmbH|UG|OHG|AG|KG|KGaA|e\.?\s?K\.?|e\.\s?V\.|a\.\s?G\.|SE"
    r"|S\.?A\.?R\.?L\.?|SARL|Sarl|S\.?A\.?S\.?U?|EURL|SNC|SCOP|SCI|S\.A\.?|SA"
    r"|Ltd\.?|LTD\.?|Limited|LIMITED|LLC|L\.L\.C\.|LLP|PLC|plc|Inc\.?|INC\.?|Corp\.?|Corporation|GbR"
    r"|B\.?V\.?|N\.?V\.?|VOF|S\.?r\.?l\.?s?\.?|S\.?R\.?L\.?|S\.?p\.?A\.?|S\.?n\.?c\.?|S\.?a\.?s\.?|S\.?L\.?U?\.?"
    r"|ApS|A/S|AB|Oy|AS|Sp\.\s?z\s?o\.\s?o\.|Kft\.?|Pty\.?|SDN\.?\s?BHD\.?|Sdn\.?\s?Bhd\.?|GIE"
    r"|Co\.)(?![\w])"
)
_PARTS = re.compile(r"\s+[-–—·•●|∙■,;]\s+|\s*[·•●|∙■,;]\s+|\s{2,}|,\s")
_NOT_NAMES = re.compile(
    r"(?:\w*[ -])?(?:rechnung(?:en)?|invoice|facture|factura|fattura|factuur|avoir|gutschrift"
    r"|credit note|credit memo|page|seite|pagina|original|duplicat|copy|kopie|tax invoice"
    r"|receipt|statement|logo|tel|www|http|proforma|bill|quittung|recu|duplicate|rendition|reproduction|stylesheet)\b"
)
_POSTAL = re.compile(
    r"\b(?:\d{4,5}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b|^\d+[,]?\s|\bp\.?o\.? ?box\b", re.IGNORECASE
)
_STREET = re.compile(r"[^\W\d]{3,}\.?,? \d{1,4}\b|\b\d{1,4},? [^\W\d]{2,}|\b\d{4,5} [^\W\d]")
_TOWN = re.compile(r"^\d{4,5} ?(?:[A-Z]{2} )?[^\W\d]")
_ROAD = re.compile(
    r"^(?:\d+[,]? )?(?:rue|avenue|boulevard|chemin|allee|calle|avda|avenida|plaza|paseo|viale"
    r"|piazza|corso)\b|(?:strasse|str\.|straat|laan|gracht| street| road| lane| avenue)$"
)
_HOUSE = re.compile(r"[^\W\d]{4,}\.?,? \d{1,4} ?[a-z]?$|^\d{1,4}\b")
_ENOUGH = 2.0
_MARGIN = 0.6
_HEAD_ROWS = 5
_NAME_SCORES = {"seller": 3.2, "payee": 1.6}


def read_seller_name(layout: Layout, found: dict[str, FieldReading]) -> dict[str, FieldReading]:
    """Reading of the seller's name; `found` holds the e-mail and website read before."""
    domains = [found[name].value for name in ("seller.email", "seller.website") if name in found]
    counts = _counts(layout)
    scored: dict[str, Candidate] = {}
    for one in _candidates(layout):
        key = fold(one.value)
        score = one.score + _support(layout, one, counts, domains)
        known = scored.get(key)
        if known is None or score > known.score:
            scored[key] = replace(one, score=score)
    chosen = max(scored.values(), key=lambda one: one.score, default=None)
    if chosen is None or chosen.score < _ENOUGH:
        return {}
    others = (one.score for one in scored.values() if not _same_name(one, chosen))
    rivalled = chosen.score - max(others, default=0.0) < _MARGIN
    confidence = min(0.5 + 0.09 * chosen.score, 0.93) - (0.15 if rivalled else 0.0)
    return {"seller.name": reading("seller.name", chosen, layout, confidence)}


def _same_name(one: Candidate, other: Candidate) -> bool:
    short, long = sorted((fold(one.value), fold(other.value)), key=len)
    return short in long


def _candidates(layout: Layout) -> Iterator[Candidate]:
    for spot in layout.of("seller"):
        if spot.label.start <= 3:
            yield from _first_name(layout, spot, 2.6)
    for spot in layout.of("name"):
        where = section(layout, spot.cell)
        if spot.label.start <= 3 and where in _NAME_SCORES:
            yield from _first_name(layout, spot, _NAME_SCORES[where])
    for spot in layout.of("payee"):
        yield from _first_name(layout, spot, 0.8)
    for cell in layout.cells():
        yield from _free(layout, cell)


def _first_name(layout: Layout, spot: Spot, score: float) -> Iterator[Candidate]:
    """The name behind "Seller:", or to the right of or below a heading that stands alone."""
    rest = spot.cell.text[spot.label.end :]
    behind = rest.lstrip(" :.#-")
    if behind:
        # "Seller: Foo" names somebody; "Seller information" goes on with the heading itself.
        if ":" in rest[: len(rest) - len(behind)] and _is_name(behind):
            yield _part(spot.cell, len(spot.cell.text) - len(behind), behind, score)
        return
    for region in layout.regions(spot):
        text = region.cell.text
        if _is_name(text):
            yield _part(region.cell, 0, text, score)
            return


def _free(layout: Layout, cell: Cell) -> Iterator[Candidate]:
    """Parts with a company form anywhere, and what stands alone at the top of the first page."""
    offset = 0
    for part in _PARTS.split(cell.text)[:4]:
        start = cell.text.find(part, offset)
        offset = start + len(part)
        formed = _FORMS.search(part)
        if formed and _is_name(part[: formed.end()]):
            yield _part(cell, start, part, 1.6)
        elif start == 0 and _is_name(part):
            if _is_heading(layout, cell):
                yield _part(cell, start, part, 0.9)
            elif _opens_address(layout, cell, part):
                yield _part(cell, start, part, 1.3)


def _opens_address(layout: Layout, cell: Cell, part: str) -> bool:
    """Whether a part comes first in a line "Name · street · town", or in the foot's address."""
    if len(part) < len(cell.text):
        return bool(_STREET.search(cell.text[len(part) :])) and not layout.labels[id(cell)][:1]
    under = layout.under(cell)
    return layout.in_foot(cell) and under is not None and bool(_STREET.search(under.text))


def _is_heading(layout: Layout, cell: Cell) -> bool:
    return cell.page == 0 and cell.row <= _HEAD_ROWS and not layout.labels[id(cell)]


def _part(cell: Cell, start: int, text: str, score: float) -> Candidate:
    name = _PARTS.split(text)[0].strip()
    formed = [m.end() for m in _FORMS.finditer(name)]
    # What follows the company form in one cell is an address or a slogan.
    name = name[: formed[-1]] if formed and len(name) - formed[-1] > 12 else name
    return Candidate(name, score, cell, start, start + len(name))


def _is_name(text: str) -> bool:
    text = _PARTS.split(text)[0].strip()
    if _TOWN.search(text) or (_ROAD.search(fold(text)) and not _FORMS.search(text)):
        return False
    letters = sum(char.isalpha() for char in text)
    if not 3 <= len(text) <= 80 or letters < 3 or letters < 0.6 * len(text.replace(" ", "")):
        return False
    if _HOUSE.search(text) and not _FORMS.search(text):
        return False
    if text.endswith(":") or "@" in text or _NOT_NAMES.match(fold(text)) or dates(text):
        return False
    return not (_POSTAL.search(text) and not _FORMS.search(text))


def _counts(layout: Layout) -> str:
    return "\n".join(fold(cell.text) for cell in layout.cells())


def _support(layout: Layout, one: Candidate, everything: str, domains: list[str]) -> float:
    where = section(layout, one.cell)
    score = -4.0 if where == "buyer" else 0.5 if where == "seller" else 0.0
    repeats = everything.count(fold(one.value)) - 1
    score += 0.5 * min(max(repeats, 0), 3)
    if one.cell.page == 0 and one.cell.row <= 3:
        score += 0.8
    if not layout.in_foot(one.cell) and fold(one.value) in layout.foot_text:
        score += 0.6
    words = [word for word, _, _ in tokens(one.value) if len(word) >= 4]
    squeezed = "".join(word for word, _, _ in tokens(one.value))
    hosts = "".join(domains).lower().replace("-", "")
    if hosts and (any(word in hosts for word in words) or squeezed[:8] in hosts):
        score += 1.2
    return score
