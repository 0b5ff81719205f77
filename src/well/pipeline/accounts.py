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
from well.domain.invoice import Seller
from well.matching import party_keys, seller_keys
from well.pipeline.work import WELL, Work


def usual_accounts(parties: Sequence[Counterparty]) -> tuple[str, ...]:
    """Trusted accounts of one legal person's counterparties, and those of the earliest document;
    empty when nothing is known."""
    seen = [sighting for party in parties for sighting in party.sightings]
    first = min((day for _, day in seen), default=None)
    trusted = [iban for party in parties for iban in party.ibans]
    return tuple(dict.fromkeys(trusted + [iban for iban, day in seen if day == first]))


def same_persons(work: Work, cases: Sequence[Case]) -> dict[str, list[Counterparty]]:
    """For each case, its counterparty and those that may be the same legal person: one may stand
    in the source under two vendor cards, one of them without its tax number."""
    own = work.store.parties([case.counterparty for case in cases if case.counterparty])
    sellers = {case.id: case.invoice.seller for case in cases if case.invoice}
    names = {id: person_keys(seller) for id, seller in sellers.items()}
    blocks = work.store.parties_by({id: keys for id, keys in names.items() if keys})
    found: dict[str, list[Counterparty]] = {}
    for case in cases:
        mine = own.get(case.counterparty or "")
        hits = blocks[case.id].hits if case.id in blocks else ()
        like = [party for party in hits if mine is None or not _told_apart(mine, party)]
        found[case.id] = [*([mine] if mine else []), *(p for p in like if p != mine)]
    return found


def person_keys(seller: Seller) -> list[str]:
    """The keys under which the same legal person would be found."""
    wanted = ("vat:", "legal:", "name:")
    return [key for key in seller_keys(seller, "") if key.startswith(wanted)]


def _told_apart(one: Counterparty, other: Counterparty) -> bool:
    """Both have a tax number and share none."""
    return bool(one.vat_ids and other.vat_ids) and not set(one.vat_ids) & set(other.vat_ids)


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
    # What a person typed is no document: it may not make an account usual before it is posted.
    if case.correction is not None or invoice is None:
        return party
    if invoice.issue_date is None or not invoice.seller.iban:
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


def account_changed(case: Case, parties: Sequence[Counterparty]) -> bool:
    """Whether what is known by now speaks against a case that Well decided alone."""
    if case.by != WELL or case.invoice is None or not case.invoice.seller.iban:
        return False
    usual = usual_accounts(parties)
    return bool(usual) and case.invoice.seller.iban not in usual
