"""What the policy tells a person, word for word, and the boundaries it is told at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.facts import bill_facts
from builders.matching import IBAN, OTHER_IBAN, an_entry, an_invoice, euros
from well.domain.invoice import Seller
from well.domain.reading import Reading
from well.policy import confirm_difference, merge_reading, posted_difference
from well.policy.alike import letters, same_name
from well.policy.confidence import percent
from well.policy.stops import stops

OWN, OTHER = "FR40303265045", "FR83404833048"


def sentences(kind: str = "invoice", **changes: object) -> list[str]:
    page = Reading(kind, None, an_invoice(**changes), has_text=True, pages=1)
    ours = an_invoice(seller=Seller("Algolia SAS", vat_id=OWN, iban=IBAN))
    return [finding.sentence for finding in merge_reading(ours, page).findings]


def test_each_disagreement_of_page_and_record_is_one_sentence() -> None:
    assert sentences(seller=Seller("Algolia", iban=OTHER_IBAN)) == [
        f"The page shows bank account {OTHER_IBAN}, the record says {IBAN}."
    ]
    assert sentences(seller=Seller("Algolia", vat_id=OTHER)) == [
        f"The page shows VAT number {OTHER}, the record says {OWN}."
    ]
    assert sentences(currency="USD", gross_total=None) == ["The page is in USD, the record in EUR."]
    assert sentences("credit_note") == ["The record is an invoice, its page is a credit note."]


def test_a_tax_number_read_otherwise_is_told_in_full() -> None:
    meant = an_invoice(seller=Seller("Algolia SAS", vat_id=OWN))
    assert confirm_difference(meant, an_entry(vat_id=OTHER)) == (
        f"The target read VAT number {OTHER}, but {OWN} was meant.",
    )


def test_another_account_is_an_edit() -> None:
    before, after = (an_invoice(seller=Seller("Algolia", iban=i)) for i in (IBAN, OTHER_IBAN))
    assert posted_difference(before, after) == ("iban",)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1.0, "over 99 %"),
        (0.995, "over 99 %"),
        (0.9949, "99 %"),
        (0.0051, "1 %"),
        (0.005, "under 1 %"),
        (0.0, "under 1 %"),
    ],
)
def test_nothing_is_said_to_be_certain(share: float, shown: str) -> None:
    assert percent(share) == shown


@given(st.floats(0.0, 1.0))
def test_no_probability_is_shown_as_0_or_100(share: float) -> None:
    assert percent(share) not in ("0 %", "100 %")


def test_letters_and_initials_leave_out_all_signs() -> None:
    assert letters("fr 12-é") == "FR12E"
    assert same_name("ZK", "Zorn Kodex")
    assert not same_name("ZX", "Zorn Kodex")


@pytest.mark.parametrize(("tax", "stopped"), [("200.02", False), ("200.03", True)])
def test_two_cents_of_rounding_add_up_and_three_do_not(tax: str, stopped: bool) -> None:
    invoice = an_invoice(
        net_total=euros("1000.00"), tax_total=euros(tax), gross_total=euros("1200.00")
    )
    found = {reason.code: reason.sentence for reason in stops(bill_facts(invoice=invoice))}
    assert ("arithmetic" in found) is stopped
