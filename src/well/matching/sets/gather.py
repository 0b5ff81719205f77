"""The groups worth weighing for one payment: those that fit its sum and those its memo names.

Invariant: up to `exact_max` items every group of up to `size_max` is tried; above that only the
likely ones, and `truncated` says so. A sign is never dropped: a refund meets credit notes only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from well.matching.sets.residuals import spans
from well.matching.sets.scene import LISTED_MIN, Scene, agreement
from well.matching.sets.subsets import NOTHING, Found, Group, Span, all_groups, likely_groups
from well.matching.sets.values import AMOUNT_MAX, Limits, OpenItem, Payment, Terms


@dataclass(frozen=True, slots=True)
class Gathered:
    """`exact` add up, `near` miss by what a line may explain, `named` are those of the memo."""

    exact: Found
    near: Found
    named: tuple[Group, ...]
    truncated: bool


def checked(payment: Payment, items: Sequence[OpenItem]) -> None:
    """ValueError, with a sentence, for an amount beyond exact sums or an id given twice."""
    amounts = [(payment.id, payment.amount), *((item.id, item.amount) for item in items)]
    for id, amount in amounts:
        if abs(amount) > AMOUNT_MAX:
            raise ValueError(f"The amount of {id!r} is too large to be added up safely.")
    ids = sorted(item.id for item in items)
    for one, next_one in pairwise(ids):
        if one == next_one:
            raise ValueError(f"The id {one!r} is given twice.")


def payer(payment: Payment, items: Sequence[OpenItem]) -> str:
    """Whose payment it is: as told, or the one owner of all items its memo names; else ""."""
    if payment.counterparty:
        return payment.counterparty
    owners = {
        item.counterparty
        for item in items
        if any(agreement(number, item.reference) >= LISTED_MIN for number in payment.references)
    }
    return owners.pop() if len(owners) == 1 else ""


def scene_of(
    payment: Payment, items: Sequence[OpenItem], owner: str, limits: Limits, swapped: bool
) -> tuple[Scene, bool]:
    """The owner's items of the same currency inside the window; whether some were left away."""
    turned = 1 if payment.amount > 0 else -1
    eligible = [
        item
        for item in items
        if item.counterparty == owner
        and item.currency == payment.currency
        and (item.amount * turned > 0 or (turned > 0 and item.amount < 0))
        and _in_window(payment.day, item.day, limits, swapped)
    ]
    kept = sorted(eligible, key=_by_due)[: limits.items_max]
    return Scene(payment, tuple(kept), turned, swapped), len(kept) < len(eligible)


def _in_window(paid: date | None, day: date | None, limits: Limits, swapped: bool) -> bool:
    if paid is None or day is None:
        return True
    lag = (day - paid).days if swapped else (paid - day).days
    return -limits.days_after <= lag <= limits.days_before


def _by_due(item: OpenItem) -> tuple[date, date, str]:
    return item.due or item.day or date.max, item.day or date.max, item.id


def gather(scene: Scene, terms: Terms, limits: Limits) -> Gathered:
    """All groups to weigh; the scene has a payment that is not zero."""
    count, most = len(scene.items), limits.listed_max
    if not count:
        return Gathered(NOTHING, NOTHING, (), False)
    all_tried = count <= limits.exact_max
    target = Span(scene.amount, scene.amount)
    exact = likely_groups(scene.amounts, target, count <= limits.triples_max, most)
    if all_tried:
        every = all_groups(scene.amounts, target, limits.size_max, most)
        exact = _with(every, exact.groups)
    near = [
        likely_groups(scene.amounts, span, all_tried, most)
        for span in _around(scene, terms, limits)
    ]
    named = _named(scene, limits)
    summed = tuple(group for group in named if scene.total(group) == scene.amount)
    truncated = exact.cut or not all_tried
    return Gathered(_with(exact, summed), _joined(near), named, truncated)


def _with(found: Found, further: Sequence[Group]) -> Found:
    """The groups found, with further ones that may be among those only counted."""
    known = frozenset(found.groups)
    late = tuple(group for group in further if group not in known)
    counted = dict(found.unlisted)
    for group in late:
        counted[len(group)] = counted.get(len(group), 0) - 1
    unlisted = tuple((size, number) for size, number in sorted(counted.items()) if number > 0)
    return Found((*found.groups, *late), unlisted, found.cut)


def _around(scene: Scene, terms: Terms, limits: Limits) -> list[Span]:
    """The spans of near sums, without the sum itself."""
    found = []
    for span in spans(scene.amount, not scene.swapped, limits.size_max, terms):
        below = Span(span.low, min(span.high, scene.amount - 1))
        above = Span(max(span.low, scene.amount + 1), span.high)
        found += [part for part in {below, above} if part.low <= part.high]
    return found


def _joined(found: Sequence[Found]) -> Found:
    groups = tuple(group for part in found for group in part.groups)
    return Found(groups, tuple(pair for part in found for pair in part.unlisted), False)


def _named(scene: Scene, limits: Limits) -> tuple[Group, ...]:
    """What the memo names: all of it, parts of it, or with up to two further items."""
    listed = scene.listed
    if not listed:
        return ()
    groups = {listed}
    if len(listed) <= limits.exact_max:
        inner = [scene.amounts[place] for place in listed]
        target = Span(scene.amount, scene.amount)
        parts = all_groups(inner, target, limits.size_max, limits.listed_max).groups
        groups |= {tuple(listed[place] for place in part) for part in parts}
    rest = [place for place in range(len(scene.items)) if place not in frozenset(listed)]
    lack = scene.amount - sum(scene.amounts[place] for place in listed)
    outer = [scene.amounts[place] for place in rest]
    further = likely_groups(outer, Span(lack, lack), False, limits.listed_max).groups
    groups |= {
        tuple(sorted((*listed, *(rest[at] for at in part)))) for part in further if len(part) <= 2
    }
    return tuple(sorted(groups))
