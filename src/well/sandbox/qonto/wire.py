"""The JSON forms that Qonto speaks: times, amounts, supplier invoices, errors.

Invariant: every value in an answer was written by a function of this file, as the provider sheet
shows it (string amounts, both forms of a time). It reads nothing from the state.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response

from well.sandbox.analysis import Reading

Body = dict[str, Any]
SUMMER = timezone(timedelta(hours=2))
_NULLS = (
    "invoice_number",
    "supplier_id",
    "supplier_name",
    "issuer_name",
    "description",
    "total_amount",
    "total_amount_excluding_taxes",
    "total_tax_amount",
    "payable_amount",
    "total_amount_credit_notes",
    "issue_date",
    "due_date",
    "payment_date",
    "scheduled_date",
    "iban",
    "vat_number",
    "tin",
    "initiator_id",
    "request_transfer",
    "self_invoice_id",
    "e_invoice_type",
    "attachment_category",
    "declined_note",
    "analyzed_at",
    "approval_workflow",
)


class Refusal(Exception):
    """A request that gets an error body; `code` and `detail` are the provider's words."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer is made of."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.pointer, self.headers = pointer, headers

    def response(self) -> Response:
        """The answer."""
        body = {"errors": [error(self.code, self.detail, self.pointer)]}
        return JSONResponse(body, self.status, headers=self.headers)


def error(code: str, detail: str, pointer: str | None = None) -> Body:
    """One entry of an `errors` list."""
    source = {"pointer": pointer} if pointer else None
    return {"code": code, "detail": detail} | ({"source": source} if source else {})


def stamp(moment: datetime) -> str:
    """The usual form, `2026-03-04T17:58:30.000Z`; it sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def other_stamp(moment: datetime) -> str:
    """The rarer form, with an offset."""
    return moment.astimezone(SUMMER).isoformat(timespec="milliseconds")


def moment_of(text: str) -> datetime | None:
    """Either form of a time, aware UTC; a date alone is its midnight. None when it is neither."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def dump(body: object) -> str:
    """Compact JSON; an amount that is still a Decimal becomes a string, as Qonto writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)


def money(value: Decimal | None, currency: str | None) -> Body | None:
    """Qonto's amount object; None without a value or a currency."""
    if value is None or currency is None:
        return None
    return {"value": f"{value:.2f}", "currency": currency}


def new_invoice(ids: Mapping[str, str], file_name: str, now: datetime, *, odd: bool) -> Body:
    """A supplier invoice as it is before analysis.

    `ids`: id, organization_id, attachment_id, display_attachment_id. `odd` ones show the rarer
    time form and fields that the reference does not name.
    """
    form = other_stamp if odd else stamp
    body: Body = dict.fromkeys(_NULLS)
    body |= dict(ids) | {"status": "to_review", "source_type": "api", "source": "api"}
    body |= {"file_name": file_name, "is_einvoice": False, "is_credit_note": False}
    body |= {"is_attachment_invoice": True, "is_attachment_non_financial": False}
    body |= {"has_duplicates": False, "has_discrepancies": False}
    body |= {"has_suggested_credit_notes": False, "related_invoices": [], "available_actions": {}}
    body |= {"matched_transactions": [], "meta": {}, "einvoicing_lifecycle_events": []}
    body |= {"created_at": form(now), "updated_at": form(now)}
    return body | ({"reading_engine": {"version": "7"}, "tags": []} if odd else {})


def analysed(body: Body, reading: Reading, at: datetime) -> Body:
    """The invoice with what was read from its file at that time."""
    form = other_stamp if "reading_engine" in body else stamp
    gross = money(reading.gross, reading.currency)
    return body | {
        "invoice_number": reading.number,
        "supplier_name": reading.supplier,
        "total_amount": gross,
        "payable_amount": gross,
        "total_amount_excluding_taxes": money(reading.net, reading.currency),
        "total_tax_amount": money(reading.tax, reading.currency),
        "issue_date": reading.issue_date and reading.issue_date.isoformat(),
        "due_date": reading.due_date and reading.due_date.isoformat(),
        "iban": reading.iban,
        "vat_number": reading.vat_number,
        "is_credit_note": reading.credit_note,
        "is_einvoice": reading.e_invoice_type is not None,
        "e_invoice_type": reading.e_invoice_type,
        "analyzed_at": form(at),
        "updated_at": form(at),
    }
