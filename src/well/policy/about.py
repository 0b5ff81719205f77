"""Which fields a finding speaks of, by its code.

Invariant: a code that is not listed speaks of the document as a whole. It weighs nothing.
"""

_TOTALS = ("gross_total", "net_total", "tax_total")
_FIELDS = {
    "number_differs": ("number",),
    "issue_date_differs": ("issue_date",),
    "due_date_differs": ("due_date",),
    "due_before_issue": ("due_date", "issue_date"),
    "currency_differs": ("currency",),
    "total_differs": ("gross_total",),
    "seller_differs": ("seller.name", "seller.vat_id"),
    "iban_differs": ("seller.iban",),
    "iban_check_digits": ("seller.iban",),
    "vat_id_check_digits": ("seller.vat_id",),
    "sign_differs": ("credit_note",),
    "negative_credit_note": ("gross_total", "credit_note"),
    "negative_total": ("gross_total", "credit_note"),
    "totals_disagree": _TOTALS,
    "sum_of_totals": _TOTALS,
    "sum_of_taxes": ("tax_total",),
    "sum_of_net": ("net_total",),
    "sum_of_lines": ("net_total",),
    "page_number": ("number",),
    "page_total": ("gross_total",),
    "page_iban": ("seller.iban",),
    "page_supplier": ("seller.vat_id", "seller.name"),
}


def fields_of(code: str) -> tuple[str, ...]:
    """Fields named as in `FieldReading`, the one it concerns most first; () for none."""
    kind, _, field = code.partition(".")
    return (field,) if kind == "mapping_value" and field else _FIELDS.get(code, ())
