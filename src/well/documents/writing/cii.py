"""The bill as an e-invoice: UN/CEFACT CII D22B, profile EN 16931 of Factur-X.

Invariant: elements stand in the order of the schema; each value of the bill is written once and
nothing else is. Called only for a bill that lacks no term. It validates nothing.
"""

from lxml import etree

from well.documents.writing.bill import Adjustment, Bill, TaxGroup
from well.documents.writing.cii_line import put_adjustment, put_line, put_period
from well.documents.writing.cii_nodes import (
    NAMESPACES,
    Node,
    group,
    put,
    put_date,
    qualified,
)
from well.documents.writing.cii_party import put_party, put_place

PROFILE = "urn:cen.eu:en16931:2017"
"""BT-24 of the profile EN 16931."""


def cii(bill: Bill) -> bytes:
    """The XML file in UTF-8; the same bytes for the same bill."""
    root = etree.Element(qualified("rsm:CrossIndustryInvoice"), nsmap=NAMESPACES)
    context = etree.SubElement(root, qualified("rsm:ExchangedDocumentContext"))
    put(context, "BusinessProcessSpecifiedDocumentContextParameter/ID", bill.process)
    put(context, "GuidelineSpecifiedDocumentContextParameter/ID", PROFILE)
    _head(etree.SubElement(root, qualified("rsm:ExchangedDocument")), bill)
    trade = etree.SubElement(root, qualified("rsm:SupplyChainTradeTransaction"))
    for number, line in enumerate(bill.lines, 1):
        put_line(trade, number, line)
    _agreement(group(trade, "ApplicableHeaderTradeAgreement"), bill)
    _delivery(group(trade, "ApplicableHeaderTradeDelivery"), bill)
    _settlement(group(trade, "ApplicableHeaderTradeSettlement"), bill)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _head(head: Node, bill: Bill) -> None:
    put(head, "ID", bill.number)
    put(head, "TypeCode", bill.type_code)
    put_date(head, "IssueDateTime", bill.issue_date)
    for note in bill.notes:
        one = group(head, "IncludedNote")
        put(one, "Content", note.text)
        put(one, "SubjectCode", note.subject)


def _agreement(agreement: Node, bill: Bill) -> None:
    references = bill.references
    put(agreement, "BuyerReference", references.buyer_reference)
    put_party(group(agreement, "SellerTradeParty"), bill.seller)
    put_party(group(agreement, "BuyerTradeParty"), bill.buyer)
    for name, number in (
        ("SellerOrderReferencedDocument", references.sales_order),
        ("BuyerOrderReferencedDocument", references.purchase_order),
        ("ContractReferencedDocument", references.contract),
    ):
        put(agreement, f"{name}/IssuerAssignedID", number)


def _delivery(delivery: Node, bill: Bill) -> None:
    stated = bill.delivery
    shipped = any(tax.tax_category == "K" for tax in bill.taxes)
    # An intra-Community supply must name its country (BR-IC-12): the buyer's, unless stated.
    address = stated.address or (bill.buyer.address if shipped else None)
    if stated.name or address:
        put_place(group(delivery, "ShipToTradeParty"), stated.name, address)
    put_date(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime", stated.day)


def _settlement(settlement: Node, bill: Bill) -> None:
    put(settlement, "PaymentReference", bill.payment.reference)
    put(settlement, "TaxCurrencyCode", bill.tax_currency)
    put(settlement, "InvoiceCurrencyCode", bill.currency)
    _means(settlement, bill)
    for tax in bill.taxes:
        _tax(group(settlement, "ApplicableTradeTax"), tax)
    put_period(settlement, bill.delivery.period_start, bill.delivery.period_end)
    for one in _discounts_first(bill.adjustments):
        put_adjustment(settlement, one, with_tax=True)
    if bill.payment.terms or bill.due_date:
        terms = group(settlement, "SpecifiedTradePaymentTerms")
        put(terms, "Description", bill.payment.terms)
        put_date(terms, "DueDateDateTime", bill.due_date)
    _sums(group(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation"), bill)
    for earlier in bill.references.preceding:
        node = group(settlement, "InvoiceReferencedDocument")
        put(node, "IssuerAssignedID", earlier.number)
        put_date(node, "FormattedIssueDateTime", earlier.issue_date, "qdt")


def _discounts_first(adjustments: tuple[Adjustment, ...]) -> list[Adjustment]:
    return sorted(adjustments, key=lambda one: one.charge)


def _means(settlement: Node, bill: Bill) -> None:
    payment = bill.payment
    if not (payment.iban or payment.means):
        return
    means = group(settlement, "SpecifiedTradeSettlementPaymentMeans")
    # 30 is a credit transfer: what an account to pay to means.
    put(means, "TypeCode", payment.means or "30")
    put(means, "Information", payment.means_text)
    if payment.iban:
        account = group(means, "PayeePartyCreditorFinancialAccount")
        put(account, "IBANID", payment.iban)
        put(account, "AccountName", payment.account_name)
        put(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID", payment.bic)


def _tax(node: Node, tax: TaxGroup) -> None:
    put(node, "CalculatedAmount", tax.tax_amount)
    put(node, "TypeCode", "VAT")
    put(node, "ExemptionReason", tax.exemption_reason)
    put(node, "BasisAmount", tax.base_amount)
    put(node, "CategoryCode", tax.tax_category)
    put(node, "ExemptionReasonCode", tax.exemption_code)
    if tax.tax_category != "O":
        put(node, "RateApplicablePercent", tax.tax_rate)


def _sums(node: Node, bill: Bill) -> None:
    totals = bill.totals
    put(node, "LineTotalAmount", totals.lines)
    put(node, "ChargeTotalAmount", totals.charges)
    put(node, "AllowanceTotalAmount", totals.allowances)
    put(node, "TaxBasisTotalAmount", totals.net)
    put(node, "TaxTotalAmount", totals.tax, currencyID=bill.currency)
    if bill.tax_currency and bill.tax_currency != bill.currency:
        put(node, "TaxTotalAmount", totals.tax_accounting, currencyID=bill.tax_currency)
    put(node, "RoundingAmount", totals.rounding)
    put(node, "GrandTotalAmount", totals.gross)
    put(node, "TotalPrepaidAmount", totals.prepaid)
    put(node, "DuePayableAmount", totals.payable)
