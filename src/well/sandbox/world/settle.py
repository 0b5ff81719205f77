"""The last touches to a plan: ids, times of entry, payments, orders and attached files.

Invariant: ids are given once, in the order things were typed in; transactions of all kinds share
one sequence, so no two have the same id.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from well.sandbox.world.chance import number
from well.sandbox.world.model import Booking, Form
from well.sandbox.world.timing import stamp

FIRST_ID = 145
FIRST_FILE = 5001
ORDERING = frozenset({"parts", "freight", "supplies", "printing"})


@dataclass(slots=True)
class Settled:
    """What settling found: payments by id, bookings with an order, files by attachable id."""

    payments: dict[str, list[Booking]] = field(default_factory=dict)
    ordered: list[Booking] = field(default_factory=list)
    files: dict[str, tuple[Booking, Form]] = field(default_factory=dict)
    next_id: int = FIRST_ID


def settle(bookings: list[Booking], seed: int, today: date) -> Settled:
    """Completes the bookings in place (they are sorted by act and time of entry)."""
    for index, booking in enumerate(bookings):
        lag = number(seed, "lag", booking.document.id, index) % 4
        typed = min(booking.document.issued + timedelta(days=lag), today - timedelta(days=1))
        booking.created = stamp(typed, today, "typed", seed, index)
    bookings.sort(key=lambda b: (b.act, b.created.timestamp() if b.created else 0.0))
    done = Settled()
    for booking in bookings:
        booking.id = str(done.next_id)
        done.next_id += 1
        _attach(booking, done)
    _order(bookings, done, seed)
    _pay(bookings, done, seed, today)
    return done


def _attach(booking: Booking, done: Settled) -> None:
    keys = []
    for form in (booking.form, booking.extra):
        if form is not Form.NONE:
            keys.append(str(FIRST_FILE + len(done.files)))
            done.files[keys[-1]] = (booking, form)
    booking.files = tuple(keys)


def _order(bookings: list[Booking], done: Settled, seed: int) -> None:
    """About a third of the bills for goods come from a purchase order."""
    for booking in bookings:
        document = booking.document
        suits = document.seller.trade in ORDERING and not document.credit and booking.act == 1
        suits = suits and booking.scenario != "outside_window"
        if suits and not document.order and number(seed, "order", document.id) % 3 == 0:
            document.order = f"PO-{1000 + len(done.ordered)}"
            booking.order = str(done.next_id)
            done.next_id += 1
            done.ordered.append(booking)


def _pay(bookings: list[Booking], done: Settled, seed: int, today: date) -> None:
    """Bills due some time ago are paid, up to three of one vendor at a time."""
    open_runs: dict[str, str] = {}
    for booking in bookings:
        document = booking.document
        when = document.due + timedelta(days=1 + number(seed, "pays", document.id) % 9)
        if (
            document.credit
            or booking.act != 1
            or booking.change
            or booking.scenario == "outside_window"
            or when > today - timedelta(days=5)
        ):
            continue
        booking.paid = max(when, booking.created.date()) if booking.created else when
        run = open_runs.get(booking.card.id)
        if run is None or len(done.payments[run]) == 3:
            run = open_runs[booking.card.id] = str(done.next_id)
            done.next_id += 1
            done.payments[run] = []
        booking.payment = run
        done.payments[run].append(booking)
