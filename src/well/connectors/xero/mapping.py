"""Xero fields to Qonto fields: the default table, and how a row is read from a body.

Invariant: version 1 is exactly the published table; a row that is off is not read. A path names
the entity and then members of its body; a document of another entity is read by the same path,
because `shapes.py` gives all of them the same members.
"""

from collections.abc import Mapping
from typing import Any

from well.connectors.xero.dates import day_of
from well.domain.mapping import FieldMapping, MappingRow

INVOICE, TRANSACTION, COMPANY = "invoice", "transaction", "company"

_ROWS = (
    (INVOICE, "Invoice.Total", "total_amount", "total"),
    (INVOICE, "Invoice.CurrencyCode", "currency", "currency"),
    (INVOICE, "Invoice.Date", "issue_date", "issue_date"),
    (INVOICE, "Invoice.DueDate", "due_date", "due_date"),
    (INVOICE, "Invoice.InvoiceNumber", "invoice_number", "invoice_number"),
    (INVOICE, "Invoice.TotalTax", "tax_amount", "tax"),
    (TRANSACTION, "BankTransaction.Total", "amount", "amount"),
    (TRANSACTION, "BankTransaction.CurrencyCode", "currency", "currency"),
    (TRANSACTION, "BankTransaction.Date", "emitted_at", "created"),
    (TRANSACTION, "BankTransaction.Reference", "label", "description"),
    (TRANSACTION, "BankTransaction.BankTransactionID", "transaction_id", "transaction_id"),
    (COMPANY, "Contact.Name", "supplier_name", "name"),
    (COMPANY, "Contact.Website", "supplier_website", "website"),
    (COMPANY, "Contact.TaxNumber", "supplier_tax_id", "tax_id"),
)
DEFAULT = FieldMapping(1, tuple(MappingRow(*row) for row in _ROWS))


def value_of(body: Mapping[str, Any], table: FieldMapping, group: str, target: str) -> Any:
    """The raw value for a target field; None where the row is off or the body has none."""
    return table.take(body, group, target, day_of).value
