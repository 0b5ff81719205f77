"""`well match --sets`: source rows that no single target row explains, against groups of them.

Invariant: writes one line for every such source row, in the order of their ids, to OUT.sets next
to OUT; a target row is in one automatic group at most. It changes no answer of `well match`.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from well.cli.rows import Row
from well.matching.identifiers import iban, tax_id
from well.matching.references import Reference, mentioned, reference
from well.matching.sets import (
    OpenItem,
    Payment,
    SetCandidate,
    SetRanking,
    balances,
    match_sets,
    rank_payments,
)
from well.matching.sets.values import AMOUNT_MAX
from well.matching.text import squeeze

AUTO, REVIEW = 0.85, 0.55
SHOWN_MAX = 5
PARTS_MAX = 24
"""Refused payments of one counterparty up to which parts of one item are looked for."""
Line = dict[str, Any]


def answer_sets(
    rows_source: Iterable[Row],
    rows_target: Iterable[Row],
    unanswered_ids: Collection[str],
    out: Path,
    taken: Collection[str] = (),
) -> int:
    """Write OUT.sets; the number of its lines. `taken` are target ids that are linked already.

    Rows without an amount, or of one too large to add up, get a line that says refuse.
    """
    wanted, left = frozenset(unanswered_ids), frozenset(taken)
    sources = [row for row in rows_source if row.id in wanted]
    targets = [row for row in rows_target if row.id not in left]
    path = out.with_name(out.name + ".sets")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in answers(sources, targets):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return len(sources)


def answers(sources: Sequence[Row], targets: Sequence[Row]) -> Iterator[Line]:
    """The line of every source row, sorted by id."""
    targets = [row for row in targets if _usable(row)]
    owners = _owners(targets)
    payments = {row.id: _payment(row, _owner(row, owners)) for row in sources if _usable(row)}
    groups: dict[str, list[Payment]] = {}
    for payment in payments.values():
        groups.setdefault(payment.counterparty, []).append(payment)
    items: dict[str, list[OpenItem]] = {}
    for row in targets:
        items.setdefault(_owner(row, owners), []).append(_item(row, _owner(row, owners)))
    lines: dict[str, Line] = {}
    for owner, paid in groups.items():
        lines |= _lines(paid, items.get(owner, []))
    for row in sorted(sources, key=lambda row: row.id):
        yield lines.get(row.id, _line(row.id, "refuse", 0.0, [], "The row has no usable amount."))


def _usable(row: Row) -> bool:
    return row.amount is not None and row.amount != 0 and abs(row.amount) <= AMOUNT_MAX


def _keys(row: Row) -> Iterator[str]:
    """What names the counterparty, the surest first."""
    if number := tax_id(row.tax_id, row.country or None):
        yield f"tax {number}"
    if account := iban(row.iban):
        yield f"iban {account}"
    if name := squeeze(row.name):
        yield f"name {name}"


def _owners(targets: Iterable[Row]) -> dict[str, str]:
    """Every key of a target row with the surest key of the first row that has it."""
    owners: dict[str, str] = {}
    for row in sorted(targets, key=lambda row: row.id):
        keys = list(_keys(row))
        known = next((owners[key] for key in keys if key in owners), None)
        for key in keys:
            owners.setdefault(key, known or keys[0])
    return owners


def _owner(row: Row, owners: dict[str, str]) -> str:
    return next((owners[key] for key in _keys(row) if key in owners), "")


def _numbers(row: Row) -> tuple[Reference, ...]:
    own = reference(row.reference)
    found = (*((own,) if own else ()), *mentioned(row.reference), *mentioned(row.memo))
    return tuple(dict.fromkeys(found))


def _day(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal is not None else None


def _payment(row: Row, owner: str) -> Payment:
    return Payment(row.id, row.amount or 0, row.currency, _day(row.date), _numbers(row), owner)


def _item(row: Row, owner: str) -> OpenItem:
    number = reference(row.reference) or next(iter(mentioned(row.memo)), None)
    due = _day(row.due)
    return OpenItem(row.id, row.amount or 0, row.currency, _day(row.date), due, number, owner)


def _lines(payments: Sequence[Payment], items: Sequence[OpenItem]) -> dict[str, Line]:
    """One counterparty: several targets for one source, then several sources for one target."""
    if not payments[0].counterparty:
        reason = "No target row is of the same counterparty."
        return {p.id: _line(p.id, "refuse", 0.0, [], reason) for p in payments}
    rankings = match_sets(payments, items)
    lines = {id: _ranked(id, ranking) for id, ranking in rankings.items()}
    used = {id for line in lines.values() if line["decision"] == "auto" for id in _targets(line)}
    open_payments = [p for p in payments if lines[p.id]["decision"] == "refuse"]
    open_items = [item for item in items if item.id not in used]
    lines |= _in_parts(open_items, open_payments)
    still = [p for p in open_payments if lines[p.id]["decision"] == "refuse"]
    for paying, paid in balances(still, open_items):
        lines |= {id: _balanced(id, paying, paid) for id in paying}
    return lines


def _targets(line: Line) -> list[str]:
    return list(line["sets"][0]["target_ids"])


def _ranked(id: str, ranking: SetRanking) -> Line:
    sets = [_set(c, list(c.items)) for c in ranking.candidates[:SHOWN_MAX]]
    confidence = ranking.best.confidence if ranking.best else 0.0
    return _line(id, _decision(ranking), confidence, sets, ranking.reason)


def _decision(ranking: SetRanking) -> str:
    if ranking.best is None or ranking.best.confidence < REVIEW:
        return "review" if ranking.ambiguous else "refuse"
    return "auto" if ranking.auto_allowed and ranking.best.confidence >= AUTO else "review"


def _set(candidate: SetCandidate, target_ids: list[str]) -> Line:
    return {
        "target_ids": target_ids,
        "confidence": candidate.confidence,
        "evidence": [asdict(row) for row in candidate.evidence],
        "residuals": [asdict(row) for row in candidate.residuals],
        "remainder": candidate.remainder,
        "reason": candidate.reason,
    }


def _line(id: str, decision: str, confidence: float, sets: list[Line], reason: str) -> Line:
    return {
        "source_id": id,
        "decision": decision,
        "confidence": confidence,
        "reason": reason,
        "sets": sets,
    }


def _in_parts(items: Sequence[OpenItem], payments: Sequence[Payment]) -> dict[str, Line]:
    """Payments that make one item together. A payment that two items ask for is for a person."""
    if len(payments) > PARTS_MAX:
        return {}
    found = []
    for item in sorted(items, key=lambda item: item.id):
        ranking = rank_payments(item, payments)
        best = ranking.best
        if best is not None and len(best.items) > 1 and _decision(ranking) != "refuse":
            found.append((item.id, ranking, best))
    asked = Counter(id for _, _, best in found for id in best.items)
    lines: dict[str, Line] = {}
    for target, ranking, best in found:
        parts = {**_set(best, [target]), "source_ids": list(best.items)}
        alone = all(asked[id] == 1 for id in best.items)
        decision = _decision(ranking) if alone else "review"
        reason = ranking.reason if alone else "Several target rows could be paid by these rows."
        for id in best.items:
            line = _line(id, decision, best.confidence, [parts], reason)
            lines[id] = _merged(lines.get(id), line)
    return lines


def _merged(before: Line | None, line: Line) -> Line:
    """Both proposals for one row, the likelier first; nothing is lost."""
    if before is None:
        return line
    sets = sorted([*before["sets"], *line["sets"]], key=lambda one: -one["confidence"])
    shown = sets[:SHOWN_MAX]
    # One row can be part of one target only: the proposals share what is certain.
    whole = max(1.0, sum(one["confidence"] for one in shown))
    shared = [{**one, "confidence": one["confidence"] / whole} for one in shown]
    return {**line, "confidence": shared[0]["confidence"], "sets": shared}


def _balanced(id: str, paying: Sequence[str], paid: Sequence[str]) -> Line:
    reason = f"{len(paying)} payments equal {len(paid)} open items; a person decides."
    proposal: Line = {
        "target_ids": list(paid),
        "source_ids": list(paying),
        "confidence": 0.0,
        "evidence": [],
        "residuals": [],
        "remainder": 0,
        "reason": reason,
    }
    return _line(id, "review", 0.0, [proposal], reason)
