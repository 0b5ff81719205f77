"""The text blocks in which the official MCP server tells things: lines of `Label: value`.

Invariant: labels, their order and what is left out are those of the server's version 0.0.17; values
are written as JavaScript writes them, `undefined` included. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from well.sandbox.kit.company import Body
from well.sandbox.xero.dates import moment_of, ticks_millis

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def js_moment(moment: datetime) -> str:
    """`Wed Apr 22 2026 09:00:00 GMT+0000 (Coordinated Universal Time)`."""
    return (
        f"{DAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment:%d} {moment.year:04d}"
        f" {moment:%H:%M:%S} GMT+0000 (Coordinated Universal Time)"
    )


def js(value: object) -> str:
    """A value inside a template text: numbers without idle zeros, true, undefined."""
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes blocks; `iso_days`: days as 2026-04-22 instead of JavaScript's long form."""

    iso_days: bool

    def day(self, value: object) -> str | None:
        """A day, None when there is none."""
        at = ticks_millis(value)
        if at is None:
            return None
        return f"{moment_of(at):%Y-%m-%d}" if self.iso_days else js_moment(moment_of(at))

    def moment(self, value: object) -> str | None:
        """A moment, always in the long form."""
        at = ticks_millis(value)
        return None if at is None else js_moment(moment_of(at))


Line = str | None


def some(label: str, value: object) -> Line:
    """The line, left out where JavaScript takes the value for false."""
    return f"{label}: {js(value)}" if value else None


def block(*lines: Line) -> str:
    """The lines that are there."""
    return "\n".join(line for line in lines if line)


def who(body: Body | None, label: str = "Contact", key: str = "ContactID") -> Line:
    """`Contact: name (id)`."""
    return f"{label}: {js(body.get('Name'))} ({js(body.get(key))})" if body else None


def _sums(body: Body) -> list[Line]:
    return [
        some("Line Amount Types", body.get("LineAmountTypes")),
        some("Sub Total", body.get("SubTotal")),
        some("Total Tax", body.get("TotalTax")),
        f"Total: {js(body.get('Total') or 0)}",
    ]


def _money_tail(pen: Pen, body: Body) -> list[Line]:
    return [
        some("Currency", body.get("CurrencyCode")),
        some("Currency Rate", body.get("CurrencyRate")),
        some("Last Updated", pen.moment(body.get("UpdatedDateUTC"))),
    ]


def _line_item(line: Body) -> str:
    # The server prints what it does not know how to print: a missing id, each tracking as object.
    tracking = ",".join("[object Object]" for _ in line.get("Tracking") or ())
    return "\n".join(
        (
            "Item ID: undefined",
            f"Item Code: {js(line.get('ItemCode'))}",
            f"Description: {js(line.get('Description'))}",
            f"Quantity: {js(line.get('Quantity'))}",
            f"Unit Amount: {js(line.get('UnitAmount'))}",
            f"Account Code: {js(line.get('AccountCode'))}",
            f"Tax Type: {js(line.get('TaxType'))}",
            f"Tracking: {tracking}",
            f"Line Amount: {js(line.get('LineAmount'))}",
        )
    )


def _line_items(body: Body) -> str:
    return f"Line Items: {','.join(map(_line_item, body.get('LineItems') or ()))}"


def invoice(pen: Pen, body: Body) -> str:
    """One invoice without its lines."""
    return block(
        f"Invoice ID: {js(body.get('InvoiceID'))}",
        f"Invoice: {js(body.get('InvoiceNumber'))}",
        some("Reference", body.get("Reference")),
        f"Type: {body.get('Type') or 'Unknown'}",
        f"Status: {body.get('Status') or 'Unknown'}",
        who(body.get("Contact")),
        some("Date", pen.day(body.get("Date"))),
        some("Due Date", pen.day(body.get("DueDate"))),
        *_sums(body),
        some("Total Discount", body.get("TotalDiscount")),
        *_money_tail(pen, body),
        some("Fully Paid On", pen.day(body.get("FullyPaidOnDate"))),
        some("Amount Due", body.get("AmountDue")),
        some("Amount Paid", body.get("AmountPaid")),
        some("Amount Credited", body.get("AmountCredited")),
        "Has Errors: Yes" if body.get("HasErrors") else None,
        "Is Discounted: Yes" if body.get("IsDiscounted") else None,
    )


def invoice_with_lines(pen: Pen, body: Body) -> str:
    """One invoice that was asked for by its number."""
    return f"{invoice(pen, body)}\n{_line_items(body)}"


