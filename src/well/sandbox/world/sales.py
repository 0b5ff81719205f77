"""The rest of the books: accounts, taxes, customers, sales, card purchases.

Invariant: none of it is ever posted to the target; it is there because real books have it. Bodies
are made one by one from their index, so any number of them needs no memory.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from well.sandbox.world import ledger
from well.sandbox.world import wordlist as words
from well.sandbox.world.bodies import (
    Body,
    account_ref,
    common,
    currency_ref,
    expense_account,
    tax_detail,
    vendor_ref,
)
from well.sandbox.world.chance import number, stream
from well.sandbox.world.model import Card, gross_of, money
from well.sandbox.world.people import plain
from well.sandbox.world.timing import stamp

SPAN = 1060


def accounts(today: date) -> Iterator[Body]:
    """The chart of accounts."""
    made = stamp(today - timedelta(days=1500), today, "chart")
    for account in ledger.ACCOUNTS:
        yield common(account.id, made) | {
            "Name": account.name,
            "FullyQualifiedName": account.name,
            "AcctNum": account.number,
            "AccountType": account.type,
            "AccountSubType": account.subtype,
            "Classification": account.classification,
            "CurrencyRef": currency_ref(account.currency),
            "CurrentBalance": Decimal(number("balance", account.id) % 4_000_000).scaleb(-2),
            "Active": True,
            "SubAccount": False,
        }


def tax_codes(today: date) -> Iterator[Body]:
    """One tax code for each rate."""
    made = stamp(today - timedelta(days=1500), today, "taxes")
    for rate in ledger.RATES:
        detail = {"TaxRateRef": {"value": rate.rate_id, "name": rate.name}, "TaxOrder": 0}
        yield common(rate.code, made) | {
            "Name": rate.name,
            "Description": rate.description,
            "Active": True,
            "Taxable": True,
            "TaxGroup": True,
            "PurchaseTaxRateList": {
                "TaxRateDetail": [detail | {"TaxTypeApplicable": "TaxOnAmount"}]
            },
            "SalesTaxRateList": {"TaxRateDetail": []},
        }


def tax_rates(today: date) -> Iterator[Body]:
    """The rates themselves, in percent."""
    made = stamp(today - timedelta(days=1500), today, "taxes")
    for rate in ledger.RATES:
        yield common(rate.rate_id, made) | {
            "Name": rate.name,
            "Description": rate.description,
            "RateValue": Decimal(rate.percent).scaleb(-2),
            "AgencyRef": {"value": "1"},
            "Active": True,
        }


def customer_count(bills: int) -> int:
    """How many customers the company has."""
    return max(12, min(800, bills // 40))


def _customer_name(seed: int, index: int) -> str:
    chance = stream(seed, "customer", index)
    country = chance.choice(("FR", "FR", "FR", "DE", "BE"))
    first, second = chance.choice(words.FIRST[country]), chance.choice(words.SECOND[country])
    return f"{first} {second} {chance.choice(words.FORMS[country])} {index + 1}"


def customers(bills: int, seed: int, today: date) -> Iterator[Body]:
    """The customers."""
    for index in range(customer_count(bills)):
        name = _customer_name(seed, index)
        day = today - timedelta(days=number(seed, "since", index) % 1400 + 60)
        yield common(str(index + 1), stamp(day, today, "customer", index)) | {
            "DisplayName": name,
            "FullyQualifiedName": name,
            "CompanyName": name,
            "Active": True,
            "Job": False,
            "CurrencyRef": currency_ref(ledger.HOME),
            "PrimaryEmailAddr": {"Address": f"compta@{plain(name)}.example"},
            "BillAddr": {"Line1": "12 rue Neuve", "City": "Lyon", "PostalCode": "69001"},
            "Balance": Decimal(0),
        }


class Sales:
    """Invoices, receipts, credit memos, customer payments and card purchases of one world."""

    def __init__(self, bills: int, seed: int, today: date, first_id: int) -> None:
        self.bills, self.seed, self.today = bills, seed, today
        self.invoices = max(8, bills // 6)
        self.memos = max(1, bills // 100)
        self.purchases = max(4, bills // 10)
        self._next = first_id

    def _id(self, block: int, index: int) -> str:
        size = self.invoices + self.purchases + self.memos
        return str(self._next + block * size + index)

    def _sale(self, kind: str, block: int, index: int) -> Body:
        chance = stream(self.seed, kind, index)
        day = self.today - timedelta(days=5 + chance.randrange(SPAN))
        customer = chance.randrange(customer_count(self.bills))
        groups = ((2000, chance.randrange(30_000, 900_000)),)
        net, total = money(groups[0][1], ledger.HOME), money(gross_of(groups), ledger.HOME)
        key = self._id(block, index)
        return common(key, stamp(day, self.today, kind, index)) | {
            "DocNumber": str(1001 + block * 100_000 + index),
            "TxnDate": day.isoformat(),
            "CustomerRef": {
                "value": str(customer + 1),
                "name": _customer_name(self.seed, customer),
            },
            "CurrencyRef": currency_ref(ledger.HOME),
            "ExchangeRate": Decimal(1),
            "TotalAmt": total,
            "TxnTaxDetail": tax_detail(groups, ledger.HOME, "FR"),
            "GlobalTaxCalculation": "TaxExcluded",
            "Line": [_sales_line(net)],
        }

    def sales(self) -> Iterator[tuple[str, Body]]:
        """Invoices with the payments of most of them, receipts and credit memos."""
        for index in range(self.invoices):
            body = self._sale("invoice", 0, index)
            paid = number(self.seed, "paid", index) % 10 < 7
            body["DueDate"] = (date.fromisoformat(body["TxnDate"]) + timedelta(days=30)).isoformat()
            body["Balance"] = Decimal(0) if paid else body["TotalAmt"]
            yield "Invoice", body
            if paid:
                yield "Payment", self._payment(body, index)
        for index in range(self.memos):
            yield "CreditMemo", self._sale("memo", 2, index) | {"RemainingCredit": Decimal(0)}
            yield "SalesReceipt", self._sale("receipt", 3, index) | {"Balance": Decimal(0)}

    def _payment(self, invoice: Body, index: int) -> Body:
        day = min(
            date.fromisoformat(invoice["TxnDate"]) + timedelta(days=25),
            self.today - timedelta(days=3),
        )
        linked = [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
        return common(self._id(1, index), stamp(day, self.today, "got", index)) | {
            "TxnDate": day.isoformat(),
            "CustomerRef": invoice["CustomerRef"],
            "CurrencyRef": invoice["CurrencyRef"],
            "TotalAmt": invoice["TotalAmt"],
            "UnappliedAmt": Decimal(0),
            "PaymentRefNum": f"VIR{index + 1:06d}",
            "DepositToAccountRef": account_ref(ledger.BANK),
            "Line": [{"Amount": invoice["TotalAmt"], "LinkedTxn": linked}],
        }

    def card_purchases(self, cards: list[Card]) -> Iterator[Body]:
        """Bought by card or in cash; every ninth is money coming back (Credit true)."""
        for index in range(self.purchases):
            chance = stream(self.seed, "purchase", index)
            card = cards[chance.randrange(len(cards))]
            day = self.today - timedelta(days=5 + chance.randrange(SPAN))
            amount = money(chance.randrange(400, 60_000), ledger.HOME)
            line = {
                "Id": "1",
                "Amount": amount,
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": {
                    "AccountRef": account_ref(expense_account(card)),
                    "TaxCodeRef": {"value": "7"},
                },
            }
            key = self._id(4, index)
            yield (
                common(key, stamp(day, self.today, "purchase", index))
                | {
                    "PaymentType": "CreditCard" if index % 4 else "Cash",
                    "AccountRef": account_ref(ledger.CARD if index % 4 else ledger.BANK),
                    "EntityRef": vendor_ref(card) | {"type": "Vendor"},
                    "Credit": index % 9 == 3,
                    "TotalAmt": amount,
                    "TxnDate": day.isoformat(),
                    "CurrencyRef": currency_ref(ledger.HOME),
                    "ExchangeRate": Decimal(1),
                    "PrivateNote": f"CB {card.name.upper()[:22]} {day:%d/%m}",
                    "Line": [line],
                }
                | ({"DocNumber": f"T{index + 1:05d}"} if index % 3 else {})
            )


def _sales_line(net: Decimal) -> Body:
    return {
        "Id": "1",
        "LineNum": 1,
        "Description": "Prestation",
        "Amount": net,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": {"value": "1", "name": "Services"},
            "UnitPrice": net,
            "Qty": Decimal(1),
            "TaxCodeRef": {"value": "4"},
        },
    }
