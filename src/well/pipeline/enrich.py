"""Enrich: companies of the source become counterparties the workspace can recognise.

Invariant: a merge never drops a name, number or source id. It does not decide who a bill is from.
"""

from collections.abc import Sequence

from well.domain.counterparty import Counterparty
from well.domain.ids import stable_id
from well.domain.source_record import RecordKey
from well.matching import merge_party, party_keys
from well.pipeline.accounts import without_new_accounts
from well.pipeline.work import Work


def learn_parties(work: Work, keys: Sequence[RecordKey]) -> None:
    """Merge company records into the counterparties; runs in the caller's unit."""
    records = work.store.records(keys)
    seen: dict[str, Counterparty] = {}
    for key in keys:
        record = records.get(key)
        if record is None or record.deleted:
            continue
        company = work.source.read_company(record, work.flow.mapping)
        if company is not None:
            seen[_identity(key, company)] = company
    _merge(work, seen)


def _identity(key: RecordKey, company: Counterparty) -> str:
    """One legal person per VAT id or legal id; without one, per source record."""
    strong = company.vat_ids or company.legal_ids
    if strong:
        return stable_id("party", strong[0])
    return stable_id("party", key.record_id)


def _merge(work: Work, seen: dict[str, Counterparty]) -> None:
    known = work.store.parties(list(seen))
    today = work.clock.now().date()
    merged = [
        merge_party(known.get(id), without_new_accounts(known.get(id), company, today), id)
        for id, company in seen.items()
    ]
    work.store.save_parties([(party, party_keys(party)) for party in merged])