def credit_note(pen: Pen, body: Body) -> str:
    """One credit note."""
    return block(
        f"Credit Note ID: {js(body.get('CreditNoteID'))}",
        f"Credit Note Number: {js(body.get('CreditNoteNumber'))}",
        some("Reference", body.get("Reference")),
        f"Type: {body.get('Type') or 'Unknown'}",
        f"Status: {body.get('Status') or 'Unknown'}",
        who(body.get("Contact")),
        some("Date", pen.day(body.get("Date"))),
        *_sums(body),
        *_money_tail(pen, body),
    )


def bank_transaction(pen: Pen, body: Body) -> str:
    """One bank transaction; it has no time of change and no type."""
    files = "Has attachments" if body.get("HasAttachments") else "Does not have attachments"
    return block(
        f"Bank Transaction ID: {js(body.get('BankTransactionID'))}",
        who(body.get("BankAccount"), "Bank Account", "AccountID"),
        who(body.get("Contact")),
        some("Reference", body.get("Reference")),
        some("Date", pen.day(body.get("Date"))),
        some("Sub Total", body.get("SubTotal")),
        some("Total Tax", body.get("TotalTax")),
        some("Total", body.get("Total")),
        "Reconciled" if body.get("IsReconciled") else "Unreconciled",
        some("Currency Code", body.get("CurrencyCode")),
        str(body.get("Status") or "Unknown"),
        some("Line Amount Types", body.get("LineAmountTypes")),
        files,
        _line_items(body),
    )


def payment(pen: Pen, body: Body) -> str:
    """One payment with the invoice that it pays."""
    of, lines = body.get("Invoice"), []
    if of:
        lines = [
            "Invoice:",
            f"  Invoice Number: {of.get('InvoiceNumber') or 'Unknown'}",
            f"  Invoice ID: {of.get('InvoiceID') or 'Unknown'}",
            who(of.get("Contact"), "  Contact"),
            some("  Type", of.get("Type")),
        ]
    return block(
        f"Payment ID: {body.get('PaymentID') or 'Unknown'}",
        f"Date: {pen.day(body.get('Date')) or 'Unknown date'}",
        f"Amount: {js(body.get('Amount') or 0)}",
        some("Reference", body.get("Reference")),
        some("Status", body.get("Status")),
        some("Payment Type", body.get("PaymentType")),
        some("Last Updated", pen.moment(body.get("UpdatedDateUTC"))),
        who(body.get("Account"), "Account", "AccountID"),
        *lines,
    )


def contact(pen: Pen, body: Body) -> str:
    """One contact: a summary, without tax number, website or bank account."""
    roles = [name for name in ("Customer", "Supplier") if body.get(f"Is{name}")]
    mail = body.get("EmailAddress")
    return block(
        f"Contact: {js(body.get('Name'))}",
        f"ID: {js(body.get('ContactID'))}",
        some("First Name", body.get("FirstName")),
        some("Last Name", body.get("LastName")),
        f"Email: {mail}" if mail else "No email",
        f"Type: {', '.join(roles) or 'Unknown'}",
        some("Default Currency", body.get("DefaultCurrency")),
        some("Last Updated", pen.moment(body.get("UpdatedDateUTC"))),
        f"Status: {body.get('ContactStatus') or 'Unknown'}",
        "Has Attachments: Yes" if body.get("HasAttachments") else None,
    )


def account(_: Pen, body: Body) -> str:
    """One account."""
    return block(
        f"Account: {body.get('Name') or 'Unnamed'}",
        f"Code: {body.get('Code') or 'No code'}",
        f"ID: {body.get('AccountID') or 'No ID'}",
        f"Type: {body.get('Type') or 'Unknown type'}",
        f"Status: {body.get('Status') or 'Unknown status'}",
        some("Description", body.get("Description")),
        some("Tax Type", body.get("TaxType")),
    )


def tax_rate(_: Pen, body: Body) -> str:
    """One tax rate."""
    parts = [f"  - {one['Name']}: {js(one['Rate'])}%" for one in body.get("TaxComponents") or ()]
    applies = [
        f" {name}"
        for name in ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")
        if body.get(f"CanApplyTo{name}")
    ]
    return block(
        f"Tax Rate: {body.get('Name') or 'Unnamed'}",
        f"Tax Type: {body.get('TaxType') or 'No tax type'}",
        f"Status: {body.get('Status') or 'Unknown status'}",
        f"Display Tax Rate: {js(body.get('DisplayTaxRate') or '0.0000')}%",
        f"Effective Rate: {js(body.get('EffectiveRate') or '0.0000')}%",
        "\n".join(("Tax Components:", *parts)) if parts else None,
        f"Can Apply To:{''.join(applies)}",
    )


