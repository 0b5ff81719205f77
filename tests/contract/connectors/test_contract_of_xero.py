"""Xero keeps the contract of sources: by its API, and by the tools of its MCP server alone."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import httpx
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


class XeroContract(SourceContract):
    """What both ways share; a subclass names its way and what it does not give."""

    standin = "xero"
    settings = MappingProxyType(
        {
            "requests_per_minute": 100_000,
            "concurrent": 50,
            "requests_per_day": 1_000_000,
            "newer_tools": 1,
        }
    )
    rest: ClassVar[str]
    """As `WELL_XERO_REST`."""
    ungiven: ClassVar[frozenset[str]] = frozenset()
    """Streams that this way does not give."""

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        setting = xero_settings(addresses, self.rest, 100_000)
        doors = Doors(setting, CLOCK, transport=wire)
        return xero.Xero(setting, REDIRECT, MemoryRegistrations(), CLOCK, doors)

    def seeded(self, opened: Opened) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {FIRST: set()}
        for entity, body in VIEW.objects(opened.sandbox.company.quickbooks_objects()):
            stream = self._given(entity, body)
            if stream and entity != "Contact":
                found.setdefault(stream, set()).add(VIEW.id_of(entity, body))
        return found

    def later(self, opened: Opened) -> Iterable[tuple[str, Key]]:
        for operation, entity, body in VIEW.later(opened.sandbox.company.second_act()):
            gone = body.get("Status") in ("VOIDED", "DELETED") and operation == "update"
            stream = self._given(entity, body)
            if stream and (gone or operation == "create"):
                yield "delete" if gone else "create", (stream, VIEW.id_of(entity, body))

    def _given(self, entity: str, body: Mapping[str, Any]) -> str | None:
        stream = STREAMS.get(entity) or STREAMS.get(str(body.get("Type")))
        return None if stream in self.ungiven else stream


class TestXeroSource(XeroContract):
    """By the API, with the MCP server's consent."""

    rest = "same"
    api = ("/api.xro/",)


class TestXeroTools(XeroContract):
    """By the tools alone: every read is a call of the MCP server, and no tool gives a file."""

    rest = "off"
    api = ("/mcp",)
    reads = frozenset({"POST", "DELETE"})
    gives_files = False
    ungiven = frozenset({"attachments"})

    def test_only_tools_that_list_are_called(self, opened: Opened) -> None:
        self.ask_everything(opened)
        called = httpx.get(f"{opened.addresses['admin']}/_admin/tool-calls").json()
        assert called and {row["tool"].partition("-")[0] for row in called} == {"list"}

    def test_its_streams_are_those_of_the_api_but_for_what_no_tool_gives(
        self, opened: Opened
    ) -> None:
        by_api = set(STREAMS.values()) - self.ungiven
        assert {stream.name for stream in opened.source.streams} == by_api
