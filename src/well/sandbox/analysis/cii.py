"""The UN/CEFACT Cross Industry Invoice embedded in Factur-X, ZUGFeRD and XRechnung PDFs.

Invariant: only what the XML says; a document type declaration, another root or a broken file is
no invoice (None). Code 381 (and 261) is a credit note.
"""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from well.sandbox.analysis import values
from well.sandbox.analysis.reading import Reading

_TOTALS = ".//{*}SpecifiedTradeSettlementHeaderMonetarySummation"
_OLD_TOTALS = ".//{*}SpecifiedTradeSettlementMonetarySummation"


def read_xml(name: str, content: bytes) -> Reading | None:
    """The reading of an attached XML called `name`; None when it is no CII invoice."""
    if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if etree.QName(root).localname not in ("CrossIndustryInvoice", "CrossIndustryDocument"):
        return None
    return _reading(root, name)


def _reading(root: etree._Element, name: str) -> Reading:
    totals = root.find(_TOTALS)
    totals = root.find(_OLD_TOTALS) if totals is None else totals
    seller = root.find(".//{*}SellerTradeParty")
    gross, tax = _amount(totals, "GrandTotalAmount"), _amount(totals, "TaxTotalAmount")
    header = root.find("{*}ExchangedDocument")
    header = root.find("{*}HeaderExchangedDocument") if header is None else header
    return Reading(
        number=_text(header, "{*}ID"),
        supplier=_text(seller, "{*}Name"),
        issue_date=_day(header, "{*}IssueDateTime/{*}DateTimeString"),
        due_date=_day(
            root, ".//{*}SpecifiedTradePaymentTerms/{*}DueDateDateTime/{*}DateTimeString"
        ),
        currency=_text(root, ".//{*}InvoiceCurrencyCode"),
        gross=gross,
        net=_amount(totals, "TaxBasisTotalAmount"),
        tax=tax,
        iban=values.iban(_text(root, ".//{*}PayeePartyCreditorFinancialAccount/{*}IBANID") or ""),
        vat_number=_text(seller, "{*}SpecifiedTaxRegistration/{*}ID[@schemeID='VA']"),
        credit_note=_text(header, "{*}TypeCode") in ("381", "261"),
        e_invoice_type=_type(name),
    )


def _type(name: str) -> str:
    lower = name.lower()
    if "xrechnung" in lower:
        return "xrechnung"
    return "zugferd" if "zugferd" in lower else "factur-x"


def _text(node: etree._Element | None, path: str) -> str | None:
    found = None if node is None else node.find(path)
    text = " ".join((found.text or "").split()) if found is not None else ""
    return text[:200] or None


def _amount(node: etree._Element | None, tag: str) -> Decimal | None:
    try:
        value = Decimal(_text(node, f"{{*}}{tag}") or "")
    except InvalidOperation:
        return None
    return abs(value) if value.is_finite() and abs(value) < 10**12 else None


def _day(node: etree._Element | None, path: str) -> date | None:
    text = (_text(node, path) or "")[:8]
    try:
        return datetime.strptime(f"{text}+0000", "%Y%m%d%z").date()
    except ValueError:
        return None
