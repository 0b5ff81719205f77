"""The company's books in Xero's words: which thing of the books is which thing at Xero.

Invariant: each thing of the books becomes the things that Xero keeps for it, in the same order; a
contact that was merged away is the stand-in's own and not part of the view. It keeps no state
between two readings of the books.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from well.sandbox.kit.company import Body
from well.sandbox.world.views import Record, Step, View
from well.sandbox.xero import contacts, documents
from well.sandbox.xero.dates import millis, ticks
from well.sandbox.xero.documents import Owed
from well.sandbox.xero.kinds import BY_NAME

MAKERS = {
    "Bill": documents.invoice,
    "Invoice": documents.invoice,
    "VendorCredit": documents.credit_note,
    "CreditMemo": documents.credit_note,
    "Purchase": documents.bank_transaction,
    "SalesReceipt": documents.bank_transaction,
    "PurchaseOrder": documents.purchase_order,
    "Vendor": contacts.contact,
    "Customer": contacts.contact,
}
GONE = {"Invoice": "VOIDED", "CreditNote": "VOIDED"}


class Rewriter:
    """One reading of the books from their beginning; remembers what payments will refer to."""

    def __init__(self) -> None:
        """Begin."""
        self._owed: dict[str, Owed] = {}

    def record(self, entity: str, body: Body) -> Iterator[Record]:
        """What Xero keeps for one thing of the books, with the time it was last written."""
        changed = body.get("MetaData", {}).get("LastUpdatedTime")
        stamp = (
            {"UpdatedDateUTC": ticks(millis(datetime.fromisoformat(changed)))} if changed else {}
        )
        for kind, made in self._made(entity, body):
            yield kind, made if kind == "TaxRate" else made | stamp

    def _made(self, entity: str, body: Body) -> Iterator[Record]:
        if entity in ("Bill", "Invoice"):
            about = Owed(
                str(body.get("DocNumber") or ""),
                documents.party(body),
                documents.currency_of(body),
            )
            self._owed[str(body["Id"])] = about
        if entity in ("BillPayment", "Payment"):
            for made in documents.payments(entity, body, self._owed):
                yield "Payment", made
        elif entity == "Account":
            yield "Account", contacts.account(body)
        elif entity == "TaxRate":
            yield "TaxRate", contacts.tax_rate(body)
        elif entity == "Attachable":
            yield "Attachment", documents.attachment(body)
        elif entity in MAKERS:
            yield documents.OF.get(entity, "Contact"), MAKERS[entity](entity, body)


def objects(records: Iterable[Record]) -> Iterator[Record]:
    """Everything that Xero keeps before the second act."""
    yield "TaxRate", contacts.sales_rate()
    for body in contacts.tracking_categories():
        yield "TrackingCategory", body
    rewriter = Rewriter()
    for entity, body in records:
        yield from rewriter.record(entity, body)


def later(steps: Iterable[Step]) -> Iterator[Step]:
    """The second act. What is deleted in the books is voided: nothing is ever gone at Xero."""
    rewriter = Rewriter()
    for operation, entity, body in steps:
        if operation == "delete":
            kind = documents.OF[entity]
            key = documents.key_of(entity, str(body["Id"]))
            yield "update", kind, {BY_NAME[kind].key: key, "Status": GONE.get(kind, "DELETED")}
        else:
            for kind, made in rewriter.record(entity, body):
                yield operation, kind, made


def record(entity: str, key: str) -> tuple[str, str]:
    """The name of a bill or credit here."""
    return documents.OF[entity], documents.key_of(entity, key)


def id_of(entity: str, body: Body) -> str:
    """Under which id a thing is known."""
    field = "AttachmentID" if entity == "Attachment" else BY_NAME[entity].key
    return str(body[field])


def promised(entity: str, body: Body) -> bool:
    """Of the chart of accounts, the bank accounts only."""
    return entity != "Account" or body.get("Type") == "BANK"


VIEW = View("xero", record, objects, later, id_of, promised=promised)
