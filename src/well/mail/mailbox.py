"""Reads returned mail from a mailbox (IMAP, RFC 9051) where no server of ours listens.

Invariant: the mailbox is only read, never changed; each mail is fetched once while this process
lives, oldest first, at most LOOKED_AT and READ_MAX bytes of each at a time. What they mean is told
by `returned`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import compat32
from typing import Any

from well.domain.failure import Failed, Failure, FailureKind, WayOut
from well.mail.answers import plain
from well.mail.box import TROUBLES, Box, opened
from well.mail.returned import READ_MAX, Rules, addresses_of, report_of
from well.ports.mailer import DeliveryReport
from well.settings import Mail

LOOKED_AT = 200
TRIES_MAX = 10
"""After so many looks that ended at the same mail it is left, for the sake of those behind it."""
_UID = re.compile(rb"[0-9]{1,10}")
_DATE = re.compile(rb'INTERNALDATE "([ 0-9]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})"')
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass
class Seen:
    """What was read of a mailbox: all mails up to the UID `highest`, as long as the server gives
    its UIDs under `validity`. `behind`: more is there than was read at a time. `tries`: how often
    the next one was asked for in vain."""

    validity: bytes = b""
    highest: int = 0
    behind: bool = False
    tries: int = 0
    reports: list[DeliveryReport] = field(default_factory=list)


def read_mailbox(mail: Mail, rules: Rules, since: datetime, seen: Seen) -> Sequence[DeliveryReport]:
    """Reports of mails that arrived at or after `since` (aware UTC), those read before as well.

    `Failed` (transient) when the mailbox cannot be read now; what was read until then is seen.
    """
    seen.behind = False
    try:
        with opened(mail, mail.timeout) as box:
            _read_on(box, rules, since, seen)
    except TROUBLES as error:
        raise Failed(_unreadable(mail.imap_host, str(error))) from error
    seen.reports = [one for one in seen.reports if one.delivery.at >= since]
    return list(seen.reports)


def _read_on(box: Box, rules: Rules, since: datetime, seen: Seen) -> None:
    """Fetch what is new, the oldest first, and note each as soon as it is read."""
    validity = _validity(box)
    if not validity or validity != seen.validity:
        # The UIDs of another validity mean other mails (RFC 9051 2.3.1.1).
        seen.validity, seen.highest, seen.tries, seen.reports = validity, 0, 0, []
    new = _new(box, since, seen.highest)
    seen.behind = len(new) > LOOKED_AT
    for uid in new[:LOOKED_AT]:
        seen.tries += 1
        report = _report(box, str(uid), rules, since) if seen.tries <= TRIES_MAX else None
        if report is not None:
            seen.reports.append(report)
        seen.highest, seen.tries = uid, 0


def _validity(box: Box) -> bytes:
    _, told = box.response("UIDVALIDITY")
    return told[-1] if told and isinstance(told[-1], bytes) else b""


def _new(box: Box, since: datetime, highest: int) -> list[int]:
    """The UIDs above `highest` that arrived since the day before `since`, ascending."""
    # SINCE compares days as the server's own clock writes them (RFC 9051 6.4.4).
    before = since - timedelta(days=1)
    day = f"{before.day:02d}-{_MONTHS[before.month - 1]}-{before.year}"
    found = _asked(box, "SEARCH", "UID", f"{highest + 1}:*", "SINCE", day)
    told = [uid for line in found if isinstance(line, bytes) for uid in line.split()]
    uids = {int(uid) for uid in told if _UID.fullmatch(uid)}
    # A range that begins behind the last mail holds the last one all the same (RFC 9051 9).
    return sorted(uid for uid in uids if uid > highest)


def _asked(box: Box, verb: str, *words: str) -> list[Any]:
    """What the server answers; one that says no now is asked again later, so nothing is skipped."""
    said, data = box.uid(verb, *words)
    if said != "OK":
        raise box.error(f"{verb} was answered {said} {data}")
    return data


def _report(box: Box, id: str, rules: Rules, since: datetime) -> DeliveryReport | None:
    data = _asked(box, "FETCH", id, f"(INTERNALDATE BODY.PEEK[]<0.{READ_MAX}>)")
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
        f"The mailbox for returned mail at {host} cannot be read now. Nothing is lost.",
        plain(note),
        way_out=WayOut.WAIT,
    )
