"""How well the product did, measured against the ground truth.

Invariant: uses only the truth, the product's own report of its cases and what really is at the
target; a case in no known state counts as lost. It judges, it changes nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from well.sandbox.world.judgement import STATES

Row = Mapping[str, Any]
Key = tuple[str, str]
TOKEN = re.compile(r"--([a-z]+)-([a-z]+)-([^./]+)\.pdf$", re.IGNORECASE)
"""The end of a posted file's name: source, kind of record, id at the source."""
KIND = re.compile(r"^[a-z]+-(?=[0-9]+$)")
"""What the product may put before an entry's number, where bills and expenses are counted apart."""
ARRIVED = ("posted", "linked")
MOST_WRONG = 50


@dataclass(frozen=True, slots=True)
class Ledger:
    """The target afterwards: entry id -> document (None where it cannot be told)."""

    documents: dict[str, str | None]
    arrived: Counter[str]
    """How many entries each document has."""


def _ledger(entries: Iterable[Row], truth: Row) -> Ledger:
    # Of what is posted no two records have one id at their source, whatever their kinds.
    owners = {r["id"].casefold(): r["document"] for r in truth["records"]}
    documents = {str(entry.get("id")): _document(entry, truth, owners) for entry in entries}
    return Ledger(documents, Counter(document for document in documents.values() if document))


def _document(entry: Row, truth: Row, owners: Mapping[str, str]) -> str | None:
    """The real document of an entry: as seeded, by the file's bytes, or by its name's token."""
    seeded = entry.get("document") or truth.get("entries", {}).get(entry.get("id"))
    if seeded:
        return str(seeded)
    served = truth.get("files", {}).get(entry.get("sha256"))
    if served is not None:
        return str(served) or None
    token = TOKEN.search(str(entry.get("file_name") or ""))
    if token is None or token[1].lower() != truth.get("source", "quickbooks"):
        return None
    return owners.get(token[3].casefold())


def _wanted(record: Row, act: int) -> Sequence[str]:
    """The right states of a record after `act`."""
    after = record.get("ok_after") if act == 2 else None
    wanted: Sequence[str] = after if after is not None else record["ok"]
    return wanted


def _right(
    record: Row, case: Row | None, ledger: Ledger, first: Mapping[str, Key], act: int
) -> bool:
    """Whether the case came out as wanted, at the right entry, and only once per document."""
    state = case.get("state") if case else None
    wanted = _wanted(record, act)
    if case is None or state not in ARRIVED:
        return state in wanted
    if state not in wanted and not (state == "linked" and "posted" in wanted):
        return False
    document, entry = record["document"], case.get("entry")
    if state == "linked" or entry is not None:
        if ledger.documents.get(KIND.sub("", str(entry))) != document:
            return False
    elif not ledger.arrived[document]:
        return False
    return state == "linked" or first[document] == (record["entity"], record["id"])


def _lost_records(
    truth: Row, records: Iterable[Row], by_key: Mapping[Key, list[Row]], act: int
) -> int:
    """Records that are missing, in two states, or in no final state."""
    keys = {(record["entity"], record["id"]): record.get("in_window", True) for record in records}
    listed = {key for key, in_window in keys.items() if in_window}
    settled = {
        key for key, rows in by_key.items() if len(rows) == 1 and rows[0].get("state") in STATES
    }
    lost = len((set(by_key) | listed) - settled)
    expected: dict[str, int] = truth["expected_after" if act == 2 else "expected"]
    present = Counter(entity for entity, id in by_key if (entity, id) not in keys)
    rest = Counter(expected)
    rest.subtract(entity for entity, _ in listed)
    return lost + sum(max(0, n - present[entity]) for entity, n in rest.items())


def _doubled(truth: Row, ledger: Ledger) -> int:
    """Entries beyond one per document, but for those that were there before."""
    before = Counter(truth.get("entries", {}).values())
    return sum(
        max(0, count - max(1, before[document])) for document, count in ledger.arrived.items()
    )


