"""Shared: what flows that post to one target must know of each other's documents.

Invariant: of a document that comes through several flows at once one posting leaves. Whoever plans
or claims holds the target until that is stored, so of two the second sees the first; and what the
first sent counts until the target's own reading of it is in the mirror, where matching finds it.
It plans and sends nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from well.domain.case import Case, CaseState
from well.domain.flow import Flow
from well.domain.posting import NEVER, PostingState
from well.matching import look_alike
from well.pipeline.match import match
from well.pipeline.poll import ENTRIES
from well.pipeline.taught import taught
from well.pipeline.work import IN_FLIGHT, WELL, Work
from well.ports.store import Store

SEEN_MAX = 1000
"""Postings of one other flow on their way that are compared."""


def neighbours(store: Store, flow: Flow) -> list[Flow]:
    """The other flows that post to the same target."""
    return [one for one in store.flows() if one.target == flow.target and one.id != flow.id]


def owns_document(case: Case) -> bool:
    """Whether the case has posted or linked its document, or is on the way to it."""
    return (
        case.state in (CaseState.POSTED, CaseState.LINKED)
        or case.entry is not None
        or case.posted is not None
        or (case.state is CaseState.WAITING and case.step in IN_FLIGHT)
    )


def owners(store: Store, flow: Flow, keys: Sequence[str]) -> dict[str, list[Case]]:
    """For each duplicate key, the cases that own the document already, the flow's own first.

    Of other flows with this target only those count whose entry cannot be read yet: any other is
    found by matching.
    """
    found = {
        key: [case for case in group if owns_document(case)]
        for key, group in store.cases_like(flow.id, keys).items()
    }
    for other in neighbours(store, flow):
        for key, group in store.cases_like(other.id, keys).items():
            mine = [case for case in group if owns_document(case)]
            found.setdefault(key, []).extend(_unreadable(store, flow.target, mine))
    return {key: group for key, group in found.items() if group}


def _unreadable(store: Store, target: str, cases: Sequence[Case]) -> list[Case]:
    """Cases whose entry the target has not told the total of."""
    entries = store.entries(target, [case.entry for case in cases if case.entry])
    readable = {id for id, entry in entries.items() if entry.gross_total is not None}
    return [case for case in cases if case.entry not in readable]


def on_their_way(work: Work, cases: Sequence[Case]) -> dict[str, str]:
    """For each case, a record of another flow that looks like the same document and may be at the
    target already, though the target has not told what it read."""
    sent = [case for flow in neighbours(work.store, work.flow) for case in _sent(work, flow)]
    looks = {
        case.id: next((other.record for other in sent if _alike(case, other)), None)
        for case in (cases if sent else ())
        if case.entry is None and case.posted is None
    }
    return {id: record for id, record in looks.items() if record is not None}


def _sent(work: Work, flow: Flow) -> list[Case]:
    moving = [PostingState.UNKNOWN, PostingState.SENT]
    postings = work.store.find_postings(flow.id, moving, SEEN_MAX, NEVER)
    cases = work.store.cases([posting.case for posting in postings])
    return _unreadable(work.store, work.flow.target, list(cases.values()))


def _alike(one: Case, other: Case) -> bool:
    if one.invoice is None or other.invoice is None:
        return False
    same = one.duplicate_key is not None and one.duplicate_key == other.duplicate_key
    return same or look_alike(one.invoice, other.invoice)


def taken_meanwhile(work: Work, cases: Sequence[Case], planned: Mapping[str, datetime]) -> set[str]:
    """Cases about to be sent whose document may have come to the target since they were decided,
    by the time they were planned: through another flow, or by hand while the target was away."""
    marker = work.store.marker(work.flow.target, ENTRIES)
    shared = bool(neighbours(work.store, work.flow))
    asked = [c for c in cases if shared or (marker is not None and marker.at > planned[c.id])]
    return set(on_their_way(work, asked)) | _appeared(work, asked) if asked else set()


def _appeared(work: Work, asked: Sequence[Case]) -> set[str]:
    """Cases of which a likely entry came to the mirror."""
    parties = work.store.parties([case.counterparty for case in asked if case.counterparty])
    known = {
        c.id: parties[c.counterparty] for c in asked if c.counterparty and c.counterparty in parties
    }
    before = {case.id: case for case in asked}
    again = match(work, asked, known, taught(work))
    likely = {case.id: _likely(work, before[case.id], case) for case in again}
    fresh = sorted({entry for entries in likely.values() for entry in entries})
    own = work.store.linked_cases(work.flow.id, fresh)
    return {case for case, ids in likely.items() if ids - own.keys()}


def _likely(work: Work, before: Case, now: Case) -> set[str]:
    """Entries that the case did not know of when it was decided. Those that a person passed over
    had been seen; a new one must be likely for their word to be asked again."""
    rules = work.flow.rules
    least = 1 - rules.auto_post if before.by == WELL else rules.review
    known = {candidate.id for candidate in before.ranking.candidates}
    return {
        candidate.id
        for candidate in now.ranking.candidates
        if candidate.confidence >= least and candidate.id not in known
    }
