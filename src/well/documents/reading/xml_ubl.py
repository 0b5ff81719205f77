"""Reads OASIS UBL 2.1 Invoice and CreditNote into a draft.

Invariant: elements are found by local name along the paths below (EN 16931-3-2 binding). The
seller is its registered name; a trading name counts only when there is no other.
"""

from decimal import Decimal

from lxml import etree

from well.documents.reading.draft import Draft
from well.documents.reading.limits import LINES_KEPT
from well.documents.reading.syntax import UBL
from well.documents.reading.xml_build import CREDIT_NOTE_CODES, Texts
from well.documents.reading.xml_parse import local_name, nodes, text
from well.documents.reading.xml_values import decimal_of, one_line
from well.domain.invoice import InvoiceLine

_SELLER = "AccountingSupplierParty/Party"
_BUYER = "AccountingCustomerParty/Party"
_SUMS = "LegalMonetaryTotal"

_TEXTS = {
    "number": ("ID",),
    "issue_date": ("IssueDate",),
    "due_date": ("DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"),
    "currency": ("DocumentCurrencyCode",),
    "note": ("Note",),
    "purchase_order": ("OrderReference/ID",),
    "buyer_name": (f"{_BUYER}/PartyLegalEntity/RegistrationName", f"{_BUYER}/PartyName/Name"),
    "seller.name": (f"{_SELLER}/PartyLegalEntity/RegistrationName", f"{_SELLER}/PartyName/Name"),
    "seller.country": (f"{_SELLER}/PostalAddress/Country/IdentificationCode",),
    "seller.legal_id": (f"{_SELLER}/PartyLegalEntity/CompanyID",),
    "seller.email": (f"{_SELLER}/Contact/ElectronicMail",),
    "seller.website": (f"{_SELLER}/WebsiteURI",),
    "seller.iban": ("PaymentMeans/PayeeFinancialAccount/ID",),
    "net_total": (f"{_SUMS}/TaxExclusiveAmount",),
    "gross_total": (f"{_SUMS}/TaxInclusiveAmount",),
    "due_payable": (f"{_SUMS}/PayableAmount",),
    "prepaid": (f"{_SUMS}/PrepaidAmount",),
}


def read_ubl(root: etree._Element) -> Draft:
    """Draft of a UBL invoice or credit note."""
    texts = Texts()
    for name, paths in _TEXTS.items():
        texts.take(name, next(filter(None, (text(root, path) for path in paths)), None))
    texts.take("seller.vat_id", _vat_id(root))
    total = _tax_total(root, texts)
    if total is not None:
        texts.take("tax_total", text(total, "TaxAmount"))
    parts = [] if total is None else nodes(total, "TaxSubtotal/TaxAmount")
    code = text(root, "InvoiceTypeCode|CreditNoteTypeCode")
    lines = nodes(root, "InvoiceLine|CreditNoteLine")[:LINES_KEPT]
    return Draft(
        syntax=UBL,
        credit_note=local_name(root) == "CreditNote" or code in CREDIT_NOTE_CODES,
        readings=texts.readings,
        lines=tuple(map(_line, lines)),
        findings=tuple(texts.findings),
        type_code=code,
        line_sum=texts.number("line_sum", text(root, f"{_SUMS}/LineExtensionAmount")),
        allowance=texts.number("allowance", text(root, f"{_SUMS}/AllowanceTotalAmount")),
        charge=texts.number("charge", text(root, f"{_SUMS}/ChargeTotalAmount")),
        tax_parts=tuple(part for part in map(decimal_of, _texts(parts)) if part is not None),
    )


def _texts(elements: list[etree._Element]) -> list[str]:
    return [element.text or "" for element in elements]


def _vat_id(root: etree._Element) -> str | None:
    """BT-31 stands under tax scheme VAT; other schemes are tax numbers."""
    for scheme in nodes(root, f"{_SELLER}/PartyTaxScheme"):
        if (text(scheme, "TaxScheme/ID") or "").upper() == "VAT":
            return text(scheme, "CompanyID")
    return None


def _tax_total(root: etree._Element, texts: Texts) -> etree._Element | None:
    """The TaxTotal in the invoice currency (BT-110); a second one is in the accounting currency."""
    totals = nodes(root, "TaxTotal")
    currency = texts.readings.get("currency")
    for total in totals:
        amounts = nodes(total, "TaxAmount")
        if amounts and currency and amounts[0].get("currencyID") == currency.value:
            return total
    return totals[0] if totals else None


def _line(line: etree._Element) -> InvoiceLine:
    return InvoiceLine(
        description=one_line(text(line, "Item/Name") or text(line, "Item/Description") or "")[:500],
        net_amount=decimal_of(text(line, "LineExtensionAmount")) or Decimal(0),
        quantity=decimal_of(text(line, "InvoicedQuantity|CreditedQuantity")),
        unit_price=decimal_of(text(line, "Price/PriceAmount")),
        tax_rate=decimal_of(text(line, "Item/ClassifiedTaxCategory/Percent")),
    )
