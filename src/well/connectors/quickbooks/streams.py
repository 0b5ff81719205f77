"""The streams of QuickBooks: which entity each one lists, and what it is to the product.

Invariant: one stream per entity; the order is the order of reading, lists before documents.
"""

from dataclasses import dataclass

from well.domain.source_record import Kind
from well.ports.source import Stream


@dataclass(frozen=True, slots=True)
class Listing:
    """A stream and its entity. `hides` entities show inactive rows only when asked for them;
    `feed` False means that the change feed does not carry it."""

    stream: Stream
    entity: str
    hides: bool = False
    feed: bool = True


def _list(name: str, kind: Kind, entity: str, trigger: str, feed: bool = True) -> Listing:
    return Listing(Stream(name, kind, trigger), entity, hides=True, feed=feed)


def _dated(name: str, kind: Kind, entity: str, trigger: str) -> Listing:
    return Listing(Stream(name, kind, trigger, dated=True), entity)


_ACCOUNT = "When a QuickBooks account is read"
_TAX = "When a QuickBooks tax code is read"
_COMPANY = "When a QuickBooks customer is read"
_INVOICE = "When a QuickBooks sales invoice is read"
_PAYMENT = "When a QuickBooks payment is read"
_BILL = "When a QuickBooks bill is read"

LISTINGS: tuple[Listing, ...] = (
    _list("accounts", Kind.ACCOUNT, "Account", _ACCOUNT),
    _list("tax_codes", Kind.TAX_CODE, "TaxCode", _TAX, feed=False),
    _list("tax_rates", Kind.TAX_CODE, "TaxRate", _TAX, feed=False),
    _list("vendors", Kind.COMPANY, "Vendor", _COMPANY),
    _list("customers", Kind.COMPANY, "Customer", _COMPANY),
    Listing(
        Stream("attachments", Kind.ATTACHMENT, "When a QuickBooks attachment is read"),
        "Attachable",
    ),
    _dated(
        "purchase_orders",
        Kind.PURCHASE_ORDER,
        "PurchaseOrder",
        "When a QuickBooks purchase order is read",
    ),
    _dated("bills", Kind.SUPPLIER_INVOICE, "Bill", _BILL),
    _dated("vendor_credits", Kind.SUPPLIER_CREDIT_NOTE, "VendorCredit", _BILL),
    _dated("purchases", Kind.TRANSACTION, "Purchase", "When a QuickBooks purchase is read"),
    _dated("invoices", Kind.SALES_INVOICE, "Invoice", _INVOICE),
    _dated("sales_receipts", Kind.SALES_INVOICE, "SalesReceipt", _INVOICE),
    _dated(
        "credit_memos",
        Kind.SALES_CREDIT_NOTE,
        "CreditMemo",
        "When a QuickBooks credit memo is read",
    ),
    _dated("payments", Kind.PAYMENT, "Payment", _PAYMENT),
    _dated("bill_payments", Kind.PAYMENT, "BillPayment", _PAYMENT),
)
BY_NAME = {listing.stream.name: listing for listing in LISTINGS}
BY_ENTITY = {listing.entity.lower(): listing for listing in LISTINGS}
