"""Match: rank the existing target entries a record may already be.

Invariant: within a batch no entry is the sure answer of two records; `none` keeps its share.
It looks only at the mirror of the target, never at the target itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from well.domain.case import Case
from well.domain.counterparty import Counterparty
from well.matching import Question, invoice_keys, one_to_one, rank_questions
from well.matching.learn import LINKS_MIN, Learned, usual_lag
from well.pipeline.taught import Taught
from well.pipeline.work import Work
from well.ports.store import Block


def match(
    work: Work, cases: Sequence[Case], parties: Mapping[str, Counterparty], taught: Taught
) -> list[Case]:
    """The cases with their ranked entries."""
    asked = [case for case in cases if case.invoice is not None]
    known = {case.id: with_printed(case, parties.get(case.id)) for case in asked}
    questions = _questions(work, asked, known, taught.learned)
    rankings = rank_questions(questions, taught.model())
    settled = one_to_one({case.id: r for case, r in zip(asked, rankings, strict=True)})
    return [
        replace(case, ranking=settled[case.id]) if case.id in settled else case for case in cases
    ]


def with_printed(case: Case, party: Counterparty | None) -> Counterparty | None:
    """The counterparty with the name that the page prints: it is what a target reads that has
    nothing but the page, while a source may know a supplier by the name of a card payment."""
    page = case.reading.invoice if case.reading else None
    printed = page.seller.name if page else None
    if not printed:
        return party
    known = party or Counterparty(id="", names=())
    return replace(known, names=tuple(dict.fromkeys((*known.names, printed))))


def _questions(
    work: Work, cases: Sequence[Case], parties: Mapping[str, Counterparty | None], learned: Learned
) -> list[Question]:
    """Each document with its candidates, all found by one query."""
    ids = [case.id for case in cases]
    asked = [(case.invoice, parties.get(case.id)) for case in cases if case.invoice is not None]
    keys = dict(zip(ids, invoice_keys(asked), strict=True))
    blocks = work.store.entries_by(work.flow.target, keys)
    hits = {entry.id for block in blocks.values() for entry in block.hits}
    owners = work.store.linked_cases(work.flow.id, sorted(hits))
    questions = []
    for case in cases:
        block, party = blocks.get(case.id, Block()), parties.get(case.id)
        taken = {e.id for e in block.hits if e.id in owners and owners[e.id].id != case.id}
        lag = usual_lag(learned, party.id) if party else None
        known = (lag, LINKS_MIN) if lag is not None else (0, 0)
        assert case.invoice is not None
        questions.append(Question(case.invoice, party, block, taken, *known))
    return questions
