"""Reads UN/CEFACT CII (D16B, D22B; Factur-X and XRechnung) and ZUGFeRD 1.0 into a draft.

Invariant: elements are found by local name along the paths below (EN 16931-3-3 binding), so
profiles from MINIMUM to EXTENDED and foreign prefixes read alike. It checks no sums.
"""

from decimal import Decimal

from lxml import etree

from well.documents.reading.draft import Draft
from well.documents.reading.limits import LINES_KEPT
from well.documents.reading.xml_build import CREDIT_NOTE_CODES, Texts
from well.documents.reading.xml_parse import first, nodes, text
from well.documents.reading.xml_values import decimal_of, one_line
from well.domain.invoice import InvoiceLine

_HEAD = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_LINE_SUM = (
    "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
_LINE_PRICE = (
    "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
    "/NetPriceProductTradePrice/ChargeAmount"
)
_LINE_QUANTITY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery/BilledQuantity"
_RATE = "ApplicableTradeTax/RateApplicablePercent|ApplicablePercent"
_ZERO = Decimal(0)
_GROUPS = ("GROUP", "INFORMATION")

_SELLER_TEXTS = {
    "seller.name": "Name",
    "seller.country": "PostalTradeAddress/CountryID",
    "seller.legal_id": "SpecifiedLegalOrganization/ID",
    "seller.email": "DefinedTradeContact/EmailURIUniversalCommunication/URIID",
}


def read_cii(root: etree._Element, syntax: str) -> Draft:
    """Draft of a CII or ZUGFeRD 1.0 invoice."""
    texts = Texts()
    settlement = first(root, _SETTLEMENT)
    settlement = root if settlement is None else settlement
    code = text(root, f"{_HEAD}/TypeCode")
    texts.take_all(_header(root, settlement))
    texts.take_all(_seller(root))
    texts.take_all(_amounts(settlement, texts))
    sums = {
        name: texts.number(name, text(settlement, f"{_SUMS}/{element}"))
        for name, element in (
            ("line_sum", "LineTotalAmount"),
            ("allowance", "AllowanceTotalAmount"),
            ("charge", "ChargeTotalAmount"),
        )
    }
    lines = nodes(root, f"{_TRADE}/IncludedSupplyChainTradeLineItem")[:LINES_KEPT]
    parts = (decimal_of(text(tax, "CalculatedAmount")) for tax in _taxes(settlement))
    return Draft(
        syntax=syntax,
        credit_note=code in CREDIT_NOTE_CODES,
        readings=texts.readings,
        lines=tuple(_line(line) for line in lines if not _is_remark(line)),
        findings=tuple(texts.findings),
        type_code=code,
        tax_parts=tuple(part for part in parts if part is not None),
        **sums,
    )


def _header(root: etree._Element, settlement: etree._Element) -> dict[str, str | None]:
    due = "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString"
    return {
        "number": text(root, f"{_HEAD}/ID"),
        "issue_date": text(root, f"{_HEAD}/IssueDateTime/DateTimeString"),
        "due_date": text(settlement, due),
        "currency": text(settlement, "InvoiceCurrencyCode"),
        "note": text(root, f"{_HEAD}/IncludedNote/Content"),
        "buyer_name": text(root, f"{_AGREEMENT}/BuyerTradeParty/Name"),
        "purchase_order": text(
            root, f"{_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID|ID"
        ),
        "seller.iban": text(
            settlement,
            "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID",
        )
        or text(
            settlement,
            "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/ProprietaryID",
        ),
    }


def _seller(root: etree._Element) -> dict[str, str | None]:
    party = first(root, f"{_AGREEMENT}/SellerTradeParty")
    if party is None:
        return {}
    texts = {name: text(party, path) for name, path in _SELLER_TEXTS.items()}
    # BT-31 carries scheme VA; scheme FC is the tax number BT-32, which is no VAT id.
    texts["seller.vat_id"] = _with_scheme(party, "SpecifiedTaxRegistration/ID", "VA")
    return texts


def _amounts(settlement: etree._Element, texts: Texts) -> dict[str, str | None]:
    currency = texts.readings.get("currency")
    taxes = nodes(settlement, f"{_SUMS}/TaxTotalAmount")
    # BT-111 repeats the tax in the accounting currency: only the invoice currency is BT-110.
    own = [tax for tax in taxes if currency and tax.get("currencyID") == currency.value]
    bare = [tax for tax in taxes if not tax.get("currencyID")]
    tax = next(iter(own or bare or taxes), None)
    return {
        "net_total": text(settlement, f"{_SUMS}/TaxBasisTotalAmount"),
        "tax_total": None if tax is None else tax.text,
        "gross_total": text(settlement, f"{_SUMS}/GrandTotalAmount"),
        "due_payable": text(settlement, f"{_SUMS}/DuePayableAmount"),
        "prepaid": text(settlement, f"{_SUMS}/TotalPrepaidAmount"),
    }


def _with_scheme(party: etree._Element, path: str, scheme: str) -> str | None:
    for node in nodes(party, path):
        if node.get("schemeID") == scheme and node.text and node.text.strip():
            return node.text.strip()
    return None


def _taxes(settlement: etree._Element) -> list[etree._Element]:
    return nodes(settlement, "ApplicableTradeTax")


def _is_remark(line: etree._Element) -> bool:
    """A ZUGFeRD 1 line that holds only a note."""
    return not nodes(line, "SpecifiedTradeProduct") and not nodes(line, _LINE_SETTLEMENT)


def _line(line: etree._Element) -> InvoiceLine:
    group = text(line, "AssociatedDocumentLineDocument/LineStatusReasonCode") in _GROUPS
    net = decimal_of(text(line, f"{_LINE_SETTLEMENT}/{_LINE_SUM}/LineTotalAmount"))
    return InvoiceLine(
        description=one_line(text(line, "SpecifiedTradeProduct/Name") or "")[:500],
        net_amount=(net or _ZERO) if not group else _ZERO,
        quantity=decimal_of(text(line, _LINE_QUANTITY)),
        unit_price=decimal_of(text(line, _LINE_PRICE)),
        tax_rate=decimal_of(text(line, f"{_LINE_SETTLEMENT}/{_RATE}")),
    )
