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


@dataclass(frozen=True)
class Pair:
    """One flow of the demo.

    `entities`: the source's streams in the words of the stand-ins' truth. `faults`: for each
    stand-in the addresses that faults may strike (`reads`, `writes`: beginnings of paths); the
    pages and tokens of the consent are left alone. `settings`: more of the product's environment.
    """

    source: str
    target: str
    entities: Mapping[str, str]
    reads: Mapping[str, str]
    writes: Mapping[str, str]
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it is asked for on the command line and stands in the JSON."""
        return f"{self.source}-{self.target}"

    @property
    def standins(self) -> tuple[str, str]:
        """Source, then target: the order in which the person connects them."""
        return self.source, self.target


_ALL = (
    Pair(
        source="quickbooks",
        target="qonto",
        entities=QUICKBOOKS,
        reads={"quickbooks": "/v3", "qonto": "/v2"},
        writes={"qonto": "/v2/supplier_invoices/bulk"},
    ),
)
PAIRS = {pair.name: pair for pair in _ALL}
DEFAULT = _ALL[0]


def number_of(pair: Pair) -> int:
    """Its place in the table: keeps the companies of two pairs apart."""
    return _ALL.index(pair)
