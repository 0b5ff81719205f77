"""A supplier invoice as Qonto tells it, as a target entry.

Invariant: a mirror; what Qonto has not read or tells in another form is None. Only the id must
be there. It keeps no bank account of the company.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from well.connectors.failures import malformed
from well.connectors.jsontext import day, mapping, moment, number, text
from well.connectors.qonto.limits import TITLE
from well.domain.entry import TargetEntry
from well.domain.money import Money

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def entry_of(value: Any, app: str, as_of: datetime) -> TargetEntry:
    """The entry; `as_of` stands in for a time that is missing. `Failed` without a sound id."""
    body = mapping(value)
    entry = body.get("id")
    if not isinstance(entry, str) or not _ID.fullmatch(entry):
        raise malformed(TITLE, "a supplier invoice without an id")
    return TargetEntry(
        id=entry,
        file_name=text(body.get("file_name")) or "",
        status=text(body.get("status")) or "",
        created_at=moment(body.get("created_at")) or as_of,
        updated_at=moment(body.get("updated_at")) or as_of,
        analyzed_at=moment(body.get("analyzed_at")),
        invoice_number=text(body.get("invoice_number")),
        supplier_name=text(body.get("supplier_name")) or text(body.get("issuer_name")),
        vat_id=identifier(body.get("vat_number")) or identifier(body.get("tin")),
        iban=identifier(body.get("iban")),
        gross_total=money(body.get("total_amount")),
        tax_total=money(body.get("total_tax_amount")),
        issue_date=day(body.get("issue_date")),
        due_date=day(body.get("due_date")),
        credit_note=body.get("is_credit_note") is True,
        attachment_id=text(body.get("attachment_id")),
        has_duplicates=body.get("has_duplicates") is True,
        has_discrepancies=body.get("has_discrepancies") is True,
        link=link_of(app, entry),
    )


def link_of(app: str, entry: str) -> str:
    """The invoice's page in Qonto; the path is not documented, so `app` may be set to ""."""
    return f"{app}/supplier-invoices/{entry}" if app else ""


def identifier(value: Any) -> str | None:
    """A registration number or IBAN without blanks, in capitals."""
    return re.sub(r"[\s.-]", "", text(value) or "").upper()[:40] or None


def money(value: Any) -> Money | None:
    """`{"value": "1284.00", "currency": "EUR"}` as money; None for anything else."""
    pair: Mapping[str, Any] = mapping(value)
    amount, currency = number(pair.get("value")), pair.get("currency")
    if amount is None or not isinstance(currency, str):
        return None
    try:
        return Money.of(amount, currency)
    except ValueError:
        return None
