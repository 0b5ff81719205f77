"""The kinds of things Xero lists: their names, ids, and what a list of them can do.

Invariant: one line for each endpoint that is served; ids are GUIDs fixed by what they stand for,
so a restart and another process give the same ones.
"""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

TRANSACTIONS = "accounting.transactions"
INVOICES = "accounting.invoices"
SETTINGS = "accounting.settings"


@dataclass(frozen=True, slots=True)
class Kind:
    """One endpoint. `scopes`: any of them (or its .read form) opens it.

    `number` is a second field by which one thing is found; `heavy` are the fields that a list
    without a page leaves out; `hidden` are the states that a list shows only when asked for
    archived ones; `files`: whether documents hang on it.
    """

    name: str
    plural: str
    key: str
    scopes: tuple[str, ...]
    status: str = "Status"
    number: str = ""
    heavy: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    files: bool = False
    paged: bool = True


_LINES = ("LineItems",)
KINDS = (
    Kind(
        "Contact",
        "Contacts",
        "ContactID",
        ("accounting.contacts",),
        status="ContactStatus",
        number="ContactNumber",
        hidden=("ARCHIVED", "GDPRREQUEST"),
        files=True,
    ),
    Kind(
        "Account",
        "Accounts",
        "AccountID",
        (SETTINGS,),
        number="Code",
        paged=False,
    ),
    Kind("TaxRate", "TaxRates", "TaxType", (SETTINGS,), hidden=("DELETED",), paged=False),
    Kind(
        "TrackingCategory",
        "TrackingCategories",
        "TrackingCategoryID",
        (SETTINGS,),
        hidden=("ARCHIVED",),
        paged=False,
    ),
    Kind(
        "Invoice",
        "Invoices",
        "InvoiceID",
        (INVOICES, TRANSACTIONS),
        number="InvoiceNumber",
        heavy=_LINES,
        files=True,
    ),
    Kind(
        "CreditNote",
        "CreditNotes",
        "CreditNoteID",
        (INVOICES, TRANSACTIONS),
        number="CreditNoteNumber",
        heavy=_LINES,
        files=True,
    ),
    Kind(
        "BankTransaction",
        "BankTransactions",
        "BankTransactionID",
        ("accounting.banktransactions", TRANSACTIONS),
        heavy=_LINES,
        files=True,
    ),
    Kind("Payment", "Payments", "PaymentID", ("accounting.payments", TRANSACTIONS)),
    Kind(
        "PurchaseOrder",
        "PurchaseOrders",
        "PurchaseOrderID",
        (INVOICES, TRANSACTIONS),
        number="PurchaseOrderNumber",
        files=True,
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_PLURAL = {kind.plural: kind for kind in KINDS}
ATTACHMENT_SCOPES = ("accounting.attachments",)
SCOPES = (
    "offline_access",
    "openid",
    "profile",
    "email",
    *sorted(
        f"{scope}{ending}"
        for scope in {*(s for k in KINDS for s in k.scopes), *ATTACHMENT_SCOPES}
        for ending in ("", ".read")
    ),
)
READ_SCOPES = ("offline_access", *(s for s in SCOPES if s.endswith(".read")))


def guid(kind: str, *names: str) -> str:
    """The GUID of what `names` stand for, as a thing of `kind`."""
    return str(uuid5(NAMESPACE_URL, "/".join(("xero", kind, *names))))
