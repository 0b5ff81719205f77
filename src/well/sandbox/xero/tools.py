"""The tools of the official MCP server: what each may be asked, and which list it reads.

Invariant: names, inputs, order and page sizes are the server's; tools that write are named, as
there, and refuse. It renders nothing and reads nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from well.sandbox.xero import blocks
from well.sandbox.xero.blocks import Writer
from well.sandbox.xero.where import Filter

PAGE = {"type": "number"}
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
NEWEST, DAYS = "updated desc", "date desc"
TYPES = {
    "number": (int,),
    "string": (str,),
    "array": (list,),
    "boolean": (bool,),
}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool that reads a list. `size` None: all at once.

    `things` is the word of its heading; `filters` are inputs that become a condition: its SQL has
    one place for the value. `newer`: not in the published version.
    """

    name: str
    kind: str
    things: str
    writer: Writer
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    order: str = "updated"
    size: int | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    newer: bool = False

    def schema(self) -> dict[str, Any]:
        """Its inputs as JSON Schema."""
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: dict(kind) for name, kind in self.inputs.items()},
            "$schema": "http://json-schema.org/draft-07/schema#",
        }
        if self.inputs:
            schema["additionalProperties"] = False
        return schema | ({"required": list(self.required)} if self.required else {})

    def heading(self, count: int, given: Mapping[str, Any]) -> str:
        """The first text; that of contacts names the page when one was asked for."""
        page = f" (page {given['page']})" if self.kind == "Contact" and "page" in given else ""
        return f"Found {count} {self.things}{page}:"

    def wrong(self, given: Mapping[str, Any]) -> str | None:
        """Why these arguments are refused; None when they are fine."""
        missing = [name for name in self.required if name not in given]
        if missing:
            return f"Required at {missing[0]}"
        for name, value in given.items():
            kind = self.inputs.get(name, {}).get("type")
            if kind is None:
                continue
            odd = isinstance(value, bool) and kind != "boolean"
            if odd or not isinstance(value, TYPES[kind]):
                return f"{name} must be of type {kind}"
        return None

    def conditions(self, given: Mapping[str, Any]) -> tuple[Filter, ...]:
        """The conditions of the inputs that were given."""
        found = []
        for name, sql in self.filters.items():
            value = given.get(name)
            if isinstance(value, list) and value:
                marks = ", ".join("?" * len(value))
                found.append(Filter(sql.replace("?", marks), tuple(map(str, value))))
            elif isinstance(value, str) and value:
                bound = f"%{value.lower()}%" if " like " in sql else value
                found.append(Filter(sql, (bound,)))
        return tuple(found)


_INVOICE = "json_extract(body, '$.Invoice."
TOOLS = (
    Tool(
        "list-accounts",
        "Account",
        "accounts",
        blocks.account,
    ),
    Tool(
        "list-contacts",
        "Contact",
        "contacts",
        blocks.contact,
        inputs={"page": PAGE, "searchTerm": TEXT},
        size=100,
        filters={"searchTerm": "lower(name) like ?"},
    ),
    Tool(
        "list-credit-notes",
        "CreditNote",
        "credit notes",
        blocks.credit_note,
        inputs={"page": PAGE, "contactId": TEXT},
        required=("page",),
        order=NEWEST,
        size=10,
        filters={"contactId": "contact = ?"},
    ),
    Tool(
        "list-invoices",
        "Invoice",
        "invoices",
        blocks.invoice,
        inputs={"page": PAGE, "contactIds": TEXTS, "invoiceNumbers": TEXTS},
        required=("page",),
        order=NEWEST,
        size=10,
        filters={"contactIds": "contact in (?)", "invoiceNumbers": "number in (?)"},
    ),
    Tool(
        "list-bank-transactions",
        "BankTransaction",
        "bank transactions",
        blocks.bank_transaction,
        inputs={"page": PAGE, "bankAccountId": TEXT},
        required=("page",),
        order=DAYS,
        size=10,
        filters={"bankAccountId": "json_extract(body, '$.BankAccount.AccountID') = ?"},
    ),
    Tool(
        "list-payments",
        "Payment",
        "payments",
        blocks.payment,
        inputs={
            "page": PAGE | {"default": 1},
            "invoiceNumber": TEXT,
            "invoiceId": TEXT,
            "paymentId": TEXT,
            "reference": TEXT,
        },
        order=NEWEST,
        size=10,
        filters={
            "invoiceNumber": f"{_INVOICE}InvoiceNumber') = ?",
            "invoiceId": f"{_INVOICE}InvoiceID') = ?",
            "paymentId": "id = ?",
            "reference": "json_extract(body, '$.Reference') = ?",
        },
    ),
    Tool("list-tax-rates", "TaxRate", "tax rates", blocks.tax_rate),
    Tool(
        "list-tracking-categories",
        "TrackingCategory",
        "tracking categories",
        blocks.tracking_category,
        inputs={"includeArchived": {"type": "boolean"}},
    ),
    Tool(
        "list-purchase-orders",
        "PurchaseOrder",
        "purchase orders",
        blocks.purchase_order,
        inputs={"page": PAGE, "status": TEXT},
        required=("page",),
        order=NEWEST,
        size=10,
        filters={"status": "status = ?"},
        newer=True,
    ),
)
ORGANISATION = Tool("list-organisation-details", "", "organisation details", blocks.organisation)
ATTACHMENTS = Tool(
    "list-attachments",
    "",
    "attachments",
    blocks.attachment,
    inputs={"objectType": TEXT, "objectId": TEXT},
    required=("objectType", "objectId"),
    newer=True,
)
EMPTY = tuple(
    Tool(f"list-{things.replace(' ', '-')}", "", things, blocks.account)
    for things in ("items", "quotes", "manual journals", "contact groups")
)
_WRITTEN = ("contact", "invoice", "credit-note", "bank-transaction", "tracking-category")
WRITING = (
    "create-payment",
    *(f"{verb}-{thing}" for verb in ("create", "update") for thing in _WRITTEN),
)
BY_NAME = {tool.name: tool for tool in (*TOOLS, ORGANISATION, ATTACHMENTS, *EMPTY)}
