"""Qonto as the place where the company's invoices arrive: filled with all of them, and a later act.

Invariant: the API is that of the target, to the last byte; only what it is filled with differs,
and that changes happen by themselves. The second act is applied once and wholly.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Body, Company
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.standin import standin_of
from well.sandbox.kit.state import State
from well.sandbox.qonto.analyst import Analyst
from well.sandbox.qonto.app import create
from well.sandbox.qonto.attachments import add_attachment
from well.sandbox.qonto.bodies import INVOICE, PDF, later, objects
from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.tables import add_invoice, change_invoice, invoice
from well.sandbox.qonto.wire import new_invoice, stamp


@dataclass(frozen=True)
class Uploads:
    """The company, whose entries at Qonto are all its bills and credits."""

    books: Company

    @property
    def company(self) -> Body:
        """Its description."""
        return self.books.company

    def quickbooks_objects(self) -> Iterator[tuple[str, Body]]:
        """Nothing: here the books are at Qonto."""
        return iter(())

    def qonto_entries(self) -> Iterator[Body]:
        """Every supplier invoice of the first act."""
        rewritten = objects(self.books.quickbooks_objects())
        return (body for entity, body in rewritten if entity == INVOICE)

    def file(self, key: str) -> tuple[str, str, bytes]:
        """The file of a supplier invoice."""
        return self.books.file(key)

    def printed(self, digest: str) -> Body | None:
        """What stands on a page."""
        return self.books.printed(digest)

    def second_act(self) -> list[tuple[str, str, Body]]:
        """What happens later, in Qonto's words."""
        return list(later(self.books.second_act()))

    def truth(self) -> Body:
        """What ought to happen, in the words in which the books are written."""
        return self.books.truth()


def create_source(
    state: State, world: Company, clock: StandInClock, faults: Faults, base_url: str
) -> Starlette:
    """The stand-in, filled as a source."""
    app = create(state, Uploads(world), clock, faults, base_url)
    desk, analyst = app.state.desk, app.state.analyst
    standin_of(app).second_act = lambda: _act(desk, analyst)
    return app


def _act(desk: Desk, analyst: Analyst) -> int:
    """Apply what happens later; returns how many changes there were, 0 when done before."""
    if desk.state.note("second_act") is not None:
        return 0
    told = desk.company.second_act()
    edits = [body for what, entity, body in told if (what, entity) == ("update", INVOICE)]
    uploads = [body for what, entity, body in told if (what, entity) == ("create", INVOICE)]
    files = {body["id"]: desk.company.file(body["_file"])[2] for body in uploads}
    digests = {key: desk.files.put(content) for key, content in files.items()}
    with desk.state.transaction() as db:
        if desk.state.note("second_act") is not None:
            return 0
        for body in edits:
            _edit(db, body, stamp(desk.now()))
        for body in uploads:
            key = body["id"]
            _upload(desk, analyst, body, len(files[key]), digests[key])
        desk.state.remember("second_act", stamp(desk.now()))
    return len(edits) + len(uploads)


def _edit(db: sqlite3.Connection, body: Body, now: str) -> None:
    known = invoice(db, body["id"])
    assert known is not None, "the second act edits what the first one has"
    change_invoice(db, known | body | {"created_at": known["created_at"], "updated_at": now})


def _upload(desk: Desk, analyst: Analyst, body: Body, size: int, digest: str) -> None:
    """A supplier invoice that nobody has read yet; in the open transaction."""
    db, now, key, name = desk.state.db(), desk.now(), str(body["id"]), str(body["file_name"])
    attachment = add_attachment(db, name, PDF, size, digest, now, str(body["attachment_id"]))
    ids = {
        "id": key,
        "organization_id": desk.organization["id"],
        "attachment_id": attachment,
        "display_attachment_id": str(uuid5(NAMESPACE_URL, f"display/{key}")),
    }
    made = new_invoice(ids, name, now, odd=key[-1] in "05a")
    add_invoice(db, made, digest, analyst.due_at(key, now))
