"""Match: rank the existing target entries a record may already be.

Invariant: within a batch no entry is the sure answer of two records; `none` keeps its share.
It looks only at the mirror of the target, never at the target itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from well.domain.case import Case
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.matching import invoice_keys, one_to_one, rank_entries
from well.pipeline.work import Work
from well.ports.store import Block


def match(work: Work, cases: Sequence[Case], parties: Mapping[str, Counterparty]) -> list[Case]:
    """The cases with their ranked entries."""
    keys = {
        case.id: invoice_keys(case.invoice, parties.get(case.id))
        for case in cases
        if case.invoice is not None
    }
    blocks = work.store.entries_by(work.flow.target, keys)
    hits = {entry.id for block in blocks.values() for entry in block.hits}
    owners = work.store.linked_cases(work.flow.id, sorted(hits))
    rankings = {}
    for case in cases:
        if case.invoice is None:
            continue
        block = blocks.get(case.id, Block[TargetEntry]())
        taken = {e.id for e in block.hits if e.id in owners and owners[e.id].id != case.id}
        rankings[case.id] = rank_entries(case.invoice, parties.get(case.id), block, taken)
    settled = one_to_one(rankings)
    return [
        replace(case, ranking=settled[case.id]) if case.id in settled else case for case in cases
    ]
