"""A payment and the open items it may be for, seen from the payment.

Invariant: amounts are turned so that the payment is positive, and items stand in the order of
their due days; every value is computed from the two alone. It weighs references one by one and
no groups.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from well.matching.references import Reference
from well.matching.sets.subsets import Group
from well.matching.sets.values import OpenItem, Payment, shown

EQUAL_BITS, FOLDED_BITS, CORE_BITS = 10.0, 7.0, 5.0
SHORT_BITS = (0.0, 1.0, 1.5, 2.0, 4.0, 6.0, 8.0)
"""What a number of so many characters can be worth: three agree by chance."""
LISTED_MIN = 4.0
"""A number in the memo worth this much points at its item."""


@dataclass(frozen=True)
class Scene:
    """A payment and the items it may be for, in the order of their due days.

    Amounts are turned so that the payment is positive. `swapped`: one invoice (as the payment)
    and several payments (as the items); then days run the other way.
    """

    payment: Payment
    items: tuple[OpenItem, ...]
    turned: int
    swapped: bool

    @cached_property
    def amount(self) -> int:
        """What was paid, positive."""
        return self.payment.amount * self.turned

    @cached_property
    def amounts(self) -> tuple[int, ...]:
        """The balance of each item, a credit note negative."""
        return tuple(item.amount * self.turned for item in self.items)

    @cached_property
    def repeated(self) -> frozenset[int]:
        """The balances that more than one item has."""
        counts = Counter(self.amounts)
        return frozenset(amount for amount, count in counts.items() if count > 1)

    @cached_property
    def days(self) -> tuple[int | None, ...]:
        """The day each item was due, or its own day."""
        return tuple(due.toordinal() if (due := i.due or i.day) else None for i in self.items)

    @cached_property
    def typical(self) -> int:
        """The middle amount: half of the items are no larger."""
        return sorted(abs(amount) for amount in self.amounts)[len(self.items) // 2]

    @cached_property
    def hits(self) -> tuple[dict[int, float], ...]:
        """For each number in the memo the places of the items it may mean, with its bits."""
        places: dict[str, set[int]] = {}
        for place, item in enumerate(self.items):
            for form in _forms(item.reference):
                places.setdefault(form, set()).add(place)
        return tuple(
            {
                place: agreement(number, self.items[place].reference)
                for form in _forms(number)
                for place in places.get(form, ())
            }
            for number in self.payment.references
        )

    @cached_property
    def named(self) -> dict[int, float]:
        """The items that the memo may mean, by place, each with the bits of its best number."""
        found: dict[int, float] = {}
        for hit in self.hits:
            for place, bits in hit.items():
                found[place] = max(bits, found.get(place, 0.0))
        return found

    @cached_property
    def owners(self) -> tuple[frozenset[int], ...]:
        """For each number in the memo that points at items, their places; two spellings of one
        number that point at the same items count once."""
        found = (
            frozenset(place for place, bits in hit.items() if bits == max(hit.values()))
            for hit in self.hits
            if max(hit.values(), default=0.0) >= LISTED_MIN
        )
        return tuple(dict.fromkeys(found))

    @cached_property
    def listed(self) -> Group:
        """The places of all items that the memo names."""
        return tuple(sorted(frozenset().union(*self.owners)))

    @cached_property
    def shapes(self) -> frozenset[str]:
        """The formats of the numbers in the memo."""
        return frozenset(number.shape for number in self.payment.references)

    def money(self, turned: int) -> str:
        """An amount of this scene as a person reads it, with its own sign."""
        return shown(turned * self.turned, self.payment.currency)

    def total(self, group: Group) -> int:
        """What the items of a group come to."""
        return sum(self.amounts[place] for place in group)

    def lag(self, place: int) -> int | None:
        """Days from the item's own day to the payment (from invoice to payment when swapped)."""
        paid, day = self.payment.day, self.items[place].day
        if paid is None or day is None:
            return None
        return (day - paid).days if self.swapped else (paid - day).days


def _forms(number: Reference | None) -> frozenset[str]:
    """Under which forms a number is found; numbers that agree share one."""
    if number is None:
        return frozenset()
    return frozenset(form for form in (number.plain, number.folded, number.core) if form)


def agreement(number: Reference, other: Reference | None) -> float:
    """Bits for a number in a memo being this item's: equal, but for look-alikes, same digits."""
    if other is None:
        return 0.0
    if number.plain == other.plain:
        return min(EQUAL_BITS, _worth(number.plain))
    if number.folded == other.folded:
        return min(FOLDED_BITS, _worth(number.folded))
    if number.core and number.core == other.core:
        return min(CORE_BITS, _worth(number.core))
    return 0.0


def _worth(text: str) -> float:
    return SHORT_BITS[len(text)] if len(text) < len(SHORT_BITS) else EQUAL_BITS
