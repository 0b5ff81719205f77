"""Qonto keeps the contracts of sources and of targets."""

from collections.abc import Iterable, Mapping

import pytest

from builders.connectors import REDIRECT, provider_of
from contract.suite.opened import CLOCK, ConnectorContract, Opened
from contract.suite.source_contract import Key, SourceContract
from contract.suite.target_contract import TargetContract
from contract.suite.wire import Wire
from well.connectors import qonto
from well.ports.connector import Connector
from well.sandbox.qonto import VIEW

pytestmark = pytest.mark.slow


class Qonto(ConnectorContract):
    standin = "qonto"
    api = ("/v2/",)
    bills = 600

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        return qonto.connect(provider_of(addresses), REDIRECT, CLOCK, transport=wire)


class TestQontoSource(Qonto, SourceContract):
    second_act = False

    def seeded(self, opened: Opened) -> Mapping[str, set[str]]:
        return {"supplier_invoices": {str(row["id"]) for row in opened.entries()}}

    def test_each_trigger_of_the_page_is_a_stream(self, opened: Opened) -> None:
        assert {stream.trigger for stream in opened.source.streams} >= {
            "When a supplier invoice is uploaded to Qonto",
            "When a Qonto supplier invoice is updated",
        }

    def test_no_call_leaves_but_those_for_supplier_invoices_and_their_files(
        self, opened: Opened
    ) -> None:
        self.ask_everything(opened)
        opened.source.files(self.attachments(opened))
        allowed = ("/v2/organization", "/v2/supplier_invoices", "/v2/attachments/")
        assert all(path.startswith(allowed) for _, path in opened.wire.calls)


class TestQontoAsTheFirstOfAPair(Qonto, SourceContract):
    """The stand-in holds the company's invoices and a second act."""

    others = ("freshbooks",)
    bills = 250

    def seeded(self, opened: Opened) -> Mapping[str, set[str]]:
        return {"supplier_invoices": {str(row["id"]) for row in opened.entries()}}

    def later(self, opened: Opened) -> Iterable[tuple[str, Key]]:
        for operation, entity, body in VIEW.later(opened.sandbox.company.second_act()):
            if entity == "SupplierInvoice":
                yield operation, ("supplier_invoices", VIEW.id_of(entity, body))


class TestQontoTarget(Qonto, TargetContract):
    write = "/v2/supplier_invoices/bulk"

    def touch(self, opened: Opened, entry: str) -> None:
        opened.admin(f"entries/{entry}/status", {"status": "paid"})
