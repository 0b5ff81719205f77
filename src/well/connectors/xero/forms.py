"""The texts of the official server's tools that Well reads, label by label.

Invariant: only tools that list are named here, and no other is ever called; a stream has one
form. Source: the official server's published tools of May 2026; a server that writes otherwise is
refused by blocks.py, not guessed at.
"""

from collections.abc import Mapping
from typing import Any

from well.connectors.xero.blocks import Form, Is, Label, members

_CONTACT = Label("Contact", "Contact", Is.NAMED, id="ContactID")
_UPDATED = Label("Last Updated", "UpdatedDateUTC", Is.TIME, needed=True)
_SUMS = (
    Label("Sub Total", "SubTotal", Is.AMOUNT),
    Label("Total Tax", "TotalTax", Is.AMOUNT),
)
_TOTAL = Label("Total", "Total", Is.AMOUNT, needed=True)
_MONEY = (
    Label("Currency", "CurrencyCode"),
    Label("Currency Rate", "CurrencyRate", Is.AMOUNT),
)
_DAY = Label("Date", "Date", Is.DAY, needed=True)
_REFERENCE = Label("Reference", "Reference", Is.TYPED)
_TYPES = Label("Line Amount Types", "LineAmountTypes")
_STATUS = Label("Status", "Status", needed=True)
_ITEMS = Label("Line Items", "", Is.REST)

