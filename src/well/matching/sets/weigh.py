"""How likely a group of open items is what was paid: evidence rows and their bits.

Invariant: the rows of a group sum to its score; a row depends on the group and the open items
alone, never on their order. The figures are defaults set by hand. It does not compare groups.
"""

from collections.abc import Sequence
from math import lgamma, log, log2

from well.domain.candidate import Evidence
from well.matching.sets.scene import Scene
from well.matching.sets.subsets import Group
from well.matching.sets.values import Residual, quantised

EXTRA_ITEM_BITS = -2.0
SIZE_FLOOR = -10.0
CHANCE_BITS = (-4.0, 10.0)
"""The least and the most an equal sum is worth."""
FAMILY_BITS = -2.0
"""One group in four is of each kind of order; a group in no order has this weight, too."""
ORDER_MAX = 9.0
EVERYTHING_BITS = 6.0
LEFT_OUT_BITS, LEFT_OUT_FLOOR = -6.0, -12.0
UNLISTED_BITS, UNLISTED_FLOOR = -3.0, -9.0
SAME_SERIES_BITS = -8.0
NO_ITEM_BITS = -1.0
LATER_BITS, LATER_FLOOR = -3.0, -9.0
CREDIT_BITS = -1.0
PART_BITS = -6.0
REPEATED_BITS = 1.0
"""The sum of amounts that each come up several times among the open items is worth no more."""
STEPS = (10_000, 5_000, 1_000, 500, 100)
"""Round amounts, in minor units: they agree by chance more often."""
RUN_DAYS = 7
VALUES_SHOWN = 4


def weigh(
    scene: Scene, group: Group, residual: Residual | None, remainder: int
) -> tuple[Evidence, ...]:
    """The rows of one group: sum, number of items, references, order, days, credit notes, rest."""
    rows = (
        _sum_row(scene, group, remainder),
        _size_row(group),
        reference_row(scene, group),
        _order_row(scene, group),
        _issued_row(scene, group),
        _due_row(scene, group),
        _credit_row(scene, group),
        _rest_row(scene, residual, remainder),
    )
    return tuple(row for row in rows if row is not None)


def neutral_bits(scene: Scene, size: int) -> float:
    """What a group of this size is worth of which only the sum is known."""
    return _chance_bits(scene, size, 1) + _size_bits(size) + FAMILY_BITS


def _sum_row(scene: Scene, group: Group, remainder: int) -> Evidence:
    both = scene.money(scene.amount), scene.money(scene.total(group))
    if remainder:
        return Evidence("sum", *both, "different", 0.0)
    amounts = [scene.amounts[place] for place in group]
    bits = min(_chance_bits(scene, len(group), _step(amounts)), _habit_bits(scene, len(group)))
    if scene.repeated.issuperset(amounts):
        return Evidence("sum", *both, "explained, of repeated amounts", min(REPEATED_BITS, bits))
    return Evidence("sum", *both, "explained", bits)


def _habit_bits(scene: Scene, size: int) -> float:
    """The most a sum is worth where amounts come back: another payment would have them, too."""
    again = sum(amount in scene.repeated for amount in scene.amounts)
    return quantised(size * log2(len(scene.items) / again)) if again else CHANCE_BITS[1]


def _step(amounts: Sequence[int]) -> int:
    """The roundest step that all amounts are multiples of; 1 for odd cents."""
    return next((step for step in STEPS if all(a % step == 0 for a in amounts)), 1)


def _chance_bits(scene: Scene, size: int, step: int) -> float:
    """How rarely some group of this size hits a sum by chance.

    Groups of this size, over the sums they spread over (about twice the middle amount for each
    item, in steps).
    """
    spread = max(1.0, 2 * size * scene.typical / step)
    least, most = CHANCE_BITS
    return quantised(min(most, max(least, log2(spread) - _log_choose(len(scene.items), size))))


def _log_choose(n: int, k: int) -> float:
    """log2 of the number of groups of k out of n."""
    return (lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) / log(2)


def _size_bits(size: int) -> float:
    return max(SIZE_FLOOR, EXTRA_ITEM_BITS * (size - 1) + 0.0)


def _size_row(group: Group) -> Evidence:
    count = len(group)
    level = "one item" if count == 1 else "several items"
    return Evidence("number of items", "1", str(count), level, _size_bits(count))


def reference_row(scene: Scene, group: Group) -> Evidence:
    """The numbers in the memo against those of the group's items."""
    numbers = [number.plain for number in scene.payment.references]
    own = [item.reference.plain for place in group if (item := scene.items[place]).reference]
    level, bits = _reference_level(scene, group)
    return Evidence("references", _some(numbers), _some(own), level, bits)


def _reference_level(scene: Scene, group: Group) -> tuple[str, float]:
    if not scene.payment.references:
        return "missing", 0.0
    gained = _gained(scene, group)
    without = sum(place not in scene.named for place in group)
    left_out = sum(not owners.intersection(group) for owners in scene.owners)
    cost = max(LEFT_OUT_FLOOR, LEFT_OUT_BITS * left_out)
    if not gained:
        return _nothing_named(scene, group) if not left_out else ("others are listed", cost)
    if without:
        cost += max(UNLISTED_FLOOR, UNLISTED_BITS * without)
    return ("all listed" if not left_out and not without else "some listed"), gained + cost


