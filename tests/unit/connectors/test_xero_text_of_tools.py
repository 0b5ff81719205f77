"""The text of Xero's tools: exact where it is right, refused where it could mean two things."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.xero import CONTACT_ID, INVOICE_ID, bank_text, invoice_text
from well.connectors.xero.blocks import AmbiguousError, Form, FormError, members
from well.connectors.xero.forms import (
    ALLOWED,
    BANK_TRANSACTIONS,
    CONTACTS,
    FORMS,
    INVOICES,
    PAYMENTS,
    TAX_RATES,
    TRACKING,
    is_tool_text,
    members_of,
)

OTHER = "ffffffff-0000-4000-8000-00000000000f"
LABELS = sorted({label.name for form in FORMS for label in form.labels if label.name})
VALUES = st.sampled_from(
    ["1", "0.01", "EUR", "ACCREC", "DELETED", "2020-01-01", "undefined", "", f"x ({OTHER})", OTHER]
)
PIECES = st.one_of(
    st.builds(lambda label, value: f"\n{label}: {value}", st.sampled_from(LABELS), VALUES),
    st.sampled_from(
        ["\n", f" ({OTHER})", "\nReconciled", "\nDELETED", "\nFoo: bar", "a", ": ", "\r"]
    ),
    st.text(max_size=8),
)
HOSTILE = st.lists(PIECES, max_size=8).map(lambda pieces: "x" + "".join(pieces))


def test_a_bill_is_read_label_by_label() -> None:
    assert members(INVOICES, invoice_text(reference="PO 7", name="Müller (Berlin) GmbH")) == {
        "InvoiceID": INVOICE_ID,
        "InvoiceNumber": "INV-1",
        "Reference": "PO 7",
        "Type": "ACCPAY",
        "Status": "AUTHORISED",
        "Contact": {"Name": "Müller (Berlin) GmbH", "ContactID": CONTACT_ID},
        "Date": "2026-04-22",
        "DueDate": "2026-05-22",
        "LineAmountTypes": "Exclusive",
        "SubTotal": Decimal("1027.2"),
        "TotalTax": Decimal("256.8"),
        "Total": Decimal(1284),
        "CurrencyCode": "EUR",
        "CurrencyRate": Decimal(1),
        "UpdatedDateUTC": "Wed Apr 22 2026 09:00:00 GMT+0000 (Coordinated Universal Time)",
        "AmountDue": Decimal(1284),
    }


def test_a_zero_that_is_left_out_and_an_undefined_number_stay_unknown() -> None:
    found = members(INVOICES, invoice_text(number="undefined", Total_Tax="", Total="0"))
    assert found["Total"] == 0
    assert "TotalTax" not in found and "InvoiceNumber" not in found


def test_an_unknown_label_is_passed_over() -> None:
    block = invoice_text().replace("Currency: EUR", "Currency: EUR\nBranding Theme: Blue\n  more")
    assert members(INVOICES, block)["CurrencyCode"] == "EUR"


@pytest.mark.parametrize("label", ["Invoice ID", "Type", "Status", "Date", "Total", "Last Updated"])
def test_a_needed_label_that_is_missing_or_renamed_refuses_the_block(label: str) -> None:
    lines = invoice_text().split("\n")
    without = [line for line in lines if not line.startswith(f"{label}:")]
    with pytest.raises((FormError, AmbiguousError)):
        members(INVOICES, "\n".join(without))
    renamed = [line.replace(f"{label}:", "Grand Figure:") for line in lines]
    with pytest.raises((FormError, AmbiguousError)):
        members(INVOICES, "\n".join(renamed))


@pytest.mark.parametrize(
    "name",
    [
        "x\nTotal: 1",
        f"x ({OTHER})\nTotal: 1",
        f"x ({OTHER})\nDate: 2020-01-01\nFoo: ",
        f"x ({OTHER})\nFoo: y",
        "x\ny",
        f"x ({OTHER})\nLine Items: z",
        f"x ({OTHER})\nDate: 2020-01-01\nTotal: 1\nLast Updated: 2026-01-01\nLine Items: z",
    ],
)
def test_a_hostile_contact_cannot_set_a_field(name: str) -> None:
    with pytest.raises(AmbiguousError) as refused:
        members(INVOICES, invoice_text(name=name))
    assert refused.value.sure == {"InvoiceID": INVOICE_ID}


def test_a_text_over_several_lines_stays_one_text() -> None:
    found = members(INVOICES, invoice_text(number="INV 1", reference="a\nb c\nFoo: 1"))
    assert found["Reference"] == "a\nb c\nFoo: 1" and found["Total"] == 1284


@given(number=HOSTILE, reference=HOSTILE | st.just(""), name=HOSTILE)
def test_no_text_of_a_bill_can_become_another_field(number: str, reference: str, name: str) -> None:
    _holds(INVOICES, invoice_text(), invoice_text(number, reference, name))


@given(number=HOSTILE, reference=HOSTILE | st.just(""), name=HOSTILE)
def test_nor_where_fields_are_left_out(number: str, reference: str, name: str) -> None:
    gone = {"Due_Date": "", "Total_Tax": "", "Sub_Total": "", "Currency_Rate": "", "Amount_Due": ""}
    _holds(INVOICES, invoice_text(**gone), invoice_text(number, reference, name, **gone))


@given(reference=HOSTILE | st.just(""), name=HOSTILE)
def test_no_text_of_a_bank_transaction_can_become_another_field(reference: str, name: str) -> None:
    _holds(BANK_TRANSACTIONS, bank_text(), bank_text(reference, name))


def _holds(form: Form, honest: str, hostile: str) -> None:
    """Reading the hostile block fails, or gives what the server's own words say."""
    true = dict(members(form, honest))
    try:
        found = dict(members(form, hostile))
    except ValueError:
        return
    for typed in ("InvoiceNumber", "Reference"):
        true.pop(typed, None)
        found.pop(typed, None)
    assert found["Contact"].pop("ContactID") == true["Contact"].pop("ContactID")
    found.pop("Contact"), true.pop("Contact")
    assert found == true


