"""QuickBooks bodies of bills, credits, vendors, payments to vendors, orders and attachments.

Invariant: a body follows the provider's field names; amounts are Decimal; lines, tax and total of
one body add up. Pure: the same plan gives the same body.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from well.sandbox.world import ledger
from well.sandbox.world.model import Booking, Card, Groups, money, tax_of
from well.sandbox.world.paper import paper_lines
from well.sandbox.world.timing import stamp, text
from well.sandbox.world.trades import TRADES

Body = dict[str, Any]
CURRENCY_NAMES = {
    "EUR": "Euro",
    "USD": "United States Dollar",
    "GBP": "British Pound Sterling",
    "CHF": "Swiss Franc",
    "JPY": "Japanese Yen",
}
COUNTRY_NAMES = {
    "FR": "France",
    "DE": "Germany",
    "GB": "United Kingdom",
    "US": "United States",
    "ES": "Spain",
    "NL": "Netherlands",
    "IE": "Ireland",
    "BE": "Belgium",
    "CH": "Switzerland",
}


def common(id: str, created: datetime, updated: datetime | None = None, version: int = 0) -> Body:
    """The fields that every entity has."""
    return {
        "Id": id,
        "SyncToken": str(version),
        "domain": "QBO",
        "sparse": False,
        "MetaData": {"CreateTime": text(created), "LastUpdatedTime": text(updated or created)},
    }


def currency_ref(currency: str) -> Body:
    """A CurrencyRef."""
    return {"value": currency, "name": CURRENCY_NAMES[currency]}


def account_ref(account: ledger.Account) -> Body:
    """An AccountRef."""
    return {"value": account.id, "name": account.name}


def vendor_ref(card: Card) -> Body:
    """A VendorRef."""
    return {"value": card.id, "name": card.name}


def expense_account(card: Card) -> ledger.Account:
    """The account this vendor's bills are booked on."""
    return ledger.BY_NUMBER[TRADES[card.person.trade].account]


def tax_detail(groups: Groups, currency: str, country: str) -> Body:
    """TxnTaxDetail: one line for each rate."""
    lines = [
        {
            "Amount": money(tax_of(percent, net), currency),
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {
                "TaxRateRef": {"value": ledger.rate_for(percent, country).rate_id},
                "PercentBased": True,
                "TaxPercent": Decimal(percent).scaleb(-2).normalize() + 0,
                "NetAmountTaxable": money(net, currency),
            },
        }
        for percent, net in groups
    ]
    total = sum(tax_of(percent, net) for percent, net in groups)
    return {"TotalTax": money(total, currency), "TaxLine": lines}


def expense_lines(booking: Booking, currency: str) -> list[Body]:
    """The account based lines of a bill."""
    seller = booking.document.seller
    account = account_ref(expense_account(booking.card))
    lines = paper_lines(booking.groups, booking.document.seed, seller.trade, seller.lang)
    return [
        {
            "Id": str(number),
            "LineNum": number,
            "Description": line.text,
            "Amount": money(line.net, currency),
            "DetailType": "AccountBasedExpenseLineDetail",
            "AccountBasedExpenseLineDetail": {
                "AccountRef": account,
                "BillableStatus": "NotBillable",
                "TaxCodeRef": {"value": ledger.rate_for(line.rate, seller.country).code},
            },
        }
        for number, line in enumerate(lines, 1)
    ]


def _linked(booking: Booking) -> list[Body]:
    links = [(booking.order, "PurchaseOrder"), (booking.payment, "BillPaymentCheck")]
    return [{"TxnId": other, "TxnType": kind} for other, kind in links if other]


