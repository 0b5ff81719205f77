"""Three years of supplier invoices: who invoiced what and when, and how it was booked.

Invariant: the plan before the mess is clean: each booking says what its document says. Exactly as
many bookings as asked for. What goes wrong with them is in `mess`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from well.sandbox.world.chance import number, stream
from well.sandbox.world.model import Booking, Card, Document, Form, Groups, Person
from well.sandbox.world.numbering import Numbering
from well.sandbox.world.people import SHORT
from well.sandbox.world.trades import TRADES

WINDOW_DAYS = 3 * 365 - 10
MONTHS = 35
RECURRING = 0.4


def vendor_count(bills: int) -> int:
    """How many suppliers a world of `bills` bills has."""
    return max(60, min(5000, bills // 10))


def monthly_count(bills: int) -> int:
    """How many of them invoice every month."""
    return max(3, min(vendor_count(bills) - 20, -(-int(bills * RECURRING) // MONTHS)))


def month_back(day: date, months: int) -> date:
    """The same day of the month (at most the 28th), `months` earlier."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def _document(seed: int, tag: str, person: Person, day: date, groups: Groups) -> Document:
    return Document(
        id=tag,
        seller=person,
        issued=day,
        due=day + timedelta(days=person.terms),
        currency=person.currency,
        groups=groups,
        seed=number(seed, tag),
        iban=person.iban,
    )


def _recurring(persons: list[Person], count: int, today: date) -> Iterator[tuple[Person, date]]:
    """`count` monthly invoices, the newest months first."""
    monthly = [person for person in persons if person.monthly]
    made = 0
    for back in range(MONTHS):
        for person in monthly:
            if made == count:
                return
            anchor = today.replace(day=1 + person.index * 7 % 28)
            shift = back + (1 if anchor > today - timedelta(days=4) else 0)
            yield person, month_back(anchor, shift)
            made += 1


def _net(person: Person, seed: int, index: int) -> Groups:
    """The net amounts of an occasional invoice; French food comes at two rates now and then."""
    chance = stream(seed, "net", index)
    low, high = TRADES[person.trade].price
    scale = 1 if person.currency != "JPY" else 150
    net = int(low * 100 * (high / low) ** (chance.random() ** 1.4))
    net = net - net % 100 if chance.random() < 0.3 else net
    if person.currency == "JPY":
        net = net // 100 * scale
    if person.country == "FR" and person.trade in ("food", "supplies") and chance.random() < 0.4:
        return ((person.rate, net), (2000 if person.rate != 2000 else 550, max(150, net // 3)))
    return ((person.rate, net),)


def _occasional(
    persons: list[Person], count: int, seed: int, today: date
) -> Iterator[tuple[Person, date, Groups]]:
    """Invoices that come now and then; a few suppliers send most of them."""
    chance = stream(seed, "occasional")
    pool = [person for person in persons if not person.monthly]
    weights = list(accumulate(1 / (1 + i * 0.35) for i in range(len(pool))))
    picked = chance.choices(pool, cum_weights=weights, k=count)
    # Everyone in the list at least once, as far as the count reaches.
    once = min(len(pool), count // 2)
    for index, person in enumerate(pool[:once] + picked[once:]):
        day = today - timedelta(days=chance.randrange(5, WINDOW_DAYS - 20))
        yield person, day, _net(person, seed, index)


def documents(persons: list[Person], count: int, seed: int, today: date) -> list[Document]:
    """`count` documents in order of date, numbered by their suppliers."""
    made: list[Document] = []
    for person, day in _recurring(persons, int(count * RECURRING), today):
        monthly = ((person.rate, person.monthly),)
        made.append(_document(seed, f"doc-{len(made) + 1}", person, day, monthly))
    for person, day, groups in _occasional(persons, count - len(made), seed, today):
        made.append(_document(seed, f"doc-{len(made) + 1}", person, day, groups))
    made.sort(key=lambda document: document.issued)
    return made


def credit_notes(sources: list[Document], count: int, seed: int, today: date) -> list[Document]:
    """Suppliers' credit notes about a part of earlier invoices, in order of date."""
    chance = stream(seed, "credits")
    made: list[Document] = []
    for index in range(count):
        of = sources[chance.randrange(max(1, len(sources) * 9 // 10))]
        day = min(of.issued + timedelta(days=chance.randrange(4, 40)), today - timedelta(days=4))
        rate, net = of.groups[0]
        groups = ((rate, max(100, net * chance.choice((10, 25, 50, 100)) // 100)),)
        document = _document(seed, f"credit-{index + 1}", of.seller, day, groups)
        document.credit, document.due = True, day
        made.append(document)
    return sorted(made, key=lambda document: document.issued)


def give_numbers(made: list[Document], numbering: Numbering) -> None:
    """Lets the suppliers number their documents in order of date."""
    for document in sorted(made, key=lambda one: one.issued):
        document.number = numbering.next(document.seller, document.issued, document.credit)


def base_scenario(document: Document) -> str:
    """The name of a clean document's kind."""
    if document.credit:
        return "vendor_credit"
    if document.currency != "EUR":
        return "yen" if document.currency == "JPY" else "foreign_currency"
    if document.seller.numbering == SHORT:
        return "short_number"
    if document.seller.monthly:
        return "recurring"
    return "normal"


def booked(document: Document, cards: list[Card], seed: int) -> Booking:
    """The document typed in rightly, under one of its supplier's cards."""
    card = cards[0] if len(cards) == 1 else cards[number(seed, "card", document.id) % 10 // 7]
    return Booking(
        document=document,
        card=card,
        number=document.number,
        dated=document.issued,
        groups=document.groups,
        form=Form.TEXT,
        scenario=base_scenario(document),
    )