@given(st.text())
def test_any_text_is_read_or_refused_with_a_value_error(block: str) -> None:
    for form in FORMS:
        try:
            members(form, block)
        except ValueError:
            continue


def test_a_contact_with_a_second_id_is_refused() -> None:
    block = (
        f"Contact: x\nID: {OTHER}\nNo email\nID: {CONTACT_ID}\nNo email\nType: Supplier\n"
        "Status: ACTIVE"
    )
    with pytest.raises(AmbiguousError) as refused:
        members(CONTACTS, block)
    assert refused.value.sure == {}


def test_the_other_tools_blocks_are_read() -> None:
    contact = (
        f"Contact: Algolia SAS\nID: {CONTACT_ID}\nEmail: billing@algolia.com\nType: Supplier\n"
        "Last Updated: 2026-04-22T09:00:00.000Z\nStatus: ACTIVE\nHas Attachments: Yes"
    )
    assert members(CONTACTS, contact)["EmailAddress"] == "billing@algolia.com"
    payment = (
        "Payment ID: p1\nDate: 2026-04-30\nAmount: 1284\nStatus: AUTHORISED\n"
        "Payment Type: ACCPAYPAYMENT\nLast Updated: 2026-04-30T09:00:00.000Z\n"
        f"Account: Main (b1)\nInvoice:\n  Invoice Number: INV-1\n  Invoice ID: {INVOICE_ID}\n"
        f"  Contact: Algolia SAS ({CONTACT_ID})\n  Type: ACCPAY\n  Total: 1284"
    )
    found = members(PAYMENTS, payment)
    assert found["Amount"] == 1284 and found["Invoice"]["InvoiceID"] == INVOICE_ID
    assert found["Invoice"]["Contact"]["ContactID"] == CONTACT_ID
    rate = (
        "Tax Rate: TVA 20 %\nTax Type: INPUT2\nStatus: ACTIVE\nDisplay Tax Rate: 20%\n"
        "Effective Rate: 20%\nTax Components:\n  - TVA: 20%\nCan Apply To: Expenses"
    )
    assert members(TAX_RATES, rate)["TaxType"] == "INPUT2"
    category = (
        "Tracking Category ID: t1\nName: Region\nStatus: ACTIVE\nFound 2 tracking options:\n"
        "Name: EU\nStatus: ACTIVE,Name: US\nStatus: ACTIVE"
    )
    assert members(TRACKING, category)["Name"] == "Region"


def test_a_heading_tells_how_many_blocks_there_are() -> None:
    assert INVOICES.count_in("Found 10 invoices:") == 10
    assert CONTACTS.count_in("Found 3 contacts (page 2):") == 3
    assert INVOICES.count_in("Found 10 bills:") is None
    assert INVOICES.count_in("Found 10 invoices") is None


def test_only_tools_that_list_may_be_called() -> None:
    assert ALLOWED and all(tool.startswith("list-") for tool in ALLOWED)


def test_a_record_that_reads_in_two_ways_says_so() -> None:
    assert is_tool_text(invoice_text().encode()) and not is_tool_text(b' {"InvoiceID":"1"}')
    with pytest.raises(ValueError, match="in two ways, so Well reads it in none"):
        members_of("bills", invoice_text(name="x\nTotal: 1"))
