"""Notices in the product for the owners of a workspace.

Invariant: an unread notice with the same words about the same thing is not repeated.
"""

from dataclasses import dataclass
from uuid import UUID

from well.accounts.models import Notice
from well.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class OwnerNotices:
    """Notices of one workspace."""

    workspace: str
    clock: Clock

    def tell_owner(self, subject: str, sentence: str) -> None:
        """Keep a notice until an owner has read it."""
        same = Notice.objects.filter(
            workspace_id=UUID(self.workspace), subject=subject, text=sentence, read_at=None
        )
        if not same.exists():
            Notice.objects.create(
                workspace_id=UUID(self.workspace),
                subject=subject,
                text=sentence,
                created_at=self.clock.now(),
            )
