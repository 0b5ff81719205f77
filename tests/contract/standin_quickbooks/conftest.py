"""A running QuickBooks stand-in and a client that has been let in.

Invariant: each module shares one stand-in only where its tests do not change it. No provider's
address is called.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.quickbooks_client import Client, let_in
from builders.running_standin import Running, running
from builders.tiny_company import TinyCompany
from well.sandbox.quickbooks import FAULT_MODES, create


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A stand-in of its own for this test."""
    with running(create, TinyCompany(), tmp_path, FAULT_MODES) as started:
        yield started


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    """An app let into the stand-in of this test."""
    entered = let_in(server)
    with entered.http:
        yield entered


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An app on a stand-in that the tests of a module share: they only read."""
    folder = tmp_path_factory.mktemp("quickbooks")
    with running(create, TinyCompany(), folder, FAULT_MODES) as started:
        started.settings(requests_per_minute=100_000)
        entered = let_in(started)
        with entered.http:
            yield entered