INVOICES = Form(
    "list-invoices",
    "invoices",
    (
        Label("Invoice ID", "InvoiceID", needed=True),
        Label("Invoice", "InvoiceNumber", Is.TYPED),
        _REFERENCE,
        Label("Type", "Type", needed=True),
        _STATUS,
        _CONTACT,
        _DAY,
        Label("Due Date", "DueDate", Is.DAY),
        _TYPES,
        *_SUMS,
        _TOTAL,
        Label("Total Discount", "TotalDiscount", Is.AMOUNT),
        *_MONEY,
        _UPDATED,
        Label("Fully Paid On", "FullyPaidOnDate", Is.DAY),
        Label("Amount Due", "AmountDue", Is.AMOUNT),
        Label("Amount Paid", "AmountPaid", Is.AMOUNT),
        Label("Amount Credited", "AmountCredited", Is.AMOUNT),
        Label("Has Errors", "HasErrors"),
        Label("Is Discounted", "IsDiscounted"),
        _ITEMS,
    ),
)
CREDIT_NOTES = Form(
    "list-credit-notes",
    "credit notes",
    (
        Label("Credit Note ID", "CreditNoteID", needed=True),
        Label("Credit Note Number", "CreditNoteNumber", Is.TYPED),
        _REFERENCE,
        Label("Type", "Type", needed=True),
        _STATUS,
        _CONTACT,
        _DAY,
        _TYPES,
        *_SUMS,
        _TOTAL,
        *_MONEY,
        _UPDATED,
    ),
)
BANK_TRANSACTIONS = Form(
    "list-bank-transactions",
    "bank transactions",
    (
        Label("Bank Transaction ID", "BankTransactionID", needed=True),
        Label("Bank Account", "BankAccount", Is.NAMED, id="AccountID"),
        _CONTACT,
        _REFERENCE,
        _DAY,
        *_SUMS,
        Label("Total", "Total", Is.AMOUNT),
        Label("", "IsReconciled", bare=("Reconciled", "Unreconciled")),
        Label("Currency Code", "CurrencyCode"),
        Label("", "Status", bare=("AUTHORISED", "DELETED", "VOIDED", "Unknown"), needed=True),
        _TYPES,
        Label("", "HasFiles", bare=("Has attachments", "Does not have attachments")),
        _ITEMS,
    ),
)
PURCHASE_ORDERS = Form(
    "list-purchase-orders",
    "purchase orders",
    (
        Label("Purchase Order ID", "PurchaseOrderID", needed=True),
        Label("Number", "PurchaseOrderNumber", Is.TYPED),
        _REFERENCE,
        _STATUS,
        _CONTACT,
        _DAY,
        Label("Delivery Date", "DeliveryDate", Is.DAY),
        Label("Delivery Address", "DeliveryAddress", Is.TYPED),
        Label("Attention To", "AttentionTo", Is.TYPED),
        _TYPES,
        *_SUMS,
        _TOTAL,
        Label("Total Discount", "TotalDiscount", Is.AMOUNT),
        *_MONEY,
        _UPDATED,
        Label("Sent to Contact", "SentToContact"),
        Label("Has Attachments", "HasFiles"),
    ),
)
PAYMENTS = Form(
    "list-payments",
    "payments",
    (
        Label("Payment ID", "PaymentID", needed=True),
        _DAY,
        Label("Amount", "Amount", Is.AMOUNT, needed=True),
        _REFERENCE,
        Label("Status", "Status"),
        Label("Payment Type", "PaymentType"),
        _UPDATED,
        Label("Account", "Account", Is.NAMED, id="AccountID"),
        Label("Invoice", "", Is.NONE),
        Label("  Invoice Number", "Invoice.InvoiceNumber", Is.TYPED),
        Label("  Invoice ID", "Invoice.InvoiceID"),
        Label("  Contact", "Invoice.Contact", Is.NAMED, id="ContactID"),
        Label("  Type", "Invoice.Type"),
        Label("  Total", "Invoice.Total", Is.AMOUNT),
        Label("  Amount Due", "Invoice.AmountDue", Is.AMOUNT),
    ),
)
CONTACTS = Form(
    "list-contacts",
    "contacts",
    (
        Label("Contact", "Name", Is.TYPED, needed=True),
        Label("ID", "ContactID", needed=True),
        Label("First Name", "FirstName", Is.TYPED),
        Label("Last Name", "LastName", Is.TYPED),
        Label("Email", "EmailAddress", bare=("No email",), needed=True),
        Label("AR Tax Type", "AccountsReceivableTaxType"),
        Label("AP Tax Type", "AccountsPayableTaxType"),
        Label("Type", "Roles", needed=True),
        Label("Default Currency", "DefaultCurrency"),
        Label("Last Updated", "UpdatedDateUTC", Is.TIME),
        Label("Status", "ContactStatus", needed=True),
        Label("Groups", "", Is.REST),
    ),
)
ACCOUNTS = Form(
    "list-accounts",
    "accounts",
    (
        Label("Account", "Name", Is.TYPED, needed=True),
        Label("Code", "Code", needed=True),
        Label("ID", "AccountID", needed=True),
        Label("Type", "Type", needed=True),
        _STATUS,
        Label("Description", "Description", Is.REST),
    ),
)
TAX_RATES = Form(
    "list-tax-rates",
    "tax rates",
    (
        Label("Tax Rate", "Name", Is.TYPED, needed=True),
        Label("Tax Type", "TaxType", needed=True),
        _STATUS,
        Label("Display Tax Rate", "DisplayTaxRate"),
        Label("Effective Rate", "EffectiveRate"),
        Label("Tax Components", "", Is.REST),
        Label("Can Apply To", "", Is.REST),
    ),
)
TRACKING = Form(
    "list-tracking-categories",
    "tracking categories",
    (
        Label("Tracking Category ID", "TrackingCategoryID", needed=True),
        Label("Name", "Name", Is.TYPED, needed=True),
        _STATUS,
        Label("Found [0-9]+ tracking options", "", Is.OPEN),
    ),
)
ORGANISATION = Form(
    "list-organisation-details",
    "organisation details",
    (
        Label("Name", "Name", Is.TYPED, needed=True),
        Label("Legal Name", "LegalName", Is.TYPED),
        Label("Pays Tax", "PaysTax"),
        Label("Short Code", "ShortCode"),
        Label("Organisation ID", "OrganisationID", needed=True),
        Label("Version", "Version"),
        Label("Base Currency", "BaseCurrency"),
        Label("Country Code", "", Is.REST),
    ),
)
FORMS = (
    *(INVOICES, CREDIT_NOTES, BANK_TRANSACTIONS, PURCHASE_ORDERS, PAYMENTS),
    *(CONTACTS, ACCOUNTS, TAX_RATES, TRACKING, ORGANISATION),
)
ALLOWED = frozenset(form.tool for form in FORMS)
"""The tools that may be called: each of them only lists."""

BY_STREAM: Mapping[str, Form] = {
    "accounts": ACCOUNTS,
    "tax_rates": TAX_RATES,
    "tracking_categories": TRACKING,
    "contacts": CONTACTS,
    "purchase_orders": PURCHASE_ORDERS,
    "bills": INVOICES,
    "credit_notes": CREDIT_NOTES,
    "bank_transactions": BANK_TRANSACTIONS,
    "sales_invoices": INVOICES,
    "sales_credit_notes": CREDIT_NOTES,
    "payments": PAYMENTS,
}


def is_tool_text(body: bytes) -> bool:
    """Whether a record's body is a tool's text; every other body is a JSON object."""
    return not body.lstrip().startswith(b"{")


def members_of(stream: str, block: str) -> Mapping[str, Any]:
    """The members of a record of a stream. ValueError with a sentence when it cannot be read."""
    form = BY_STREAM.get(stream)
    if form is None:
        raise ValueError(f"Xero {stream} are not read from a tool's text.")
    try:
        return members(form, block)
    except ValueError as error:
        sentence = "Xero's text for this record can be read in two ways, so Well reads it in none"
        raise ValueError(f"{sentence} ({error}).") from error
