"""The arithmetic of a bill: what follows, what contradicts, and where the tolerance ends."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.bills import french, german, untaxed
from well.documents.writing.bill import Bill
from well.documents.writing.bill_json import bill_of_json
from well.documents.writing.missing import missing_french_terms, missing_terms
from well.documents.writing.sums import complete, contradictions


def bill_of(given_bill: dict[str, Any]) -> Bill:
    return complete(bill_of_json(json.dumps(given_bill).encode()))


def told(given_bill: dict[str, Any]) -> list[str]:
    return list(contradictions(bill_of(given_bill)))


def line(**values: Any) -> dict[str, Any]:
    return {"description": "x", "quantity": 1, "unit_price": "10.00", "tax_rate": 20} | values


def test_totals_follow_from_lines_discounts_and_charges() -> None:
    bill = bill_of(french())
    totals = bill.totals
    assert (totals.lines, totals.allowances, totals.charges) == (885, 50, 15)
    assert (totals.net, totals.tax, totals.gross) == (850, Decimal("164.93"), Decimal("1014.93"))
    assert totals.payable == Decimal("914.93")
    assert [(tax.tax_rate, tax.base_amount, tax.tax_amount) for tax in bill.taxes] == [
        (20, 815, 163),
        (Decimal("5.5"), 35, Decimal("1.93")),
    ]


@pytest.mark.parametrize(
    ("net", "stated"), [("10.00", []), ("10.01", []), ("10.02", ["lines[0].net_amount"])]
)
def test_a_line_may_differ_by_a_rounded_price_only(net: str, stated: list[str]) -> None:
    found = told(german(lines=[line(net_amount=net)]))
    assert [one.partition(":")[0] for one in found] == stated


@pytest.mark.parametrize(("tax", "right"), [("12.00", True), ("12.03", True), ("12.04", False)])
def test_vat_rounded_line_by_line_is_kept_within_half_a_cent_a_line(tax: str, right: bool) -> None:
    lines = [line(unit_price="10.00") for _ in range(6)]
    assert (told(german(lines=lines, tax_total=tax)) == []) is right


def test_a_stated_figure_is_never_replaced() -> None:
    bill = bill_of(german(gross_total="1.00"))
    assert bill.totals.gross == 1
    assert told(german(gross_total="1.00"))[0].startswith("gross_total: 1.00 is stated")


def test_a_stated_breakdown_must_fit_the_lines() -> None:
    tax = {"tax_category": "S", "tax_rate": 19, "base_amount": "2102.10", "tax_amount": "399.40"}
    assert told(german(taxes=[tax])) == []
    assert told(german(taxes=[tax | {"base_amount": "2102.11"}]))[0].startswith("taxes[0].base")
    assert any("taxes[0].tax_amount" in x for x in told(german(taxes=[tax | {"tax_amount": "0"}])))


@pytest.mark.parametrize(
    ("category", "code"), [("AE", "VATEX-EU-AE"), ("K", "VATEX-EU-IC"), ("G", "VATEX-EU-G")]
)
def test_a_category_brings_the_reason_that_it_means(category: str, code: str) -> None:
    tax = bill_of(untaxed(category)).taxes[0]
    assert (tax.exemption_code, tax.tax_amount) == (code, 0)


def test_nothing_is_worked_out_where_a_line_has_no_amount() -> None:
    bill = bill_of(german(lines=[line(quantity=None)]))
    assert bill.totals.net is None and bill.taxes == ()
    assert "BT-131 net amount (line 1)" in missing_terms(bill)


def test_a_complete_bill_lacks_nothing() -> None:
    assert missing_terms(bill_of(french())) == []
    assert missing_french_terms(bill_of(french())) == []
    assert missing_terms(bill_of(german(prepaid="2501.50", due_date=None))) == []


def test_an_intra_community_supply_needs_the_buyers_vat_id_and_a_delivery_date() -> None:
    lacking = missing_terms(bill_of(untaxed("K", buyer_vat_id=None)))
    assert lacking == ["BT-48 buyer VAT id (category K)", "BT-72 delivery date (category K)"]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 99_999),
            st.integers(-99, 999),
            st.sampled_from(["20", "10", "5.5", "2.1"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_what_is_worked_out_never_contradicts_itself(
    rows: list[tuple[int, int, str]],
) -> None:
    lines = [
        line(unit_price=str(Decimal(cents) / 100), quantity=count, tax_rate=rate)
        for cents, count, rate in rows
    ]
    assert told(german(lines=lines)) == []
