"""Which register a number of a legal person is of, and whether two rows have numbers of one.

Invariant: two different numbers of one register are two persons; numbers of two registers say
nothing of each other, for a firm may stand in both. Nothing is looked up.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from well.matching.columns import RawTexts
from well.matching.identifiers import legal_ids, siren, tax_id
from well.matching.vocabulary import Coded, Ints, Ragged, distinct, shared


class LegalPerson(NamedTuple):
    """A number and its register, "" when unknown; two numbers of one register are two persons."""

    register: str
    number: str


def legal_person(text: str, country: str) -> LegalPerson | None:
    """The legal person inside a number where it can be told, else the valid number itself."""
    tax = tax_id(text, country)
    inside = min(legal_ids(text, country), default=None)
    if tax is not None:
        return LegalPerson(tax[:2], inside or tax)
    if inside is None:
        return None
    # Numbers of company registers carry the country and a blank; a bare one may be a SIREN.
    register = inside[:3] if " " in inside else "FR" if siren(inside) == inside else ""
    return LegalPerson(register, inside)


def one_register(ours: RawTexts, i: Ints, theirs: RawTexts, j: Ints) -> npt.NDArray[np.bool_]:
    """Whether row `i[n]` and row `j[n]` have numbers of one register; the raw values are pairs of
    numbers and country."""
    codes: dict[str, int] = {}
    every = np.arange(len(i), dtype=np.int64)
    found = np.zeros(len(i), dtype=np.bool_)
    place, _ = shared(_coded(codes, ours, i), every, _coded(codes, theirs, j), every)
    found[place] = True
    return found


def _coded(codes: dict[str, int], texts: RawTexts, rows: Ints) -> Coded:
    """The registers of each of `rows`, numbered by `codes`."""
    groups, place = distinct(texts.groups[rows])
    raws: Sequence[Any] = [texts.raws[group] for group in groups.tolist()]
    lists = [[codes.setdefault(one, len(codes)) for one in _registers(*raw)] for raw in raws]
    return Coded(place, Ragged.of(lists))


@lru_cache(maxsize=65_536)
def _registers(numbers: str | tuple[str, ...], country: str) -> tuple[str, ...]:
    texts = (numbers,) if isinstance(numbers, str) else numbers
    persons = [legal_person(text, country) for text in texts]
    return tuple(dict.fromkeys(person.register for person in persons if person))
