"""Invoices as other Python packages read them, in their own environment.

Invariant: reads the files named on its standard input with one package and prints one JSON object
a line: file, seconds, fields under the scoring names. A file that a package cannot read, or takes
too long to, gives an empty answer and the package's complaint.

Run by `benchmarks/document_peers.py`: `python e_invoices.py PACKAGE < names`.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

Read = Callable[[Path], Any]
Names = dict[str, tuple[str, ...]]

_FACTURX: Names = {
    "invoice_number": ("BT-1",),
    "issue_date": ("BT-2",),
    "due_date": ("BT-9",),
    "currency": ("BT-5",),
    "net_total": ("BT-109",),
    "tax_total": ("BT-110",),
    "gross_total": ("BT-112",),
    "due_payable": ("BT-115",),
    "seller_name": ("BG-4.name",),
    "seller_vat_id": ("BG-4.vat_identifier",),
    "buyer_name": ("BG-7.name",),
    "iban": ("BG-17.0.BT-84", "BT-84", "BG-16.BT-84", "BG-16.BG-17.0.BT-84"),
    "lines": ("BG-25",),
}
_FACTUREX: Names = {
    "invoice_number": ("number",),
    "issue_date": ("issue_date",),
    "due_date": ("due_date",),
    "currency": ("currency",),
    "net_total": ("total_net",),
    "tax_total": ("total_vat",),
    "gross_total": ("total_gross",),
    "due_payable": ("amount_due",),
    "seller_name": ("seller.name",),
    "seller_vat_id": ("seller.vat_id",),
    "buyer_name": ("buyer.name",),
    "iban": ("iban",),
    "lines": ("lines",),
}
_EU: Names = {
    "invoice_number": ("0.number",),
    "issue_date": ("0.issue_date",),
    "due_date": ("0.due_date", "0.payment.due_date"),
    "currency": ("0.currency",),
    "net_total": ("0.totals.tax_exclusive", "0.totals.tax_basis", "1.tax_exclusive"),
    "tax_total": ("0.totals.tax_total", "0.totals.tax", "1.tax_total"),
    "gross_total": ("0.totals.tax_inclusive", "0.totals.grand_total", "1.tax_inclusive"),
    "due_payable": ("0.totals.payable", "0.totals.due", "1.payable"),
    "seller_name": ("0.seller.name",),
    "seller_vat_id": ("0.seller.vat_id",),
    "buyer_name": ("0.buyer.name",),
    "iban": ("0.payment.credit_transfers.0.iban",),
    "lines": ("0.lines",),
}
_TEMPLATES: Names = {
    "invoice_number": ("invoice_number",),
    "issue_date": ("date",),
    "due_date": ("date_due", "due_date"),
    "currency": ("currency",),
    "net_total": ("amount_untaxed",),
    "tax_total": ("amount_tax",),
    "gross_total": ("amount",),
    "seller_name": ("issuer", "partner_name"),
    "seller_vat_id": ("vat",),
    "iban": ("iban",),
}
_SAME: Names = {name: (name,) for name in _FACTURX}


def _xml_of(path: Path) -> bytes:
    content = path.read_bytes()
    if not content.startswith(b"%PDF"):
        return content
    facturx = import_module("facturx")
    found: bytes = facturx.get_xml_from_pdf(content, check_xsd=False)[1]
    return found


def _factur_x() -> Read:
    parse = import_module("facturx").parse_ubl_cii_xml
    return lambda path: parse(_xml_of(path))


def _facturex() -> Read:
    parse = import_module("facturex").parse_bytes
    return lambda path: parse(path.read_bytes()).model_dump()


def _eu() -> Read:
    parse = import_module("eu_einvoice.parse").parse_bytes
    return lambda path: parse(_xml_of(path))


def _drafthorse() -> Read:
    parse = import_module("drafthorse.models.document").Document.parse
    return lambda path: _drafted(parse(_xml_of(path), strict=False))


def _drafted(document: Any) -> dict[str, object]:
    trade = document.trade
    sums = trade.settlement.monetary_summation
    taxed = [str(one.id) for one in trade.agreement.seller.tax_registrations.children]
    due = [one.due for one in trade.settlement.terms.children]
    means = [one.payee_account.iban for one in trade.settlement.payment_means.children]
    return {
        "invoice_number": document.header.id,
        "issue_date": str(document.header.issue_date_time)[:10],
        "due_date": str(due[0])[:10] if due else None,
        "currency": trade.settlement.currency_code,
        "net_total": _said(sums.tax_basis_total),
        "tax_total": _said(sums.tax_total_other_currency) or _said(sums.tax_total),
        "gross_total": _said(sums.grand_total),
        "due_payable": _said(sums.due_amount),
        "seller_name": trade.agreement.seller.name,
        "seller_vat_id": next((x.split(" ")[0] for x in taxed if "(VA)" in x), None),
        "buyer_name": trade.agreement.buyer.name,
        "iban": means[0] if means else None,
        "lines": trade.items.children,
    }


def _said(element: Any) -> str:
    """The amount in an element, whose own text may be no text at all; of several the first."""
    several = getattr(element, "children", None)
    if several:
        element = several[0][0] if isinstance(several[0], tuple) else several[0]
    value = getattr(element, "_amount", None) or getattr(element, "_value", element)
    return str(value).split(" ")[0] if str(value)[:1] in "-0123456789" else ""


def _templates() -> Read:
    """invoice2data with all its own templates, on the text that pdfium gives."""
    loader = import_module("invoice2data.extract.loader")
    extract = import_module("invoice2data").extract_data
    text = import_module("invoice2data.input.pdfium")
    known = loader.read_templates()
    return lambda path: extract(str(path), templates=known, input_module=text) or {}


PACKAGES: dict[str, tuple[Callable[[], Read], Names]] = {
    "factur-x": (_factur_x, _FACTURX),
    "facturex": (_facturex, _FACTUREX),
    "eu-einvoice": (_eu, _EU),
    "drafthorse": (_drafthorse, _SAME),
    "invoice2data": (_templates, _TEMPLATES),
}


def flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value of nested tables under its dotted path, the tables too."""
    if path:
        yield path, value
    rows: object = dict(enumerate(value)) if isinstance(value, (list, tuple)) else value
    if isinstance(rows, dict):
        for name, inner in rows.items():
            yield from flat(inner, f"{path}.{name}".lstrip("."))


def fields(found: object, names: Names) -> dict[str, object]:
    """What is scored out of all that a package tells."""
    told = dict(flat(found))
    kept: dict[str, object] = {}
    for name, paths in names.items():
        value = next((told[path] for path in paths if told.get(path) not in (None, "")), None)
        if name == "lines":
            kept[name] = len(value) if isinstance(value, (list, tuple)) else 0
        elif value is not None and str(value) != "None":
            kept[name] = str(value)[:10] if name.endswith("_date") else str(value)
    return kept


def main(package: str) -> None:
    """One line for each file named on standard input."""
    logging.disable(logging.CRITICAL)
    prepare, names = PACKAGES[package]
    read = prepare()
    for name in sys.stdin.read().splitlines():
        started = time.perf_counter()
        answer: dict[str, object] = {"file": name, "fields": {}}
        try:
            answer["fields"] = fields(read(Path(name)), names)
        except Exception as error:  # noqa: BLE001 - whatever a stranger raises is its answer
            answer["complaint"] = repr(error)[:120]
        answer["seconds"] = time.perf_counter() - started
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
