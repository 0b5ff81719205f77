"""FreshBooks keeps the contract of targets that are fed by e-mail."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from builders.connectors import REDIRECT, provider_of
from contract.suite.mail_target_contract import MailTargetContract, outbox
from contract.suite.opened import CLOCK
from contract.suite.wire import Wire
from well.connectors import freshbooks
from well.ports.connector import Connector

pytestmark = pytest.mark.slow


class TestFreshBooksTarget(MailTargetContract):
    standin = "freshbooks"
    api = ("/accounting/", "/auth/api/")
    settings = MappingProxyType({"requests_per_minute": 100_000, "read_ms": 0})

    def connect(self, addresses: Mapping[str, str], wire: Wire) -> Connector:
        provider = provider_of(addresses)
        mail = outbox(addresses)
        return freshbooks.connect(provider, REDIRECT, CLOCK, transport=wire, mail=mail)
