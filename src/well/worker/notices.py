"""Notices to owners go out as mails, too.

Invariant: a notice is claimed before its mail leaves and given back only when nothing was sent, so
an owner gets it at most once; what cannot be mailed still stands in the product.
"""

import structlog

from well.accounts.notices import NoticeToMail, claim, give_back, to_mail
from well.bootstrap import Well
from well.domain.failure import Failed, FailureKind

log = structlog.get_logger("well.worker")


def mail_notices(it: Well) -> int:
    """Mail what waits; how many notices went out. Nothing where no server is set."""
    if not it.settings.mail.host:
        return 0
    return sum(_mailed(it, notice) for notice in to_mail(it.clock.now()))


def _mailed(it: Well, notice: NoticeToMail) -> bool:
    if not claim(notice.id, it.clock.now()):
        return False
    kinds = [_sent(it, notice, owner) for owner in notice.owners]
    if kinds and all(kind is FailureKind.TRANSIENT for kind in kinds):
        give_back(notice.id)
        return False
    return True


def _sent(it: Well, notice: NoticeToMail, owner: str) -> FailureKind | None:
    """What went wrong, None for nothing. Where the server's answer was lost it may have arrived."""
    try:
        it.mail_owner(notice.workspace, notice.name, owner, f"notice-{notice.id}", notice.text)
    except Failed as failed:
        log.warning("a notice was not mailed", notice=notice.id, note=str(failed))
        return failed.failure.kind
    return None
