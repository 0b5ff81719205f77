"""Which target entry is a document: the engine asked with domain values.

Invariant: `none` competes with every candidate; each candidate's rows add up to its bits. A
question gets the same answer whatever other questions are asked with it. Nothing is chosen here.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from well.domain.candidate import Ranking
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice
from well.matching import weights
from well.matching.blocking import Pairs
from well.matching.columns import Book, Raw, columns
from well.matching.compare import Sides
from well.matching.habits import Known
from well.matching.learn import Learned
from well.matching.link import Links, Model, calibrated, levels_of, rated
from well.matching.tables import none_bits
from well.matching.tell import Teller
from well.matching.train import learned_tables
from well.matching.vocabulary import Ints
from well.ports.store import Block


@dataclass(frozen=True, slots=True)
class Question:
    """One document: its candidates, entries `taken` by other records, and the `lag` in days that
    its counterparty's entries usually take, known from `links` links."""

    invoice: Invoice
    party: Counterparty | None
    block: Block[TargetEntry]
    taken: Collection[str] = ()
    lag: int = 0
    links: int = 0


def rank_entries(
    invoice: Invoice,
    party: Counterparty | None,
    block: Block[TargetEntry],
    taken: Collection[str] = (),
) -> Ranking:
    """Entries that may be the document already, by the weights Well is shipped with."""
    return rank_questions([Question(invoice, party, block, taken)], Model())[0]


def model_of(learned: Learned, month: int) -> Model:
    """The model of a workspace that learned this much, in `month` (`learn.month_of`)."""
    return Model(
        learned_tables(weights.ENTRY, learned, month),
        none_bits(learned, weights.NONE_BITS, month),
    )


def rank_questions(questions: Sequence[Question], model: Model) -> list[Ranking]:
    """Each document's candidates with their confidences, most likely first."""
    entries = {entry.id: entry for asked in questions for entry in asked.block.hits}
    ids = sorted(entries)
    documents = [document_row(asked.invoice, asked.party) for asked in questions]
    targets = [entry_row(entries[id]) for id in ids]
    book = Book()
    sides = Sides.of(book, columns(book, documents), columns(book, targets))
    number = {id: n for n, id in enumerate(ids)}
    pairs, taken = _pairs(questions, number)
    sides = replace(sides, taken=taken, habits=_habits(questions))
    links = rated(pairs, levels_of(sides, pairs), model, len(questions))
    links = calibrated(links, model.calibration)
    return list(_rankings(questions, documents, targets, links, model))


def _pairs(questions: Sequence[Question], number: dict[str, int]) -> tuple[Pairs, Ints]:
    """All pairs, and those whose entry is taken, as one number each."""
    hits = [sorted(number[entry.id] for entry in asked.block.hits) for asked in questions]
    source = np.repeat(np.arange(len(hits), dtype=np.int64), [len(some) for some in hits])
    target = np.array([n for some in hits for n in some], dtype=np.int64)
    taken = [n << 32 | number[id] for n, asked in enumerate(questions) for id in asked.taken]
    cut = np.zeros(len(questions), dtype=np.int64)
    return Pairs(source, target, cut), np.array(sorted(taken), dtype=np.int64)


def _habits(questions: Sequence[Question]) -> Known:
    lags = [asked.lag for asked in questions]
    links = [asked.links for asked in questions]
    return Known(np.array(lags, dtype=np.int64), np.array(links, dtype=np.int64))


def _rankings(
    questions: Sequence[Question],
    documents: Sequence[Raw],
    targets: Sequence[Raw],
    links: Links,
    model: Model,
) -> Iterator[Ranking]:
    labels = {entry.id: _label(entry) for asked in questions for entry in asked.block.hits}
    teller = Teller(links, model, documents.__getitem__, targets.__getitem__, most=len(targets))
    none = links.none.tolist()
    for asked, found, left in zip(questions, teller.all(len(questions)), none, strict=True):
        named = tuple(replace(candidate, label=labels[candidate.id]) for candidate in found)
        yield Ranking(named, left, asked.block.truncated)


def document_row(invoice: Invoice, party: Counterparty | None) -> Raw:
    """The document with what the workspace knows of its counterparty."""
    seller = invoice.seller
    known = party or _NOBODY
    gross, net = invoice.gross_total, invoice.net_total
    return Raw(
        id="",
        names=_all(known.names, seller.name),
        reference=invoice.number or "",
        amount=abs(gross.minor) if gross else None,
        net=abs(net.minor) if net else None,
        currency=gross.currency if gross else "",
        day=invoice.issue_date.toordinal() if invoice.issue_date else None,
        due=invoice.due_date.toordinal() if invoice.due_date else None,
        numbers=_all(known.vat_ids + known.legal_ids, seller.vat_id, seller.legal_id),
        ibans=_all(known.ibans, seller.iban),
        sites=_all(known.domains, seller.email, seller.website),
        country=known.country or seller.country or "",
        credit=invoice.credit_note,
    )


_NOBODY = Counterparty(id="", names=())


def _all(known: tuple[str, ...], *more: str | None) -> tuple[str, ...]:
    """Each text once, what is known of the counterparty first."""
    return tuple(dict.fromkeys([*known, *(text for text in more if text)]))


def entry_row(entry: TargetEntry) -> Raw:
    """An entry of the target; its file name speaks where the number was not read."""
    gross, tax = entry.gross_total, entry.tax_total
    same = gross is not None and tax is not None and gross.currency == tax.currency
    return Raw(
        id=entry.id,
        names=entry.supplier_name or "",
        reference=entry.invoice_number or "",
        file_name="" if entry.invoice_number else entry.file_name,
        amount=abs(gross.minor) if gross else None,
        net=abs(gross.minor) - abs(tax.minor) if same and gross and tax else None,
        currency=gross.currency if gross else "",
        day=entry.issue_date.toordinal() if entry.issue_date else None,
        due=entry.due_date.toordinal() if entry.due_date else None,
        numbers=entry.vat_id or "",
        ibans=entry.iban or "",
        credit=entry.credit_note or (gross is not None and gross.minor < 0),
    )


def _label(entry: TargetEntry) -> str:
    """Number, supplier and total, or the file name of an entry that was not read yet."""
    parts = [entry.invoice_number, entry.supplier_name, entry.gross_total]
    return " · ".join(str(part) for part in parts if part) or entry.file_name
