"""QuickBooks keeps the contract of sources, and that of targets fed by e-mail."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pytest

from builders.connectors import REDIRECT, provider_of
from contract.suite.mail_target_contract import MailTargetContract, outbox
from contract.suite.opened import CLOCK, Opened
from contract.suite.source_contract import Key, SourceContract
from contract.suite.wire import Wire
from well.cli.demo_pairs import QUICKBOOKS
from well.connectors import quickbooks
from well.ports.connector import Connector

pytestmark = pytest.mark.slow
STREAMS = {entity: stream for stream, entity in QUICKBOOKS.items()}

PUBLISHED = {
    "When a QuickBooks customer is read",
    "When a QuickBooks credit memo is read",
    "When a QuickBooks sales invoice is read",
    "When a QuickBooks bill is read",
    "When a QuickBooks payment is read",
    "When a QuickBooks attachment is read",
    "When a QuickBooks purchase order is read",
    "When a QuickBooks account is read",
}
"""The triggers on the page of the pair."""


class TestQuickBooksSource(SourceContract):
    standin = "quickbooks"
    api = ("/v3/",)
    settings = MappingProxyType({"requests_per_minute": 100_000})

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        return quickbooks.connect(provider_of(addresses), REDIRECT, CLOCK, transport=wire)

    def seeded(self, opened: Opened) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {"bills": set()}
        for entity, body in opened.sandbox.company.quickbooks_objects():
            found.setdefault(STREAMS[entity], set()).add(str(body["Id"]))
        return found

    def test_each_trigger_of_the_pairs_page_is_a_stream(self, opened: Opened) -> None:
        assert {stream.trigger for stream in opened.source.streams} >= PUBLISHED

    def later(self, opened: Opened) -> Iterable[tuple[str, Key]]:
        for operation, entity, body in opened.sandbox.company.second_act():
            yield operation, (STREAMS[entity], str(body["Id"]))


class TestQuickBooksByMail(MailTargetContract):
    standin = "quickbooks"
    api = ("/v3/",)
    settings = MappingProxyType({"requests_per_minute": 100_000})

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        provider, mail = provider_of(addresses), outbox(addresses)
        return quickbooks.connect(provider, REDIRECT, CLOCK, transport=wire, mail=mail)
