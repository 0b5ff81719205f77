"""A running Xero stand-in and an app that has been let in.

Invariant: each module shares one stand-in only where its tests do not change it. No provider's
address is called.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from builders.running_standin import Running, running
from builders.xero_client import XeroClient, let_in
from well.sandbox.world import World, build_world
from well.sandbox.xero import FAULT_MODES, create


@pytest.fixture(scope="session")
def books() -> World:
    """The small company behind every stand-in here."""
    return build_world(30, 2, date(2026, 11, 20))


@pytest.fixture
def server(tmp_path: Path, books: World) -> Iterator[Running]:
    """A stand-in of its own for this test."""
    with running(create, books, tmp_path, FAULT_MODES) as started:
        yield started


@pytest.fixture
def client(server: Running) -> Iterator[XeroClient]:
    """An app let into the stand-in of this test."""
    entered = let_in(server)
    with closing(entered.http):
        yield entered


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, books: World) -> Iterator[XeroClient]:
    """An app on a stand-in that the tests of a module share: they only read."""
    folder = tmp_path_factory.mktemp("xero")
    with running(create, books, folder, FAULT_MODES) as started:
        started.settings(requests_per_minute=100_000, requests_per_day=100_000, concurrent=100)
        entered = let_in(started)
        with closing(entered.http):
            yield entered
