"""The bookkeeper's desk: all that the scenarios need while the books are being spoiled.

Invariant: bookings and entries are only added, never taken away. Lives only while a world is built.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from well.sandbox.world.model import Booking, Card, Entry
from well.sandbox.world.numbering import Numbering


@dataclass(slots=True)
class Desk:
    """`sent` counts invoices by seller; `settled` is the day of a seller's third one, from when on
    it has a usual account; `moved` are sellers whose bank account changed."""

    seed: int
    today: date
    numbering: Numbering
    cards: dict[int, list[Card]]
    bookings: list[Booking]
    entries: list[Entry] = field(default_factory=list)
    sent: Counter[int] = field(default_factory=Counter)
    settled: dict[int, date] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    order: list[Booking] = field(default_factory=list)

    def count_invoices(self) -> None:
        """Fill `sent` and `settled` from the bookings."""
        days: dict[int, list[date]] = {}
        for booking in self.bookings:
            if not booking.document.credit:
                days.setdefault(booking.document.seller.index, []).append(booking.dated)
        self.sent.update({seller: len(dates) for seller, dates in days.items()})
        self.settled = {
            seller: sorted(dates)[2] for seller, dates in days.items() if len(dates) > 2
        }

    def bill_count(self) -> int:
        """Bills (not credits) so far."""
        return sum(not booking.document.credit for booking in self.bookings)

    def clean(self, chance: Random) -> Iterator[Booking]:
        """Bookings from a random place on, around the whole list once."""
        start = chance.randrange(len(self.order))
        yield from self.order[start:]
        yield from self.order[:start]


@dataclass(frozen=True, slots=True)
class Turn:
    """One booking taken in hand by a scenario, with the scenario's own chance."""

    booking: Booking
    desk: Desk
    chance: Random

    @property
    def plain(self) -> bool:
        """Whether the booking is an ordinary one in euros that nothing has happened to."""
        return self.booking.scenario in ("normal", "recurring")
