"""An e-mail to the reading of the invoice attached to it.

Invariant: every attachment is read by its bytes like any other file, and what was found in it is
told. Two different invoices in one mail are never silently one.
"""

from collections.abc import Callable
from dataclasses import replace

from well.documents.reading.answer import Answer
from well.documents.reading.mail import MailFile, mail_files
from well.documents.reading.sniff import FileType, sniff
from well.documents.reading.xml_values import compact
from well.domain.invoice import Finding
from well.ports.reader import Reading

_LOGO_BYTES = 15_000
_KINDS = ("receipt", "credit_note", "invoice")
_Read = Callable[[bytes], Answer]
_Pair = tuple[MailFile, Reading]


def read_mail(content: bytes, read: _Read) -> Answer:
    """Answer about a message; `read` reads one attachment, Unreadable when it is no mail.

    Pictures are looked at only when no other attachment is an invoice, and small ones never:
    they are logos.
    """
    files, more = mail_files(content)
    pictures = [one for one in files if sniff(one.content) is FileType.IMAGE]
    others = [one for one in files if one not in pictures]
    answers = [(one, read(one.content)) for one in others]
    if not any(answer.reading.invoice for _, answer in answers):
        large = [one for one in pictures if len(one.content) > _LOGO_BYTES]
        answers += [(one, read(one.content)) for one in large]
    readings = [(one, answer.reading) for one, answer in answers]
    read_well = any(reading.invoice for _, reading in readings)
    scans = 0 if read_well else sum(answer.scans for _, answer in answers)
    return Answer(_chosen(readings, more), scans)


def _chosen(readings: list[_Pair], more: int) -> Reading:
    invoices = [(one, reading) for one, reading in readings if reading.invoice]
    if not invoices:
        return Reading("other", None, None, _told(readings, None, more))
    first = invoices[0][1]
    same = [pair for pair in invoices if _same(first, pair[1])]
    file, best = max(same, key=lambda pair: _rank(pair[1]))
    findings = (*best.findings, *_told(readings, file, more), *_several(invoices, same, file))
    return replace(best, findings=findings)


def _rank(reading: Reading) -> tuple[bool, int, int]:
    """E-invoices before pages, and what says more before what says less."""
    said = len(reading.invoice.readings) if reading.invoice else 0
    kind = _KINDS.index(reading.kind) if reading.kind in _KINDS else -1
    return reading.syntax not in (None, "ocr"), kind, said


def _same(one: Reading, other: Reading) -> bool:
    """Whether two readings tell of one invoice: equal numbers, else equal totals and dates."""
    a, b = one.invoice, other.invoice
    if a is None or b is None:
        return False
    if a.number and b.number:
        return compact(a.number) == compact(b.number)
    return a.gross_total == b.gross_total and a.issue_date == b.issue_date


def _several(invoices: list[_Pair], same: list[_Pair], file: MailFile) -> tuple[Finding, ...]:
    others = [one.name for one, reading in invoices if (one, reading) not in same]
    if not others:
        return ()
    named = ", ".join(f"“{name}”" for name in others)
    sentence = f"This mail holds several invoices: “{file.name}” was read, {named} was not."
    return (Finding("several_invoices", sentence, stops_auto_post=True),)


def _told(readings: list[_Pair], chosen: MailFile | None, more: int) -> tuple[Finding, ...]:
    """What was found in which attachment."""
    found = [
        f"“{one.name}” {'is the invoice that was read' if one is chosen else _holds(reading)}"
        for one, reading in readings
    ]
    found += [f"{more} more were not opened"] if more else []
    sentence = f"Attachments of this mail: {'; '.join(found)}." if found else ""
    return (Finding("mail_attachments", sentence or "This mail has no attachment to read."),)


def _holds(reading: Reading) -> str:
    if reading.error:
        return f"was not read ({reading.error.rstrip('.')})"
    if reading.invoice:
        return "holds an invoice too"
    return f"is {reading.syntax}, which is not read" if reading.syntax else "holds no invoice"
