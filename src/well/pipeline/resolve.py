"""Resolve: rank the counterparties a record may be from.

Invariant: "new" is an answer with a probability; nothing is chosen by name alone without saying
so. It reads the workspace's own knowledge and nothing else.
"""

from collections.abc import Sequence
from dataclasses import replace

from well.domain.case import Case
from well.domain.counterparty import Counterparty
from well.domain.source_record import Kind
from well.matching import duplicate_key, rank_parties, seller_keys, seller_source
from well.pipeline.taught import Taught
from well.pipeline.work import Work
from well.ports.store import Block

SURE = 0.5
"""A counterparty is taken for the record when it is more likely than all others together."""


def resolve(
    work: Work, cases: Sequence[Case], taught: Taught
) -> tuple[list[Case], dict[str, Counterparty]]:
    """The cases with ranked counterparties, and each case's counterparty where one is likely."""
    stream = company_stream(work)
    keys = {
        case.id: seller_keys(case.invoice.seller, case.key.connection, stream)
        for case in cases
        if case.invoice is not None
    }
    blocks = work.store.parties_by(keys)
    after: list[Case] = []
    chosen: dict[str, Counterparty] = {}
    for case in cases:
        if case.invoice is None:
            after.append(case)
            continue
        block = blocks.get(case.id, Block[Counterparty]())
        seller = case.invoice.seller
        own = seller_source(seller, case.key.connection, stream)
        ranking = rank_parties(seller, block, own, taught.learned, taught.month)
        best = ranking.best
        if best is not None and best.confidence > SURE:
            chosen[case.id] = next(party for party in block.hits if party.id == best.id)
        party = chosen.get(case.id)
        after.append(
            replace(
                case,
                parties=ranking,
                counterparty=party.id if party else None,
                duplicate_key=duplicate_key(case.invoice, party),
            )
        )
    return after, chosen


def company_stream(work: Work) -> str:
    """The stream whose records a document's seller points to: the first of companies."""
    companies = (s.name for s in work.source.streams if s.kind is Kind.COMPANY)
    return next(companies, "")
