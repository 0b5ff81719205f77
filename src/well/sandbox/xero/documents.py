"""Invoices, credit notes, orders, bank transactions, payments and files, as Xero writes them.

Invariant: made of one body of the company's books each; lines, tax and total of one body add up;
amounts are Decimal and go out as numbers. A payment of several bills becomes one for each. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from well.sandbox.kit.company import Body
from well.sandbox.world import ledger
from well.sandbox.world.model import ZERO_DECIMALS
from well.sandbox.xero.contacts import (
    RATE_OF,
    SALES_TAX,
    TAXES,
    account_code,
    account_id,
    contact_id,
    tracked,
)
from well.sandbox.xero.dates import both
from well.sandbox.xero.kinds import guid

ZERO = Decimal("0.00")
RATE_PLACES = Decimal("0.0000000001")
OF = {
    "Bill": "Invoice",
    "Invoice": "Invoice",
    "VendorCredit": "CreditNote",
    "CreditMemo": "CreditNote",
    "Purchase": "BankTransaction",
    "SalesReceipt": "BankTransaction",
    "PurchaseOrder": "PurchaseOrder",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """What a payment tells of the invoice that it pays."""

    number: str
    contact: Body
    currency: str


def key_of(entity: str, key: str) -> str:
    """The GUID of a transaction of the books."""
    return guid(OF[entity], entity, key)


def party(body: Body) -> Body:
    """The contact on a transaction: id and name only."""
    for field, entity in (
        ("VendorRef", "Vendor"),
        ("CustomerRef", "Customer"),
        ("EntityRef", "Vendor"),
    ):
        reference = body.get(field)
        if isinstance(reference, dict):
            known = contact_id(entity, str(reference["value"]))
            return {"ContactID": known, "Name": reference.get("name", "")}
    return {}


def currency_of(body: Body) -> str:
    """The transaction's currency."""
    return str((body.get("CurrencyRef") or {}).get("value", ledger.HOME))


def currency_rate(body: Body) -> Decimal:
    """Units of the transaction's currency for one of the organisation's, as Xero counts them."""
    rate = Decimal(body.get("ExchangeRate") or 1)
    return Decimal(1) if rate == 1 else (1 / rate).quantize(RATE_PLACES).normalize()


def _cents(amount: Decimal, currency: str) -> Decimal:
    step = Decimal(1) if currency in ZERO_DECIMALS else Decimal("0.01")
    return amount.quantize(step, ROUND_HALF_UP)


def _lines(key: str, body: Body, sales: bool) -> list[Body]:
    """The lines with their tax, whose sum is the tax of the whole where that is known."""
    currency, made = currency_of(body), []
    for index, line in enumerate(body.get("Line") or ()):
        detail: dict[str, Any] = next(
            (value for name, value in line.items() if name.endswith("Detail")), {}
        )
        code = str((detail.get("TaxCodeRef") or {}).get("value", "7"))
        account = (detail.get("AccountRef") or {}).get("value")
        net = Decimal(line["Amount"])
        line_id = guid("LineItem", key, str(index))
        made.append(
            {
                "LineItemID": line_id,
                "Description": line.get("Description", ""),
                "Quantity": Decimal("1.0000"),
                "UnitAmount": net,
                "TaxType": SALES_TAX if sales else TAXES.get(code, "NONE"),
                "TaxAmount": _cents(net * RATE_OF.get(code, 0) / 10000, currency),
                "LineAmount": net,
                "AccountCode": account_code(str(account)) if account else "7060",
                "Tracking": tracked(line_id),
            }
        )
    tax = (body.get("TxnTaxDetail") or {}).get("TotalTax")
    if tax is not None and made:
        # Each rate is rounded as a whole on paper: the last taxed line takes the difference.
        last = next((line for line in reversed(made) if line["TaxAmount"]), made[-1])
        last["TaxAmount"] += Decimal(tax) - sum(line["TaxAmount"] for line in made)
    return made


def _head(key: str, body: Body, sales: bool = False) -> Body:
    """What every transaction with lines has."""
    lines = _lines(key, body, sales)
    net = sum((line["LineAmount"] for line in lines), ZERO)
    tax = sum((line["TaxAmount"] for line in lines), ZERO)
    return {
        "Contact": party(body),
        **both("Date", body["TxnDate"]),
        "LineAmountTypes": "Exclusive",
        "LineItems": lines,
        "SubTotal": net if lines else Decimal(body["TotalAmt"]),
        "TotalTax": tax,
        "Total": net + tax if lines else Decimal(body["TotalAmt"]),
        "CurrencyCode": currency_of(body),
        "CurrencyRate": currency_rate(body),
        "HasAttachments": False,
    }


