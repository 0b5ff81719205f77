"""The second act: what happens in QuickBooks after the first sync.

Invariant: chosen while the world is built, so that ids and truth know it; nothing of it shows in
the first act. A bill that is only paid is no edit.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from well.sandbox.world import bodies
from well.sandbox.world.chance import stream
from well.sandbox.world.checkdigits import any_iban
from well.sandbox.world.desk import Desk
from well.sandbox.world.model import Booking, Card, Document, Form
from well.sandbox.world.numbering import retyped

CHANGES = (("amount", 0.006), ("number", 0.003), ("paid", 0.008), ("deleted", 0.003))
CLEAN = frozenset({"normal", "recurring", "short_number", "foreign_currency"})
Step = tuple[str, str, bodies.Body]


def choose(desk: Desk, bills: int) -> None:
    """Marks the bookings that will change and adds the ones that will be new."""
    clean = [booking for booking in desk.order if booking.scenario in CLEAN]
    clean.sort(key=lambda booking: booking.dated, reverse=True)
    models = clean[:]
    for change, share in CHANGES:
        for _ in range(min(len(clean), max(1, round(share * bills)))):
            clean.pop(0).change = change
    bare = [booking for booking in desk.order if booking.scenario == "no_file"]
    for booking in bare[: max(1, round(0.004 * bills))]:
        booking.change = "late_file"
    for index, like in enumerate(models[: max(2, round(0.008 * bills))]):
        desk.bookings.append(_new(desk, like, f"new-{index}"))
    _move_account(desk)


def _move_account(desk: Desk) -> None:
    """One more new bill, from a supplier well known, to be paid to an account never seen."""
    for like in desk.order:
        seller = like.document.seller
        if seller.iban and desk.sent[seller.index] >= 4 and seller.index not in desk.moved:
            last = _new(desk, like, "new-iban")
            last.document.iban = any_iban(
                "DE" if seller.country != "DE" else "IE", stream(desk.seed)
            )
            last.scenario = "new_iban"
            desk.bookings.append(last)
            return


def _new(desk: Desk, like: Booking, tag: str) -> Booking:
    """A bill of today from the seller of `like`, for another amount."""
    of, day = like.document, desk.today - timedelta(days=1)
    rate, net = of.groups[0]
    document = Document(
        id=tag,
        seller=of.seller,
        issued=day,
        due=day + timedelta(days=of.seller.terms),
        currency=of.currency,
        groups=((rate, net + 1700),),
        seed=of.seed + 1,
        number=desk.numbering.next(of.seller, day),
        iban=of.seller.iban,
    )
    return Booking(
        document, like.card, document.number, day, document.groups, Form.TEXT, "new", act=2
    )


def _edited(booking: Booking, today: date) -> bodies.Body:
    """The bill's body after its change, one version on."""
    after = replace(booking)
    if booking.change == "amount":
        rate, net = booking.groups[0]
        after.groups = ((rate, net + 1500), *booking.groups[1:])
    if booking.change == "number":
        after.number = retyped(booking.number or "")[:19] + "-B"
    if booking.change == "paid":
        after.paid = today
    return bodies.bill(after, today) | {"SyncToken": "2"}


def steps(bookings: list[Booking], today: date, payment_id: int) -> Iterator[Step]:
    """Updates, payments and deletions of the changed bills, then the new ones."""
    for booking in bookings:
        if booking.change == "deleted":
            yield "delete", booking.entity, {"Id": booking.id}
        elif booking.change in ("amount", "number", "paid"):
            yield "update", booking.entity, _edited(booking, today)
        if booking.change == "paid":
            paid = replace(booking, paid=today)
            yield "create", "BillPayment", bodies.bill_payment(str(payment_id), [paid], today)
            payment_id += 1
    for booking in bookings:
        if booking.scenario == "new_iban":
            yield "update", "Vendor", moved_vendor(booking, today)
        if booking.act == 2:
            yield "create", booking.entity, bodies.bill(booking, today)


def moved_vendor(booking: Booking, today: date) -> bodies.Body:
    """The vendor's card with the new bank account."""
    card: Card = replace(booking.card, bank=booking.document.iban)
    return bodies.vendor(card, today, version=1)


def late_files(bookings: list[Booking]) -> list[Booking]:
    """Bookings that get their file in the second act."""
    return [booking for booking in bookings if booking.change == "late_file"]
