"""The streams of Xero: which endpoint lists each one, and what it is to the product.

Invariant: the order is the order of reading, lists before documents, so that a file is known
before the bill it belongs to is read. Bills and sales invoices share an endpoint and are told
apart by their type; so are the credit notes of both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from well.domain.source_record import Kind
from well.ports.source import Stream

ATTACHMENTS = "attachments"


@dataclass(frozen=True, slots=True)
class Listing:
    """A stream, its endpoint (also the name of the list in an answer) and the member that
    identifies an item. `types` are the values of Type that belong to it, none for all.

    `paged` False: the endpoint gives everything at once. `where` False: it takes no filter.
    """

    stream: Stream
    endpoint: str
    id: str
    types: tuple[str, ...] = ()
    paged: bool = True
    where: bool = True
    archived: bool = False


def _listing(
    name: str, kind: Kind, what: str, endpoint: str, id: str, *types: str, dated: bool = True
) -> Listing:
    stream = Stream(name, kind, f"When a Xero {what} is read", dated=dated)
    return Listing(stream, endpoint, id, types)


LISTINGS: tuple[Listing, ...] = (
    Listing(
        Stream("accounts", Kind.ACCOUNT, "When a Xero bank account is read"),
        "Accounts",
        "AccountID",
        ("BANK",),
        paged=False,
    ),
    Listing(
        Stream("tax_rates", Kind.TAX_CODE, "When a Xero tax rate is read"),
        "TaxRates",
        "TaxType",
        paged=False,
    ),
    Listing(
        Stream("tracking_categories", Kind.ACCOUNT, "When a Xero tracking category is read"),
        "TrackingCategories",
        "TrackingCategoryID",
        paged=False,
        archived=True,
    ),
    Listing(
        Stream("contacts", Kind.COMPANY, "When a Xero contact is read"),
        "Contacts",
        "ContactID",
        archived=True,
    ),
    Listing(
        Stream(ATTACHMENTS, Kind.ATTACHMENT, "When a Xero attachment is read"),
        "Attachments",
        "AttachmentID",
        paged=False,
    ),
    Listing(
        Stream(
            "purchase_orders",
            Kind.PURCHASE_ORDER,
            "When a Xero purchase order is read",
            dated=True,
        ),
        "PurchaseOrders",
        "PurchaseOrderID",
        where=False,
    ),
    _listing("bills", Kind.SUPPLIER_INVOICE, "invoice", "Invoices", "InvoiceID", "ACCPAY"),
    _listing(
        "credit_notes",
        Kind.SUPPLIER_CREDIT_NOTE,
        "credit note",
        "CreditNotes",
        "CreditNoteID",
        "ACCPAYCREDIT",
    ),
    _listing(
        "bank_transactions",
        Kind.TRANSACTION,
        "bank transaction",
        "BankTransactions",
        "BankTransactionID",
    ),
    _listing("sales_invoices", Kind.SALES_INVOICE, "invoice", "Invoices", "InvoiceID", "ACCREC"),
    _listing(
        "sales_credit_notes",
        Kind.SALES_CREDIT_NOTE,
        "credit note",
        "CreditNotes",
        "CreditNoteID",
        "ACCRECCREDIT",
    ),
    _listing("payments", Kind.PAYMENT, "payment", "Payments", "PaymentID"),
)
BY_NAME = {listing.stream.name: listing for listing in LISTINGS}
HOLDERS = ("Invoices", "CreditNotes", "BankTransactions", "PurchaseOrders")
"""Endpoints whose items may have files attached."""


def at(endpoint: str) -> Sequence[Listing]:
    """The listings of an endpoint."""
    return [listing for listing in LISTINGS if listing.endpoint == endpoint]


def listing_of(endpoint: str, type: object) -> Listing | None:
    """The listing an item of an endpoint belongs to; None where the product reads none."""
    for listing in at(endpoint):
        if not listing.types or type in listing.types:
            return listing
    return None
