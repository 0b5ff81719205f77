"""Rows of evidence and their sum.

Invariant: the bits of a candidate are the plain sum of its rows, in row order, so what is shown
is what was computed. Probabilities come later, from competition.
"""

from collections.abc import Iterable, Mapping

from well.domain.candidate import Evidence

SHOWN_MAX = 120
"""Characters of a value kept in a row."""


def row(feature: str, source: object, target: object, level: str, bits: float) -> Evidence:
    """One feature's verdict, values as short text ("" when missing)."""
    return Evidence(feature, _shown(source), _shown(target), level, bits)


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    return text[:SHOWN_MAX]


def level_row(
    feature: str, source: object, target: object, level: str, table: Mapping[str, float]
) -> Evidence:
    """A row whose bits are the table's for its level."""
    return row(feature, source, target, level, table[level])


def total(rows: Iterable[Evidence]) -> float:
    """The candidate's bits."""
    return sum(evidence.bits for evidence in rows)


def capped(first: Evidence, second: Evidence, extra: float) -> Evidence:
    """`second` cut so that both agreeing earn at most the larger plus `extra` (0 or more).

    Two features that agree for the same reason would be counted twice otherwise. What speaks
    against, on either side, is never cut.
    """
    most = max(first.bits, second.bits) + extra
    bits = min(second.bits, most - first.bits)
    return Evidence(second.feature, second.source, second.target, second.level, bits)
