"""What the world can look up about the domain of a sender, beside what it should find there.

Invariant: "missing" and "other" are said only where the name server answered; one that could not
be asked now says nothing about a record. Values alone: nothing is looked up here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RecordKind(StrEnum):
    """RFC 6376, RFC 7208, RFC 7489."""

    DKIM = "DKIM"
    SPF = "SPF"
    DMARC = "DMARC"


class RecordState(StrEnum):
    """What the name server said of a record."""

    PUBLISHED = "published"
    MISSING = "missing"
    OTHER = "other value"
    UNASKED = "could not be asked now"


class Remark(StrEnum):
    """What else is to be said of a record, "" for nothing."""

    NONE = ""
    SEVERAL = "several records"
    REVOKED = "revoked"
    EVERYBODY = "lets everybody send"
    UNREADABLE = "unreadable"
    PARENT = "record of the parent domain"


@dataclass(frozen=True, slots=True)
class SenderRecord:
    """One TXT record: its `name`, the `value` to publish ("" where none is asked for) and what was
    `found` there, cut for people."""

    kind: RecordKind
    name: str
    value: str
    state: RecordState
    found: str = ""
    remark: Remark = Remark.NONE

    @property
    def wrong(self) -> bool:
        """Whether a name server said that it is not there as it must be."""
        return self.state in (RecordState.MISSING, RecordState.OTHER)


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """A look at `domain`, that of a From, at a time (aware UTC).

    `own`: the domain is the workspace's, not the installation's. `signs`: Well holds a key for it.
    `relay`: no key is kept here at all, so whoever takes the mail signs it, or nobody.
    `envelope` is the domain that SPF is asked of, `aligned` whether DMARC takes it for the same.
    """

    domain: str
    at: datetime
    own: bool
    signs: bool
    relay: bool
    envelope: str
    aligned: bool
    records: tuple[SenderRecord, ...] = ()

    def record(self, kind: RecordKind) -> SenderRecord | None:
        """The record of this kind, None where it was not looked for."""
        return next((record for record in self.records if record.kind is kind), None)

    @property
    def unproven(self) -> bool:
        """Whether the key's record could not be asked for."""
        key = self.record(RecordKind.DKIM)
        return key is not None and key.state is RecordState.UNASKED

    @property
    def fit(self) -> bool:
        """Whether mail may leave under its name, as far as a look can tell."""
        return (self.signs or self.relay) and not self.lost and not self.unproven

    @property
    def lost(self) -> bool:
        """Whether mail of the workspace's own domain would be signed by a key that the world does
        not know: nothing may be mailed."""
        key = self.record(RecordKind.DKIM)
        return self.own and key is not None and key.wrong
