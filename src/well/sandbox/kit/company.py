"""The invented company, as the stand-ins see it.

Invariant: stand-ins read the company through this protocol only, so a test can hand in a tiny one.
It does not say how a company is invented.
"""

from collections.abc import Iterator
from typing import Any, Protocol

Body = dict[str, Any]


class Company(Protocol):
    """One company's books in the shapes of the providers. Amounts are Decimal, never float."""

    @property
    def company(self) -> Body:
        """The CompanyInfo body of QuickBooks."""

    def quickbooks_objects(self) -> Iterator[tuple[str, Body]]:
        """Every object as (entity name, body)."""

    def qonto_entries(self) -> Iterator[Body]:
        """Supplier invoices that Qonto holds before anything is posted."""

    def file(self, key: str) -> tuple[str, str, bytes]:
        """File name, content type and bytes of one attachment. KeyError when there is none."""

    def printed(self, digest: str) -> Body | None:
        """What stands on a legible page of the company's that was served, as eyes read it; the
        keys are those of `analysis.Reading`. None for any other file."""

    def second_act(self) -> list[tuple[str, str, Body]]:
        """What happens later: (update | create | delete, entity, body)."""

    def truth(self) -> Body:
        """What ought to happen to each record."""
