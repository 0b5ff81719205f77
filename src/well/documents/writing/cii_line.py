"""One line of a bill, and discounts and charges, in a CII file.

Invariant: a price is never negative (BR-27): the sign moves to the quantity, which leaves the sum
as it is. It works out no amount.
"""

from datetime import date

from well.documents.writing.bill import Adjustment, BillLine
from well.documents.writing.cii_nodes import Node, group, put, put_date, put_flag


def put_line(trade: Node, number: int, line: BillLine) -> None:
    """Write a line; `number` is its id (BT-126)."""
    node = group(trade, "IncludedSupplyChainTradeLineItem")
    document = group(node, "AssociatedDocumentLineDocument")
    put(document, "LineID", number)
    put(document, "IncludedNote/Content", line.note)
    product = group(node, "SpecifiedTradeProduct")
    put(product, "SellerAssignedID", line.item_id)
    put(product, "Name", line.description)
    put(product, "Description", line.details)
    _price(node, line)
    settlement = group(node, "SpecifiedLineTradeSettlement")
    _tax(group(settlement, "ApplicableTradeTax"), line)
    put_period(settlement, line.period_start, line.period_end)
    for one in sorted(line.adjustments, key=lambda one: one.charge):
        put_adjustment(settlement, one, with_tax=False)
    total = "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
    put(settlement, total, line.net_amount)
    put(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID", line.ledger_account)


def put_adjustment(parent: Node, one: Adjustment, with_tax: bool) -> None:
    """Write a discount or a charge; on the document it carries its VAT category."""
    node = group(parent, "SpecifiedTradeAllowanceCharge")
    put_flag(node, "ChargeIndicator", one.charge)
    put(node, "CalculationPercent", one.percent)
    put(node, "BasisAmount", one.base_amount)
    put(node, "ActualAmount", one.amount)
    put(node, "ReasonCode", one.reason_code)
    put(node, "Reason", one.reason)
    if with_tax:
        _tax(group(node, "CategoryTradeTax"), one)


def _tax(node: Node, of: BillLine | Adjustment) -> None:
    """Category and rate; what is not subject to VAT (O) has no rate."""
    put(node, "TypeCode", "VAT")
    put(node, "CategoryCode", of.tax_category)
    if of.tax_category != "O":
        put(node, "RateApplicablePercent", of.tax_rate)


def put_period(parent: Node, start: date | None, end: date | None) -> None:
    """Write the period of billing, when there is one."""
    if start or end:
        node = group(parent, "BillingSpecifiedPeriod")
        put_date(node, "StartDateTime", start)
        put_date(node, "EndDateTime", end)


def _price(node: Node, line: BillLine) -> None:
    price, quantity = line.unit_price, line.quantity
    if price is not None and quantity is not None and price < 0:
        price, quantity = -price, -quantity
    agreement = group(node, "SpecifiedLineTradeAgreement")
    put(agreement, "BuyerOrderReferencedDocument/LineID", line.order_line)
    net = group(agreement, "NetPriceProductTradePrice")
    put(net, "ChargeAmount", price)
    put(net, "BasisQuantity", line.price_quantity, unitCode=line.unit)
    put(node, "SpecifiedLineTradeDelivery/BilledQuantity", quantity, unitCode=line.unit)
