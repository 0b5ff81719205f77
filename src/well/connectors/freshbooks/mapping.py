"""FreshBooks' expenses and bills as target entries.

Invariant: a mirror; what FreshBooks does not tell or tells in another form is None. Only the id
must be there. A number is taken from an expense's notes only where they are one word with a
digit, or one behind a few capitals (FA 2502-0221), since people write what they like there.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from well.connectors.failures import malformed
from well.connectors.freshbooks.limits import TITLE
from well.connectors.freshbooks.times import eastern, universal
from well.connectors.jsontext import day, mapping, number, text
from well.domain.entry import TargetEntry
from well.domain.mapping import FieldMapping
from well.domain.money import Money

DEFAULT = FieldMapping(1, ())
"""FreshBooks is no source, so nothing of it is mapped."""

EXPENSE, BILL = "expense", "bill"
DELETED, ARCHIVED = 1, 2
_NUMBER = re.compile(r"(?:[A-Z]{1,5} )?(?=\S*[0-9])[0-9A-Za-z][0-9A-Za-z./_#-]{2,39}")
_STATUSES = {0: "internal", 1: "outstanding", 2: "invoiced", 4: "recouped"}


def expense_of(value: Any, app: str, as_of: datetime) -> TargetEntry:
    """An expense; `as_of` stands in for a time that is missing. `Failed` without an id.

    It keeps its own number as its id, a bill has its kind before it: each counts by itself.
    FreshBooks tells no time of making, so the last change stands for it.
    """
    body = mapping(value)
    id = _id(body, "id", "expenseid", what=EXPENSE)
    updated = eastern(body.get("updated")) or as_of
    gross, notes = money(body.get("amount")), text(body.get("notes"))
    return TargetEntry(
        id=str(id),
        file_name=notes or "",
        status=_STATUSES.get(body.get("status", -1), "") if _whole(body.get("status")) else "",
        created_at=updated,
        updated_at=updated,
        analyzed_at=updated,
        invoice_number=notes if notes and _NUMBER.fullmatch(notes) else None,
        supplier_name=text(body.get("vendor")),
        gross_total=_positive(gross),
        tax_total=_sum(money(body.get("taxAmount1")), money(body.get("taxAmount2"))),
        issue_date=day(body.get("date")),
        credit_note=gross is not None and gross.minor < 0,
        attachment_id=f"receipt of {id}" if body.get("has_receipt") is True else None,
        has_duplicates=body.get("isduplicate") is True,
        link=f"{app}/#/expenses/{id}" if app else "",
        deleted=body.get("vis_state") == DELETED,
    )


def bill_of(value: Any, vendors: Mapping[str, str], app: str, as_of: datetime) -> TargetEntry:
    """A bill; `vendors` maps vendor ids to names. `Failed` without an id."""
    body = mapping(value)
    id = _id(body, "id", what=BILL)
    updated = universal(body.get("updated_at")) or as_of
    gross = money(body.get("total_amount"))
    inside = text(mapping(body.get("vendor")).get("vendor_name"))
    return TargetEntry(
        id=f"{BILL}-{id}",
        file_name="",
        status=text(body.get("status")) or "",
        created_at=universal(body.get("created_at")) or updated,
        updated_at=updated,
        analyzed_at=updated,
        invoice_number=text(body.get("bill_number")),
        supplier_name=inside or vendors.get(str(body.get("vendorid"))),
        gross_total=_positive(gross),
        tax_total=_positive(money(body.get("tax_amount"))),
        issue_date=day(body.get("issue_date")),
        due_date=day(body.get("due_date")),
        credit_note=gross is not None and gross.minor < 0,
        attachment_id=f"file of {id}" if body.get("attachment") else None,
        link=f"{app}/#/bills/{id}" if app else "",
        deleted=body.get("vis_state") == DELETED,
    )


def vendor_of(value: Any) -> tuple[str, str] | None:
    """A vendor's id and name; None where one of them is missing."""
    body = mapping(value)
    id, name = body.get("vendorid"), text(body.get("vendor_name"))
    return (str(id), name) if _whole(id) and name else None


def money(value: Any) -> Money | None:
    """`{"amount": "1284.00", "code": "EUR"}` as money; None for anything else."""
    pair: Mapping[str, Any] = mapping(value)
    amount, currency = number(pair.get("amount")), pair.get("code")
    if amount is None or not isinstance(currency, str):
        return None
    try:
        return Money.of(amount, currency)
    except ValueError:
        return None


def _positive(amount: Money | None) -> Money | None:
    return Money(abs(amount.minor), amount.currency) if amount else None


def _sum(first: Money | None, second: Money | None) -> Money | None:
    """Both taxes of an expense together; they share the expense's currency."""
    if first is None or second is None or first.currency != second.currency:
        return _positive(first)
    return Money(abs(first.minor + second.minor), first.currency)


def _id(body: Mapping[str, Any], *names: str, what: str) -> int:
    for name in names:
        found = body.get(name)
        if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 10**18:
            return found
    raise malformed(TITLE, f"one {what} without an id")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
