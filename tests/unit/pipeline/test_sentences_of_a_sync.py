"""What the product's pages say of every sync: its order, its confirmation, its markers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.values import a_case, an_entry, an_invoice
from simulation.history import History
from simulation.world import LIMITS
from well.bootstrap import build
from well.domain.case import CaseState, Step
from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.domain.marker import OVERLAP, Marker
from well.domain.money import Money
from well.domain.posting import PostingState
from well.pipeline.confirm import confirm
from well.pipeline.post import ATTEMPTS_MAX, settle
from well.pipeline.setup import POSTED_BY_DEFAULT, create_flow
from well.pipeline.sync import Phase, Run, advance
from well.ports.target import Sent, Shipment
from well.settings import load


@pytest.fixture
def history() -> History:
    made = History(3)
    made.faults.healed = True
    return made


class Sends:
    """Notes each request to the target with the phase and the records that were known then."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.requests: list[list[str]] = []
        self.cases_then: list[int] = []
        self._send = history.target.send
        history.target.send = self  # type: ignore[method-assign]

    def __call__(self, shipments: Sequence[Shipment]) -> Sequence[Sent]:
        self.requests.append([shipment.posting for shipment in shipments])
        waiting = [c for c in self.history.disk.cases.values() if c.key.stream == "bills"]
        self.cases_then.append(
            sum(
                case.step in (Step.POST, Step.CONFIRM) or case.state is not CaseState.WAITING
                for case in waiting
            )
        )
        return self._send(shipments)


def test_nothing_is_posted_before_every_record_of_the_window_is_kept_and_decided(
    history: History,
) -> None:
    history.add_bills(23)
    sends = Sends(history)
    history.sync()
    assert sends.requests and sends.cases_then[0] == 23


def test_the_most_confident_are_posted_first(history: History) -> None:
    history.add_bills(23)
    sends = Sends(history)
    history.sync()
    postings = history.disk.postings
    order = [postings[id].priority for request in sends.requests for id in request]
    assert len(order) == 23 and order == sorted(order, reverse=True)


def test_no_run_reaches_posting_before_the_changes_are_read(history: History) -> None:
    history.add_bills(9)
    run = Run(history.clock.now())
    sends = Sends(history)
    while run.phase is not Phase.DRAIN:
        assert not sends.requests
        run = advance(history.work(), run)


def test_a_window_begins_a_little_before_the_last_successful_sync() -> None:
    now = History(1).clock.now()
    window = Marker("src", "bills", now - timedelta(hours=1)).next_window(now)
    assert window.since == now - timedelta(hours=1) - OVERLAP and window.until == now


def test_a_record_that_comes_again_is_known_by_its_id_and_posted_once(history: History) -> None:
    history.add_bills(6)
    history.sync()
    held = dict(history.target.held)
    for bill in history.source.bills.values():
        bill.changed_at = history.clock.now()
    history.clock.sleep(3600)
    history.sync()
    assert history.target.held == held and len(history.disk.postings) == 6


def test_what_the_target_read_is_verified_before_a_record_is_done() -> None:
    invoice = an_invoice(1)
    case = a_case(1, posted=invoice, invoice=invoice)
    same = an_entry(
        invoice_number=invoice.number,
        supplier_name=invoice.seller.name,
        gross_total=invoice.gross_total,
        issue_date=invoice.issue_date,
        analyzed_at=an_entry().created_at,
    )
    assert invoice.gross_total is not None
    another = Money(invoice.gross_total.minor + 1, invoice.gross_total.currency)
    assert confirm(case, same)[0].state is CaseState.POSTED
    for odd in (replace(same, gross_total=another), replace(same, has_duplicates=True)):
        after, differences = confirm(case, odd)
        assert after.state is CaseState.REVIEW and differences


def test_a_posting_that_fails_is_tried_again_with_a_pause_that_doubles(history: History) -> None:
    history.add_bills(1)
    busy = Failure(FailureKind.TRANSIENT, "The provider is busy.")
    history.target.send = lambda shipments: [  # type: ignore[method-assign]
        Sent(shipment.posting, failure=busy) for shipment in shipments
    ]
    for _ in range(40):
        history.sync()
        history.clock.sleep(900)
    (posting,) = history.disk.postings.values()
    assert posting.state is PostingState.REJECTED and posting.attempts == ATTEMPTS_MAX
    case = history.disk.cases[posting.case]
    assert case.failure is not None and case.failure.way_out is WayOut.RETRY
    told = f"It was tried {ATTEMPTS_MAX} times and is not tried again by itself."
    assert case.failure.sentence == f"The provider is busy. {told}"
    pauses = []
    for attempts in range(1, ATTEMPTS_MAX):
        tried = replace(posting, attempts=attempts)
        after = settle(tried, Sent(posting.id, failure=busy), history.clock.at, LIMITS)
        assert after.state is PostingState.PLANNED and after.not_before is not None
        pauses.append((after.not_before - history.clock.at).total_seconds())
    assert pauses == pytest.approx([pauses[0] * 2**n for n in range(len(pauses))])


def test_a_lost_grant_ends_the_retries_at_once(history: History) -> None:
    history.add_bills(3)
    calls = []

    def refuse(shipments: Sequence[Shipment]) -> Sequence[Sent]:
        calls.append(len(shipments))
        raise Failed(Failure(FailureKind.GRANT_LOST, "Reconnect."))

    history.target.send = refuse  # type: ignore[method-assign]
    run = Run(history.clock.now())
    with pytest.raises(Failed):
        while run.phase is not Phase.DONE:
            run = advance(history.work(), run)
    assert calls == [3]
    states = {posting.state for posting in history.disk.postings.values()}
    assert states == {PostingState.PLANNED}, "kept, to go out after the reconnect"


def test_a_schema_rejection_is_kept_with_its_sentence_and_way_out(history: History) -> None:
    history.add_bills(1)
    sentence = "The number is too long for the target."
    history.target.send = lambda shipments: [  # type: ignore[method-assign]
        Sent(s.posting, failure=Failure(FailureKind.REJECTED, sentence)) for s in shipments
    ]
    history.sync()
    (case,) = [c for c in history.disk.cases.values() if c.key.stream == "bills"]
    assert case.state is CaseState.FAILED and case.failure is not None
    assert case.failure.sentence == sentence and len(history.disk.postings) == 1


def test_a_new_flow_polls_as_often_as_its_source_says_with_the_published_limits(
    history: History, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    hub = build(load({"WELL_DATA": str(folder)}))
    minutes = {"quickbooks": 60, "qonto": 15}
    try:
        for name, every in minutes.items():
            assert hub.connectors[name].every == timedelta(minutes=every)
            store = history.work().store
            source, target = store.connection("src"), store.connection("dst")
            flow = create_flow(store, target, source, hub.connectors[name], "ann", history.clock)
            assert flow.every == timedelta(minutes=every)
            assert flow.posted_kinds == POSTED_BY_DEFAULT
            assert flow.backfill == timedelta(days=3 * 365)
            assert (flow.rules.auto_post, flow.rules.review) == (0.85, 0.55)
            assert not store.due_flows(history.clock.now()), "its window is chosen first"
            history.disk.flows.pop(flow.id)
    finally:
        hub.close()
