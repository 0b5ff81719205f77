"""The first filling: what the company already has at Qonto.

Invariant: it happens once and wholly, in one transaction with the note that says so. Files are not
rendered for it.
"""

import sqlite3
from uuid import NAMESPACE_URL, uuid5

from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.tables import add_invoice
from well.sandbox.qonto.wire import Body, moment_of, new_invoice, stamp


def fill(desk: Desk) -> None:
    """Take over the company's entries, unless that was done before."""
    if desk.state.note("filled") is not None:
        return
    desk.organization  # noqa: B018 - remembered outside the transaction, it may be slow
    with desk.state.transaction() as db:
        for entry in desk.company.qonto_entries():
            _add(desk, db, entry)
        desk.state.remember("filled", stamp(desk.now()))


def _add(desk: Desk, db: sqlite3.Connection, entry: Body) -> None:
    """The entry's own values over those of an empty invoice, so that no field is missing."""
    known, key = str(entry["id"]), entry.get("_file")
    made = moment_of(str(entry.get("created_at") or "")) or desk.now()
    ids = {
        "id": known,
        "organization_id": desk.organization["id"],
        "attachment_id": str(uuid5(NAMESPACE_URL, f"attachment/{known}")),
        "display_attachment_id": str(uuid5(NAMESPACE_URL, f"display/{known}")),
    }
    blank = new_invoice(
        ids, str(entry.get("file_name") or f"{known}.pdf"), made, odd=known[-1] in "05a"
    )
    told = {name: value for name, value in entry.items() if not name.startswith("_")}
    told |= {name: ids[name] for name in ids if name != "id" and not told.get(name)}
    told["organization_id"] = desk.organization["id"]
    body = blank | told
    add_invoice(db, body, document=entry.get("_document"))
    if key is not None:
        db.execute(
            "insert or ignore into attachment (id, created_at, file_name, content_type,"
            " company_key) values (?, ?, ?, ?, ?)",
            (body["attachment_id"], stamp(made), body["file_name"], "application/pdf", str(key)),
        )
