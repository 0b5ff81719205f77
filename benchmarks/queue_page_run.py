"""The measuring half of `queue_page`, loaded when Django is ready.

Invariant: see queue_page.
"""

import statistics
import time
from dataclasses import replace
from datetime import date

from django.test import Client

from benchmarks.prepared import migrate
from well.accounts.workspaces import create_workspace
from well.bootstrap import well
from well.domain.case import Case, CaseState, Step
from well.domain.decision import Decision, Outcome, Reason
from well.domain.flow import Connection, ConnectionState
from well.domain.ids import case_id, record_id
from well.domain.invoice import Invoice, Seller
from well.domain.money import Money
from well.domain.source_record import Kind, RecordKey
from well.pipeline.setup import create_flow

BATCH = 1_000
STATES = (CaseState.REVIEW, CaseState.POSTED, CaseState.POSTED, CaseState.IGNORED)


def run(cases: int, requests: int) -> None:
    """Fill the store and time the pages."""
    it = well()
    migrate()
    made, user = create_workspace("bench", "eu", "bench@example.com", it.clock.now())
    workspace = str(made.id)
    store = it.store(workspace)
    links = [
        Connection(name, name, name.title(), "1", ConnectionState.CONNECTED)
        for name in ("quickbooks", "qonto")
    ]
    for link in links:
        store.save_connection(link)
    flow = create_flow(store, *links, it.connectors["quickbooks"], "bench", it.clock)
    started = time.monotonic()
    for first in range(0, cases, BATCH):
        store.save_cases([_case(flow.id, n) for n in range(first, first + BATCH)], it.clock.now())
    print(f"{cases} cases stored in {time.monotonic() - started:.0f} s")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in (1, 250):
        _time(client, f"/w/{workspace}/queue/?page={page}", requests)
    _time(client, f"/w/{workspace}/status/", requests)
    it.close()


def _case(flow: str, number: int) -> Case:
    key = RecordKey("quickbooks", "bills", str(number))
    record = record_id(key.connection, key.stream, key.source_id)
    state = STATES[number % len(STATES)]
    share = 0.55 + (number % 300) / 1000
    invoice = Invoice(
        number=f"INV-{number}",
        issue_date=date(2026, 1 + number % 11, 1 + number % 28),
        currency="EUR",
        gross_total=Money(10_000 + number, "EUR"),
        seller=Seller(name=f"Supplier {number % 5000}"),
    )
    reason = Reason(
        "own_confidence", f"Posting it new is {share:.0%} likely to need no correction."
    )
    case = Case(
        case_id(flow, record),
        flow,
        record,
        key,
        Kind.SUPPLIER_INVOICE,
        1,
        state,
        Step.DONE,
        reason=reason.sentence,
        invoice=invoice,
    )
    return replace(case, decision=Decision(Outcome.REVIEW, share, share, (reason,)))


def _time(client: Client, address: str, requests: int) -> None:
    times = []
    for _ in range(requests):
        started = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.status_code
    where = address.split("/", 3)[3]
    print(
        f"{where}: median {statistics.median(times) * 1000:.0f} ms, "
        f"worst {max(times) * 1000:.0f} ms of {requests}, {len(answer.content) / 1000:.0f} kB"
    )
