"""Two workspaces never see each other: whatever B holds, A's answers stay the same to the byte."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders.stores import NOON, REGION, FakeClock, some_stores
from builders.values import (
    AT,
    a_case,
    a_connection,
    a_document,
    a_flow,
    a_key,
    a_party,
    a_posting,
    a_record,
    an_attachment,
    an_entry,
)
from well.domain.case import CaseState, Step
from well.domain.learned_layout import LearnedLayout
from well.domain.learning import FlowMemory, KeptJudgement, KeptLayout, SpotCheck
from well.domain.marker import Marker, Slice, Window
from well.domain.posting import PostingState
from well.domain.trail import TrailEvent
from well.ports.grants import Grant
from well.storage.models import CaseRow, RecordRow
from well.storage.scope import reading, rows, unit
from well.storage.store import DjangoStore
from well.storage.stores import Stores

pytestmark = pytest.mark.django_db(databases=["default", "eu"])

GRANT = Grant("access", "refresh", NOON)
MARKS = ("mark-a", "mark-b")
MONTH = Window(NOON - timedelta(days=30), NOON)


def _fill(stores: Stores, workspace: str, mark: str) -> DjangoStore:
    """Everything a workspace may hold, under the same ids in each; `mark` tells whose it is."""
    store = stores.open(workspace, REGION)
    stores.grants(workspace, REGION).put("books", replace(GRANT, access_token=mark))
    body = mark.encode()
    store.keep_records([a_record(1, digest="first", body=body)], NOON)
    store.keep_records([a_record(1, body=body), an_attachment(2, 1, body=body)], NOON)
    store.keep_documents([(a_key(2, "attachments"), a_document(mark))])
    waiting = a_case(2, state=CaseState.WAITING, step=Step.DECIDE, reason=mark)
    linked = a_case(1, reason=mark, entry="e", duplicate_key="like")
    store.save_cases([linked, waiting], NOON)
    there = a_posting(8, file_name=mark, state=PostingState.SENT)
    store.save_postings([a_posting(1, file_name=mark), there])
    store.save_parties([(a_party("p", names=(mark,)), ["key"])])
    store.save_entries("bank", [(an_entry("e", supplier_name=mark), ["key"])])
    store.save_marker(Marker("books", "bills", NOON))
    store.save_slices([Slice("flow", "bills", MONTH, cursor=mark)])
    store.save_connection(a_connection(label=mark))
    store.save_flow(a_flow(name=mark))
    store.set_due("flow", NOON)
    store.append([TrailEvent(AT, mark, "captured", "r1", {"mark": mark})])
    store.append([TrailEvent(AT, mark, "decided", "r1", {"flow": "flow", "mark": mark})])
    store.save_cases([a_case(3, state=CaseState.POSTED, counterparty=f"of {mark}")], NOON)
    store.keep_judgement(KeptJudgement("case", "flow", NOON, mark, "approve", "e", agreed=True))
    store.save_flow_memory("flow", FlowMemory(mark))
    store.save_spot_checks([_checked(1, mark), replace(_checked(7, mark), right=True)])
    store.keep_layouts([_layout(1, mark), replace(_layout(2, mark), layout=None)])
    return store


def _layout(number: int, mark: str) -> KeptLayout:
    learned = LearnedLayout(None, None, mark, "EUR", None, (mark,), ())
    case = a_case(number).id
    return KeptLayout(case, "flow", NOON, mark, mark, ("key",), "d", (("number", mark),), learned)


def _checked(number: int, mark: str) -> SpotCheck:
    case = a_case(number)
    return SpotCheck(case.id, "flow", case.record, 0.9, 1.0, AT, by=mark, answered_at=NOON)


READS: dict[str, Callable[[DjangoStore], Any]] = {
    "records": lambda s: s.records([a_key(1), a_key(7)]),
    "former_versions": lambda s: s.former_versions(a_key(1)),
    "attachments_of": lambda s: s.attachments_of([a_key(1)]),
    "documents_of": lambda s: s.documents_of([a_key(2, "attachments")]),
    "document_refs": lambda s: s.document_refs([a_document(mark).digest for mark in MARKS]),
    "document": lambda s: [
        s.document(ref) for ref in s.documents_of([a_key(2, "attachments")]).values()
    ],
    "cases": lambda s: s.cases([a_case(1).id]),
    "cases_of": lambda s: s.cases_of("flow", [a_case(1).record]),
    "cases_at": lambda s: s.cases_at("flow", CaseState.WAITING, Step.DECIDE, 100),
    "linked_cases": lambda s: s.linked_cases("flow", ["e"]),
    "cases_like": lambda s: s.cases_like("flow", ["like"]),
    "find_postings": lambda s: s.find_postings("flow", list(PostingState), 100, NOON),
    "postings": lambda s: s.postings([a_posting(1).id]),
    "postings_there": lambda s: s.postings_there("target", MARKS),
    "parties_by": lambda s: s.parties_by({"q": ["key"]}),
    "parties": lambda s: s.parties(["p"]),
    "entries_by": lambda s: s.entries_by("bank", {"q": ["key"]}),
    "entries_by_other_rules": lambda s: s.entries_by_other_rules("bank", "rules", 9),
    "entries": lambda s: s.entries("bank", ["e"]),
    "marker": lambda s: s.marker("books", "bills"),
    "slices": lambda s: s.slices("flow"),
    "connections": lambda s: s.connections(),
    "connection": lambda s: [s.connection(c.id) for c in s.connections()],
    "flows": lambda s: s.flows(),
    "flow_versions": lambda s: s.flow_versions("flow"),
    "due_flows": lambda s: s.due_flows(NOON),
    "with_documents": lambda s: sorted(s.with_documents("flow", [f"of {m}" for m in MARKS])),
    "told_since": lambda s: list(s.told_since(["decided"], AT)),
    "newest_decision": lambda s: s.newest_decision("r1", "flow"),
    "trail_of": lambda s: s.trail_of(["r1"]),
    "newest_judgement": lambda s: s.newest_judgement("case"),
    "newest_judgements": lambda s: s.newest_judgements("flow"),
    "agreed_in_a_row": lambda s: s.agreed_in_a_row("flow"),
    "flow_memory": lambda s: s.flow_memory("flow"),
    "spot_check": lambda s: s.spot_check(a_case(1).id),
    "spot_checks": lambda s: [s.spot_checks("flow", answered, 9) for answered in (True, False)],
    "decided_alone": lambda s: s.decided_alone("flow", NOON - timedelta(days=1)),
    "layouts_of": lambda s: [s.layouts_of("flow", learned, 9) for learned in (True, False)],
    "newest_layouts": lambda s: s.newest_layouts(9),
    "layouts_by": lambda s: s.layouts_by({"q": ["key"]}, 9),
    "verify_trail": lambda s: s.verify_trail(),
}
WRITES = {
    "append": lambda s: s.append([TrailEvent(AT, "A", "captured", "r2", {})]),
    "claim_postings": lambda s: s.claim_postings([a_posting(1).id], NOON),
    "keep_documents": lambda s: s.keep_documents([(a_key(9), a_document("mark-b"))]),
    "keep_judgement": lambda s: s.keep_judgement(KeptJudgement("c", "flow", NOON, "A", "refuse")),
    "keep_layouts": lambda s: s.keep_layouts([_layout(1, "A again"), _layout(5, "A")]),
    "hold_target": lambda s: s.hold_target("bank"),
    "due_early": lambda s: s.due_early(["books"], AT, NOON),
    "drop_layouts": lambda s: s.drop_layouts([a_case(1).id, a_case(2).id]),
    "keep_records": lambda s: s.keep_records([a_record(1, digest="x", body=b"A")], NOON),
    "save_cases": lambda s: s.save_cases([a_case(1, reason="A again")], NOON),
    "save_connection": lambda s: s.save_connection(a_connection(label="A again")),
    "save_entries": lambda s: s.save_entries("bank", [(an_entry("e"), ["other"])]),
    "save_flow_memory": lambda s: s.save_flow_memory("flow", FlowMemory("A again")),
    "save_spot_checks": lambda s: s.save_spot_checks([_checked(1, "A again")]),
    "save_flow": lambda s: s.save_flow(a_flow(name="A again")),
    "save_marker": lambda s: s.save_marker(Marker("books", "bills", AT)),
    "save_parties": lambda s: s.save_parties([(a_party("p"), ["other"])]),
    "save_postings": lambda s: s.save_postings([a_posting(1, attempts=9)]),
    "save_slices": lambda s: s.save_slices([Slice("flow", "bills", MONTH, rows=9)]),
    "set_due": lambda s: s.set_due("flow", AT),
}


def _answers(store: DjangoStore) -> dict[str, bytes]:
    return {name: repr(read(store)).encode() for name, read in READS.items()}


def test_every_method_of_the_store_is_here() -> None:
    methods = {
        name
        for name in dir(DjangoStore)
        if not name.startswith("_") and callable(getattr(DjangoStore, name))
    }
    assert methods - {"unit"} == set(READS) | set(WRITES)


def test_answers_for_a_are_the_same_with_b_present_and_absent(tmp_path: Path) -> None:
    stores = some_stores(tmp_path)
    a = _fill(stores, "a", "mark-a")
    alone = _answers(a)
    assert all(answer not in (b"{}", b"[]", b"None") for answer in alone.values())
    b = _fill(stores, "b", "mark-b")
    assert _answers(a) == alone
    theirs = _answers(b)
    assert not [name for name in READS if b"mark-b" in alone[name] or b"mark-a" in theirs[name]]


def test_a_workspace_without_data_sees_none(tmp_path: Path) -> None:
    stores = some_stores(tmp_path)
    nobody = stores.open("nobody", REGION)
    before = _answers(nobody)
    _fill(stores, "b", "mark-b")
    assert _answers(nobody) == before


@pytest.mark.parametrize("write", WRITES, ids=str)
def test_nothing_a_writes_changes_an_answer_for_b(tmp_path: Path, write: str) -> None:
    stores = some_stores(tmp_path)
    a, b = _fill(stores, "a", "mark-a"), _fill(stores, "b", "mark-b")
    before = _answers(b)
    WRITES[write](a)
    assert _answers(b) == before


def test_grants_of_another_workspace_are_not_there(tmp_path: Path) -> None:
    stores = some_stores(tmp_path, FakeClock())
    _fill(stores, "a", "mark-a")
    other = stores.grants("b", REGION)
    assert other.load("books") is None
    other.drop("books")
    assert stores.grants("a", REGION).load("books") == replace(GRANT, access_token="mark-a")


def test_a_sealed_body_moved_to_another_row_column_or_workspace_does_not_open(
    tmp_path: Path,
) -> None:
    stores = some_stores(tmp_path)
    a, b = _fill(stores, "a", "mark-a"), _fill(stores, "b", "mark-b")
    one, two = a_case(1).id, a_case(2).id
    with reading(a.tenant):
        body = rows(CaseRow, a.tenant).get(id=one).body
        record = rows(RecordRow, a.tenant).get(id=a_key(1).record_id).body
    for store, case, moved in ((a, two, body), (b, one, body), (a, one, record)):
        with unit(store.tenant):
            rows(CaseRow, store.tenant).filter(id=case).update(body=moved)
        with pytest.raises(ValueError, match="does not belong"):
            store.cases([case])


def test_a_sealed_file_moved_to_another_workspace_does_not_open(tmp_path: Path) -> None:
    stores = some_stores(tmp_path)
    document = a_document("same")
    [ref] = stores.open("a", REGION).keep_documents([(a_key(1), document)])
    b = stores.open("b", REGION)
    b.keep_documents([(a_key(1), document)])
    path = Path(ref.digest[:2]) / ref.digest
    theirs = (tmp_path / "files" / "a" / path).read_bytes()
    assert theirs != (tmp_path / "files" / "b" / path).read_bytes(), "nothing tells they are equal"
    (tmp_path / "files" / "b" / path).write_bytes(theirs)
    with pytest.raises(OSError, match="damaged"):
        b.document(ref)
