"""Loops: what Well itself brought to a system is not carried on from there.

Invariant: a record is known to be ours by the entry, the file name or the file of a posting, in
any flow of the workspace, so no chain of flows brings a document back to where it came from. It
asks nothing of a provider and touches no record that has an entry of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from well.domain.case import Case, CaseState, Step
from well.domain.document import DocumentRef
from well.domain.file_name import name_within
from well.domain.flow import Flow
from well.domain.posting import Posting
from well.domain.source_record import RecordKey
from well.pipeline.plan import singular
from well.pipeline.work import Work
from well.ports.store import Store

RULE = "No loop"


def ring(flows: Sequence[Flow], flow: Flow) -> tuple[str, ...]:
    """Connections on the shortest way by which what `flow` brings could come back to its source:
    from its source to its source again; empty where there is none. Pure."""
    ways: list[tuple[str, ...]] = [(flow.source, flow.target)]
    seen = {flow.target}
    while ways:
        way = ways.pop(0)
        for step in flows:
            if step.source != way[-1]:
                continue
            if step.target == flow.source:
                return (*way, flow.source)
            if step.target not in seen:
                seen.add(step.target)
                ways.append((*way, step.target))
    return ()


def take_out(work: Work, cases: Sequence[Case]) -> list[Case]:
    """The cases that may go on; those of documents that Well brought are ignored, in this unit."""
    ours = carried(work, cases)
    out = [
        replace(case.to(CaseState.IGNORED, Step.DONE, ours[case.id]), decision=None, failure=None)
        for case in cases
        if case.id in ours
    ]
    work.store.save_cases(out, work.clock.now())
    work.append(
        [work.event("ignored", c.record, case=c.id, rule="no loop", why=c.reason) for c in out]
    )
    return [case for case in cases if case.id not in ours]


def carried(work: Work, cases: Sequence[Case]) -> dict[str, str]:
    """For each case whose document is not to be carried on, the sentence that says why."""
    back = [flow for flow in work.store.flows() if flow.target == work.flow.source]
    free = [case for case in cases if case.entry is None]
    if not back or not free:
        return {}
    files = _files(work.store, [case.key for case in free])
    return _linked(work, back, free) | _posted(work, free, files)


def _files(store: Store, keys: Sequence[RecordKey]) -> Mapping[RecordKey, list[DocumentRef]]:
    attached = store.attachments_of(keys)
    kept = store.documents_of([one.key for group in attached.values() for one in group])
    return {
        key: [kept[one.key] for one in group if one.key in kept] for key, group in attached.items()
    }


def _posted(
    work: Work, cases: Sequence[Case], files: Mapping[RecordKey, list[DocumentRef]]
) -> dict[str, str]:
    """Records that are entries Well made: by their id, or by the name or bytes of their file."""
    marks = {case.id: _marks(case, files.get(case.key, [])) for case in cases}
    wanted = sorted({mark for group in marks.values() for mark in group})
    by_mark: dict[str, Posting] = {}
    for posting in work.store.postings_there(work.flow.source, wanted):
        for mark in (posting.entry, posting.file_name, posting.document):
            by_mark.setdefault(mark or "", posting)
    found = {
        id: next(by_mark[mark] for mark in group if mark in by_mark)
        for id, group in marks.items()
        if any(mark in by_mark for mark in group)
    }
    origins = work.store.cases([posting.case for posting in found.values()])
    return {
        id: f"{RULE}: Well brought this document to {work.source_title} itself, "
        f"{_from(work.store, origins.get(posting.case))}; it is not carried on from there."
        for id, posting in found.items()
    }


def entry_ids(key: RecordKey) -> tuple[str, str]:
    """Under which ids a record may be an entry of its own system: its id, or, where ids are told
    apart by stream alone, the stream in the singular before it."""
    return key.source_id, f"{singular(key.stream)}-{key.source_id}"


def _marks(case: Case, files: Sequence[DocumentRef]) -> list[str]:
    names = [name for file in files for name in (file.name, name_within(file.name)) if name]
    return [*entry_ids(case.key), *names, *(file.digest for file in files)]


def _from(store: Store, origin: Case | None) -> str:
    if origin is None:
        return "from another connection"
    label = store.connection(origin.key.connection).label
    return f"from record {origin.key.source_id} of {label}"


def _linked(work: Work, back: Sequence[Flow], cases: Sequence[Case]) -> dict[str, str]:
    """Records that the other direction has linked to a record of this flow's own target."""
    ids = [id for case in cases for id in entry_ids(case.key)]
    found: dict[str, str] = {}
    for flow in back:
        if flow.source != work.flow.target:
            continue
        label = work.store.connection(flow.source).label
        for entry, other in work.store.linked_cases(flow.id, ids).items():
            found[entry] = (
                f"{RULE}: it is linked with record {other.key.source_id} of {label}, "
                "so the document is there already."
            )
    return {c.id: found[id] for c in cases for id in entry_ids(c.key) if id in found}
