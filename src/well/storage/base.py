"""What every part of the store works with.

Invariant: bound to one tenant and its cipher. It has no methods of its own.
"""

from collections.abc import Callable
from datetime import datetime

from well.ports.vault import Cipher
from well.storage.files import SealedFiles
from well.storage.scope import Tenant


class Base:
    """`now` gives aware UTC times."""

    def __init__(
        self, tenant: Tenant, cipher: Cipher, files: SealedFiles, now: Callable[[], datetime]
    ) -> None:
        self._tenant = tenant
        self._cipher = cipher
        self._files = files
        self._now = now
