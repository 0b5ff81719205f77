"""The same document entered twice, and documents that only look so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.matching import a_party, an_invoice, euros
from well.domain.invoice import Seller
from well.matching import duplicate_key, look_alike, same_document


def test_other_separators_make_the_same_key() -> None:
    a = duplicate_key(an_invoice(), a_party())
    assert a == duplicate_key(an_invoice(number="inv 2026/04/100"), a_party())


def test_a_second_vendor_record_of_the_firm_makes_the_same_key() -> None:
    other = a_party(id="party-2", names=("ALGOLIA",))
    assert duplicate_key(an_invoice(), a_party()) == duplicate_key(an_invoice(), other)


def test_short_numbers_of_two_vendors_are_two_documents() -> None:
    invoice = an_invoice(number="102")
    other = a_party(id="p2", names=("Dupont",))
    assert duplicate_key(invoice, a_party()) != duplicate_key(invoice, other)


def test_another_total_sign_or_number_is_another_document() -> None:
    base = an_invoice()
    key = duplicate_key(base, a_party())
    for change in ({"gross_total": euros("1.00")}, {"credit_note": True}, {"number": "Z-9"}):
        assert duplicate_key(replace(base, **change), a_party()) != key  # type: ignore[arg-type]


def test_without_number_or_total_there_is_no_key() -> None:
    assert duplicate_key(an_invoice(number=None), a_party()) is None
    assert duplicate_key(an_invoice(gross_total=None), a_party()) is None
    assert duplicate_key(None, None) is None


def test_same_document_needs_suppliers_that_do_not_clash() -> None:
    a = an_invoice()
    assert same_document(a, an_invoice(seller=Seller(name="ALGOLIA")))
    assert not same_document(a, an_invoice(seller=Seller(name="Dupont Conseil")))
    assert not same_document(a, an_invoice(number="INV-2026-04-101"))


def test_suppliers_whose_names_are_partly_alike_are_two() -> None:
    a = an_invoice(seller=Seller(name="Dupont Services"))
    assert same_document(a, an_invoice(seller=Seller(name="Dupont")))
    assert not same_document(a, an_invoice(seller=Seller(name="Dupont Kravattke")))


def test_the_key_is_stored_so_its_text_is_exact() -> None:
    assert duplicate_key(an_invoice(), a_party()) == "|INV202604100|EUR128437|invoice"
    short = an_invoice(number="102", credit_note=True)
    assert duplicate_key(short, a_party()) == "algolia|102|EUR128437|credit"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dupont Services", "Dupont Services SAS", True),
        ("Dupont Services", "Martin Services", False),
        ("Dupont Services", "Dupont Conseil", False),
        ("Site 2", "Site 3", False),
        ("Algolia", "Siemens", False),
    ],
)
def test_only_names_of_one_firm_make_one_document(one: str, other: str, same: bool) -> None:
    a, b = (an_invoice(seller=Seller(name=name)) for name in (one, other))
    assert same_document(a, b) is same


def test_documents_of_one_supplier_day_and_total_look_alike_whatever_their_numbers() -> None:
    a = an_invoice()
    assert look_alike(a, an_invoice(number="Z-9"))
    assert look_alike(a, an_invoice(number=None, seller=Seller(name="ALGOLIA")))
    assert a.issue_date is not None
    for change in (
        {"gross_total": euros("1.00")},
        {"gross_total": None},
        {"credit_note": True},
        {"issue_date": a.issue_date + timedelta(days=1)},
        {"seller": Seller(name="Dupont Conseil")},
    ):
        assert not look_alike(a, replace(a, **change))  # type: ignore[arg-type]
