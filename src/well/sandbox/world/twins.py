"""The same bill entered twice: a second booking of one document.

Invariant: the second booking has the same document and total as the first, so at the target there
may be only one entry for both.
"""

from dataclasses import replace
from datetime import timedelta

from well.sandbox.world.desk import Turn
from well.sandbox.world.model import Booking, Form
from well.sandbox.world.numbering import retyped


def separable(turn: Turn) -> bool:
    """Whether the number can be typed with other separators."""
    return turn.plain and any(sign in (turn.booking.number or "") for sign in "-/ ")


def two_cards(turn: Turn) -> bool:
    """Whether the supplier has a second vendor record."""
    return turn.plain and len(turn.desk.cards[turn.booking.document.seller.index]) > 1


def _copy(turn: Turn) -> Booking:
    """A second entry, sometimes a day later, often without the file."""
    booking, chance = turn.booking, turn.chance
    copy = replace(booking, dated=booking.dated + timedelta(days=chance.choice((0, 0, 0, 1))))
    copy.form = booking.form if chance.random() < 0.6 else Form.NONE
    turn.desk.bookings.append(copy)
    return copy


def again(turn: Turn) -> None:
    """The same supplier, number and total once more."""
    _copy(turn)


def number_form(turn: Turn) -> None:
    """Once more, the number typed with other separators."""
    copy = _copy(turn)
    copy.number = retyped(turn.booking.document.number)


def other_card(turn: Turn) -> None:
    """Once more, under the supplier's other vendor record."""
    copy = _copy(turn)
    first, second = turn.desk.cards[turn.booking.document.seller.index][:2]
    copy.card = second if turn.booking.card is first else first
