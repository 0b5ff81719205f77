"""From what was read on a mailed document to a draft: an expense, or a bill on the Select plan.

Invariant: what was not read is empty or zero, never guessed; a total is with tax. Pure: the books
are written elsewhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from well.sandbox.analysis import Reading
from well.sandbox.freshbooks.wire import Body, money

CATEGORY = 3_012_676
HOME = "EUR"
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Draft:
    """One document as the account's reader understood it; a credit note counts negative."""

    vendor: str
    number: str
    day: date
    due: date
    currency: str
    total: Decimal
    tax: Decimal | None

    @property
    def percent(self) -> str | None:
        """The rate that the tax and the total tell, two decimals at most."""
        net = self.total - (self.tax or ZERO)
        if self.tax is None or net == 0:
            return None
        found = (self.tax * 100 / net).quantize(Decimal("0.01")).normalize()
        return f"{found:f}"


def draft_of(reading: Reading, today: date, slip: Decimal = ZERO) -> Draft:
    """The draft of a reading; `slip` is what the reader gets wrong in the total."""
    sign = -1 if reading.credit_note else 1
    total = sign * ((reading.gross or ZERO) + slip)
    day = reading.issue_date or today
    tax = None if reading.tax is None else sign * reading.tax
    return Draft(
        vendor=reading.supplier or "",
        number=reading.number or "",
        day=day,
        due=reading.due_date or day + timedelta(days=30),
        currency=reading.currency or HOME,
        total=total,
        tax=tax,
    )


def blank_expense() -> Body:
    """The fields that every expense has, empty."""
    return {
        "accounting_systemid": "",
        "account_name": "",
        "accountid": None,
        "amount": {"amount": "0.00", "code": "EUR"},
        "bank_name": "",
        "categoryid": None,
        "clientid": 0,
        "compounded_tax": False,
        "date": None,
        "ext_invoiceid": 0,
        "ext_systemid": 0,
        "from_bulk_import": False,
        "has_receipt": False,
        "include_receipt": False,
        "invoiceid": None,
        "is_cogs": False,
        "isduplicate": False,
        "markup_percent": "0",
        "notes": "",
        "profileid": None,
        "projectid": 0,
        "staffid": 1,
        "status": 0,
        "taxAmount1": None,
        "taxName1": None,
        "taxPercent1": None,
        "taxAmount2": None,
        "taxName2": None,
        "taxPercent2": None,
        "transactionid": None,
        "vendor": "",
        "vis_state": 0,
    }


def expense(draft: Draft, *, receipt: bool = True) -> Body:
    """The draft as an expense: the supplier as free text, what is printed in the notes."""
    body: dict[str, Any] = blank_expense()
    body |= {
        "amount": money(draft.total, draft.currency),
        "categoryid": CATEGORY,
        "date": draft.day.isoformat(),
        "has_receipt": receipt,
        "notes": draft.number,
        "vendor": draft.vendor,
    }
    if draft.tax is not None:
        body |= {
            "taxAmount1": money(draft.tax, draft.currency),
            "taxName1": "VAT",
            "taxPercent1": draft.percent,
        }
    return body


def vendor(name: str, currency: str) -> Body:
    """A vendor of whom nothing but the name is known."""
    texts = (
        "account_number",
        "primary_contact_first_name",
        "primary_contact_last_name",
        "primary_contact_email",
        "phone",
        "street",
        "street2",
        "city",
        "province",
        "country",
        "postal_code",
        "note",
        "website",
    )
    return dict.fromkeys(texts) | {
        "vendor_name": name,
        "currency_code": currency,
        "language": "en",
        "is_1099": False,
        "outstanding_balance": [],
        "overdue_balance": [],
        "tax_defaults": [],
        "vis_state": 0,
    }


def bill(draft: Draft, vendor_id: int) -> Body:
    """The draft as an unpaid bill of one line."""
    net = draft.total - (draft.tax or ZERO)
    amount, total = money(net, draft.currency), money(draft.total, draft.currency)
    tax = money(draft.tax or ZERO, draft.currency)
    line = {
        "list_index": 1,
        "category": "Uncategorized",
        "categoryid": CATEGORY,
        "description": draft.number,
        "quantity": 1,
        "unit_cost": amount,
        "amount": amount,
        "total_amount": total,
        "tax_name1": "VAT" if draft.tax else None,
        "tax_percent1": draft.percent,
        "tax_authorityid1": None,
        "tax_amount1": tax if draft.tax else None,
        "tax_name2": None,
        "tax_percent2": None,
        "tax_amount2": None,
    }
    return {
        "bill_number": draft.number,
        "vendorid": vendor_id,
        "issue_date": draft.day.isoformat(),
        "due_date": draft.due.isoformat(),
        "due_offset_days": (draft.due - draft.day).days,
        "currency_code": draft.currency,
        "language": "en",
        "status": "unpaid",
        "amount": amount,
        "tax_amount": tax,
        "total_amount": total,
        "paid": money(ZERO, draft.currency),
        "outstanding": total,
        "overall_category": "Uncategorized",
        "overall_description": draft.number,
        "attachment": None,
        "bill_payments": [],
        "lines": [line],
        "vis_state": 0,
    }
