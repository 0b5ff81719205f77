"""Suppliers: legal persons with addresses, numbers, prices, and how QuickBooks spells them.

Invariant: names, VAT ids and IBANs are unique in one world; the first suppliers are the awkward
names. A person may have two cards (Vendor records), as in real books.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from well.sandbox.world import wordlist as words
from well.sandbox.world.chance import digits, stream
from well.sandbox.world.checkdigits import any_iban, tax_ids
from well.sandbox.world.ledger import EU
from well.sandbox.world.model import Card, Person
from well.sandbox.world.trades import MONTHLY, OCCASIONAL, TRADES

FIRST_CARD = 56
STYLES = 8
SHORT = 8
"""The numbering style of three digits."""
YEN = len(words.SPECIAL) - 1


def plain(text: str) -> str:
    """Lower-case ASCII letters, digits and dashes: for web addresses."""
    flat = unicodedata.normalize("NFKD", text.replace("Œ", "Oe").replace("ß", "ss"))
    return re.sub(r"[^a-z0-9]+", "-", flat.encode("ascii", "ignore").decode().lower()).strip("-")


def _country(chance: Random) -> str:
    countries = [c for c, _ in words.COUNTRIES]
    return chance.choices(countries, [w for _, w in words.COUNTRIES])[0]


def _names(chance: Random, taken: set[str], country: str) -> tuple[str, str]:
    """(core name, legal form), never used before in this world."""
    first, second = words.FIRST[country], words.SECOND[country]
    for attempt in range(60):
        core = f"{chance.choice(first)} {chance.choice(second)}"
        if attempt > 3:
            core += f" {chance.choice(words.TOWNS[country])[1].split(',')[0]}"
        if attempt > 8:
            core += f" {chance.randrange(2, 99)}"
        if core not in taken:
            break
    return core, chance.choice(words.FORMS[country])


def _tax_rate(country: str, trade: str, chance: Random) -> int:
    """What the supplier charges: French rates at home, mostly reverse charge from the EU."""
    if country == "FR":
        return TRADES[trade].rate
    if country in EU and trade == "travel":
        return 1900 if country == "DE" else 2100
    if country in ("DE", "NL", "ES", "BE") and chance.random() < 0.25:
        return 1900 if country == "DE" else 2100
    return 0


def _person(index: int, seed: int, taken: set[str], monthly: bool) -> Person:
    chance = stream(seed, "person", index)
    if index < len(words.SPECIAL):
        country, core, form = words.SPECIAL[index]
    else:
        # The first monthly suppliers are French: scenarios that need euros always find them.
        country = "FR" if index < len(words.SPECIAL) + 3 else _country(chance)
        core, form = _names(chance, taken, country)
    trade = chance.choice(MONTHLY if monthly else OCCASIONAL)
    postcode, city = chance.choice(words.TOWNS[country])
    register, vat = tax_ids(country, chance)
    low, high = TRADES[trade].price
    return Person(
        index=index,
        name=f"{core} {form}",
        core=core,
        country=country,
        lang=words.LANGS.get(country, "en"),
        street=f"{chance.randrange(1, 180)} {chance.choice(words.STREETS[country])}",
        postcode=postcode,
        city=city,
        register=register,
        vat=vat,
        iban=any_iban(country, chance),
        domain=f"{plain(core)}.{words.TLDS[country]}",
        phone=f"{words.DIALS[country]} {digits(chance, 4)} {digits(chance, 4)}",
        trade=trade,
        layout=chance.choice(TRADES[trade].layouts),
        wording=chance.randrange(6),
        numbering=chance.randrange(STYLES),
        currency=words.CURRENCIES.get(country, "EUR"),
        terms=chance.choice((0, 14, 30, 30, 30, 45)),
        rate=_tax_rate(country, trade, chance),
        monthly=chance.randrange(low * 100, high * 100) if monthly else 0,
    )


def people(count: int, monthly: int, seed: int) -> list[Person]:
    """`count` suppliers, of which the `monthly` ones after the awkward names invoice each month."""
    found: list[Person] = []
    taken: set[str] = set()
    start = len(words.SPECIAL)
    for index in range(count):
        person = _person(index, seed, taken, start <= index < start + monthly)
        # One supplier with three-digit numbers and one paid in yen are always there.
        if index == start:
            person = replace(person, numbering=SHORT)
        if index == YEN:
            person = replace(person, currency="JPY", rate=0)
        taken.add(person.core)
        found.append(person)
    return found


def sibling(person: Person, seed: int) -> Person:
    """Another legal person with nearly the same name, as Dupont Conseil is to Dupont Services."""
    chance = stream(seed, "sibling", person.index)
    stem, _, last = person.core.rpartition(" ")
    core = f"{stem or last} {'Conseil' if last != 'Conseil' else 'Services'}"
    register, vat = tax_ids(person.country, chance)
    form = chance.choice(words.FORMS[person.country])
    return replace(
        person,
        index=-1 - person.index,
        name=f"{core} {form}",
        core=core,
        register=register,
        vat=vat,
        iban=any_iban(person.country, chance),
        domain=f"{plain(core)}.{words.TLDS[person.country]}",
    )


def other_spelling(person: Person, chance: Random) -> str:
    """The same legal person as another tool would write it."""
    style = chance.randrange(5)
    if style == 0:
        return person.core
    if style == 1:
        return person.name.upper()
    if style == 2:
        return plain(person.core).replace("-", " ").title()
    if style == 3:
        return f"{person.core.upper()} {person.city.split(',')[0].upper()}"
    return f"{person.core}, {person.name[len(person.core) + 1 :].replace('.', '')}"


def _spelling(person: Person, chance: Random) -> str:
    """How the vendor card is typed: mostly rightly."""
    if person.index == 2:
        return f"{person.core} \N{SUN WITH FACE}"
    draw = chance.random()
    if draw < 0.72 or person.index < len(words.SPECIAL):
        return person.name
    if draw < 0.84:
        return person.core
    if draw < 0.92:
        return person.name.upper()
    return f"{plain(person.core).replace('-', '').upper()[:14]}*{person.city[:8].upper()}"


def cards(persons: list[Person], seed: int, opened: date) -> list[Card]:
    """The Vendor records: one for each person, a second one for about 4 % of them."""
    found: list[Card] = []
    used: set[str] = set()
    for person in persons:
        chance = stream(seed, "card", person.index)
        names = [_spelling(person, chance)]
        if person.index % 25 == 10:
            names.append(_second_name(person, names[0]))
        for number, wish in enumerate(names):
            card = str(FIRST_CARD + len(found))
            # QuickBooks refuses two vendors of one display name.
            name = wish if wish not in used else f"{wish} {card}"
            used.add(name)
            bare = number > 0 or chance.random() < 0.2
            found.append(
                Card(
                    id=card,
                    person=person,
                    name=name,
                    created=opened + timedelta(days=chance.randrange(0, 25)),
                    tax_id=None if bare else person.vat,
                    web=None if bare or chance.random() < 0.15 else f"https://www.{person.domain}",
                    bank=person.iban if chance.random() < 0.3 and not bare else None,
                )
            )
    return found


def _second_name(person: Person, first: str) -> str:
    """A second card's name: another spelling than the first."""
    for name in (person.core.upper(), person.core, f"{person.name} (old)"):
        if name != first:
            return name
    return f"{person.name} 2"
