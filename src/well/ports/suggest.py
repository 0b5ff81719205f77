"""A language model's opinion of a page, for what the finder could not read.

Promise: an opinion is never a reading; each value has to be found again on the page. Asking never
raises, and it may take as long as its adapter allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

SUGGESTED = (
    "number",
    "issue_date",
    "due_date",
    "currency",
    "net_total",
    "tax_total",
    "gross_total",
    "seller.name",
    "seller.vat_id",
    "seller.iban",
)
"""The fields that are asked for, by the names of `FieldReading.field`."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`values` by field, as texts; `trouble` is a sentence when there was no usable answer."""

    values: Mapping[str, str] = field(default_factory=dict)
    trouble: str | None = None


class Suggest(Protocol):
    """Asks a language model."""

    def __call__(self, words: str) -> Suggestion:
        """What it takes the fields to be, given the visible words of the pages."""
        ...
