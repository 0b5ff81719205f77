"""Notices to owners go out as mails, too.

Invariant: an owner's mail counts as sent only when the server took it or refused it for good;
whatever ends before that, a lost answer and `kill -9` included, is tried again with the same
Message-ID, a bounded number of times. So an owner may get it twice, which mailboxes drop, rather
than never. What cannot be mailed still stands in the product.
"""

from datetime import timedelta

import structlog

from well.accounts.notices import (
    NoticeToMail,
    claim,
    done_with,
    end_mailing,
    give_back,
    to_mail,
)
from well.bootstrap import Well
from well.domain.failure import Failed, FailureKind
from well.settings import Mail

ANSWERS = 12
"""Answers of a server to one mail at the most, each of which may take its time."""
AGAIN = timedelta(minutes=1)
"""The pause after the first try; doubled after each further one."""

log = structlog.get_logger("well.worker")


def mail_notices(it: Well) -> int:
    """Mail what waits; how many notices are done with. Nothing where no server is set."""
    if not it.settings.mail.host:
        return 0
    return sum(_mailed(it, notice) for notice in to_mail(it.clock.now()))


def _mailed(it: Well, notice: NoticeToMail) -> bool:
    lease = _longest(it.settings.mail)
    if not claim(notice, it.clock.now() + lease):
        return False
    done: list[str] = []
    for owner in notice.owners:
        if _settled(it, notice, owner):
            done.append(owner)
        done_with(notice, done, it.clock.now() + lease)
    now = it.clock.now()
    if done == list(notice.owners):
        end_mailing(notice, now)
        return True
    give_back(notice, now + AGAIN * 2**notice.tries)
    return False


def _longest(mail: Mail) -> timedelta:
    """How long one mail may take: nobody else begins it within that time."""
    return timedelta(seconds=ANSWERS * mail.timeout + mail.answer_timeout)


def _settled(it: Well, notice: NoticeToMail, owner: str) -> bool:
    """Whether trying again would change nothing: it was taken, or refused for good."""
    try:
        it.mail_owner(notice.workspace, notice.name, owner, f"notice-{notice.id}", notice.text)
    except Failed as failed:
        log.warning("a notice was not mailed", notice=notice.id, note=str(failed))
        return failed.failure.kind is FailureKind.REJECTED
    return True
