"""`well mail [DOMAIN]`: the records of a sender's domain, what to publish and what is published.

Invariant: it asks the name server and sends nothing; exit code 0 as it must be, 1 a record that
was asked for is missing or another, 2 it could not be asked or nothing is set. A missing policy
(DMARC) is told and is no fault.
"""

import argparse
import sys

from well.domain.delivery import domain_of, is_mail_address
from well.domain.sender import RecordKind, RecordState, SenderCheck, SenderRecord
from well.mail.sender import SenderChecks
from well.settings import load
from well.storage.clock import SystemClock


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "domain", nargs="?", help="of a From (default: WELL_MAIL_DOMAIN, or that of the sender)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print each record; the exit code says whether mail can be believed."""
    mail = load().mail
    domain = (arguments.domain or mail.domain or domain_of(mail.sender)).lower().rstrip(".")
    if not is_mail_address(f"a@{domain}"):
        print("well mail: name a domain, or set WELL_MAIL_DOMAIN.", file=sys.stderr)
        return 2
    check = SenderChecks(SystemClock()).look(mail, domain)
    print("\n".join(lines(check)))
    return code(check)


def lines(check: SenderCheck) -> list[str]:
    """What a look brought."""
    told = [line for record in check.records for line in _record(record)]
    if check.relay:
        told.append("No key is set (WELL_MAIL_DKIM_KEY): Well signs nothing.")
    elif not check.signs:
        told.append(f"There is no usable key for {check.domain}, or no selector: it is refused.")
    counts = "counts" if check.aligned else "does not count"
    told.append(f"The envelope is of {check.envelope}, which {counts} for {check.domain} (DMARC).")
    return told


def _record(record: SenderRecord) -> list[str]:
    remark = f" ({record.remark.value})" if record.remark.value else ""
    told = [f"{record.kind.value:<5} {record.name} TXT: {record.state.value}{remark}"]
    if record.value and record.state is not RecordState.PUBLISHED:
        told.append(f"      to publish: {record.value}")
    if record.found:
        shown = "".join(c if c.isprintable() else " " for c in record.found)
        told.append(f"      found:      {shown}")
    return told


def code(check: SenderCheck) -> int:
    """0, 1 or 2, the worst first that somebody can put right."""
    needed = [record for record in check.records if record.kind is not RecordKind.DMARC]
    if any(record.wrong for record in needed) or not (check.signs or check.relay):
        return 1
    return 2 if any(record.state is RecordState.UNASKED for record in check.records) else 0
