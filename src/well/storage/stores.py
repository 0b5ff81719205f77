"""Opens the memory of a workspace.

Invariant: a store is bound to the workspace and region it was opened for; opening one reads no
rows but the workspace's key. Who may open it is the caller's matter.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from well.ports.clock import Clock
from well.ports.vault import Cipher
from well.storage.files import SealedFiles
from well.storage.grants import DjangoGrants
from well.storage.scope import Tenant
from well.storage.store import DjangoStore

_NOWHERE_ELSE: Mapping[str, Path] = MappingProxyType({})


class Stores:
    """`data` is the data folder; `cipher_of` gives a workspace's cipher (`Vault.cipher`). Files of
    a region lie in its folder of `files`, those of others in the data folder."""

    def __init__(
        self,
        data: Path,
        cipher_of: Callable[[str], Cipher],
        clock: Clock,
        files: Mapping[str, Path] = _NOWHERE_ELSE,
    ) -> None:
        self._data = data / "files"
        self._of_region = files
        self._cipher_of = cipher_of
        self._clock = clock

    def open(self, workspace: str, region: str) -> DjangoStore:
        """The store of a workspace; ValueError when its id is none."""
        tenant = Tenant(workspace, region)
        files = SealedFiles(self._of_region.get(region, self._data), workspace)
        return DjangoStore(tenant, self._cipher_of(workspace), files, self._clock.now)

    def grants(self, workspace: str, region: str) -> DjangoGrants:
        """The grants of a workspace."""
        return DjangoGrants(Tenant(workspace, region), self._cipher_of(workspace), self._clock)
