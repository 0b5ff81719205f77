"""One payment for several open items, or one invoice paid in several parts: the groups, ranked.

Invariant: the probability is divided over all groups that fit and `none`; the order of the items
changes nothing; a sum that several groups explain is never posted by itself unless references
tell them apart. It does not see other payments (see `batch`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from well.domain.candidate import Evidence
from well.matching.sets.gather import Gathered, checked, gather, payer, scene_of
from well.matching.sets.residuals import FEE_BITS, explain
from well.matching.sets.scene import Scene, agreement
from well.matching.sets.subsets import Group
from well.matching.sets.values import (
    Limits,
    OpenItem,
    Payment,
    Residual,
    SetCandidate,
    SetRanking,
    Terms,
    shown,
)
from well.matching.sets.weigh import neutral_bits, weigh

NONE_BITS = 0.0
"""Weight of "none of these groups" against one group."""
MARGIN_BITS = 6.0
"""A rival nearer than this is not told apart."""
TELLING_BITS = 6.0
"""A sum worth less comes up by chance too easily to be posted without a reference."""
_TERMS, _LIMITS = Terms(), Limits()


@dataclass(frozen=True, slots=True)
class _Weighed:
    group: Group
    rows: tuple[Evidence, ...]
    residual: Residual | None
    remainder: int

    @property
    def bits(self) -> float:
        return sum(row.bits for row in self.rows)

    @property
    def exact(self) -> bool:
        return self.residual is None and not self.remainder

    @property
    def reference_bits(self) -> float:
        return self._of("references")

    @property
    def sum_bits(self) -> float:
        return self._of("sum")

    def _of(self, feature: str) -> float:
        return sum(row.bits for row in self.rows if row.feature == feature)


def rank_sets(
    payment: Payment, items: Sequence[OpenItem], terms: Terms = _TERMS, limits: Limits = _LIMITS
) -> SetRanking:
    """The groups of open items one payment may settle, most likely first.

    ValueError for an amount beyond 10^14 minor units and for an id given twice.
    """
    return _rank(payment, items, terms, limits, swapped=False)


def rank_payments(
    item: OpenItem, payments: Sequence[Payment], terms: Terms = _TERMS, limits: Limits = _LIMITS
) -> SetRanking:
    """The groups of payments that may settle one open item together; `rank_sets` swapped."""
    numbers = (item.reference,) if item.reference else ()
    whole = Payment(item.id, item.amount, item.currency, item.day, numbers, item.counterparty)
    parts = [_as_item(payment, item) for payment in payments]
    return _rank(whole, parts, terms, limits, swapped=True)


def _as_item(payment: Payment, item: OpenItem) -> OpenItem:
    """A payment in the place of an item, under the number of its memo that is the item's."""
    numbers = sorted(payment.references, key=lambda r: (-agreement(r, item.reference), r.plain))
    return OpenItem(
        payment.id,
        payment.amount,
        payment.currency,
        payment.day,
        None,
        next(iter(numbers), None),
        payment.counterparty,
    )


def _rank(
    payment: Payment, items: Sequence[OpenItem], terms: Terms, limits: Limits, *, swapped: bool
) -> SetRanking:
    checked(payment, items)
    if payment.amount == 0:
        return _nothing("An amount of zero settles nothing.")
    owner = payer(payment, items)
    if not owner:
        return _nothing("It is not known whose payment it is.")
    scene, left_away = scene_of(payment, items, owner, limits, swapped)
    gathered = gather(scene, terms, limits)
    weighed = _weighed(scene, gathered, terms)
    fits = sum(one.exact for one in weighed) + sum(n for _, n in gathered.exact.unlisted)
    verdict = _verdict(scene, weighed, fits, gathered.truncated or left_away, limits)
    candidates, none = _shared(scene, weighed, gathered, terms)
    return SetRanking(
        candidates[: limits.listed_max],
        none,
        fits,
        gathered.truncated or left_away,
        verdict.ambiguous,
        verdict.auto_allowed,
        verdict.reason,
    )


def _nothing(reason: str) -> SetRanking:
    return SetRanking((), 1.0, 0, False, False, False, reason)


def _weighed(scene: Scene, gathered: Gathered, terms: Terms) -> list[_Weighed]:
    """Every group that is explained, the likeliest first."""
    groups = {*gathered.exact.groups, *gathered.near.groups, *gathered.named}
    found = [one for group in groups if (one := _weigh(scene, group, terms)) is not None]
    return sorted(found, key=lambda one: (-one.bits, one.group))


def _weigh(scene: Scene, group: Group, terms: Terms) -> _Weighed | None:
    total = scene.total(group)
    owed, paid = (scene.amount, total) if scene.swapped else (total, scene.amount)
    if total <= 0:
        return None
    residual, remainder = None, 0
    if owed != paid:
        in_time = _in_time(scene, group, terms)
        residual = explain(owed, paid, len(group), in_time, terms, scene.payment.currency)
        remainder = 0 if residual else owed - paid
    if remainder and group != scene.listed:
        return None
    return _Weighed(group, weigh(scene, group, residual, remainder), residual, remainder)