def invoice(entity: str, body: Body) -> Body:
    """A bill (ACCPAY) or a sale (ACCREC)."""
    key, sales = key_of(entity, str(body["Id"])), entity == "Invoice"
    made = _head(key, body, sales)
    due: Decimal = body["Balance"] if "Balance" in body else made["Total"]
    paid = made["Total"] > 0 and due == 0
    payments = [
        {"PaymentID": payment_id(str(link["TxnId"]), str(body["Id"]))}
        for link in body.get("LinkedTxn") or ()
        if "Payment" in link["TxnType"]
    ]
    return {
        "Type": "ACCREC" if sales else "ACCPAY",
        "InvoiceID": key,
        **({"InvoiceNumber": body["DocNumber"]} if body.get("DocNumber") else {}),
        "Reference": "",
        **made,
        **both("DueDate", body.get("DueDate") or body["TxnDate"]),
        "Status": "PAID" if paid else "AUTHORISED",
        "AmountDue": due,
        "AmountPaid": made["Total"] - due,
        "AmountCredited": ZERO,
        "SentToContact": sales,
        "IsDiscounted": False,
        "HasErrors": False,
        "Payments": payments,
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
    }


def credit_note(entity: str, body: Body) -> Body:
    """A supplier's credit or one of ours."""
    key, sales = key_of(entity, str(body["Id"])), entity == "CreditMemo"
    made = _head(key, body, sales)
    known = [body[name] for name in ("Balance", "RemainingCredit") if name in body]
    left: Decimal = known[0] if known else made["Total"]
    return {
        "Type": "ACCRECCREDIT" if sales else "ACCPAYCREDIT",
        "CreditNoteID": key,
        **({"CreditNoteNumber": body["DocNumber"]} if body.get("DocNumber") else {}),
        "Reference": "",
        **made,
        "Status": "AUTHORISED" if left else "PAID",
        "RemainingCredit": left,
        "Allocations": [],
        "Payments": [],
        "HasErrors": False,
    }


def bank_transaction(entity: str, body: Body) -> Body:
    """Money spent by card or received at once."""
    key, sales = key_of(entity, str(body["Id"])), entity == "SalesReceipt"
    back = sales or body.get("Credit") is True
    account = body.get("AccountRef") or {"value": ledger.BANK.id, "name": ledger.BANK.name}
    known = str(account["value"])
    return {
        "Type": "RECEIVE" if back else "SPEND",
        "BankTransactionID": key,
        "BankAccount": {
            "AccountID": account_id(known),
            "Code": account_code(known),
            "Name": account.get("name", ""),
        },
        "IsReconciled": int(key[:2], 16) % 3 > 0,
        "Reference": body.get("DocNumber") or body.get("PrivateNote", ""),
        **_head(key, body, sales),
        "Status": "AUTHORISED",
    }


def purchase_order(entity: str, body: Body) -> Body:
    """An order to a supplier."""
    key = key_of(entity, str(body["Id"]))
    return {
        "PurchaseOrderID": key,
        "PurchaseOrderNumber": body["DocNumber"],
        "Reference": "",
        **_head(key, body),
        **both("DeliveryDate", body["TxnDate"]),
        "Status": "BILLED" if body.get("POStatus") == "Closed" else "AUTHORISED",
        "SentToContact": True,
        "IsDiscounted": False,
    }


def payment_id(payment: str, invoice: str) -> str:
    """The PaymentID of what one payment of the books pays of one invoice."""
    return guid("Payment", payment, invoice)


def payments(entity: str, body: Body, owed: dict[str, Owed]) -> Iterator[Body]:
    """A payment of the books as one payment for each invoice that it pays."""
    sales = entity == "Payment"
    paid_from = (body.get("CheckPayment") or {}).get("BankAccountRef")
    account = paid_from or {"value": ledger.BANK.id, "name": ledger.BANK.name}
    known = str(account["value"])
    for line in body.get("Line") or ():
        of = str(line["LinkedTxn"][0]["TxnId"])
        about = owed.get(of, Owed("", party(body), currency_of(body)))
        key = payment_id(str(body["Id"]), of)
        yield {
            "PaymentID": key,
            "PaymentType": "ACCRECPAYMENT" if sales else "ACCPAYPAYMENT",
            **_payment_head(body, Decimal(line["Amount"])),
            "Account": {
                "AccountID": account_id(known),
                "Code": account_code(known),
                "Name": account.get("name", ""),
            },
            "Invoice": {
                "Type": "ACCREC" if sales else "ACCPAY",
                "InvoiceID": key_of("Invoice" if sales else "Bill", of),
                "InvoiceNumber": about.number,
                "Contact": about.contact,
                "CurrencyCode": about.currency,
                "IsDiscounted": False,
                "HasErrors": False,
            },
        }


def _payment_head(body: Body, amount: Decimal) -> Body:
    day = both("Date", body["TxnDate"])
    return {
        "Date": day["Date"],
        "Amount": amount,
        "BankAmount": amount,
        "Reference": body.get("PaymentRefNum", ""),
        "CurrencyRate": currency_rate(body),
        "Status": "AUTHORISED",
        "IsReconciled": True,
        "HasAccount": True,
        "HasValidationErrors": False,
    }


def attachment(body: Body) -> Body:
    """A file of the books; what begins with an underscore stays in the stand-in."""
    target = body["AttachableRef"][0]["EntityRef"]
    entity, key = str(target["type"]), str(target["value"])
    return {
        "AttachmentID": guid("Attachment", str(body["Id"])),
        "FileName": body["FileName"],
        "MimeType": body["ContentType"],
        "ContentLength": body["Size"],
        "IncludeOnline": False,
        "_file": str(body["Id"]),
        "_kind": OF[entity],
        "_parent": key_of(entity, key),
    }
