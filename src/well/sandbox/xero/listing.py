"""What a list is asked for, in the parameters and headers of Xero.

Invariant: every parameter that is understood narrows the list; one that makes no sense is refused,
one that is not known is ignored, as Xero does. It asks no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from well.sandbox.xero.books import Wish
from well.sandbox.xero.dates import header_millis
from well.sandbox.xero.kinds import Kind
from well.sandbox.xero.problem import invalid
from well.sandbox.xero.where import Filter, read_order, read_where

PAGE_SIZE, PAGE_SIZE_MAX = 100, 1000
FAR = 1_000_000
CSV = {"IDs": "id", "InvoiceNumbers": "number", "ContactIDs": "contact", "Statuses": "status"}
NOBODY = Filter("1 = 0")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as it was asked for; `paged`: with lines and a count of pages."""

    wish: Wish
    paged: bool
    summary: bool


def asked(kind: Kind, given: Mapping[str, str], modified_since: str) -> Asked:
    """Read the parameters. Problem 400 when one makes no sense."""
    names = {name.lower(): value for name, value in given.items()}
    paged = kind.paged and bool(names.get("page") or names.get("pagesize"))
    page = _whole(names, "page", 1, FAR)
    size = _whole(names, "pagesize", PAGE_SIZE, PAGE_SIZE_MAX)
    where = [*_listed(kind, names), *_hidden(kind, names)]
    if names.get("where"):
        where.append(read_where(names["where"]))
    if names.get("searchterm"):
        sought = f"%{names['searchterm'].lower()}%"
        fields = "coalesce(name, '') || ' ' || coalesce(number, '')"
        where.append(Filter(f"lower({fields}) like ?", (sought,)))
    if modified_since:
        where.append(Filter("updated >= ?", (_since(modified_since),)))
    order = read_order(names["order"]) if names.get("order") else "updated"
    wish = Wish(kind.name, tuple(where), order, page if paged else 1, size if paged else None)
    return Asked(wish, paged, _flag(names, "summaryonly") or not paged)


def _listed(kind: Kind, names: Mapping[str, str]) -> list[Filter]:
    found = []
    for name, column in CSV.items():
        values = [one.strip() for one in names.get(name.lower(), "").split(",") if one.strip()]
        if name == "Statuses" and names.get("status") and kind.name == "PurchaseOrder":
            values.append(names["status"])
        if values:
            marks = ", ".join("?" * len(values))
            lowered = [one.lower() if column in ("id", "contact") else one for one in values]
            found.append(Filter(f"{column} in ({marks})", tuple(lowered)))
    return found


def _hidden(kind: Kind, names: Mapping[str, str]) -> list[Filter]:
    """The states that show themselves only to those who ask for archived ones."""
    if not kind.hidden or _flag(names, "includearchived"):
        return []
    marks = ", ".join("?" * len(kind.hidden))
    return [Filter(f"status is null or status not in ({marks})", kind.hidden)]


def _since(text: str) -> int:
    try:
        return header_millis(text)
    except ValueError as wrong:
        raise invalid("If-Modified-Since is no time.") from wrong


def _flag(names: Mapping[str, str], name: str) -> bool:
    return names.get(name, "").lower() == "true"


def _whole(names: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = names.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:12]) <= most:
        raise invalid(f"{name} must be a whole number from 1 to {most}.")
    return int(text)
