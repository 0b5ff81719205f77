"""Where one supplier prints its values, learned from one reviewed document; plain data.

Invariant: it holds texts that stay the same from document to document and places, never the
values of a document, except the supplier's own name, VAT id and currency.
"""

from dataclasses import dataclass
from typing import Literal

Relation = Literal["behind", "right", "below", "place"]


@dataclass(frozen=True, slots=True)
class LearnedField:
    """How to find one field again: a value of its form that stands so to the `anchor`.

    `anchor` is folded text right before the value ("behind"), in the cell to its left ("right"
    of the anchor) or above it ("below"); at a "place" it is empty. `left` and `right` are the
    value's edges as shares of the page's width, `top` of its height. `shape` is the printed
    form: 9 for digits, A for letters, other signs as they are.
    """

    field: str
    relation: Relation
    anchor: str
    left: float
    right: float
    top: float
    shape: str


@dataclass(frozen=True, slots=True)
class LearnedLayout:
    """One supplier's page. `marks` are words that every document of it carries, with their place.

    The supplier is known by `vat_id`, `iban` or `name`, canonical or as printed.
    `month_first` is None when its dates did not tell.
    """

    vat_id: str | None
    iban: str | None
    name: str | None
    currency: str | None
    month_first: bool | None
    marks: tuple[str, ...]
    fields: tuple[LearnedField, ...]
