"""The pairs of the demo: which stand-ins play, how their records are called, what the person does.

Invariant: a pair is one row of `PAIRS`; the rest of the demo knows no provider by name. It starts
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

QUICKBOOKS = {
    "bills": "Bill",
    "vendor_credits": "VendorCredit",
    "purchases": "Purchase",
    "vendors": "Vendor",
    "customers": "Customer",
    "accounts": "Account",
    "tax_codes": "TaxCode",
    "tax_rates": "TaxRate",
    "attachments": "Attachable",
    "purchase_orders": "PurchaseOrder",
    "invoices": "Invoice",
    "sales_receipts": "SalesReceipt",
    "credit_memos": "CreditMemo",
    "payments": "Payment",
    "bill_payments": "BillPayment",
}
XERO = {
    "accounts": "Account",
    "tax_rates": "TaxRate",
    "tracking_categories": "TrackingCategory",
    "contacts": "Contact",
    "attachments": "Attachment",
    "purchase_orders": "PurchaseOrder",
    "bills": "Invoice",
    "sales_invoices": "Invoice",
    "credit_notes": "CreditNote",
    "sales_credit_notes": "CreditNote",
    "bank_transactions": "BankTransaction",
    "payments": "Payment",
}
QONTO = {
    "supplier_invoices": "SupplierInvoice",
    "attachments": "Attachment",
    "suppliers": "Supplier",
}


@dataclass(frozen=True)
class Pair:
    """One flow of the demo.

    `entities`: the source's streams in the words of the stand-ins' truth. `reads`, `writes`: for
    each stand-in the beginnings of the paths that faults may strike; consent and tokens are left
    alone. `standin_settings`: limits of stand-ins that so many records in a minute would meet.
    `by_mail`: the target's inbox takes the documents. `morning`: seconds after which what the next
    day brings can be read at the source.
    """

    source: str
    target: str
    entities: Mapping[str, str]
    reads: Mapping[str, str]
    writes: Mapping[str, str] = field(default_factory=dict)
    standin_settings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    by_mail: bool = False
    morning: float = 0.0

    @property
    def name(self) -> str:
        """As it is asked for on the command line and stands in the JSON."""
        return f"{self.source}-{self.target}"

    @property
    def standins(self) -> tuple[str, str]:
        """Source, then target: the order in which the person connects them."""
        return self.source, self.target


_BULK = "/v2/supplier_invoices/bulk"
_ALL = (
    Pair(
        source="quickbooks",
        target="qonto",
        entities=QUICKBOOKS,
        reads={"quickbooks": "/v3", "qonto": "/v2"},
        writes={"qonto": _BULK},
    ),
    Pair(
        source="xero",
        target="qonto",
        entities=XERO,
        reads={"xero": "/api.xro", "qonto": "/v2"},
        writes={"qonto": _BULK},
        standin_settings={"xero": {"requests_per_minute": 100_000, "requests_per_day": 1_000_000}},
    ),
    Pair(
        source="qonto",
        target="freshbooks",
        entities=QONTO,
        reads={"qonto": "/v2", "freshbooks": "/accounting"},
        standin_settings={"freshbooks": {"requests_per_minute": 100_000, "read_ms": 500}},
        by_mail=True,
        morning=4.0,
    ),
)
PAIRS = {pair.name: pair for pair in _ALL}
DEFAULT = _ALL[0]


def number_of(pair: Pair) -> int:
    """Its place in the table: keeps the companies of two pairs apart."""
    return _ALL.index(pair)
