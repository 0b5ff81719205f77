"""The best guess at who wrote the document.

Invariant: never the buyer, never a heading; the order of trust is a supplier label, the account
holder, a name with a legal form near the top, then the largest words of the first page's top.
"""

from collections.abc import Iterator, Sequence

from well.sandbox.analysis import labels, values
from well.sandbox.analysis.hits import Hit, after_label, find, is_label, settled
from well.sandbox.analysis.pages import Cell, Page, Row

NAME_MAX = 90
WORDS_MAX = 8


def supplier_name(pages: Sequence[Page], buyer: Sequence[str]) -> str | None:
    """The supplier's name as printed, or None."""

    def name(text: str) -> str | None:
        return _name(text, buyer)

    labelled = settled(list(_labelled(pages, buyer)))
    if labelled:
        return labelled
    first = pages[0]
    guess = _largest(first, buyer)
    holder = settled(find(pages, labels.HOLDER, name))
    return guess or holder


def _labelled(pages: Sequence[Page], buyer: Sequence[str]) -> Iterator[Hit[str]]:
    """Names at a supplier label. Beside it even a name such as `Total Energies` is a name."""
    for page in pages:
        for at, row in enumerate(page):
            for place, cell in enumerate(row):
                match = after_label(cell.text, labels.SUPPLIER)
                # Only a whole cell `From` is a label: sentences may begin with such a word.
                if match and not (match[0].rank and match[1]):
                    beside = match[1] or (row[place + 1].text if place + 1 < len(row) else "")
                    found = _words(beside, buyer) or _under(page[at + 1 : at + 2], cell, buyer)
                    if found:
                        yield Hit(match[0].rank, found)


def _under(rows: Sequence[Row], label: Cell, buyer: Sequence[str]) -> str | None:
    under = (cell for row in rows for cell in row if abs(cell.left - label.left) < label.height)
    return next((_name(cell.text, buyer) for cell in under), None)


def is_buyer(text: str, buyer: Sequence[str]) -> bool:
    """Whether `text` names the organisation itself."""
    bare = _letters(text)
    return any(len(mine) > 3 and mine in bare for mine in map(_letters, buyer))


def _letters(text: str) -> str:
    return "".join(c for c in values.fold(text) if c.isalnum())


def _words(text: str, buyer: Sequence[str]) -> str | None:
    """A text that can be a name: mostly letters, not long, not the buyer's, no address."""
    words = text.strip(" :,;|-–·")
    if not 2 <= len(words) <= NAME_MAX or len(words.split()) > WORDS_MAX:
        return None
    if sum(c.isalpha() for c in words) < max(2, len(words) / 2) or is_buyer(words, buyer):
        return None
    return None if "@" in words or "www." in words.lower() or values.day(words, True) else words


def _name(text: str, buyer: Sequence[str]) -> str | None:
    """The same where no label vouches for it: then it may not look like a label or a heading."""
    words = _words(text, buyer)
    if words is None or is_label(words) or labels.TITLE.match(values.fold(words)):
        return None
    return words


def _candidates(page: Page, buyer: Sequence[str]) -> Iterator[tuple[Cell, str]]:
    """Names in the page's upper part, above the lines: text cells that are no label's value."""
    for row in page[:14]:
        for cell in row:
            found = _name(cell.text, buyer)
            if found and ":" not in cell.text:
                yield cell, found


def _largest(page: Page, buyer: Sequence[str]) -> str | None:
    """The name with a legal form in the largest print, else simply the largest print."""
    found = list(_candidates(page, buyer))
    formal = [item for item in found if labels.LEGAL_FORM.search(values.fold(item[1]))]
    for pool in (formal, found):
        if pool:
            size = max(cell.height for cell, _ in pool)
            return next(text for cell, text in pool if cell.height > size - 0.8)
    return None
