"""A company of a few objects, for tests of the stand-ins.

Invariant: built by hand, so that a test knows every amount and every time in it. It is not the
invented company of the sandbox.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

Body = dict[str, Any]
SCAN = b"%PDF-1.7 a very small file"


def head(key: int, days_ago: int) -> Body:
    """What every object has; it was made and changed that many days ago."""
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago)
    time = moment.isoformat().replace("+00:00", "-00:00").replace("-00:00", "Z")
    times = {"CreateTime": time, "LastUpdatedTime": time}
    return {"Id": str(key), "SyncToken": "0", "domain": "QBO", "sparse": False, "MetaData": times}


def bill(key: int, days_ago: int, amount: str, vendor: str = "56", number: str = "") -> Body:
    """A bill with one line."""
    line = {"Id": "1", "Amount": Decimal(amount), "DetailType": "AccountBasedExpenseLineDetail"}
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
    return head(key, days_ago) | {
        "DocNumber": number or f"INV-{key}",
        "TxnDate": day,
        "DueDate": day,
        "VendorRef": {"value": vendor, "name": "Algolia SAS"},
        "CurrencyRef": {"value": "EUR", "name": "Euro"},
        "TotalAmt": Decimal(amount),
        "Balance": Decimal(amount),
        "Line": [line],
    }


def vendor(key: int, name: str, active: bool = True) -> Body:
    """A vendor of that name."""
    return head(key, 900) | {"DisplayName": name, "Active": active, "Balance": Decimal("0")}


def attachable(key: int, target: str, days_ago: int = 5) -> Body:
    """A file on a bill."""
    reference = {"EntityRef": {"type": "Bill", "value": target}, "IncludeOnSend": False}
    return head(key, days_ago) | {
        "FileName": f"facture-{target}.pdf",
        "ContentType": "application/pdf",
        "Size": len(SCAN),
        "AttachableRef": [reference],
    }


class TinyCompany:
    """Two vendors, one inactive one, and as many bills as asked (ids from 1001, oldest first)."""

    def __init__(self, bills: int = 5) -> None:
        """`bills` of 10.10, 20.10, 30.10 ... EUR, the newest of today."""
        self.bills = bills

    @property
    def company(self) -> Body:
        """The CompanyInfo body."""
        return {"CompanyName": "Brûlerie & Fils", "LegalName": "Brûlerie SAS", "Country": "FR"}

    def quickbooks_objects(self) -> Iterator[tuple[str, Body]]:
        """Every object."""
        yield "Vendor", vendor(56, "Algolia SAS")
        yield "Vendor", vendor(57, 'L\'Atelier "Été" & Co 🦊')
        yield "Vendor", vendor(58, "Closed Ltd", active=False)
        account = {"Name": "Main bank", "AccountType": "Bank", "Active": True}
        yield "Account", head(33, 900) | account
        yield "TaxCode", head(4, 900) | {"Name": "20% FR", "Active": True}
        for at in range(self.bills):
            amount = f"{(at + 1) * 10}.10"
            yield "Bill", bill(1001 + at, self.bills - 1 - at, amount)
        yield "Attachable", attachable(9001, "1001")
        yield "Attachable", attachable(9002, "1002")

    def qonto_entries(self) -> Iterator[Body]:
        """Nothing is there before."""
        return iter(())

    def file(self, key: str) -> tuple[str, str, bytes]:
        """Only 9001 and 9002 have a file."""
        if key not in ("9001", "9002"):
            raise KeyError(key)
        return f"facture é {key}.pdf", "application/pdf", SCAN

    def printed(self, digest: str) -> Body | None:
        """No page is known."""
        return None

    def second_act(self) -> list[tuple[str, str, Body]]:
        """One bill is edited, one deleted, one comes."""
        return [
            ("update", "Bill", {"Id": "1001", "TotalAmt": Decimal("11.00")}),
            ("delete", "Bill", {"Id": "1002"}),
            ("create", "Bill", bill(5001, 0, "99.00")),
        ]

    def truth(self) -> Body:
        """Not needed by the stand-ins."""
        return {"records": []}