def bill(booking: Booking, today: date) -> Body:
    """The full body of a Bill or VendorCredit."""
    document, card = booking.document, booking.card
    currency = document.currency
    assert booking.created is not None, "the plan is settled"
    paid = stamp(booking.paid, today, "paid", booking.id) if booking.paid else None
    body = common(booking.id, booking.created, paid, 1 if paid else 0)
    total = money(booking.total, currency)
    rate = ledger.exchange_rate(currency, booking.dated)
    balance = Decimal(0) if booking.paid else total
    body |= {
        "TxnDate": booking.dated.isoformat(),
        "CurrencyRef": currency_ref(currency),
        "ExchangeRate": rate,
        "VendorRef": vendor_ref(card),
        "APAccountRef": account_ref(ledger.PAYABLE[currency]),
        "PrivateNote": _note(booking),
        "Line": expense_lines(booking, currency),
        "TxnTaxDetail": tax_detail(booking.groups, currency, document.seller.country),
        "GlobalTaxCalculation": "TaxExcluded",
        "TotalAmt": total,
        "Balance": balance,
        "LinkedTxn": _linked(booking),
    }
    if currency != ledger.HOME:
        body["HomeBalance"] = (balance * rate).quantize(Decimal("0.01"))
    if booking.number is not None:
        body["DocNumber"] = booking.number
    if not document.credit:
        body["DueDate"] = (booking.dated + timedelta(days=document.seller.terms)).isoformat()
        body["SalesTermRef"] = {"value": str(1 + document.seller.terms // 15)}
    return body


def _note(booking: Booking) -> str:
    words = TRADES[booking.document.seller.trade].lines("fr")[0]
    return f"{words}, {booking.document.issued:%m/%Y}"


def vendor(card: Card, today: date, balance: int = 0, version: int = 0) -> Body:
    """The full body of a Vendor; `balance` in minor units."""
    person = card.person
    made = stamp(card.created, today, "vendor", card.id)
    body = common(card.id, made, None, version)
    body |= {
        "DisplayName": card.name,
        "CompanyName": card.name,
        "PrintOnCheckName": card.name,
        "Active": card.active,
        "Vendor1099": False,
        "CurrencyRef": currency_ref(person.currency),
        "Balance": money(balance, person.currency),
        "BillAddr": {
            "Id": str(900 + int(card.id)),
            "Line1": person.street,
            "City": person.city,
            "PostalCode": person.postcode,
            "Country": COUNTRY_NAMES[person.country],
        },
        "PrimaryPhone": {"FreeFormNumber": person.phone},
        "PrimaryEmailAddr": {"Address": f"facturation@{person.domain}"},
    }
    optional = {
        "TaxIdentifier": card.tax_id,
        "WebAddr": {"URI": card.web} if card.web else None,
        "VendorPaymentBankDetail": {"BankAccountNumber": card.bank} if card.bank else None,
    }
    return body | {name: value for name, value in optional.items() if value}


def bill_payment(id: str, bookings: Sequence[Booking], today: date) -> Body:
    """One payment that settles `bookings` of one vendor."""
    first = bookings[0]
    day = max(booking.paid or booking.dated for booking in bookings)
    currency = first.document.currency
    body = common(id, stamp(day, today, "payment", id))
    return body | {
        "VendorRef": vendor_ref(first.card),
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": account_ref(ledger.BANK), "PrintStatus": "NotSet"},
        "TxnDate": day.isoformat(),
        "CurrencyRef": currency_ref(currency),
        "ExchangeRate": ledger.exchange_rate(currency, day),
        "TotalAmt": money(sum(booking.total for booking in bookings), currency),
        "Line": [
            {
                "Amount": money(booking.total, currency),
                "LinkedTxn": [{"TxnId": booking.id, "TxnType": "Bill"}],
            }
            for booking in bookings
        ],
    }


def purchase_order(booking: Booking, today: date) -> Body:
    """The order a bill came from, some days earlier."""
    document = booking.document
    day = document.issued - timedelta(days=9)
    body = common(booking.order, stamp(day, today, "order", booking.order))
    return body | {
        "DocNumber": document.order,
        "TxnDate": day.isoformat(),
        "POStatus": "Closed",
        "VendorRef": vendor_ref(booking.card),
        "APAccountRef": account_ref(ledger.PAYABLE[document.currency]),
        "CurrencyRef": currency_ref(document.currency),
        "ExchangeRate": ledger.exchange_rate(document.currency, day),
        "TotalAmt": money(sum(net for _, net in document.groups), document.currency),
        "Line": expense_lines(booking, document.currency),
        "LinkedTxn": [{"TxnId": booking.id, "TxnType": "Bill"}],
    }


def attachable(
    id: str, booking: Booking, name: str, content_type: str, size: int, when: datetime
) -> Body:
    """The record of a file that hangs on a bill; links are the stand-in's to add."""
    return common(id, when) | {
        "FileName": name,
        "ContentType": content_type,
        "Size": size,
        "Category": "Document",
        "AttachableRef": [
            {
                "EntityRef": {"type": booking.entity, "value": booking.id},
                "IncludeOnSend": False,
            }
        ],
    }
