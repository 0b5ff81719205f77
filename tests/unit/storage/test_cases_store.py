"""Cases and postings: lists, lookups, claims."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from builders.stores import NOON, REGION, some_stores
from builders.values import AT, a_case, a_posting, an_invoice
from well.domain.case import CaseState, Step
from well.domain.failure import Failure, FailureKind
from well.domain.invoice import Seller
from well.domain.posting import PostingState
from well.storage.models import CaseRow
from well.storage.scope import reading, rows
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def test_a_case_comes_back_as_it_was_saved(store: DjangoStore) -> None:
    case = a_case(1, failure=Failure(FailureKind.REJECTED, "Too large.", retry_at=AT))
    store.save_cases([case], NOON)
    assert store.cases([case.id, "other"]) == {case.id: replace(case, updated_at=NOON)}


def test_a_case_saved_again_is_replaced_columns_and_all(store: DjangoStore) -> None:
    store.save_cases([a_case(1)], AT)
    store.save_cases([a_case(1, state=CaseState.POSTED, entry="e1", invoice=None)], NOON)
    with reading(store.tenant):
        row = rows(CaseRow, store.tenant).get()
    assert (row.state, row.entry, row.supplier, row.amount_minor) == ("posted", "e1", "", None)
    assert store.cases([a_case(1).id])[a_case(1).id].entry == "e1"


def test_columns_say_what_the_case_says(store: DjangoStore) -> None:
    store.save_cases([a_case(2)], NOON)
    with reading(store.tenant):
        row = rows(CaseRow, store.tenant).get()
    assert (row.number, row.supplier, row.amount_minor) == ("F-2", "Fournisseur 2", 12_002)
    assert (row.currency, row.issue_date, row.confidence) == ("EUR", date(2026, 1, 3), 0.6)
    assert (row.outcome, row.updated_at) == ("review", NOON)


def test_cases_at_a_step_come_newest_document_first(store: DjangoStore) -> None:
    waiting = [
        a_case(n, state=CaseState.WAITING, step=Step.DECIDE, invoice=invoice)
        for n, invoice in enumerate([None, *(an_invoice(day) for day in (3, 20, 11))])
    ]
    store.save_cases([*waiting, a_case(9)], NOON)
    found = store.cases_at("flow", CaseState.WAITING, Step.DECIDE, 10)
    assert [case.id for case in found] == [waiting[i].id for i in (2, 3, 1, 0)]
    assert len(store.cases_at("flow", CaseState.WAITING, Step.DECIDE, 2)) == 2
    assert store.cases_at("other", CaseState.WAITING, Step.DECIDE, 2) == []


def test_cases_are_found_by_record_entry_and_likeness(store: DjangoStore) -> None:
    linked = a_case(1, state=CaseState.LINKED, entry="e1", duplicate_key="same")
    held = a_case(2, state=CaseState.HELD, entry="e2", duplicate_key="same")
    store.save_cases([linked, held, a_case(3)], AT)
    assert store.cases_of("flow", [linked.record, "x"]) == {linked.record: linked}
    assert store.linked_cases("flow", ["e1", "e2", "e3", ""]) == {"e1": linked, "e2": held}
    alike = store.cases_like("flow", ["same", "none"])
    assert {case.id for case in alike["same"]} == {linked.id, held.id}
    assert list(alike) == ["same"]
    assert store.cases_like("other flow", ["same"]) == {}


def test_hostile_text_of_an_invoice_is_kept_as_it_is(store: DjangoStore) -> None:
    nasty = "a\x00b\ud800<script>" + "x" * 5000
    case = a_case(1, invoice=an_invoice(1, number=nasty, seller=Seller(name=nasty)), reason=nasty)
    store.save_cases([case], AT)
    assert store.cases([case.id])[case.id] == case
    with reading(store.tenant):
        row = rows(CaseRow, store.tenant).get()
    assert row.number.startswith("ab?<script>")
    assert len(row.number) < 400


def test_postings_are_found_by_priority_when_due(store: DjangoStore) -> None:
    later = NOON + timedelta(minutes=5)
    low, high = a_posting(1, priority=0.86), a_posting(2, priority=0.99)
    waits = a_posting(3, not_before=later)
    sent = a_posting(4, state=PostingState.SENT)
    store.save_postings([low, high, waits, sent])
    planned = [PostingState.PLANNED]
    assert store.find_postings("flow", planned, 10, NOON) == [high, low]
    assert store.find_postings("flow", planned, 10, later) == [high, waits, low]
    assert store.find_postings("flow", [*planned, PostingState.SENT], 1, NOON) == [high]
    assert store.postings([sent.id, "x"]) == {sent.id: sent}


def test_a_posting_is_claimed_once(store: DjangoStore) -> None:
    one, two = a_posting(1), a_posting(2)
    store.save_postings([one, two, a_posting(3, state=PostingState.SENT)])
    claimed = store.claim_postings([two.id, one.id, a_posting(3).id, "none"], NOON)
    assert [(p.id, p.state, p.attempts) for p in claimed] == [
        (two.id, PostingState.UNKNOWN, 1),
        (one.id, PostingState.UNKNOWN, 1),
    ]
    assert claimed[0].first_sent_at == claimed[0].last_sent_at == NOON
    assert store.claim_postings([one.id, two.id], NOON) == []
    assert store.postings([two.id])[two.id] == claimed[0]


def test_a_second_attempt_remembers_the_first(store: DjangoStore) -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    store.save_postings([a_posting(1, first_sent_at=first, last_sent_at=first, attempts=1)])
    [claimed] = store.claim_postings([a_posting(1).id], NOON)
    assert (claimed.first_sent_at, claimed.last_sent_at, claimed.attempts) == (first, NOON, 2)
