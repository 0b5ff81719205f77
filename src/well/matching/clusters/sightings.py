"""Rows in canonical form, as numbers: who was seen, once for each distinct combination.

Invariant: a number depends on the values seen and never on the order of the rows; what is not
valid is missing, so it speaks neither for nor against. It compares nothing.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from well.matching.clusters.places import Place, place
from well.matching.contacts import country_code, phone
from well.matching.domains import domain
from well.matching.identifiers import iban
from well.matching.names import Name, parse
from well.matching.registers import LegalPerson, legal_person
from well.matching.vocabulary import ABSENT, Ints

Value = TypeVar("Value")


class Sighting(NamedTuple):
    """What one row says about a counterparty, as typed; "" is missing."""

    name: str
    number: str = ""
    iban: str = ""
    site: str = ""
    address: str = ""
    phone: str = ""
    country: str = ""


class _Column(Generic[Value]):
    """One column; `read` is asked once for each distinct text with the country beside it."""

    def __init__(self, read: Callable[[str, str], Value | None]) -> None:
        self._read = read
        self._group: dict[tuple[str, str], int] = {}
        self._rows = array("i")

    def add(self, text: str, country: str = "") -> None:
        """The text of one more row."""
        key = (text, country if text else "")
        self._rows.append(self._group.setdefault(key, len(self._group)))

    def done(self, order: Callable[[Value], tuple[str, ...]]) -> tuple[Ints, list[Value]]:
        """Each row's value as a number, and the distinct values in order; forgets the texts."""
        found = [self._read(*key) for key in self._group]
        self._group.clear()
        values = sorted({value for value in found if value is not None}, key=order)
        number = {value: n for n, value in enumerate(values)}
        codes = [ABSENT if value is None else number[value] for value in found]
        rows = np.frombuffer(self._rows, dtype=np.int32) if self._rows else np.zeros(0, np.int32)
        return np.array(codes, dtype=np.int64)[rows], values


@dataclass(frozen=True, slots=True)
class Crowd:
    """Distinct sightings, sorted by name; the columns hold numbers into the lists of values.

    `of_row` is each row's sighting.
    """

    of_row: Ints
    name: Ints
    person: Ints
    account: Ints
    domain: Ints
    place: Ints
    phone: Ints
    country: Ints
    names: list[Name]
    persons: list[LegalPerson]
    places: list[Place]
    countries: int
    """How many countries there are."""

    def __len__(self) -> int:
        return len(self.name)


class Gatherer:
    """Takes rows one at a time; `crowd` gives all of them in canonical form."""

    def __init__(self) -> None:
        self._name = _Column(_name)
        self._person = _Column(legal_person)
        self._account = _Column(lambda text, _: iban(text))
        self._domain = _Column(lambda text, _: domain(text))
        self._place = _Column(lambda text, _: place(text))
        self._phone = _Column(phone)
        self._country = _Column(lambda text, _: country_code(text))

    def add(self, seen: Sighting) -> None:
        """One more row."""
        self._name.add(seen.name)
        self._person.add(seen.number, seen.country)
        self._account.add(seen.iban)
        self._domain.add(seen.site)
        self._place.add(seen.address)
        self._phone.add(seen.phone, seen.country)
        self._country.add(seen.country)

    def crowd(self) -> Crowd:
        """All rows added; their texts are forgotten, so it can be asked once."""
        name, names = self._name.done(lambda known: (*known.words, "", known.form or ""))
        person, persons = self._person.done(lambda known: known)
        located, places = self._place.done(lambda known: (known.number, *known.street))
        plain = [self._account, self._domain, self._phone, self._country]
        (account, _), (site, _), (dialled, _), (country, countries) = (
            column.done(lambda text: (text,)) for column in plain
        )
        table = np.stack([name, person, account, site, located, dialled, country], axis=1)
        distinct, of_row = np.unique(table, axis=0, return_inverse=True)
        one, two, three, four, five, six, seven = np.ascontiguousarray(distinct.T)
        return Crowd(
            *(of_row.reshape(-1), one, two, three, four, five, six, seven),
            *(names, persons, places, len(countries)),
        )


def crowd(seen: Iterable[Sighting]) -> Crowd:
    """The rows in canonical form."""
    gatherer = Gatherer()
    for one in seen:
        gatherer.add(one)
    return gatherer.crowd()


def _name(text: str, _: str) -> Name | None:
    """What follows a comma behind the legal form is an address: `ACME B.V., UTRECHT, NL`."""
    head, _, rest = text.partition(",")
    known = parse(head)
    if known.form is None or parse(rest).form is not None:
        known = parse(text)
    return known if known.core else None
