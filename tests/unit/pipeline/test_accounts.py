"""Bank accounts: what is usual, whatever order documents are read in."""

from dataclasses import replace
from datetime import date

import pytest

from simulation.history import History
from well.domain.case import Case, CaseState, Step
from well.domain.counterparty import Counterparty
from well.domain.invoice import Invoice, Seller
from well.domain.source_record import Kind, RecordKey
from well.pipeline.accounts import (
    account_changed,
    learn_sightings,
    same_persons,
    usual_accounts,
    without_new_accounts,
)

OLD, NEW = "FR7630006000011234567890189", "DE89370400440532013000"
PARTY = Counterparty("p", ("Algolia SAS",), vat_ids=("FR75814107155",))


def _case(iban: str | None, day: date, by: str = "well") -> Case:
    invoice = Invoice(issue_date=day, seller=Seller(name="Algolia", iban=iban))
    key = RecordKey("src", "bills", f"{iban}{day}")
    return Case(
        f"c{iban}{day}",
        "flow",
        key.record_id,
        key,
        Kind.SUPPLIER_INVOICE,
        1,
        CaseState.WAITING,
        Step.POST,
        invoice=invoice,
        counterparty="p",
        by=by,
    )


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_account_of_the_earliest_document_is_usual_in_any_order(newest_first: bool) -> None:
    work = History(1).work()
    cases = [_case(OLD, date(2025, 1, 5)), _case(NEW, date(2026, 5, 5))]
    party = PARTY
    for case in reversed(cases) if newest_first else cases:
        party = learn_sightings(work, [case], {case.id: party})[case.id]
    assert usual_accounts([party]) == (OLD,)
    assert account_changed(cases[1], [party])
    assert not account_changed(cases[0], [party])


def test_a_person_may_overrule_a_changed_account() -> None:
    party = replace(PARTY, ibans=(OLD,))
    assert account_changed(_case(NEW, date(2026, 5, 5)), [party])
    assert not account_changed(_case(NEW, date(2026, 5, 5), by="a@example.com"), [party])


def test_an_account_that_a_changed_vendor_card_brings_is_seen_but_not_trusted() -> None:
    known = replace(PARTY, ibans=(OLD,))
    card = replace(PARTY, id="", ibans=(OLD, NEW))
    merged = without_new_accounts(known, card, date(2026, 6, 1))
    assert merged.ibans == (OLD,)
    assert merged.sightings == ((NEW, date(2026, 6, 1)),)
    assert without_new_accounts(None, card, date(2026, 6, 1)) == card


def test_without_any_known_account_nothing_is_changed() -> None:
    assert not account_changed(_case(NEW, date(2026, 5, 5)), [PARTY])


def test_one_legal_person_under_two_cards_shares_its_accounts() -> None:
    work = History(1).work()
    twin = Counterparty("q", ("ALGOLIA",), sightings=((OLD, date(2024, 1, 1)),))
    stranger = Counterparty("r", ("Algolia SAS",), vat_ids=("DE811907980",))
    parties = [(PARTY, ["name:algolia"]), (twin, ["name:algolia"]), (stranger, ["name:algolia"])]
    work.store.save_parties(parties)
    case = _case(NEW, date(2026, 5, 5))
    persons = same_persons(work, [case])[case.id]
    assert [party.id for party in persons] == ["p", "q"]
    assert account_changed(case, persons)
