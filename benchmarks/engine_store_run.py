"""The measuring half of `engine_store`, loaded when Django is ready.

Invariant: see engine_store.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.bars import at_most
from benchmarks.key_table import records
from benchmarks.prepared import migrate, workspace
from well.bootstrap import well
from well.domain.decision import Decision
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice, Seller
from well.domain.money import Money
from well.matching import (
    RULES,
    Model,
    Question,
    entry_keys,
    invoice_keys,
    rank_questions,
    with_canonical,
)
from well.matching.columns import Raw
from well.policy import Facts, decide
from well.ports.store import Knowledge

PORTION, WARM, ASKED = 2_000, 1_000, 1_000
BANK = "bank"


def entry(raw: Raw) -> TargetEntry:
    """A record of the ledger as the target tells it."""
    day = date.fromordinal(raw.day or 1)
    made = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return TargetEntry(
        id=raw.id,
        file_name="",
        status="paid",
        created_at=made,
        updated_at=made,
        invoice_number=raw.reference or None,
        supplier_name=str(raw.names) or None,
        vat_id=str(raw.numbers) or None,
        iban=str(raw.ibans) or None,
        gross_total=Money(raw.amount or 0, raw.currency),
        issue_date=day,
    )


def invoice(raw: Raw) -> Invoice:
    """A record of the source as it is read."""
    return Invoice(
        number=raw.reference or None,
        issue_date=date.fromordinal(raw.day or 1),
        currency=raw.currency,
        gross_total=Money(raw.amount or 0, raw.currency),
        seller=Seller(
            str(raw.names) or None,
            vat_id=str(raw.numbers) or None,
            iban=str(raw.ibans) or None,
            website=str(raw.sites) or None,
        ),
    )


def save(store: Knowledge, target: Path, most: int) -> Iterator[str]:
    """Keep the first `most` entries of the ledger."""
    started = time.process_time()
    rest = islice(records(target), most)
    count = 0
    while some := with_canonical([entry(raw) for raw in islice(rest, PORTION)]):
        store.save_entries(BANK, list(zip(some, entry_keys(some), strict=True)), RULES)
        count += len(some)
    yield f"  {count:,} entries kept in {time.process_time() - started:.0f} CPU s"


def answer(store: Knowledge, model: Model, document: Invoice) -> Decision:
    """The decision for one document."""
    block = store.entries_by(BANK, {"": invoice_keys([(document, None)])[0]})[""]
    [ranking] = rank_questions([Question(document, None, block)], model)
    return decide(Facts(document, ranking=ranking))


def measure(store: Knowledge, folder: Path, most: int) -> Iterator[str]:
    """Lines of figures."""
    yield from save(store, folder / "target.csv", most)
    documents = [invoice(raw) for raw in islice(records(folder / "source.csv"), WARM + ASKED)]
    model = Model()
    wall, cpu = [], []
    for document in documents:
        before = time.perf_counter(), time.process_time()
        answer(store, model, document)
        wall.append((time.perf_counter() - before[0]) * 1_000)
        cpu.append((time.process_time() - before[1]) * 1_000)
    yield at_most("p50", float(np.quantile(wall[WARM:], 0.50)), 2, " ms")
    yield at_most("p99", float(np.quantile(wall[WARM:], 0.99)), 15, " ms")
    spent = np.quantile(cpu[WARM:], [0.50, 0.99])
    yield f"  of it CPU time: p50 {spent[0]:.2f} ms, p99 {spent[1]:.2f} ms"


def run(folder: Path, most: int) -> None:
    """Fill the store and ask it."""
    it = well()
    migrate()
    for line in measure(it.store(workspace("bench")), folder, most):
        print(line, flush=True)
    it.close()
