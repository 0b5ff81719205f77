"""Writing to the books: create, update, delete, void, as the provider allows them.

Invariant: a write is done wholly under the file's lock or is a Fault; a stale SyncToken changes
nothing. It exists so that a test can prove that a reader never calls it.
"""

from decimal import Decimal

from well.sandbox.kit.state import State
from well.sandbox.quickbooks.books import Books
from well.sandbox.quickbooks.entities import Entity
from well.sandbox.quickbooks.wire import Body, Problem, not_found

NEEDED = {
    "Bill": ("VendorRef", "Line"),
    "VendorCredit": ("VendorRef", "Line"),
    "Vendor": ("DisplayName",),
    "Customer": ("DisplayName",),
    "Account": ("Name",),
}


def _missing(name: str) -> Problem:
    detail = f"Required parameter {name} is missing in the request"
    return Problem("2020", "Required param missing, need to supply the required value", detail)


def _unsupported(what: str) -> Problem:
    return Problem("500", "Unsupported Operation", f"Operation {what} is not supported.")


class Writer:
    """Does what a POST to an entity asks for."""

    def __init__(self, state: State, books: Books) -> None:
        """Writes into these books."""
        self._state = state
        self._books = books

    def post(self, entity: Entity, given: object, operation: str) -> Body:
        """Create (no Id), update, delete or void; returns the object as it then is."""
        if not isinstance(given, dict):
            raise Problem("2010", "Request has invalid or unsupported property", "No JSON object")
        with self._state.transaction():
            if "Id" not in given:
                return self._create(entity, given)
            known = self._current(entity, given)
            match operation:
                case "delete":
                    return self._delete(entity, known)
                case "void":
                    nothing = {"TotalAmt": Decimal(0), "Balance": Decimal(0)}
                    return self._update(entity, known, nothing | {"PrivateNote": "Voided"})
                case "" | "update":
                    return self._update(entity, known, given)
        raise _unsupported(operation[:40])

    def _create(self, entity: Entity, given: Body) -> Body:
        for name in NEEDED.get(entity.name, ()):
            if not given.get(name):
                raise _missing(name)
        self._unique(entity, given, None)
        key = self._books.next_id()
        base = {"Id": key, "SyncToken": "0", "domain": "QBO", "sparse": False}
        return self._put(entity, given | base | {"MetaData": {}})

    def _current(self, entity: Entity, given: Body) -> Body:
        key = str(given["Id"])
        known = self._books.body(entity.name, key)
        if known is None:
            raise not_found(entity.name, key)
        if str(given.get("SyncToken")) != known["SyncToken"]:
            detail = "The SyncToken is not that of the stored object."
            raise Problem("5010", "Stale Object Error", detail)
        return known

    def _delete(self, entity: Entity, known: Body) -> Body:
        if entity.listed:
            raise _unsupported("delete")
        self._books.delete(entity.name, known["Id"])
        return {"domain": "QBO", "status": "Deleted", "Id": known["Id"]}

    def _update(self, entity: Entity, known: Body, given: Body) -> Body:
        self._unique(entity, given, known["Id"])
        token = str(int(known["SyncToken"]) + 1)
        kept = {name: known[name] for name in ("Id", "MetaData")}
        body = known | given | kept | {"SyncToken": token, "sparse": False}
        return self._put(entity, body)

    def _unique(self, entity: Entity, given: Body, own: str | None) -> None:
        name = given.get("DisplayName")
        if not entity.listed or not isinstance(name, str):
            return
        other = self._books.named(entity.name, name)
        if other is not None and other != own:
            detail = f"The name supplied already exists. : Id={other}"
            raise Problem("6240", "Duplicate Name Exists Error", detail)

    def _put(self, entity: Entity, body: Body) -> Body:
        try:
            return self._books.put(entity.name, body)
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as wrong:
            detail = f"A property has a wrong form: {wrong}"
            raise Problem("2010", "Request has invalid or unsupported property", detail) from wrong
