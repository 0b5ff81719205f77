"""Reads returned mail from a mailbox (IMAP, RFC 9051) where no server of ours listens.

Invariant: the mailbox is only read, never changed; at most LOOKED_AT mails and READ_MAX bytes of
each are fetched at a time. What they mean is told by `returned`.
"""

import imaplib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32

from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.mail.answers import plain
from well.mail.returned import READ_MAX, Rules, addresses_of, report_of
from well.mail.wire import trusting
from well.ports.mailer import DeliveryReport
from well.settings import Mail

LOOKED_AT = 200
_DATE = re.compile(rb'INTERNALDATE "([ 0-9]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})"')
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read_mailbox(mail: Mail, rules: Rules, since: datetime) -> Sequence[DeliveryReport]:
    """Reports among the newest mails that arrived at or after `since` (aware UTC).

    `Failed` (transient) when the mailbox cannot be read now.
    """
    context = trusting(mail.ca_file, mail.tls)
    try:
        with imaplib.IMAP4_SSL(
            mail.imap_host, mail.imap_port, ssl_context=context, timeout=mail.timeout
        ) as box:
            box.login(mail.imap_user, mail.imap_password)
            box.select(f'"{mail.imap_folder}"', readonly=True)
            day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
            _, found = box.uid("SEARCH", "SINCE", day)
            ids = (found[0] or b"").split()[-LOOKED_AT:] if found else []
            reports = [_report(box, id.decode("ascii"), rules, since) for id in ids]
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise Failed(_unreadable(mail.imap_host, str(error))) from error
    return [report for report in reports if report is not None]


def _report(
    box: imaplib.IMAP4_SSL, id: str, rules: Rules, since: datetime
) -> DeliveryReport | None:
    _, data = box.uid("FETCH", id, f"(INTERNALDATE BODY.PEEK[]<0.{READ_MAX}>)")
    pair = next((one for one in data if isinstance(one, tuple) and len(one) == 2), None)
    dated = _DATE.search(pair[0]) if pair else None
    if pair is None or dated is None:
        return None
    at = datetime.strptime(dated[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
    raw = bytes(pair[1])
    recipients = addresses_of(message_from_bytes(raw[:READ_MAX], policy=compat32))
    return report_of(raw, recipients, rules, at.astimezone(UTC)) if at >= since else None


def _unreadable(host: str, note: str) -> Failure:
    return Failure(
        FailureKind.TRANSIENT,
        f"The mailbox for returned mail at {host} cannot be read now. Nothing is lost; Well "
        "tries again by itself.",
        plain(note),
        way_out=WayOut.WAIT,
    )
