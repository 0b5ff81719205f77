"""Which target entry is a document: the engine asked with domain values.

Invariant: `none` competes with every candidate; each candidate's rows add up to its bits. A
question gets the same answer whatever other questions are asked with it. Nothing is chosen here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from well.domain.candidate import Ranking
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice
from well.domain.money import Money, minor_digits
from well.matching import weights
from well.matching.candidates import block_pairs
from well.matching.canonical_row import canonical_columns, unpacked
from well.matching.columns import AMOUNT_MAX, NO_AMOUNT, Book, Columns, Raw, columns
from well.matching.compare import Sides, Worth
from well.matching.cuts import harmful, may_hide
from well.matching.habits import Known
from well.matching.learn import Learned
from well.matching.link import Links, Model, best_pairs, calibrated, levels_of, rated
from well.matching.tables import none_bits
from well.matching.tell import Teller
from well.matching.train import learned_tables
from well.matching.vocabulary import ABSENT, Ints
from well.ports.store import Block

Bools = npt.NDArray[np.bool_]

KNOWN_MAX = 12
"""Names, numbers, accounts and sites of a counterparty that a document is looked for by."""


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
    by_id = {entry.id: entry for asked in questions for entry in asked.block.hits}
    number = {id: n for n, id in enumerate(sorted(by_id))}
    entries = [by_id[id] for id in number]
    documents = [document_row(asked.invoice, asked.party) for asked in questions]
    targets = [entry_row(entry) for entry in entries]
    book = Book()
    source = columns(book, documents)
    sides = Sides.of(book, source, entry_columns(book, entries, targets))
    pairs = block_pairs([_numbered(asked.block, number) for asked in questions])
    sides = replace(
        sides,
        taken=_taken(questions, number),
        habits=_habits(questions),
        worth=_worth(questions, book),
    )
    links = rated(pairs, levels_of(sides, pairs), model, len(questions))
    links = calibrated(links, model.calibration)
    return list(_rankings(questions, documents, targets, links, model))


def entry_columns(book: Book, entries: Sequence[TargetEntry], rows: Sequence[Raw]) -> Columns:
    """The side of entries, `rows` their records: by their stored canonical values where kept."""
    return canonical_columns(book, rows, [unpacked(entry.canonical) for entry in entries])


def _numbered(block: Block[TargetEntry], number: Mapping[str, int]) -> Block[int]:
    return Block(tuple(number[entry.id] for entry in block.hits), block.cut)


def _taken(questions: Sequence[Question], number: Mapping[str, int]) -> Ints:
    """Pairs whose entry is taken, as one number each."""
    taken = [
        n << 32 | number[id]
        for n, asked in enumerate(questions)
        for id in asked.taken
        if id in number
    ]
    return np.array(sorted(taken), dtype=np.int64)


def _habits(questions: Sequence[Question]) -> Known:
    lags = [asked.lag for asked in questions]
    links = [asked.links for asked in questions]
    return Known(np.array(lags, dtype=np.int64), np.array(links, dtype=np.int64))


def _worth(questions: Sequence[Question], book: Book) -> Worth | None:
    """What documents are worth in the currency of their books; None where none tells it."""
    told = [_in_books(asked.invoice) for asked in questions]
    if not any(told):
        return None
    minor = [worth.minor if worth else NO_AMOUNT for worth in told]
    currency = [book.ids.number(worth.currency) if worth else ABSENT for worth in told]
    return Worth(np.array(minor, dtype=np.int64), np.array(currency, dtype=np.int64))


def _in_books(invoice: Invoice) -> Money | None:
    """The converted total to the nearest minor unit, for comparing alone."""
    told = invoice.converted
    if told is None or not told.currency:
        return None
    scaled = told.amount.scaleb(minor_digits(told.currency)).to_integral_value()
    fits = scaled.is_finite() and abs(scaled) < AMOUNT_MAX
    return Money(abs(int(scaled)), told.currency) if fits else None


def _rankings(
    questions: Sequence[Question],
    documents: Sequence[Raw],
    targets: Sequence[Raw],
    links: Links,
    model: Model,
) -> Iterator[Ranking]:
    labels = {entry.id: _label(entry) for asked in questions for entry in asked.block.hits}
    teller = Teller(links, model, documents.__getitem__, targets.__getitem__, most=len(targets))
    told = teller.all(len(questions))
    for found, left, cut in zip(told, links.none.tolist(), _cut(links).tolist(), strict=True):
        named = tuple(replace(candidate, label=labels[candidate.id]) for candidate in found)
        yield Ranking(named, left, cut)


def _cut(links: Links) -> Bools:
    """Whether what was left out may be the answer; where there is no candidate any of it may."""
    best = best_pairs(links)
    row = links.pairs.source[best]
    held = may_hide(links.pairs.cut)
    held[row] = harmful(links.pairs.cut[row], links.levels, best)
    return np.asarray(held)


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
        credit=invoice.credit_note or (gross is not None and gross.minor < 0),
    )


_NOBODY = Counterparty(id="", names=())


def _all(known: tuple[str, ...], *more: str | None) -> tuple[str, ...]:
    """Each text once, what is known of the counterparty first."""
    return tuple(dict.fromkeys([*known[:KNOWN_MAX], *(text for text in more if text)]))


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
        made=entry.created_at.toordinal(),
    )


def _label(entry: TargetEntry) -> str:
    """Number, supplier and total, or the file name of an entry that was not read yet."""
    parts = [entry.invoice_number, entry.supplier_name, entry.gross_total]
    return " · ".join(str(part) for part in parts if part) or entry.file_name
