"""Xero keeps the contract of sources, by its API with the MCP server's consent."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from builders.connectors import REDIRECT
from builders.xero import MemoryRegistrations, xero_settings
from contract.suite.opened import CLOCK, Opened
from contract.suite.source_contract import Key, SourceContract
from contract.suite.wire import Wire
from well.connectors import xero
from well.connectors.xero import Doors
from well.ports.connector import Connector
from well.sandbox.xero import VIEW

pytestmark = pytest.mark.slow
STREAMS = {
    "TaxRate": "tax_rates",
    "TrackingCategory": "tracking_categories",
    "Contact": "contacts",
    "Attachment": "attachments",
    "PurchaseOrder": "purchase_orders",
    "BankTransaction": "bank_transactions",
    "Payment": "payments",
    "ACCPAY": "bills",
    "ACCREC": "sales_invoices",
    "ACCPAYCREDIT": "credit_notes",
    "ACCRECCREDIT": "sales_credit_notes",
    "BANK": "accounts",
}
FIRST = "bills"
"""Read by most of the tests: it has pages and files."""


class TestXeroSource(SourceContract):
    standin = "xero"
    api = ("/api.xro/",)
    settings = MappingProxyType(
        {"requests_per_minute": 100_000, "concurrent": 50, "requests_per_day": 1_000_000}
    )

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        setting = xero_settings(addresses, "same", 100_000)
        doors = Doors(setting, CLOCK, transport=wire)
        return xero.Xero(setting, REDIRECT, MemoryRegistrations(), CLOCK, doors)

    def seeded(self, opened: Opened) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {FIRST: set()}
        for entity, body in VIEW.objects(opened.sandbox.company.quickbooks_objects()):
            stream = _stream(entity, body)
            if stream and entity != "Contact":
                found.setdefault(stream, set()).add(VIEW.id_of(entity, body))
        return found

    def later(self, opened: Opened) -> Iterable[tuple[str, Key]]:
        for operation, entity, body in VIEW.later(opened.sandbox.company.second_act()):
            gone = body.get("Status") in ("VOIDED", "DELETED") and operation == "update"
            stream = _stream(entity, body)
            if stream and (gone or operation == "create"):
                yield "delete" if gone else "create", (stream, VIEW.id_of(entity, body))


def _stream(entity: str, body: Mapping[str, Any]) -> str | None:
    return STREAMS.get(entity) or STREAMS.get(str(body.get("Type")))