def _gained(scene: Scene, group: Group) -> float:
    """Each number counts once and each item once; swapped, each payment that names the item."""
    by_item = sum(scene.named.get(place, 0.0) for place in group)
    if scene.swapped:
        return by_item
    return min(by_item, sum(max(hit.get(place, 0.0) for place in group) for hit in scene.hits))


def _nothing_named(scene: Scene, group: Group) -> tuple[str, float]:
    own = {item.reference.shape for place in group if (item := scene.items[place]).reference}
    if any(c.isalpha() for shape in own & scene.shapes for c in shape):
        return "another of the same series", SAME_SERIES_BITS
    return "names no open item", NO_ITEM_BITS


def _some(values: Sequence[str]) -> str:
    more = len(values) - VALUES_SHOWN
    text = ", ".join(value[:40] for value in values[:VALUES_SHOWN])
    return f"{text} and {more} more" if more > 0 else text


def _order_row(scene: Scene, group: Group) -> Evidence:
    level, bits = _order_level(scene, group)
    return Evidence("order by due day", "", f"{len(group)} of {len(scene.items)}", level, bits)


def _order_level(scene: Scene, group: Group) -> tuple[str, float]:
    """Who pays several items pays all, the oldest, what is due, one day's, or neighbours.

    Each of these ways has few groups of a size, so being one of them says much.
    """
    chosen = frozenset(group)
    open_places = [place for place, amount in enumerate(scene.amounts) if amount > 0]
    others = [place for place in open_places if place not in chosen]
    if not others:
        return ("all open items", EVERYTHING_BITS) if len(group) > 1 else ("the only one", 0.0)
    inside = [day for place in group if (day := scene.days[place]) is not None]
    outside = [day for place in others if (day := scene.days[place]) is not None]
    if len(inside) < len(group) or len(outside) < len(others):
        return "missing", 0.0
    ways = _ways(scene, inside, outside)
    if ways is None:
        return ("one item", 0.0) if len(group) == 1 else ("in no order", FAMILY_BITS)
    level, number = ways
    bits = FAMILY_BITS + _log_choose(len(scene.items), len(group)) - log2(number)
    return level, quantised(min(ORDER_MAX, max(0.0, bits)))


def _ways(scene: Scene, inside: list[int], outside: list[int]) -> tuple[str, int] | None:
    """Which order it is and how many groups of the size are in it."""
    first, last = min(inside), max(inside)
    if last < min(outside):
        return "the oldest", 1
    if first == last and last not in outside:
        return "all due on one day", len({*inside, *outside})
    if len(inside) > 1 and not any(first < day < last for day in outside):
        return "neighbours", len(scene.items) - len(inside) + 1
    return None


def _issued_row(scene: Scene, group: Group) -> Evidence | None:
    lags = [lag for place in group if (lag := scene.lag(place)) is not None]
    if not lags:
        return None
    late = sum(lag < 0 for lag in lags)
    level = f"{late} after the payment" if late else "all before the payment"
    bits = max(LATER_FLOOR, LATER_BITS * late + 0.0)
    return Evidence("issued", _day(scene), f"{min(lags)} to {max(lags)} days before", level, bits)


def _day(scene: Scene) -> str:
    return scene.payment.day.isoformat() if scene.payment.day else ""


def _due_row(scene: Scene, group: Group) -> Evidence | None:
    """How the due days lie to the day of the payment run."""
    paid = scene.payment.day
    due = [day.toordinal() for place in group if (day := scene.items[place].due)]
    if paid is None or len(due) < len(group):
        return None
    ahead = [day - paid.toordinal() for day in due]
    if max(ahead) <= RUN_DAYS and min(ahead) >= -RUN_DAYS:
        level, bits = "all due within a week", 2.0
    elif max(ahead) <= RUN_DAYS:
        level, bits = "all due by then", 1.0
    elif min(ahead) <= RUN_DAYS:
        level, bits = "some due later", 0.0
    else:
        level, bits = "all due later", -1.0
    return Evidence("due", _day(scene), f"{min(ahead):+} to {max(ahead):+} days", level, bits)


def _credit_row(scene: Scene, group: Group) -> Evidence | None:
    notes = sum(scene.amounts[place] < 0 for place in group)
    if not notes:
        return None
    return Evidence("credit notes", "", str(notes), "netted", CREDIT_BITS * notes)


def _rest_row(scene: Scene, residual: Residual | None, remainder: int) -> Evidence | None:
    if residual is not None:
        money = scene.money(residual.amount)
        return Evidence("difference", money, "", residual.kind, residual.bits)
    if remainder:
        level = "left open" if remainder > 0 else "paid too much"
        return Evidence("difference", scene.money(remainder), "", level, PART_BITS)
    return None
