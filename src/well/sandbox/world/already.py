"""What Qonto already has before the first sync: the same documents, and look-alikes.

Invariant: an entry is about exactly one document; a booking whose document has an entry names it.
Look-alikes have documents of their own that no booking is about.
"""

from datetime import date, timedelta
from uuid import UUID

from well.sandbox.world.chance import number, stream
from well.sandbox.world.desk import Desk, Turn
from well.sandbox.world.model import Document, Entry, Person
from well.sandbox.world.numbering import retyped
from well.sandbox.world.people import other_spelling, sibling


def entry_id(seed: int, tag: object) -> str:
    """A version 4 shaped UUID fixed by seed and tag."""
    raw = number(seed, "entry", tag) << 64 | number(seed, "entry-low", tag)
    return str(UUID(int=raw, version=4))


def _add(desk: Desk, document: Document, supplier: str, file_as_booked: bool = False) -> Entry:
    entry = Entry(
        id=entry_id(desk.seed, document.id),
        document=document,
        supplier=supplier,
        number=document.number,
        total=None,
        same_file=file_as_booked,
    )
    desk.entries.append(entry)
    return entry


def _known(turn: Turn, supplier: str, same_file: bool = False) -> Entry:
    entry = turn.booking.entry = _add(turn.desk, turn.booking.document, supplier, same_file)
    return entry


def plain(turn: Turn) -> None:
    """The same invoice under the supplier's right name."""
    _known(turn, turn.booking.document.seller.name, turn.chance.random() < 0.5)


def spelling(turn: Turn) -> None:
    """The same invoice, the supplier spelled in another way."""
    _known(turn, other_spelling(turn.booking.document.seller, turn.chance))


def number_form(turn: Turn) -> None:
    """The same invoice, its number written with other separators."""
    entry = _known(turn, other_spelling(turn.booking.document.seller, turn.chance))
    entry.number = retyped(turn.booking.document.number)


def cents(turn: Turn) -> None:
    """The same invoice, its total read a few cents off."""
    entry = _known(turn, turn.booking.document.seller.name)
    entry.total = turn.booking.total + turn.chance.choice((-3, -2, -1, 1, 2, 4))


def unread(turn: Turn) -> None:
    """The same file, not analysed: nothing is known of it but its name and bytes."""
    entry = _known(turn, turn.booking.document.seller.name, same_file=True)
    entry.analysed, entry.number = False, None


def monthly(turn: Turn) -> bool:
    """Whether the bill is one of a row of equal ones."""
    return turn.booking.scenario == "recurring"


def _lookalike(
    desk: Desk, of: Document, seller: Person, tag: str, day: date, iban: str | None
) -> Document:
    return Document(
        id=f"{tag}-{of.id}",
        seller=seller,
        issued=day,
        due=day + timedelta(days=seller.terms),
        currency=of.currency,
        groups=of.groups,
        seed=number(desk.seed, tag, of.id),
        number=desk.numbering.next(seller, day),
        iban=iban,
    )


def other_month(turn: Turn) -> None:
    """Same supplier, same amount, another number: a second contract, some days apart."""
    of = turn.booking.document
    day = min(of.issued + timedelta(days=turn.chance.choice((-30, -12, 9, 30))), turn.desk.today)
    document = _lookalike(turn.desk, of, of.seller, "contract", day, of.iban)
    _add(turn.desk, document, of.seller.name)


def sibling_entry(turn: Turn) -> None:
    """Nearly the same supplier name, the same amount, a near date; another firm and number."""
    of = turn.booking.document
    other = sibling(of.seller, turn.desk.seed)
    day = min(of.issued + timedelta(days=turn.chance.choice((-6, -2, 3, 8))), turn.desk.today)
    _add(turn.desk, _lookalike(turn.desk, of, other, "sibling", day, other.iban), other.name)


def strangers(desk: Desk, persons: list[Person], count: int) -> None:
    """Entries of the company's own uploads that QuickBooks never saw."""
    chance = stream(desk.seed, "strangers")
    bookings = [one for one in desk.bookings if one.document.currency == "EUR"]
    for index in range(count if bookings else 0):
        of = bookings[chance.randrange(len(bookings))].document
        seller = persons[chance.randrange(len(persons))]
        if seller.currency != of.currency:
            continue
        day = min(of.issued + timedelta(days=chance.randrange(2, 60)), desk.today)
        document = _lookalike(desk, of, seller, f"stranger{index}", day, seller.iban)
        rate, net = of.groups[0]
        document.groups = ((rate, net + chance.randrange(300, 9000)),)
        _add(desk, document, seller.name)
