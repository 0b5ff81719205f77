"""One item as the provider gave it, identified by (connection, stream, source id).

Invariant: the body is kept byte for byte; `digest` covers what matters for us and leaves out
what the provider changes by itself (a balance, a sync token). It does not interpret the body.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from well.domain.ids import record_id


class Kind(StrEnum):
    """What a record is about, in words of the product and not of the provider."""

    SUPPLIER_INVOICE = "supplier_invoice"
    SUPPLIER_CREDIT_NOTE = "supplier_credit_note"
    TRANSACTION = "transaction"
    COMPANY = "company"
    SALES_INVOICE = "sales_invoice"
    SALES_CREDIT_NOTE = "sales_credit_note"
    PAYMENT = "payment"
    PURCHASE_ORDER = "purchase_order"
    ACCOUNT = "account"
    TAX_CODE = "tax_code"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The unique key of a source record inside its workspace."""

    connection: str
    stream: str
    source_id: str

    @property
    def record_id(self) -> str:
        """The stable id made of the key."""
        return record_id(self.connection, self.stream, self.source_id)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One version of a record. `changed_at` is the provider's time; `deleted` marks a tombstone.

    `parents` names the records (stream, source id) that an attachment belongs to.
    """

    key: RecordKey
    kind: Kind
    digest: str
    body: bytes
    changed_at: datetime
    deleted: bool = False
    parents: tuple[tuple[str, str], ...] = ()


class Change(StrEnum):
    """What keeping a record did."""

    NEW = "new"
    CHANGED = "changed"
    DELETED = "deleted"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Kept:
    """The result of keeping one record: its key, what changed, and its version from 1."""

    key: RecordKey
    kind: Kind
    change: Change
    version: int
    digest: str
