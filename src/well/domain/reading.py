"""What a file says, as one reader saw it.

Invariant: `invoice` is None unless something was read, and `error` is a sentence when the file
is unreadable. It does not say whether the file agrees with the record it came with.
"""

from dataclasses import dataclass

from well.domain.invoice import Finding, Invoice


@dataclass(frozen=True, slots=True)
class Reading:
    """`kind` is one of invoice, credit_note, receipt, other, unreadable.

    `has_text` is False for a scan.
    """

    kind: str
    syntax: str | None
    invoice: Invoice | None
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    has_text: bool = False
    pages: int = 0
