"""Notices in the product for the owners of a workspace, and which of them are to be mailed.

Invariant: an unread notice with the same words about the same thing is not repeated; one that
somebody claimed for mailing is claimed by nobody else until the claim ends, which it does by
itself when whoever held it died. It sends no mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from well.accounts.models import Membership, Notice
from well.accounts.roles import Role
from well.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class OwnerNotices:
    """Notices of one workspace."""

    workspace: str
    clock: Clock

    def tell_owner(self, subject: str, sentence: str) -> None:
        """Keep a notice until an owner has read it. PostgreSQL takes no NUL in a text."""
        sentence = sentence.replace("\x00", " ")
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


TRIES_MAX = 10
"""How often mailing a notice is begun."""


@dataclass(frozen=True, slots=True)
class NoticeToMail:
    """One notice with those owners, by mail address, who are not done with; `done` are the others,
    `tries` says how often it was begun."""

    id: int
    workspace: str
    name: str
    text: str
    owners: tuple[str, ...]
    done: tuple[str, ...]
    tries: int


def to_mail(now: datetime) -> Sequence[NoticeToMail]:
    """Unread warnings of the last day that are neither mailed nor being mailed, oldest first."""
    waiting = Notice.objects.filter(
        Q(mail_after=None) | Q(mail_after__lte=now),
        mailed_at=None,
        read_at=None,
        level="warning",
        created_at__gt=now - FRESH,
        mail_tries__lt=TRIES_MAX,
    )
    found = waiting.select_related("workspace").order_by("id")
    return [_to_mail(notice) for notice in found]


def _to_mail(notice: Notice) -> NoticeToMail:
    done = tuple(notice.mailed_to)
    owners = tuple(owner for owner in _owners(notice.workspace.id) if owner not in done)
    workspace, name = str(notice.workspace.id), notice.workspace.name
    return NoticeToMail(notice.id, workspace, name, notice.text, owners, done, notice.mail_tries)


def _owners(workspace: UUID) -> tuple[str, ...]:
    owners = Membership.objects.filter(
        workspace_id=workspace, role=Role.OWNER.value, user__is_active=True
    )
    return tuple(owners.order_by("id").values_list("user__email", flat=True))


def claim(notice: NoticeToMail, until: datetime) -> bool:
    """Have it alone until then, with one more try; whether this caller was the one."""
    same = Notice.objects.filter(id=notice.id, mailed_at=None, mail_tries=notice.tries)
    return same.update(mail_tries=notice.tries + 1, mail_after=until) == 1


def done_with(notice: NoticeToMail, owners: Sequence[str], until: datetime) -> None:
    """These owners need no more mail; the claim goes on until then."""
    mailed_to = [*notice.done, *owners]
    Notice.objects.filter(id=notice.id).update(mailed_to=mailed_to, mail_after=until)


def end_mailing(notice: NoticeToMail, now: datetime) -> None:
    """All its owners are done with."""
    Notice.objects.filter(id=notice.id).update(mailed_at=now)


def give_back(notice: NoticeToMail, at: datetime) -> None:
    """Somebody is not done with: it may be tried again at `at`."""
    Notice.objects.filter(id=notice.id).update(mail_after=at)
