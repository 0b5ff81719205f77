"""The answers to "which entry is it?": each candidate with its evidence, and "none, it is new".

Invariant: the evidence shown is the evidence that was summed, in its order, with the running
total; the order and the confidences are the ranking's. It ranks nothing itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from well.domain.candidate import Candidate, Ranking
from well.domain.entry import TargetEntry
from well.matching import lines
from well.web import formats
from well.web.words import plain

KEYS_MAX = 9


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One feature's verdict with the total up to it, in bits."""

    feature: str
    source: str
    target: str
    level: str
    bits: float
    sum: float
    tone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; `id` None is "none of them". `key` is the digit that chooses it, "" without."""

    id: str | None
    url: str
    label: str = ""
    detail: str = ""
    key: str = ""
    confidence: float = 0.0
    bits: float = 0.0
    evidence: tuple[EvidenceRow, ...] = ()
    chosen: bool = False
    pinned: bool = False


def evidence_rows(candidate: Candidate) -> tuple[EvidenceRow, ...]:
    """The candidate's evidence with running totals."""
    return tuple(
        EvidenceRow(
            feature=plain(line.evidence.feature).capitalize(),
            source=line.evidence.source,
            target=line.evidence.target,
            level=plain(line.evidence.level),
            bits=line.evidence.bits,
            sum=line.running,
            tone="good" if line.evidence.bits > 0 else "bad" if line.evidence.bits < 0 else "",
        )
        for line in lines(candidate)
    )


def describe(entry: TargetEntry | None) -> str:
    """Number, date and total of an entry in one line."""
    if entry is None:
        return ""
    parts = [entry.invoice_number or "", _day(entry), _total(entry)]
    return " · ".join(part for part in parts if part)


def name_of(entry: TargetEntry) -> str:
    """What to call an entry: its supplier, or its file while the target has not read it."""
    return entry.supplier_name or entry.file_name


def _day(entry: TargetEntry) -> str:
    return formats.day(entry.issue_date) if entry.issue_date else ""


def _total(entry: TargetEntry) -> str:
    return formats.money(entry.gross_total) if entry.gross_total else ""


def choices(
    ranking: Ranking,
    entries: Mapping[str, TargetEntry],
    chosen: str | None,
    url: Callable[[str], str],
) -> tuple[Choice, ...]:
    """The ranked candidates, and before them the entry a person picked outside the ranking."""
    ranked = tuple(
        Choice(
            id=candidate.id,
            url=url(candidate.id),
            label=name_of(entries[candidate.id]) if candidate.id in entries else candidate.label,
            detail=describe(entries.get(candidate.id)),
            key=str(place) if place <= KEYS_MAX else "",
            confidence=candidate.confidence,
            bits=candidate.bits,
            evidence=evidence_rows(candidate),
            chosen=candidate.id == chosen,
        )
        for place, candidate in enumerate(ranking.candidates, 1)
    )
    if chosen is None or any(choice.chosen for choice in ranked) or chosen not in entries:
        return ranked
    entry = entries[chosen]
    picked = Choice(chosen, url(chosen), name_of(entry), describe(entry), chosen=True, pinned=True)
    return (picked, *ranked)