def _group(cases: Iterable[Row]) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = defaultdict(list)
    for case in cases:
        grouped[str(case.get("entity")), str(case.get("id"))].append(case)
    return dict(grouped)


def _first_posted(records: Iterable[Row], by_key: Mapping[Key, list[Row]]) -> dict[str, Key]:
    """For each document the first record reported as posted; later ones are wrong."""
    first: dict[str, Key] = {}
    for record in records:
        key = (record["entity"], record["id"])
        if any(case.get("state") == "posted" for case in by_key.get(key, ())):
            first.setdefault(record["document"], key)
    return first


def _row(record: Row, case: Row | None, act: int) -> dict[str, Any]:
    return {
        "entity": record["entity"],
        "id": record["id"],
        "scenario": record["scenario"],
        "change": record.get("change", ""),
        "state": case.get("state") if case else "missing",
        "by": case.get("by") if case else None,
        "entry": case.get("entry") if case else None,
        "wanted_entry": record.get("entry"),
        "ok": list(_wanted(record, act)),
        "why": record.get("why", ""),
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def score(
    truth: dict[str, Any],
    cases: list[dict[str, Any]],
    entries: list[dict[str, Any]],
    entries_before: int,
    act: int = 1,
) -> dict[str, Any]:
    """Compares the product's cases and the target's entries with the truth after `act` 1 or 2.

    Shares are in [0, 1], and 1.0 where there was nothing to judge.
    """
    records = [record for record in truth["records"] if record.get("act", 1) <= act]
    ledger = _ledger(entries, truth)
    by_key = _group(cases)
    first = _first_posted(records, by_key)
    tally = _Tally(act)
    claimed: set[str] = set()
    for record in records:
        case = by_key.get((record["entity"], record["id"]), [None])[0]
        if case is None and not record.get("in_window", True):
            continue
        if case is not None and case.get("state") in ARRIVED:
            claimed.add(record["document"])
        tally.add(record, case, _right(record, case, ledger, first, act))
    vanished = sum(1 for document in claimed if not ledger.arrived[document])
    states = Counter(case.get("state") for case in cases)
    return {
        "source_records": len(by_key),
        "by_outcome": {state: states[state] for state in STATES},
        "target_entries_before": entries_before,
        "target_entries_after": len(entries),
        "duplicates": _doubled(truth, ledger),
        "lost": _lost_records(truth, records, by_key, act) + vanished,
        "unknown_entries": sum(document is None for document in ledger.documents.values()),
        **tally.result(),
    }


class _Tally:
    """Counts right and wrong; wrong ones that nobody was asked about come first in the list."""

    def __init__(self, act: int) -> None:
        self.act = act
        self.auto = self.auto_right = self.postable = self.postable_right = 0
        self.wrong: list[tuple[bool, dict[str, Any]]] = []
        self.scenarios: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, record: Row, case: Row | None, right: bool) -> None:
        """One bill or credit with its outcome."""
        state = str(case.get("state")) if case else "missing"
        by_well = case is not None and case.get("by") == "well" and state in ARRIVED
        wanted = _wanted(record, self.act)
        postable = bool(record["postable"]) and any(state in ARRIVED for state in wanted)
        self.auto += by_well
        self.auto_right += by_well and right
        self.postable += postable
        self.postable_right += postable and by_well and right
        self.scenarios[record["scenario"]].update(("n", state, *(("right",) if right else ())))
        if not right:
            self.wrong.append((by_well, _row(record, case, self.act)))

    def result(self) -> dict[str, Any]:
        """The tally's part of the score."""
        self.wrong.sort(key=lambda pair: not pair[0])
        return {
            "auto_precision": _share(self.auto_right, self.auto),
            "auto_share": _share(self.postable_right, self.postable),
            "wrong": [row for _, row in self.wrong[:MOST_WRONG]],
            "by_scenario": {name: dict(count) for name, count in sorted(self.scenarios.items())},
        }
