"""Notices in the product for the owners of a workspace, and which of them are to be mailed.

Invariant: an unread notice with the same words about the same thing is not repeated; one that
somebody claimed for mailing is claimed by nobody else. It sends no mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from well.accounts.models import Membership, Notice
from well.accounts.roles import Role
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


FRESH = timedelta(days=1)
"""A notice is mailed within this time or not at all: an old one is found in the product."""


@dataclass(frozen=True, slots=True)
class NoticeToMail:
    """One notice with those it is for, by mail address."""

    id: int
    workspace: str
    name: str
    text: str
    owners: tuple[str, ...]


def to_mail(now: datetime) -> Sequence[NoticeToMail]:
    """Warnings of the last day that nobody has read and that were not mailed, oldest first."""
    waiting = Notice.objects.filter(
        mailed_at=None, read_at=None, level="warning", created_at__gt=now - FRESH
    )
    found = waiting.select_related("workspace").order_by("id")
    return [
        NoticeToMail(
            notice.id,
            str(notice.workspace.id),
            notice.workspace.name,
            notice.text,
            _owners(notice.workspace.id),
        )
        for notice in found
    ]


def _owners(workspace: UUID) -> tuple[str, ...]:
    owners = Membership.objects.filter(
        workspace_id=workspace, role=Role.OWNER.value, user__is_active=True
    )
    return tuple(owners.order_by("id").values_list("user__email", flat=True))


def claim(notice: int, now: datetime) -> bool:
    """Mark it as mailed; whether this caller was the one."""
    return Notice.objects.filter(id=notice, mailed_at=None).update(mailed_at=now) == 1


def give_back(notice: int) -> None:
    """Nothing was sent: it may be tried again."""
    Notice.objects.filter(id=notice).update(mailed_at=None)
