"""QuickBooks fields to Qonto fields: the default table, and how a row is read from a body.

Invariant: version 1 is exactly the published table; a row that is off is not read. A path names
the entity and then members of its body; a document of another entity is read by the same path.
"""

from collections.abc import Mapping
from typing import Any

from well.connectors.fields import inner
from well.domain.mapping import FieldMapping, MappingRow

INVOICE, TRANSACTION, COMPANY = "invoice", "transaction", "company"

_ROWS = (
    (INVOICE, "Bill.TotalAmt", "total_amount", "total"),
    (INVOICE, "Bill.CurrencyRef", "currency", "currency"),
    (INVOICE, "Bill.TxnDate", "issue_date", "date"),
    (INVOICE, "Bill.DueDate", "due_date", "due_date"),
    (INVOICE, "Bill.DocNumber", "invoice_number", "invoice_number"),
    (INVOICE, "Bill.TxnTaxDetail", "tax_amount", "tax"),
    (TRANSACTION, "Purchase.TotalAmt", "amount", "amount"),
    (TRANSACTION, "Purchase.CurrencyRef", "currency", "currency"),
    (TRANSACTION, "Purchase.TxnDate", "emitted_at", "created"),
    (TRANSACTION, "Purchase.PrivateNote", "label", "description"),
    (TRANSACTION, "Purchase.Id", "transaction_id", "id"),
    (COMPANY, "Vendor.DisplayName", "supplier_name", "name"),
    (COMPANY, "Vendor.WebAddr", "supplier_website", "website"),
    (COMPANY, "Vendor.TaxIdentifier", "supplier_tax_id", "tax_id"),
)
DEFAULT = FieldMapping(1, tuple(MappingRow(*row) for row in _ROWS))

INSIDE = ("value", "TotalTax", "URI", "Address", "FreeFormNumber")
"""The member that carries the value of a nested field (a reference, a tax detail, an address)."""


def value_of(body: Mapping[str, Any], table: FieldMapping, group: str, target: str) -> Any:
    """The raw value for a target field; None where the row is off or the body has none."""
    return inner(table.take(body, group, target).value, INSIDE)
