"""Qonto keeps the contracts of sources and of targets."""

from collections.abc import Mapping

import pytest

from builders.connectors import REDIRECT, provider_of
from contract.suite.opened import CLOCK, ConnectorContract, Opened
from contract.suite.source_contract import SourceContract
from contract.suite.target_contract import TargetContract
from contract.suite.wire import Wire
from well.connectors import qonto
from well.ports.connector import Connector

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


class TestQontoTarget(Qonto, TargetContract):
    write = "/v2/supplier_invoices/bulk"

    def touch(self, opened: Opened, entry: str) -> None:
        opened.admin(f"entries/{entry}/status", {"status": "paid"})