def _in_time(scene: Scene, group: Group, terms: Terms) -> bool:
    lags = [scene.lag(place) for place in group]
    return all(lag is not None and lag <= terms.discount_days for lag in lags)


def _shared(
    scene: Scene, weighed: Sequence[_Weighed], gathered: Gathered, terms: Terms
) -> tuple[tuple[SetCandidate, ...], float]:
    """The candidates with their part of the odds, and what is left for none."""
    top = max([NONE_BITS, *(one.bits for one in weighed)])
    odds = [2.0 ** (one.bits - top) for one in weighed]
    none = 2.0 ** (NONE_BITS - top)
    near = FEE_BITS - (terms.fee_max or 1).bit_length()
    others = [
        number * 2.0 ** (neutral_bits(scene, size) + bits - top)
        for found, bits in ((gathered.exact, 0.0), (gathered.near, near))
        for size, number in found.unlisted
    ]
    whole = sum(odds) + none + sum(others)
    pairs = zip(weighed, odds, strict=True)
    return tuple(_candidate(scene, one, odd / whole) for one, odd in pairs), none / whole


def _candidate(scene: Scene, one: _Weighed, confidence: float) -> SetCandidate:
    ids = tuple(scene.items[place].id for place in one.group)
    residuals = (_turned(one.residual, scene.turned),) if one.residual else ()
    return SetCandidate(
        ids,
        one.bits,
        confidence,
        one.rows,
        residuals,
        one.remainder * scene.turned,
        _sentence(scene, one),
    )


def _turned(residual: Residual, sign: int) -> Residual:
    return Residual(residual.kind, residual.amount * sign, residual.sentence, residual.bits)


def _sentence(scene: Scene, one: _Weighed) -> str:
    """The group in one sentence."""
    total = scene.money(scene.total(one.group))
    count = len(one.group)
    if one.remainder:
        rest = shown(abs(one.remainder), scene.payment.currency)
        end = "stay open" if one.remainder > 0 else "are paid too much"
        return f"The reference names {_counted(scene, count)} of {total}; {rest} {end}."
    text = f"{_counted(scene, count)} {'makes' if count == 1 else 'add up to'} {total}"
    return f"{text}; {one.residual.sentence}" if one.residual else f"{text}."


def _counted(scene: Scene, count: int) -> str:
    noun = "payment" if scene.swapped else "open item"
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@dataclass(frozen=True, slots=True)
class _Verdict:
    ambiguous: bool
    auto_allowed: bool
    reason: str


def _verdict(
    scene: Scene, weighed: Sequence[_Weighed], fits: int, truncated: bool, limits: Limits
) -> _Verdict:
    """Whether the best group may be posted without a person, and why (not)."""
    money = scene.money(scene.amount)
    things = _counted(scene, len(scene.items))
    if not weighed:
        return _Verdict(False, False, f"Nothing among {things} adds up to {money}.")
    best, settled = weighed[0], _settled(scene, weighed[0])
    rivals = sum(_rivals(best, other) for other in weighed[1:])
    if fits > limits.listed_max and not settled:
        reason = f"More than {limits.listed_max} groups add up to {money}."
        return _Verdict(True, False, reason)
    if rivals:
        reason = f"{rivals + 1} groups may be meant by {money} and no reference tells them apart."
        return _Verdict(True, False, reason)
    if truncated and not settled:
        return _Verdict(False, False, f"Not all groups of {things} were tried.")
    doubt = _doubt(scene, best, money)
    if doubt:
        return _Verdict(False, False, doubt)
    if settled:
        return _Verdict(False, True, "The references name exactly this group.")
    return _Verdict(False, True, "No other group comes near.")


def _doubt(scene: Scene, best: _Weighed, money: str) -> str:
    """What a person should look at although only one group comes near; "" for nothing."""
    if best.remainder:
        return _sentence(scene, best)
    if best.reference_bits < 0:
        return "The reference speaks of something else."
    if best.reference_bits >= MARGIN_BITS:
        return ""
    if best.residual:
        return f"No reference confirms it: {best.residual.sentence}"
    if best.sum_bits < TELLING_BITS:
        return f"Round or repeated amounts make {money} by chance, too."
    return ""


def _settled(scene: Scene, best: _Weighed) -> bool:
    """Whether the memo names each of its items and nothing else, so that any other group, also
    one that was not tried, lacks at least one reference."""
    named = all(scene.named.get(place, 0.0) >= MARGIN_BITS for place in best.group)
    owned = frozenset(place for owners in scene.owners for place in owners)
    single = scene.swapped or all(len(owners) == 1 for owners in scene.owners)
    return not best.remainder and named and single and owned == frozenset(best.group)


def _rivals(best: _Weighed, other: _Weighed) -> bool:
    """Whether the other group is near, or fits as well with no less of the references."""
    by_reference = best.reference_bits - other.reference_bits
    near = best.bits - other.bits < MARGIN_BITS
    return near or (other.exact and best.exact and by_reference < MARGIN_BITS)
