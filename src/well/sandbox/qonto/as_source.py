"""Qonto as the place where the company's invoices arrive: filled with all of them, and a later act.

Invariant: the API is that of the target, to the last byte; only what it is filled with differs,
and that changes happen by themselves. The second act is applied once and wholly.
"""

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
    steps = [(what, body) for what, entity, body in desk.company.second_act() if entity == INVOICE]
    digests = {
        body["id"]: desk.files.put(desk.company.file(body["_file"])[2])
        for what, body in steps
        if what == "create"
    }
    with desk.state.transaction() as db:
        if desk.state.note("second_act") is not None:
            return 0
        for what, body in steps:
            if what == "update":
                known = invoice(db, body["id"]) or {}
                kept = {"created_at": known["created_at"], "updated_at": stamp(desk.now())}
                change_invoice(db, known | body | kept)
            else:
                size = len(desk.files.get(digests[body["id"]]))
                file = add_attachment(
                    db, body["file_name"], PDF, size, digests[body["id"]], desk.now(),
                    body["attachment_id"],
                )  # fmt: skip
                _upload(desk, analyst, body, file, digests[body["id"]])
        desk.state.remember("second_act", stamp(desk.now()))
    return len(steps)


def _upload(desk: Desk, analyst: Analyst, body: Body, attachment: str, digest: str) -> None:
    """A supplier invoice that nobody has read yet."""
    now, key = desk.now(), str(body["id"])
    ids = {
        "id": key,
        "organization_id": desk.organization["id"],
        "attachment_id": attachment,
        "display_attachment_id": str(uuid5(NAMESPACE_URL, f"display/{key}")),
    }
    made = new_invoice(ids, body["file_name"], now, odd=key[-1] in "05a")
    add_invoice(desk.state.db(), made, digest, analyst.due_at(key, now))
