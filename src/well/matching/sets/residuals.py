"""The lines that explain why a payment and its items differ: discount, fee, tax withheld, cents.

Invariant: a difference is explained whole or not at all, by one line, exactly to the rounding of
each item; every line costs bits, a wide tolerance more than a narrow one. Nothing is guessed.
"""

from collections.abc import Iterator
from math import log2

from well.matching.sets.subsets import Span
from well.matching.sets.values import WHOLE, Residual, Terms, quantised, shown

RATE_BITS = -6.0
"""A discount taken or tax withheld, of a rate that was agreed."""
FEE_BITS = -4.0
"""Some bank charge; which one of all possible amounts costs extra."""
ROUNDING_BITS = -5.0
FEE_SHARE = 10
"""A charge is at most a tenth of what is owed."""


def explain(
    owed: int, paid: int, size: int, in_time: bool, terms: Terms, currency: str
) -> Residual | None:
    """The likeliest line for owed - paid (both positive minor units); None when nothing fits.

    `in_time` says whether the discount could still be taken.
    """
    lines = _lines(owed, owed - paid, size, in_time, terms, currency)
    return max(lines, key=lambda line: line.bits, default=None)


def _lines(
    owed: int, short: int, size: int, in_time: bool, terms: Terms, currency: str
) -> Iterator[Residual]:
    money = shown(abs(short), currency)
    if 0 < abs(short) <= terms.rounding:
        bits = quantised(ROUNDING_BITS - log2(2 * terms.rounding))
        side = "less" if short > 0 else "more"
        yield Residual("rounding", short, f"{money} {side} than owed, a rounding.", bits)
    for rate in terms.discounts if in_time else ():
        if _is_rate(owed, short, size, rate):
            sentence = f"{money} discount, {_percent(rate)} for paying within "
            yield Residual(
                "discount", short, f"{sentence}{terms.discount_days} days.", _rate_bits(size)
            )
    for rate in terms.withholdings:
        if _is_rate(owed, short, size, rate):
            sentence = f"{money} tax withheld, {_percent(rate)}."
            yield Residual("withholding", short, sentence, _rate_bits(size))
    if 0 < short <= fee_limit(owed, terms):
        bits = quantised(FEE_BITS - log2(terms.fee_max))
        yield Residual("fee", short, f"{money} taken off as a bank charge.", bits)


def _is_rate(owed: int, short: int, size: int, rate: int) -> bool:
    """Whether the shortfall is the rate of what is owed, each item and the total rounded."""
    return short > 0 and 2 * abs(short * WHOLE - owed * rate) <= WHOLE * (size + 1)


def _rate_bits(size: int) -> float:
    return quantised(RATE_BITS - log2(size + 1))


def _percent(rate: int) -> str:
    return f"{rate / 100:g} %"


def fee_limit(owed: int, terms: Terms) -> int:
    """The highest charge believed on this amount."""
    return min(terms.fee_max, owed // FEE_SHARE)


def spans(amount: int, paying: bool, size_max: int, terms: Terms) -> tuple[Span, ...]:
    """Where to look for sums that some line could explain; `explain` has the last word.

    `paying`: the amount is a payment and the sums are of what is owed; else the other way round.
    """
    found = [Span(amount - terms.rounding, amount + terms.rounding)]
    slack = WHOLE * (size_max + 1) // 2
    for rate in sorted({*terms.discounts, *terms.withholdings}):
        if paying:
            low, high = amount * WHOLE - slack, amount * WHOLE + slack
            found.append(Span(-(-low // (WHOLE - rate)), high // (WHOLE - rate)))
        else:
            low, high = amount * (WHOLE - rate) - slack, amount * (WHOLE - rate) + slack
            found.append(Span(-(-low // WHOLE), high // WHOLE))
    if paying:
        found.append(Span(amount, amount + min(terms.fee_max, amount // (FEE_SHARE - 1))))
    else:
        found.append(Span(amount - fee_limit(amount, terms), amount))
    return _merged(found)


def _merged(found: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.low <= merged[-1].high + 1:
            merged[-1] = Span(merged[-1].low, max(merged[-1].high, span.high))
        else:
            merged.append(span)
    return tuple(merged)
