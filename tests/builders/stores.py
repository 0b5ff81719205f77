"""Stores, ciphers and a clock for tests of what is durable.

Invariant: a fake clock starts at a fixed instant and moves only when told or slept. The stores
are the real ones, on the suite's databases.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from well.ports.vault import Cipher
from well.storage.keystore import DjangoKeyStore
from well.storage.stores import Stores
from well.vault.vault import Vault

REGION = "eu"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """The port Clock; `sleep` moves it."""

    at: datetime = NOON
    naps: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.at += timedelta(seconds=seconds)


class RealNaps(FakeClock):
    """Time really passes: for threads that wait for one another."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def a_vault(master: bytes = b"m" * 32, former: tuple[bytes, ...] = ()) -> Vault:
    """A vault over the suite's databases."""
    return Vault(master, DjangoKeyStore(lambda _: REGION), former)


def some_stores(folder: Path, clock: FakeClock | None = None) -> Stores:
    """Stores whose files lie below `folder`."""
    vault = a_vault()

    def cipher_of(workspace: str) -> Cipher:
        return vault.cipher(workspace)

    return Stores(folder, cipher_of, clock or FakeClock())
