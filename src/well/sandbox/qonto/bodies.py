"""The company's books as Qonto tells them: each bill and credit is a supplier invoice with a file.

Invariant: pure; a record has the same id in both acts. Values are those that a person or Qonto put
there, which may differ from the page as bookings do; what the second act uploads has none yet. A
bill without a file has its page here, because at Qonto the file comes first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from well.sandbox.kit.company import Body
from well.sandbox.world.views import Key, Record, Step, View

INVOICE, ATTACHMENT = "SupplierInvoice", "Attachment"
POSTED = ("Bill", "VendorCredit")
ATTACHABLE = "Attachable"
PDF = "application/pdf"
PAGE = "page-"
CHANGES = {"deleted": "archived", "late_file": ""}
"""What the second act's changes are here: nothing is deleted at Qonto, and every file is there."""


def invoice_id(entity: str, key: str) -> str:
    """The id at Qonto of QuickBooks' (entity, id)."""
    return str(uuid5(NAMESPACE_URL, f"supplier-invoice/{entity}/{key}"))


def attachment_id(invoice: str) -> str:
    """The id of the file of a supplier invoice."""
    return str(uuid5(NAMESPACE_URL, f"attachment/{invoice}"))


def record(entity: str, key: str) -> Key:
    """How the truth names a bill or a credit here."""
    return INVOICE, invoice_id(entity, key)


def id_of(_: str, body: Body) -> str:
    """Where the id is."""
    return str(body["id"])


def objects(records: Iterable[Record]) -> Iterator[Record]:
    """Supplier invoices with their files' keys under `_file`, and the files themselves."""
    bills: list[Record] = []
    names: dict[str, str] = {}
    files: defaultdict[tuple[str, str], list[Body]] = defaultdict(list)
    for entity, body in records:
        if entity in POSTED:
            bills.append((entity, body))
        elif entity == "Vendor" and body.get("TaxIdentifier"):
            names[body["Id"]] = str(body["TaxIdentifier"])
        elif entity == ATTACHABLE:
            files[_target(body)].append(body)
    doubles = Counter(_look(body) for _, body in bills)
    for entity, body in bills:
        made = invoice(entity, body) | {"vat_number": names.get(_vendor(body)["value"])}
        made |= {"has_duplicates": doubles[_look(body)] > 1}
        made |= _file(entity, body, files[entity, body["Id"]])
        yield INVOICE, made
        yield ATTACHMENT, {"id": made["attachment_id"]}


def _target(body: Body) -> tuple[str, str]:
    of = body["AttachableRef"][0]["EntityRef"]
    return of["type"], of["value"]


def _vendor(body: Body) -> dict[str, str]:
    found: dict[str, str] = body["VendorRef"]
    return found


def _look(body: Body) -> tuple[Any, ...]:
    """By what Qonto thinks that two uploads are one invoice."""
    number = "".join(c for c in str(body.get("DocNumber", body["Id"])).casefold() if c.isalnum())
    return _vendor(body)["name"].casefold(), number, body["TotalAmt"]


def _file(entity: str, body: Body, files: list[Body]) -> Body:
    """Its first PDF; else the page, under the invoice's number."""
    found = next((file for file in files if file["ContentType"] == PDF), None)
    plain = "".join(c if c.isalnum() else "-" for c in str(body.get("DocNumber", body["Id"])))
    return {
        "attachment_id": attachment_id(invoice_id(entity, body["Id"])),
        "file_name": found["FileName"] if found else f"{plain}.pdf",
        "_file": found["Id"] if found else f"{PAGE}{body['Id']}",
    }


def invoice(entity: str, body: Body) -> Body:
    """The supplier invoice of a bill or a credit, without its file."""
    currency, total = body["CurrencyRef"]["value"], body["TotalAmt"]
    tax = body["TxnTaxDetail"]["TotalTax"]
    paid = entity == "Bill" and body["Balance"] == 0
    times = body["MetaData"]
    created, updated = (stamp(times[name]) for name in ("CreateTime", "LastUpdatedTime"))
    return {
        "id": invoice_id(entity, body["Id"]),
        "status": "paid" if paid else "to_review",
        "source_type": "email",
        "source": "email_forward",
        "invoice_number": body.get("DocNumber"),
        "supplier_name": _vendor(body)["name"],
        "total_amount": _money(total, currency),
        "payable_amount": _money(total, currency),
        "total_tax_amount": _money(tax, currency),
        "total_amount_excluding_taxes": _money(total - tax, currency),
        "issue_date": body["TxnDate"],
        "due_date": body.get("DueDate"),
        "payment_date": updated[:10] if paid else None,
        "is_credit_note": entity == "VendorCredit",
        "analyzed_at": created,
        "created_at": created,
        "updated_at": updated,
    }


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"value": f"{amount:f}", "currency": currency}


def stamp(text: str) -> str:
    """A time of QuickBooks as Qonto writes it."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(steps: Iterable[Step]) -> Iterator[Step]:
    """The second act: edits, payments, archiving, and uploads that nobody has read yet."""
    files: defaultdict[tuple[str, str], list[Body]] = defaultdict(list)
    changes = []
    for step in steps:
        operation, entity, body = step
        if entity == ATTACHABLE:
            files[_target(body)].append(body)
        elif entity in POSTED:
            changes.append(step)
    for operation, entity, body in changes:
        if operation == "create":
            made = {"id": invoice_id(entity, body["Id"])}
            made |= _file(entity, body, files[entity, body["Id"]])
            yield operation, INVOICE, made
            yield operation, ATTACHMENT, {"id": made["attachment_id"]}
        elif operation == "update":
            yield operation, INVOICE, invoice(entity, body)
        else:
            archived = {"id": invoice_id(entity, body["Id"]), "status": "archived"}
            yield "update", INVOICE, archived


VIEW = View(
    source="qonto",
    record=record,
    objects=objects,
    later=later,
    id_of=id_of,
    change=lambda change: CHANGES.get(change, change),
)
