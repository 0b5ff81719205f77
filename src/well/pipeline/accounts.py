"""Accounts: which bank accounts a counterparty usually asks to be paid on.

Invariant: an account is usual when the source's books name it, when a document was posted with it,
or when no earlier document shows another one. Documents may be read in any order: the earliest
issue date counts, and what was planned is looked at again before it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from well.domain.case import Case
from well.domain.counterparty import Counterparty
from well.matching import party_keys
from well.pipeline.work import WELL, Work


def usual_accounts(party: Counterparty) -> tuple[str, ...]:
    """Trusted accounts, and those of the earliest document; empty when nothing is known."""
    first = min((day for _, day in party.sightings), default=None)
    earliest = tuple(iban for iban, day in party.sightings if day == first)
    return tuple(dict.fromkeys(party.ibans + earliest))


def learn_sightings(
    work: Work, cases: Sequence[Case], parties: Mapping[str, Counterparty]
) -> dict[str, Counterparty]:
    """The cases' counterparties with the accounts these documents show; stored where changed."""
    newest = {party.id: party for party in parties.values()}
    for case in cases:
        if case.id in parties:
            id = parties[case.id].id
            newest[id] = _with_sighting(newest[id], case)
    changed = {p.id: newest[p.id] for p in parties.values() if newest[p.id] != p}
    work.store.save_parties([(party, party_keys(party)) for party in changed.values()])
    return {case: newest[party.id] for case, party in parties.items()}


def _with_sighting(party: Counterparty, case: Case) -> Counterparty:
    invoice = case.invoice
    if invoice is None or invoice.issue_date is None or not invoice.seller.iban:
        return party
    seen = dict(party.sightings)
    iban, day = invoice.seller.iban, invoice.issue_date
    if seen.get(iban, day) < day or (iban in seen and seen[iban] == day):
        return party
    seen[iban] = day
    return replace(party, sightings=tuple(sorted(seen.items())))


def without_new_accounts(
    known: Counterparty | None, company: Counterparty, today: date
) -> Counterparty:
    """A company record as it may be merged: an account that it brings to a counterparty paid
    elsewhere before is only seen, not trusted. A changed vendor card is how fraud begins."""
    if known is None or not (known.ibans or known.sightings):
        return company
    new = tuple(iban for iban in company.ibans if iban not in known.ibans)
    old = tuple(iban for iban in company.ibans if iban in known.ibans)
    return replace(company, ibans=old, sightings=tuple((iban, today) for iban in new))


def trust_accounts(work: Work, cases: Sequence[Case]) -> None:
    """Documents that were posted, or linked by a person, make their account a usual one."""
    shown = {
        case.counterparty: case.posted.seller.iban
        for case in cases
        if case.counterparty and case.posted and case.posted.seller.iban
    }
    known = work.store.parties(list(shown))
    trusted = [
        replace(party, ibans=(*party.ibans, str(shown[id])))
        for id, party in known.items()
        if shown[id] not in party.ibans
    ]
    work.store.save_parties([(party, party_keys(party)) for party in trusted])


def account_changed(case: Case, party: Counterparty | None) -> bool:
    """Whether what is known by now speaks against a case that Well decided alone."""
    if case.by != WELL or party is None or case.invoice is None or not case.invoice.seller.iban:
        return False
    return case.invoice.seller.iban not in usual_accounts(party)