def tracking_category(_: Pen, body: Body) -> str:
    """One tracking category with its options."""
    options = [
        f"Option ID: {js(one.get('TrackingOptionID'))}\nName: {js(one.get('Name'))}"
        f"\nStatus: {js(one.get('Status'))}"
        for one in body.get("Options") or ()
    ]
    return block(
        f"Tracking Category ID: {js(body.get('TrackingCategoryID'))}",
        f"Name: {js(body.get('Name'))}",
        f"Status: {js(body.get('Status'))}",
        f"Found {len(options)} tracking options:\n{','.join(options)}",
    )


def purchase_order(pen: Pen, body: Body) -> str:
    """One purchase order, as the newer versions tell it."""
    return block(
        f"Purchase Order ID: {js(body.get('PurchaseOrderID'))}",
        f"Number: {js(body.get('PurchaseOrderNumber'))}",
        some("Reference", body.get("Reference")),
        f"Status: {body.get('Status') or 'Unknown'}",
        who(body.get("Contact")),
        some("Date", pen.day(body.get("Date"))),
        some("Delivery Date", pen.day(body.get("DeliveryDate"))),
        some("Line Amount Types", body.get("LineAmountTypes")),
        f"Sub Total: {js(body.get('SubTotal'))}",
        f"Total Tax: {js(body.get('TotalTax'))}",
        f"Total: {js(body.get('Total') or 0)}",
        *_money_tail(pen, body),
        "Sent to Contact: Yes" if body.get("SentToContact") else None,
        "Has Attachments: Yes" if body.get("HasAttachments") else None,
    )


def attachment(_: Pen, body: Body) -> str:
    """One file's facts, as the newer versions tell them; never its bytes."""
    return block(
        f"Attachment ID: {body['AttachmentID']}",
        f"File: {body['FileName']}",
        some("Content Type", body.get("MimeType")),
        f"Size: {js(body.get('ContentLength'))} bytes",
        f"Include Online: {'Yes' if body.get('IncludeOnline') else 'No'}",
    )


def organisation(pen: Pen, body: Body) -> str:
    """The organisation. Some lines end in code that the server prints by mistake: it is kept."""

    def told(label: str, field: str, other: str, value: Any = None, how: str = "available") -> str:
        shown = js(body.get(field) if value is None else value)
        return f'{label}: {shown} || "No {other} {how}."'

    address = (body.get("Addresses") or [{}])[0]
    fields = ("AddressLine1", "City", "PostalCode", "Country")
    return block(
        told("Name", "Name", "name"),
        told("Legal Name", "LegalName", "legal name"),
        f"Pays Tax: {'Yes' if body.get('PaysTax') else 'No'}",
        told("Short Code", "ShortCode", "short code"),
        told("Organisation ID", "OrganisationID", "organisation ID"),
        told("Version", "Version", "version"),
        some("Organisation Type", body.get("OrganisationType")),
        told("Base Currency", "BaseCurrency", "base currency"),
        told("Country Code", "CountryCode", "country code"),
        told("Timezone", "Timezone", "timezone"),
        some("Registration Number", body.get("RegistrationNumber")),
        some("Tax Number", body.get("TaxNumber")),
        some("Organisation Entity Type", body.get("OrganisationEntityType")),
        told("Financial Year End Day", "FinancialYearEndDay", "financial year end day", how="set"),
        told(
            "Financial Year End Month",
            "FinancialYearEndMonth",
            "financial year end month",
            how="set",
        ),
        told("Sales Tax Basis", "SalesTaxBasis", "sales tax basis"),
        told("Sales Tax Period", "SalesTaxPeriod", "sales tax period"),
        some("Organisation Status", body.get("OrganisationStatus")),
        told("Created Date", "", "created date", pen.moment(body.get("CreatedDateUTC"))),
        told("Edition", "Edition", "edition"),
        told("Class", "Class", "class"),
        f"Is Demo Company: {'Yes' if body.get('IsDemoCompany') else 'No'}",
        "Addresses:\nAddress 1 "
        f"({address.get('AddressType', '')}): "
        + ", ".join(str(address[name]) for name in fields if address.get(name)),
        "Phone Numbers:\nNo phone numbers available.",
        "External Links:\n",
        "Payment Terms:\nNo payment terms available.",
    )


Writer = Callable[[Pen, Body], str]
