"""The best guess at who wrote the document.

Invariant: never the buyer, never a heading; the order of trust is a supplier label, the account
holder, a name with a legal form near the top, then the largest words of the first page's top.
"""

from collections.abc import Iterator, Sequence

from well.sandbox.qonto.analysis import labels, values
from well.sandbox.qonto.analysis.hits import find, is_label, settled
from well.sandbox.qonto.analysis.pages import Cell, Page

NAME_MAX = 90


def supplier_name(pages: Sequence[Page], buyer: Sequence[str]) -> str | None:
    """The supplier's name as printed, or None."""

    def name(text: str) -> str | None:
        return _name(text, buyer)

    labelled = settled(find(pages, labels.SUPPLIER, name))
    if labelled:
        return labelled
    first = pages[0]
    guess = _largest(first, buyer)
    holder = settled(find(pages, labels.HOLDER, name))
    return guess or holder


def is_buyer(text: str, buyer: Sequence[str]) -> bool:
    """Whether `text` names the organisation itself."""
    bare = _letters(text)
    return any(len(mine) > 3 and mine in bare for mine in map(_letters, buyer))


def _letters(text: str) -> str:
    return "".join(c for c in values.fold(text) if c.isalnum())


def _name(text: str, buyer: Sequence[str]) -> str | None:
    words = text.strip(" :,;|-–·")
    folded = values.fold(words)
    if not 2 <= len(words) <= NAME_MAX or sum(c.isalpha() for c in words) < max(2, len(words) / 2):
        return None
    if is_label(words) or labels.TITLE.match(folded) or is_buyer(words, buyer):
        return None
    return None if "@" in words or "www." in folded or values.day(words, True) else words


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
