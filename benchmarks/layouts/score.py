"""Counts right and wrong fields of made-up documents, and whether their confidence was deserved.

Invariant: scored by the rule of the development documents; a value where the page shows none
counts as wrong, except one that can be derived (a due date from terms).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.documents import CORE, TEN, same
from benchmarks.layouts.make import Made
from well.domain.invoice import InvoiceLine
from well.ports.reader import Reading

SURE = 0.85


@dataclass(slots=True)
class Tally:
    """Counts by field; `trusted` are (confidence, right) of every value that was read."""

    files: int = 0
    core: int = 0
    expected: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    trusted: list[tuple[float, bool]] = field(default_factory=list)
    others: int = 0
    falsely_read: int = 0
    with_lines: int = 0
    lines_right: int = 0
    lines_wrong: int = 0


def tally(made: Sequence[Made], readings: Sequence[Reading], tell: bool) -> Tally:
    """Score of some documents; `tell` prints what is not right."""
    found = Tally()
    for one, reading in zip(made, readings, strict=True):
        if not one.fields:
            found.others += 1
            found.falsely_read += reading.invoice is not None
            if tell and reading.invoice:
                print(f"  {one.name}: read though it is no invoice")
            continue
        _invoice(found, one, reading, tell)
    return found


def _invoice(found: Tally, one: Made, reading: Reading, tell: bool) -> None:
    read = {x.field: x for x in reading.invoice.readings} if reading.invoice else {}
    right: set[str] = set()
    for name, path in TEN.items():
        truth, value = one.fields.get(name), read.get(path)
        derived = name in one.derived
        found.expected[name] += truth is not None and not derived
        if value is None:
            if tell and truth and not derived:
                print(f"  {one.name}: {name} {truth!r} missing")
            continue
        if truth is None and name.endswith("_total"):
            continue  # a nil tax or a net total that follows from the page
        good = truth is not None and is_right(name, truth, value.value)
        found.trusted.append((value.confidence, good))
        found.wrong[name] += not good
        found.right[name] += good and not derived
        if good:
            right.add(name)
        elif tell:
            print(f"  {one.name}: {name} {truth!r} read {value.value!r} at {value.confidence}")
    found.files += 1
    found.core += right.issuperset(CORE)
    _lines(found, one, reading.invoice.lines if reading.invoice else (), tell)


def _lines(found: Tally, one: Made, lines: Sequence[InvoiceLine], tell: bool) -> None:
    found.with_lines += 1
    expected = [(line["description"], Decimal(line["net"])) for line in one.lines]
    read = [(line.description, line.net_amount) for line in lines]
    found.lines_right += expected == read
    found.lines_wrong += bool(read) and expected != read
    if tell and expected != read:
        print(f"  {one.name}: {len(expected)} lines, read {read[:3]}")


def is_right(name: str, truth: str, value: str) -> bool:
    """Whether a value counts as right; the sign of a total does not matter."""
    if name.endswith("_total"):
        return abs(Decimal(truth)) == abs(Decimal(value))
    return same(name, truth, value)


def ece(trusted: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and share right, over equal bins."""
    total = 0.0
    for at in range(bins):
        inside = [
            x for x in trusted if at / bins <= x[0] < (at + 1) / bins or x[0] == at + 1 == bins
        ]
        if inside:
            said = sum(confidence for confidence, _ in inside)
            total += abs(said - sum(right for _, right in inside))
    return total / len(trusted) if trusted else 0.0


def print_tally(half: str, found: Tally) -> None:
    """The figures of one half."""
    right, wrong = found.right.total(), found.wrong.total()
    sure = [good for confidence, good in found.trusted if confidence >= SURE]
    print(
        f"{half}: {found.files} invoices  recall {right / found.expected.total():.1%}  "
        f"precision {right / max(right + wrong, 1):.1%}  core three {found.core / found.files:.1%}"
    )
    print(
        f"  wrong at >= 85 %: {sure.count(False)} of {len(found.trusted)} values "
        f"({sure.count(False) / max(len(found.trusted), 1):.2%})  sure of {len(sure)}  "
        f"ECE {ece(found.trusted):.3f}"
    )
    print(f"  no invoices: {found.falsely_read} of {found.others} read  "
          f"lines: {found.lines_right} of {found.with_lines} documents right, "
          f"{found.lines_wrong} wrong")  # fmt: skip
    for name in TEN:
        print(
            f"  {name:16} recall {found.right[name] / max(found.expected[name], 1):6.1%}  "
            f"wrong {found.wrong[name]}"
        )
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = [good for confidence, good in found.trusted if low <= confidence < high]
        if inside:
            print(f"  said {low:.2f} to {min(high, 1):.2f}: {sum(inside) / len(inside):6.1%} right "
                  f"of {len(inside)}")  # fmt: skip
