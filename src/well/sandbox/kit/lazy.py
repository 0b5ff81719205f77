"""A company that is invented only when something of it is asked.

Invariant: it is invented once, whatever threads ask at once. A stand-in whose state is filled
starts without it, so a restart with 100,000 bills takes no longer than one with none.
"""

import threading
from collections.abc import Callable, Iterator

from well.sandbox.kit.company import Body, Company


class LazyCompany:
    """Passes every question to the company that `build` returns."""

    def __init__(self, build: Callable[[], Company]) -> None:
        """`build` is called at the first question."""
        self._build = build
        self._lock = threading.Lock()
        self._built: Company | None = None

    def _company(self) -> Company:
        with self._lock:
            if self._built is None:
                self._built = self._build()
            return self._built

    @property
    def company(self) -> Body:
        """The CompanyInfo body."""
        return self._company().company

    def quickbooks_objects(self) -> Iterator[tuple[str, Body]]:
        """Every object as (entity name, body)."""
        return self._company().quickbooks_objects()

    def qonto_entries(self) -> Iterator[Body]:
        """The entries that are there before anything is posted."""
        return self._company().qonto_entries()

    def file(self, key: str) -> tuple[str, str, bytes]:
        """One attachment; KeyError when there is none."""
        return self._company().file(key)

    def printed(self, digest: str) -> Body | None:
        """What stands on a legible page."""
        return self._company().printed(digest)

    def second_act(self) -> list[tuple[str, str, Body]]:
        """What happens later."""
        return self._company().second_act()

    def truth(self) -> Body:
        """What ought to happen."""
        return self._company().truth()
