"""One record asked of the database and all records joined in memory: the same, bit for bit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

from builders.matching import NOON, a_party, an_entry, an_invoice, euros
from builders.stores import REGION, some_stores
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice, Seller
from well.matching import RULES, Model, Question, entry_keys, invoice_keys, rank_questions
from well.matching.blocking import AMOUNT, PARTY, Keyring, Pairs
from well.matching.candidates import ByKeys, InMemory
from well.matching.columns import Book, columns
from well.matching.compare import Sides
from well.matching.cuts import harmful
from well.matching.entries import document_row, entry_row
from well.matching.link import Links, best_pairs, levels_of, rated
from well.ports.store import BLOCK_MAX, Block
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])

FIRMS = ("Algolia SAS", "Dupont Conseil", "Müller GmbH", "O'Neil & Sons", "Stripe", "Nordwind AG")
VATS = ("FR75814107155", None, "DE136695976", None, "IE6388047V", None)
SITES = ("algolia.com", None, "müller.de", None, "stripe.com", "nordwind.example.net")
SUMS = ("1284.37", "1284.38", "99.00", "240.00", "2568.74", "0.00")
ENTRIES, DOCUMENTS = 420, 60


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def some_entries(random: Random) -> list[TargetEntry]:
    """Entries with gaps in every field; more than a block holds share a total and a period."""
    plain = [_entry(random, n) for n in range(ENTRIES - BLOCK_MAX - 1)]
    crowd = [
        an_entry(
            id=f"crowd-{n:04}",
            invoice_number=f"C-{n:06}",
            supplier_name=random.choice(FIRMS[:2]),
            gross_total=euros("50.00"),
        )
        for n in range(BLOCK_MAX + 1)
    ]
    return plain + crowd


def _entry(random: Random, n: int) -> TargetEntry:
    firm = random.randrange(len(FIRMS))
    day = NOON.date() + timedelta(days=random.randrange(-300, 300))
    made = NOON + timedelta(days=random.randrange(-300, 300))
    number = random.choice([None, f"INV-2026-{n:03}", f"{n}", "INV-2026-04-100", f"2026/{n:05}"])
    return an_entry(
        id=f"e{random.randrange(10**9):09}-{n}",
        file_name=random.choice([f"Facture_INV-2026-{n:03}.pdf", "scan.pdf", f"é--tok-{n}.pdf"]),
        created_at=made,
        invoice_number=number,
        supplier_name=random.choice([None, FIRMS[firm], FIRMS[firm].upper()]),
        vat_id=random.choice([None, VATS[firm]]),
        gross_total=random.choice([None, *map(euros, SUMS)]),
        issue_date=random.choice([None, day, day, day]),
        due_date=random.choice([None, day + timedelta(days=30)]),
        credit_note=random.random() < 0.1,
    )


def some_documents(random: Random) -> list[tuple[Invoice, Counterparty | None]]:
    return [_document(random, n) for n in range(DOCUMENTS)]


def _document(random: Random, n: int) -> tuple[Invoice, Counterparty | None]:
    firm = random.randrange(len(FIRMS))
    day = NOON.date() + timedelta(days=random.randrange(-200, 200))
    crowded = n % 6 == 0
    invoice = an_invoice(
        number=random.choice([None, f"INV-2026-{n:03}", "INV-2026-04-100", f"{n}"]),
        issue_date=NOON.date() if crowded else random.choice([None, day, day]),
        due_date=random.choice([None, day + timedelta(days=30)]),
        gross_total=euros("50.00") if crowded else euros(random.choice(SUMS)),
        net_total=random.choice([None, euros("1070.31")]),
        seller=Seller(FIRMS[firm], vat_id=VATS[firm], website=SITES[firm]),
        credit_note=random.random() < 0.1,
    )
    party = a_party(names=(FIRMS[firm], f"{FIRMS[firm]} Holding"), vat_ids=("FR75814107155",))
    return invoice, random.choice([None, party])


def joined(
    documents: Sequence[tuple[Invoice, Counterparty | None]], entries: Sequence[TargetEntry]
) -> tuple[Pairs, Links]:
    """The way of a whole table."""
    book = Book()
    source = columns(book, [document_row(*document) for document in documents])
    sides = Sides.of(book, source, columns(book, [entry_row(entry) for entry in entries]))
    pairs = InMemory(Keyring.of(book, lasting=False), sides.target).pairs(sides.source)
    return pairs, rated(pairs, levels_of(sides, pairs), Model(), len(documents))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_database_and_the_join_bring_the_same_pairs_and_cuts(
    store: DjangoStore, seed: int
) -> None:
    random = Random(seed)
    entries = sorted(some_entries(random), key=lambda entry: entry.id)
    documents = some_documents(random)
    store.save_entries("bank", list(zip(entries, entry_keys(entries), strict=True)), RULES)
    rows = {entry.id: n for n, entry in enumerate(entries)}

    def lookup(keys: Sequence[Sequence[str]]) -> list[Block[int]]:
        found = store.entries_by("bank", {str(n): some for n, some in enumerate(keys)})
        return [replace(b, hits=tuple(rows[e.id] for e in b.hits)) for b in found.values()]

    book = Book()
    source = columns(book, [document_row(*document) for document in documents])
    asked = ByKeys(Keyring.of(book, lasting=True), lookup).pairs(source)
    pairs, _ = joined(documents, entries)
    assert asked.source.tolist() == pairs.source.tolist()
    assert asked.target.tolist() == pairs.target.tolist()
    assert asked.cut.tolist() == pairs.cut.tolist()
    kinds = int(np.bitwise_or.reduce(pairs.cut))
    assert (kinds >> AMOUNT & 1, kinds >> PARTY & 1, len(asked.source) > DOCUMENTS) == (1, 0, True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_documents_asked_one_by_one_score_bit_for_bit_what_the_whole_table_does(
    store: DjangoStore, seed: int
) -> None:
    random = Random(seed)
    entries = sorted(some_entries(random), key=lambda entry: entry.id)
    documents = some_documents(random)
    store.save_entries("bank", list(zip(entries, entry_keys(entries), strict=True)), RULES)
    pairs, links = joined(documents, entries)
    best = best_pairs(links)
    held = pairs.cut != 0
    row = pairs.source[best]
    held[row] = harmful(pairs.cut[row], links.levels, best)
    assert held.any()
    assert not held.all()
    for n, document in enumerate(documents):
        block = store.entries_by("bank", {"q": invoice_keys([document])[0]})["q"]
        ranking = rank_questions([Question(*document, block)], Model())[0]
        mine = np.flatnonzero(pairs.source == n).tolist()
        wanted = {
            entries[pairs.target[k]].id: (float(links.total[k]), float(links.confidence[k]))
            for k in mine
        }
        assert {c.id: (c.bits, c.confidence) for c in ranking.candidates} == wanted
        assert ranking.none_confidence == float(links.none[n])
        assert ranking.truncated == bool(held[n])
