"""Who sells, from the text of the pages: name, VAT id, IBAN, web domain.

Invariant: what stands in the buyer's part of the page is not the seller's. Names are printed
text; nothing is completed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from well.documents.reading.candidates import Candidate, best, labelled, reading
from well.documents.reading.layout import Layout, Spot
from well.documents.reading.pages import Cell
from well.documents.reading.recognise import Match, ibans, local_vat_ids, vat_ids
from well.documents.reading.words import fold
from well.domain.invoice import FieldReading

_MAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,12})\b", re.ASCII)
_SITE = re.compile(r"\b(?:https?://|www\.)([\w-]{1,63}(?:\.[\w-]{1,63})+)", re.ASCII)
_POSTAL_LINE = re.compile(
    r"^(?:[A-Z]{1,2}[- ])?\d{4,5}(?: ?[A-Z]{2})? [^\W\d]|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
    r"|, [A-Z]{2} \d{5}"
)
_COLUMN = 12.0
_SECTION_ROWS = 14


def read_vat_id(layout: Layout, seller: str | None = None) -> dict[str, FieldReading]:
    """Reading of the seller's VAT id; `seller` is the name read before."""
    name = fold(seller or "")
    spots = layout.of("vat_id")
    local = {_key(one): one for one in labelled(layout, spots, local_vat_ids)}
    near = {_key(one): one for one in labelled(layout, spots, vat_ids)} | local
    buyers = {one.value for one in labelled(layout, layout.of("buyer_vat_id"), _any_vat_ids)}
    found_all = [*_all(layout, "vat"), *local.values()]
    buyers |= {one.value for one in found_all if section(layout, one.cell) == "buyer"}
    found = best(
        replace(one, score=_party_score(layout, one, _key(one) in near, name))
        for one in found_all
        if one.value not in buyers
    )
    if found is None:
        return {}
    confidence = 0.95 if found.sure else 0.85
    return {"seller.vat_id": reading("seller.vat_id", found, layout, confidence)}


def _any_vat_ids(text: str) -> list[Match]:
    return [*vat_ids(text), *local_vat_ids(text)]


def read_iban(layout: Layout) -> dict[str, FieldReading]:
    """Reading of the account to pay to; an unlabelled one must have right check digits."""
    near = {_key(one) for one in labelled(layout, layout.of("iban"), ibans)}
    found = best(
        replace(one, score=2.0 * one.sure + (_key(one) in near) + 0.1)
        for one in _all(layout, "iban")
        if one.sure or _key(one) in near
    )
    if found is None:
        return {}
    return {"seller.iban": reading("seller.iban", found, layout, 0.97 if found.sure else 0.5)}


def read_contacts(layout: Layout) -> dict[str, FieldReading]:
    """Readings of the seller's e-mail and website, outside the buyer's part."""
    found: dict[str, FieldReading] = {}
    for name, pattern in (("seller.email", _MAIL), ("seller.website", _SITE)):
        for cell in layout.cells():
            match = pattern.search(cell.text)
            if match and section(layout, cell) != "buyer":
                one = Candidate(match[0], 1.0, cell, match.start(), match.end())
                found[name] = reading(name, one, layout, 0.8)
                break
    return found


def _key(one: Candidate) -> tuple[int, int]:
    return id(one.cell), one.start


def _all(layout: Layout, kind: str) -> Iterator[Candidate]:
    find = vat_ids if kind == "vat" else ibans
    for cell in layout.cells():
        for match in find(cell.text):
            yield Candidate(match.value, 0.0, cell, match.start, match.end, match.sure)


def _party_score(layout: Layout, one: Candidate, labelled_: bool, name: str) -> float:
    where = section(layout, one.cell)
    place = 1.5 if where == "seller" else 0.5
    place += _beside_name(layout, one.cell, name) + (
        1.0 if name and layout.in_foot(one.cell) else 0
    )
    first = 0.3 if one.cell.page == 0 else 0.0
    return 1.0 + place + 1.0 * labelled_ + 0.6 * one.sure + first - 0.01 * one.cell.row / 10


def _beside_name(layout: Layout, cell: Cell, name: str) -> float:
    """1.5 in the seller's own lines, -1.5 in the address of somebody else."""
    block = [*layout.column(cell, _COLUMN, _SECTION_ROWS)]
    if name:
        if name in fold(cell.text):
            return 1.5
        # The line "Name · street · town" stands above the buyer's address in a window envelope.
        own = [one for one in (*block, *layout.row(cell)) if len(one.text) <= len(name) + 12]
        if any(name in fold(one.text) for one in own):
            return 1.5
    elif any(_heads(spot) for spot in layout.of("buyer")):
        return 0.0
    # An address has a postal code in a line of its own above the id.
    return -1.5 if any(_POSTAL_LINE.search(one.text) for one in block[1:]) else 0.0


def section(layout: Layout, cell: Cell) -> str | None:
    """Whose heading is the nearest above a cell: seller, buyer, payee or nobody's (None).

    Looked for in the cell's own column, then in that of the first cell of its row.
    """
    known = layout.sections.get(id(cell), "")
    if known == "" and any(x.field == "buyer" and x.start <= 3 for x in layout.labels[id(cell)]):
        known = layout.sections[id(cell)] = "buyer"
    if known == "":
        first = layout.row(cell)[0]
        known = _heading_above(layout, cell)
        if known is None and first is not cell:
            known = _heading_above(layout, first)
        layout.sections[id(cell)] = known
    return known


def _heading_above(layout: Layout, cell: Cell) -> str | None:
    """Field of the nearest heading above in the block of lines that a cell belongs to."""
    heads = {id(spot.cell): spot for spot in layout.of("seller", "buyer", "payee") if _heads(spot)}
    for above in layout.column(cell, _COLUMN, _SECTION_ROWS):
        if id(above) in heads:
            return heads[id(above)].label.field
    return None


def _heads(spot: Spot) -> bool:
    """Whether a label stands alone at the start of its cell, as a heading does."""
    heading = spot.cell.text.partition(":")[0].strip()
    return spot.label.start <= 3 and spot.label.end - spot.label.start >= 0.75 * len(heading)
